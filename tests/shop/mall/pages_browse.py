"""Pages before buying: home, search, product, shop, licence."""
import json
from urllib.parse import urlencode

from mall.html import e, image, item_address, not_found, page, picture_address, yuan
from mall.orders import QUANTITY_MAX


def _final_fen(product, sku):
    return sku.list_fen - product.coupon_fen


def card(product, new_tabs):
    """A product in a list: picture, title, price, shop."""
    target = ' target="_blank"' if new_tabs else ""
    sku = product.skus[0]
    coupon = f'<span class="tag">领券减{product.coupon_fen // 100}元</span>' if product.coupon_fen else ""
    return f"""<li class="card item"><a href="{e(item_address(product))}"{target}>{image(product, sku, 220)}
<h3>{e(product.title)}</h3></a><p class="money"><b>{yuan(_final_fen(product, sku))}</b>
<small>已售{product.sold}</small></p><p class="from">{coupon}<a href="/shop/{e(product.shop.id)}">{e(product.shop.name)}</a></p></li>"""


def cards(store, products):
    """A grid of products."""
    return f'<ul class="grid">{"".join(card(product, store.new_tabs) for product in products)}</ul>'


def home(store, request):
    """GET /"""
    catalogue = store.catalogue
    links = "".join(f'<a href="/search?{urlencode({"q": name})}">{e(name)}</a>' for name in catalogue.categories)
    body = f"""<section class="hero"><div><h1>品质好物 放心选购</h1><p>满额包邮 · 七天无理由退货 · 假一赔三</p></div>
<img src="/media/hero.svg" alt="" width="420" height="200"></section>
<nav class="card categories" aria-label="商品分类">{links}</nav><h2>为您推荐</h2>{cards(store, catalogue.products.values())}"""
    return page("首页", body, cart_count=len(store.cart(request.session)))


def search(store, request):
    """GET /search?q="""
    text = request.query.get("q", "").strip()[:60]
    found = store.catalogue.search(text)
    if found:
        body = f'<h1 class="found">“{e(text)}”的搜索结果 <small>共 {len(found)} 件商品</small></h1>{cards(store, found)}'
    else:
        body = f'<section class="card notice"><h1>没有找到与“{e(text)}”相关的商品</h1><p>换个词试试吧。</p></section>'
    return page(f"{text} 搜索结果", body, search=text, cart_count=len(store.cart(request.session)))


def _json_ld(product, sku):
    data = {"@context": "https://schema.org", "@type": "Product", "name": product.title, "productID": product.number,
            "sku": sku.id, "brand": {"@type": "Brand", "name": product.brand}, "category": product.category,
            "image": picture_address(product, sku),
            "offers": {"@type": "Offer", "priceCurrency": "CNY", "price": f"{sku.list_fen // 100}.{sku.list_fen % 100:02d}",
                       "availability": "https://schema.org/InStock",
                       "seller": {"@type": "Organization", "name": product.shop.name}}}
    return f'<script type="application/ld+json">{_script_json(data)}</script>'


def _script_json(data):
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _options(product, chosen):
    rows = []
    for place, (name, values) in enumerate(product.options):
        buttons = "".join(
            f'<button type="button" role="radio" aria-checked="{str(chosen.choices[place][1] == value).lower()}" '
            f'data-option="{place}" data-value="{e(value)}">{e(value)}</button>' for value in values)
        rows.append(f'<div class="option"><span class="label">{e(name)}</span><div role="radiogroup" '
                    f'aria-label="{e(name)}">{buttons}</div></div>')
    return "".join(rows)


def _prices(product, sku, micro):
    amount = f' itemprop="price" content="{sku.list_fen // 100}.{sku.list_fen % 100:02d}"' if micro else ""
    offer = ' itemprop="offers" itemscope itemtype="https://schema.org/Offer"' if micro else ""
    currency = '<meta itemprop="priceCurrency" content="CNY">' if micro else ""
    coupon = (f'<div><span class="label">券后价</span><b class="final" id="final">{yuan(_final_fen(product, sku))}</b></div>'
              if product.coupon_fen else "")
    strike = (f'<div><span class="label">划线价</span><s>{yuan(product.strike_fen)}</s></div>'
              if product.strike_fen > sku.list_fen else "")
    offer_text = (f'<div><span class="label">优惠</span><span class="tag">店铺券 每单减{yuan(product.coupon_fen)}</span></div>'
                  if product.coupon_fen else "")
    return f"""<div class="prices"{offer}>{currency}<div><span class="label">标价</span>
<b class="list" id="list"{amount}>{yuan(sku.list_fen)}</b></div>{coupon}{strike}{offer_text}</div>"""


def _sku_table(product):
    rows = [{"id": sku.id, "choices": [value for _, value in sku.choices], "list": yuan(sku.list_fen),
             "final": yuan(_final_fen(product, sku)), "picture": picture_address(product, sku),
             "specification": sku.specification} for sku in product.skus]
    return f'<script type="application/json" id="skus">{_script_json(rows)}</script>'


def _buy_form(product, sku):
    return f"""<form method="post" action="/buy" class="buy"><input type="hidden" name="id" value="{product.number}">
<input type="hidden" name="skuId" id="skuId" value="{sku.id}"><div class="option"><span class="label">数量</span><div class="count">
<button type="button" data-step="-1" aria-label="减少数量">−</button><input type="number" name="quantity" value="1" min="1"
 max="{QUANTITY_MAX}" aria-label="购买数量" autocomplete="off"><button type="button" data-step="1" aria-label="增加数量">＋</button></div></div>
<div class="act"><button class="button strong" name="act" value="now">立即购买</button>
<button class="button" name="act" value="cart">加入购物车</button></div></form>"""


def _shop_card(shop, product):
    return f"""<aside class="card shop"><i aria-hidden="true">{e(shop.name[:1])}</i><h2>{e(shop.name)}</h2><p>店铺评分 {shop.score}</p>
<p><a class="button slim" href="/shop/{e(shop.id)}">进店逛逛</a>
<a class="button slim" href="/chat/{e(shop.id)}?id={product.number}">联系客服</a></p></aside>"""


def _parameters(product, micro):
    prop = ' itemprop="productID"' if micro else ""
    rows = "".join(f"<tr><th>{e(name)}</th><td>{e(value)}</td></tr>" for name, value in product.attributes)
    return f"""<section class="card"><h2>规格参数</h2><table class="fields"><tr><th>商品编号</th><td{prop}>{product.number}</td></tr>
<tr><th>品牌</th><td>{e(product.brand)}</td></tr>{rows}</table></section>"""


def item(store, request):
    """GET /item.html?id=&skuId="""
    product = store.catalogue.products.get(request.query.get("id", ""))
    if product is None:
        return not_found("商品")
    sku = product.sku(request.query.get("skuId", ""))
    micro = product.structured == "microdata"
    scope = ' itemscope itemtype="https://schema.org/Product"' if micro else ""
    body = f"""<div{scope}><div class="product"><section class="card detail"><figure>{image(product, sku, 400)}</figure><div>
<h1{' itemprop="name"' if micro else ''}>{e(product.title)}</h1><p class="sub">{e(product.subtitle)}</p>{_prices(product, sku, micro)}
{_options(product, sku)}<div class="option"><span class="label">已选</span><span id="chosen">{e(sku.specification)}</span></div>
<div class="option"><span class="label">SKU</span><span id="sku">{sku.id}</span></div>{_buy_form(product, sku)}</div></section>
{_shop_card(product.shop, product)}</div>{_parameters(product, micro)}</div>{_sku_table(product)}"""
    head = _json_ld(product, sku) if product.structured == "jsonld" else ""
    return page(product.title, body, head=head, cart_count=len(store.cart(request.session)))


def _shop_banner(shop):
    return f"""<section class="card banner"><i aria-hidden="true">{e(shop.name[:1])}</i><div><h1>{e(shop.name)}</h1>
<p>{e(shop.slogan)} · 店铺评分 {shop.score}</p><p>店铺编号：{e(shop.id)}</p></div><nav><a href="/shop/{e(shop.id)}">店铺首页</a>
<a href="/shop/{e(shop.id)}/licence">营业执照信息</a><a href="/chat/{e(shop.id)}">联系客服</a></nav></section>"""


def shop_home(store, request, shop_id):
    """GET /shop/<id>"""
    shop = store.catalogue.shops.get(shop_id)
    if shop is None:
        return not_found("店铺")
    body = f"{_shop_banner(shop)}<h2>全部宝贝</h2>{cards(store, store.catalogue.of_shop(shop_id))}"
    return page(f"{shop.name} 店铺首页", body, cart_count=len(store.cart(request.session)))


EXEMPTION = """<p class="statement">本店经营者为自然人，从事个人销售自产农副产品、家庭手工业产品的经营活动，
依据《中华人民共和国电子商务法》第十条的规定，属于依法无需办理营业执照的情形，特此声明。</p><p>声明人：覃阿婆　　声明日期：2025年03月12日</p>"""


def _licence_text(shop):
    rows = "".join(f"<tr><th>{e(name)}</th><td>{e(value)}</td></tr>" for name, value in shop.licence.fields())
    return f'<table class="fields licence">{rows}</table>'


def _licence_picture(shop):
    return f'<img class="licence" src="/media/licence-{e(shop.id)}.png" alt="营业执照" width="1100" height="860">'


LICENCE_BODIES = {"text": _licence_text, "picture": _licence_picture, "exempt": lambda shop: EXEMPTION}


def licence(store, request, shop_id):
    """GET /shop/<id>/licence"""
    shop = store.catalogue.shops.get(shop_id)
    if shop is None:
        return not_found("店铺")
    title = "依法无需办理营业执照的声明" if shop.licence is None else "营业执照信息"
    body = f"""{_shop_banner(shop)}<section class="card"><h2>{title}</h2>{LICENCE_BODIES[shop.licence_shown](shop)}
<p class="hint">以上信息由经营者提供，平台已登记核验。</p></section>"""
    return page(f"{shop.name} {title}", body, cart_count=len(store.cart(request.session)))
