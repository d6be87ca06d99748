"""HTML in strings: everything that is not markup goes through e()."""
from html import escape
from urllib.parse import urlencode

from mall.orders import BEIJING
from mall.server import Response

NAME = "巴渝优选"


def e(text):
    """Escapes for element text and quoted attributes."""
    return escape(str(text), quote=True)


def yuan(fen):
    """¥1,234.50 of an integer in 分."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def moment(at):
    """2026-11-22 13:45:01, Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def picture_address(product, sku):
    """Where the product's picture in the SKU's colour is."""
    return f"/media/{product.picture}-{sku.colour.lstrip('#')}.svg"


def item_address(product, sku=None):
    """The product page, with the SKU where one is chosen."""
    return "/item.html?" + urlencode({"id": product.number} | ({"skuId": sku.id} if sku else {}))


def image(product, sku, side_px):
    """The product's picture, described by its title."""
    return (f'<img src="{picture_address(product, sku)}" alt="{e(product.title)}" width="{side_px}" '
            f'height="{side_px}" loading="lazy">')


def _header(search, count):
    badge = f' <b class="badge">{count}</b>' if count else ""
    return f"""<header><div class="top"><div class="wide"><span>您好，欢迎来到{NAME}</span><nav>
<a href="/">首页</a><a href="/orders">我的订单</a><a href="/cart">购物车{badge}</a></nav></div></div>
<div class="wide mast"><a class="logo" href="/" aria-label="{NAME}首页"><i aria-hidden="true">渝</i>{NAME}</a>
<form class="search" action="/search" role="search"><input type="search" name="q" value="{e(search)}" maxlength="60"
 placeholder="搜索商品、品牌或店铺" aria-label="搜索商品" autocomplete="off"><button>搜索</button></form></div></header>"""


FOOTER = f"""<footer><div class="wide"><p>{NAME} · 网络交易演示商城 · 商品、店铺与企业均为虚构</p>
<p>本站仅用于网络抽样取证演示，不产生真实交易 · A demonstration shop: nothing here is real</p></div></footer>"""


def page(title, body, *, search="", cart_count=0, head="", status=200, cache="no-store"):
    """A whole document in the mall's frame."""
    text = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{e(title)} - {NAME}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/media/icon.svg">
<link rel="stylesheet" href="/static/mall.css"><script defer src="/static/mall.js"></script>{head}</head>
<body>{_header(search, cart_count)}<main class="wide">{body}</main>{FOOTER}</body></html>"""
    return Response(text.encode("utf-8"), status=status, cache=cache)


def not_found(what="页面"):
    """404 in the mall's frame."""
    body = (f'<section class="card notice"><h1>抱歉，您访问的{e(what)}不存在</h1><p>可能已下架或地址有误。404 Not Found</p>'
            '<p><a class="button" href="/">回到首页</a></p></section>')
    return page("页面不存在", body, status=404)


def refused(text):
    """A request the shop cannot fulfil, told to the customer."""
    body = f'<section class="card notice"><h1>{e(text)}</h1><p><a class="button" href="/">回到首页</a></p></section>'
    return page("操作未完成", body, status=400)
