"""Pages after buying: orders, order details, logistics; and the chat."""
from datetime import timedelta

from mall.html import e, image, item_address, moment, not_found, page, yuan
from mall.orders import CARRIER, OrderError
from mall.pages_buy import amounts_list, consignee_list, json_response, lines_table


def orders(store, request):
    """GET /orders"""
    rows = "".join(f"""<tr><td><a href="/order/{order.order_no}">{order.order_no}</a></td><td>{moment(order.placed_at)}</td>
<td>{e(order.shop.name)}</td><td>{yuan(order.amounts.payable_fen)}</td><td>{order.state}</td></tr>""" for order in store.orders(request.session))
    table = f"""<table class="lines"><thead><tr><th>订单编号</th><th>下单时间</th><th>店铺</th><th>金额</th><th>状态</th></tr></thead>
<tbody>{rows}</tbody></table>""" if rows else "<p>还没有订单</p>"
    return page("我的订单", f'<h1>我的订单</h1><section class="card">{table}</section>', cart_count=len(store.cart(request.session)))


def _payment(order):
    if order.paid_at is None:
        return f'<p><a class="button strong" href="/cashier/{order.order_no}">去支付</a></p>'
    return (f'<dt>支付方式</dt><dd>{order.method}</dd><dt>交易流水号</dt><dd>{order.serial}</dd>'
            f'<dt>支付时间</dt><dd>{moment(order.paid_at)}</dd>')


def order_page(store, request, order_no):
    """GET /order/<no>"""
    order = store.order(order_no, request.session)
    if order is None:
        return not_found("订单")
    paid = order.paid_at is not None
    facts = f"""<dl class="pairs"><dt>订单编号</dt><dd>{order.order_no}</dd><dt>下单时间</dt><dd>{moment(order.placed_at)}</dd>
{_payment(order) if paid else ""}</dl>{"" if paid else _payment(order)}"""
    track = f'<a class="button strong" href="/logistics/{order.order_no}">查看物流</a>' if paid else ""
    body = f"""<h1>订单详情</h1><section class="card"><p class="good">{order.state}</p>{facts}</section>
<section class="card"><h2>收货信息</h2>{consignee_list(order.consignee)}</section><section class="card">
<h2>{e(order.shop.name)}</h2>{lines_table(order.lines)}{amounts_list(order.amounts, "实付款" if paid else "应付")}
<div class="end">{track}</div></section>"""
    return page("订单详情", body, cart_count=len(store.cart(request.session)))


def _trace(order):
    steps = [(order.placed_at, "您的订单已提交"), (order.paid_at, "您的订单已付款，商家正在打包")]
    if order.waybill:
        steps.append((order.shipped_at, f"{CARRIER}已揽收，运单号 {order.waybill}"))
        steps.append((order.shipped_at + timedelta(seconds=1), "快件已到达【重庆渝北集散中心】，准备发往收样室"))
    items = "".join(f"<li><time>{moment(at)}</time><span>{e(text)}</span></li>" for at, text in reversed(steps))
    return f'<ol class="trace">{items}</ol>'


def _parcel(order):
    if not order.waybill:
        return '<p class="big">商家正在打包，请稍候</p><p class="hint">发货后本页自动更新</p>'
    return f"""<table class="fields"><tr><th>快递公司</th><td>{CARRIER}</td></tr><tr><th>运单号</th><td>{order.waybill}</td></tr>
<tr><th>订单编号</th><td>{order.order_no}</td></tr><tr><th>收货人</th><td>{e(order.consignee.name)}</td></tr></table>"""


def _logistics_panel(order):
    return f"{_parcel(order)}<h2>物流轨迹</h2>{_trace(order)}"


def logistics(store, request, order_no):
    """GET /logistics/<no>: waits until the parcel is handed to the carrier"""
    order = store.order(order_no, request.session)
    if order is None or order.paid_at is None:
        return not_found("物流信息")
    poll = "" if order.waybill else f' data-poll="/logistics/{order.order_no}/state"'
    body = f"""<h1>物流信息</h1><section class="card" id="panel" aria-live="polite"{poll}>{_logistics_panel(order)}</section>"""
    return page("物流信息", body, cart_count=len(store.cart(request.session)))


def logistics_state(store, request, order_no):
    """GET /logistics/<no>/state: {"done", "html"?}"""
    order = store.order(order_no, request.session)
    if order is None or order.paid_at is None:
        return json_response({"error": "not found"}, 404)
    return json_response({"done": True, "html": _logistics_panel(order)} if order.waybill else {"done": False})


def phone_order(store, request, order_no):
    """GET /phone/order/<no>.json: what the maker of the demo's parcel needs"""
    order = store.order(order_no.removesuffix(".json"))
    if order is None or not order_no.endswith(".json"):
        return json_response({"error": "not found"}, 404)
    lines = [{"title": line.product.title, "number": line.product.number, "sku": line.sku.id,
              "specification": line.sku.specification, "quantity": line.quantity, "unit_fen": line.sku.list_fen}
             for line in order.lines]
    amounts = order.amounts
    return json_response({
        "order_no": order.order_no, "state": order.state, "carrier": CARRIER if order.waybill else None,
        "waybill": order.waybill, "shop": order.shop.name, "lines": lines, "goods_fen": amounts.goods_fen,
        "discount_fen": amounts.discount_fen, "freight_fen": amounts.freight_fen, "payable_fen": amounts.payable_fen,
        "serial": order.serial, "consignee": {"name": order.consignee.name, "phone": order.consignee.phone,
                                              "address": order.consignee.address}})


def _bubbles(messages, shop):
    who = {True: shop.name, False: "我"}
    return "".join(f'<li class="{"shop" if one.from_shop else "me"}"><small>{e(who[one.from_shop])} {moment(one.at)}</small>'
                   f"<p>{e(one.text)}</p></li>" for one in messages)


def chat(store, request, shop_id):
    """GET /chat/<shop>?id=<product>"""
    shop = store.catalogue.shops.get(shop_id)
    if shop is None:
        return not_found("店铺")
    product = store.catalogue.products.get(request.query.get("id", ""))
    about = (f'<a class="about" href="{e(item_address(product))}">{image(product, product.skus[0], 56)}<span>{e(product.title)}</span></a>'
             if product else "")
    body = f"""<section class="card chat"><h1>在线客服 · {e(shop.name)}</h1>{about}<ol id="talk" aria-live="polite" data-chat="/chat/{e(shop.id)}/talk">
<li class="shop"><small>{e(shop.name)}</small><p>您好，欢迎光临，请问有什么可以帮您？</p></li>
{_bubbles(store.chat(request.session, shop_id), shop)}</ol><form id="say"><input type="text" name="text" maxlength="200" placeholder="请输入消息"
 aria-label="请输入消息" autocomplete="off"><button class="button strong">发送</button></form></section>"""
    return page(f"在线客服 {shop.name}", body)


def talk(store, request, shop_id):
    """GET or POST /chat/<shop>/talk: {"count", "html"}"""
    shop = store.catalogue.shops.get(shop_id)
    if shop is None:
        return json_response({"error": "not found"}, 404)
    if request.method == "POST":
        try:
            store.say(request.session, shop_id, request.form.get("text", ""))
        except OrderError as error:
            return json_response({"error": str(error)}, 400)
    messages = store.chat(request.session, shop_id)
    return json_response({"count": len(messages), "html": _bubbles(messages, shop)})
