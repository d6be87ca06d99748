"""Pages of buying: cart, confirmation, cashier, payment by phone."""
import json

from mall.html import e, image, item_address, moment, not_found, page, refused, yuan
from mall.orders import METHODS, Consignee, OrderError, amounts_of
from mall.qr import qr_svg
from mall.server import Response, redirect


def buy(store, request):
    """POST /buy: act = now or cart"""
    form = request.form
    choice = (request.session, form.get("id", ""), form.get("skuId", ""), form.get("quantity", ""))
    try:
        if form.get("act") == "cart":
            store.add_to_cart(*choice)
            return redirect("/cart")
        return redirect(f"/confirm/{store.checkout_now(*choice)}")
    except OrderError as error:
        return refused(error)


def lines_table(lines):
    """Lines of a cart or an order: title, specification, unit price, quantity, sum."""
    rows = "".join(f"""<tr><td class="what">{image(line.product, line.sku, 72)}<div>
<a href="{e(item_address(line.product, line.sku))}">{e(line.product.title)}</a><p>{e(line.sku.specification)}</p><p>SKU {line.sku.id}</p></div></td>
<td>{yuan(line.sku.list_fen)}</td><td>×{line.quantity}</td><td><b>{yuan(line.total_fen)}</b></td></tr>""" for line in lines)
    return f"""<table class="lines"><thead><tr><th>商品信息</th><th>单价</th><th>数量</th><th>小计</th></tr></thead>
<tbody>{rows}</tbody></table>"""


def cart(store, request):
    """GET /cart: one block a shop"""
    lines = store.cart(request.session)
    blocks = []
    for shop in dict.fromkeys(line.product.shop for line in lines):
        mine = [line for line in lines if line.product.shop == shop]
        blocks.append(f"""<section class="card"><h2>{e(shop.name)}</h2>{lines_table(mine)}<form method="post" action="/cart/checkout"
 class="end"><input type="hidden" name="shop" value="{e(shop.id)}"><span>合计（不含运费）<b class="final">
{yuan(sum(line.total_fen for line in mine))}</b></span><button class="button strong">去结算</button></form></section>""")
    body = "".join(blocks) or '<section class="card notice"><h2>购物车还是空的</h2><a class="button" href="/">去逛逛</a></section>'
    return page("购物车", f"<h1>购物车</h1>{body}", cart_count=len(lines))


def cart_checkout(store, request):
    """POST /cart/checkout"""
    try:
        return redirect(f"/confirm/{store.checkout_cart(request.session, request.form.get('shop', ''))}")
    except OrderError as error:
        return refused(error)


def amounts_list(amounts, label):
    """商品总额, 优惠, 运费 and the sum under its label."""
    return f"""<dl class="sums"><dt>商品总额</dt><dd>{yuan(amounts.goods_fen)}</dd><dt>优惠</dt><dd>-{yuan(amounts.discount_fen)}</dd>
<dt>运费</dt><dd>{yuan(amounts.freight_fen)}</dd><dt>{label}</dt><dd class="final">{yuan(amounts.payable_fen)}</dd></dl>"""


def consignee_list(consignee):
    """收货人, telephone and address."""
    return f"""<dl class="pairs"><dt>收货人</dt><dd>{e(consignee.name)}</dd><dt>手机号</dt><dd>{e(consignee.phone)}</dd>
<dt>收货地址</dt><dd>{e(consignee.address)}</dd></dl>"""


def confirm(store, request, checkout):
    """GET /confirm/<checkout>"""
    lines = store.checkout(request.session, checkout)
    if lines is None:
        return not_found("订单确认页")
    body = f"""<h1>确认订单</h1><section class="card"><h2>收货信息</h2>{consignee_list(Consignee())}</section>
<section class="card"><h2>{e(lines[0].product.shop.name)}</h2>{lines_table(lines)}{amounts_list(amounts_of(lines), "应付")}
<form method="post" action="/order/submit" class="end"><input type="hidden" name="checkout" value="{e(checkout)}">
<button class="button strong">提交订单</button></form></section>"""
    return page("确认订单", body)


def submit(store, request):
    """POST /order/submit"""
    try:
        order = store.place(request.session, request.form.get("checkout", ""), Consignee())
    except OrderError as error:
        return refused(error)
    return redirect(f"/cashier/{order.order_no}")


def cashier(store, request, order_no):
    """GET /cashier/<order>: choose how to pay"""
    order = store.order(order_no, request.session)
    if order is None:
        return not_found("订单")
    methods = "".join(f'<label><input type="radio" name="method" value="{e(name)}"{" checked" if place == 0 else ""}> {e(name)}</label>'
                      for place, name in enumerate(METHODS))
    body = f"""<h1>收银台</h1><section class="card"><p class="good">订单提交成功，请在 30 分钟内完成支付</p><dl class="pairs"><dt>订单编号</dt>
<dd>{order.order_no}</dd><dt>应付金额</dt><dd class="final">{yuan(order.amounts.payable_fen)}</dd></dl>
<form method="post" action="/cashier/{order.order_no}"><div class="methods">{methods}</div><div class="end"><button class="button strong">去支付</button></div></form></section>"""
    return page("收银台", body)


def go_to_pay(store, request, order_no):
    """POST /cashier/<order>: method"""
    try:
        store.choose_method(order_no, request.session, request.form.get("method", ""))
    except OrderError as error:
        return refused(error)
    return redirect(f"/pay/{order_no}")


def paid_panel(order):
    """The part of the payment page that appears when the phone has paid."""
    return f"""<p class="good big">✓ 支付成功</p><dl class="pairs"><dt>实付款</dt><dd class="final">{yuan(order.amounts.payable_fen)}</dd>
<dt>支付方式</dt><dd>{order.method}</dd><dt>交易流水号</dt><dd>{order.serial}</dd><dt>支付时间</dt><dd>{moment(order.paid_at)}</dd><dt>收款方</dt><dd>{e(order.shop.name)}</dd>
<dt>订单编号</dt><dd>{order.order_no}</dd></dl><p><a class="button strong" href="/order/{order.order_no}">查看订单</a></p>"""


def waiting_panel(order, host):
    """The part of the payment page that waits for the phone."""
    address = f"https://{host}/phone?token={order.token}"
    return f"""<p class="big">请用手机完成支付</p><p class="final">{yuan(order.amounts.payable_fen)}</p><div class="qr" role="img"
 aria-label="付款二维码">{qr_svg(address)}</div><p>付款码：<b>{order.token}</b></p><p class="hint">支付完成后本页自动更新，请勿关闭</p>"""


def pay(store, request, order_no):
    """GET /pay/<order>: waits for the phone, then shows the payment"""
    order = store.order(order_no, request.session)
    if order is None:
        return not_found("订单")
    panel = paid_panel(order) if order.paid_at else waiting_panel(order, request.host)
    poll = "" if order.paid_at else f' data-poll="/pay/{order.order_no}/state"'
    return page("手机支付", f'<section class="card pay" id="panel" aria-live="polite"{poll}>{panel}</section>')


def pay_state(store, request, order_no):
    """GET /pay/<order>/state: {"done", "html"?}"""
    order = store.order(order_no, request.session)
    if order is None:
        return json_response({"error": "not found"}, 404)
    return json_response({"done": True, "html": paid_panel(order)} if order.paid_at else {"done": False})


def phone(store, request):
    """GET /phone: what the phone shows"""
    token = e(request.query.get("token", "")[:16])
    body = f"""<h1>手机支付</h1><section class="card pay"><form method="post" action="/phone/pay"><p><label>付款码
<input type="text" name="token" value="{token}" maxlength="16"></label></p><button class="button strong">确认支付</button></form></section>"""
    return page("手机支付", body)


def phone_pay(store, request):
    """POST /phone/pay: the phone's side; JSON"""
    try:
        order = store.pay(request.form.get("token", ""))
    except OrderError as error:
        return json_response({"error": str(error)}, 403)
    return json_response({"order_no": order.order_no, "paid_fen": order.amounts.payable_fen, "serial": order.serial})


def json_response(value, status=200):
    """A JSON body, never stored."""
    return Response(json.dumps(value, ensure_ascii=False).encode("utf-8"), status=status,
                    media_type="application/json; charset=utf-8")
