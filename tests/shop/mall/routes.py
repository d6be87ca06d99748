"""The table of addresses, and the application that reads it."""
import os
from dataclasses import replace

from mall import pages_after, pages_browse, pages_buy
from mall.html import not_found
from mall.licence import licence_png
from mall.pictures import picture
from mall.server import Response

STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")
STATIC_TYPES = {"mall.css": "text/css; charset=utf-8", "mall.js": "text/javascript; charset=utf-8"}
KEPT = "public, max-age=3600"


def static(store, request, name):
    """GET /static/<name>: only the files of STATIC_TYPES"""
    if name not in STATIC_TYPES:
        return not_found("文件")
    with open(os.path.join(STATIC, name), "rb") as file:
        return Response(file.read(), media_type=STATIC_TYPES[name], cache=KEPT)


def media(store, request, name):
    """GET /media/<picture>.svg or licence-<shop>.png"""
    shop = store.catalogue.shops.get(name.removeprefix("licence-").removesuffix(".png"))
    if shop and shop.licence_shown == "picture" and name == f"licence-{shop.id}.png":
        return Response(licence_png(shop.licence), media_type="image/png", cache=KEPT)
    drawing = picture(name.removesuffix(".svg")) if name.endswith(".svg") else None
    if drawing is None:
        return not_found("图片")
    return Response(drawing.encode("utf-8"), media_type="image/svg+xml", cache=KEPT)


# method, path ("*" stands for one part, handed to the function), function
ROUTES = (
    ("GET", "/", pages_browse.home),
    ("GET", "/search", pages_browse.search),
    ("GET", "/item.html", pages_browse.item),
    ("GET", "/shop/*", pages_browse.shop_home),
    ("GET", "/shop/*/licence", pages_browse.licence),
    ("GET", "/cart", pages_buy.cart),
    ("POST", "/cart/checkout", pages_buy.cart_checkout),
    ("POST", "/buy", pages_buy.buy),
    ("GET", "/confirm/*", pages_buy.confirm),
    ("POST", "/order/submit", pages_buy.submit),
    ("GET", "/cashier/*", pages_buy.cashier),
    ("POST", "/cashier/*", pages_buy.go_to_pay),
    ("GET", "/pay/*", pages_buy.pay),
    ("GET", "/pay/*/state", pages_buy.pay_state),
    ("GET", "/phone", pages_buy.phone),
    ("POST", "/phone/pay", pages_buy.phone_pay),
    ("GET", "/phone/order/*", pages_after.phone_order),
    ("GET", "/orders", pages_after.orders),
    ("GET", "/order/*", pages_after.order_page),
    ("GET", "/logistics/*", pages_after.logistics),
    ("GET", "/logistics/*/state", pages_after.logistics_state),
    ("GET", "/chat/*", pages_after.chat),
    ("GET", "/chat/*/talk", pages_after.talk),
    ("POST", "/chat/*/talk", pages_after.talk),
    ("GET", "/static/*", static),
    ("GET", "/media/*", media),
)


def _match(pattern, path):
    expected, given = pattern.split("/"), path.split("/")
    if len(expected) != len(given):
        return None
    if any(want not in ("*", part) for want, part in zip(expected, given, strict=True)):
        return None
    return [part for want, part in zip(expected, given, strict=True) if want == "*"]


def find_route(method, path):
    """(function, parts), or None where no row fits."""
    for row_method, pattern, function in ROUTES:
        parts = _match(pattern, path)
        if parts is not None and row_method == ("GET" if method == "HEAD" else method):
            return function, parts
    return None


def application(store):
    """Maps requests to responses; every visitor has a session from the first page on."""
    def answer(request):
        route = find_route(request.method, request.path)
        session = store.open_session(request.session)
        function, parts = route if route else (lambda store, request: not_found(), [])
        response = function(store, replace(request, session=session), *parts)
        if session != request.session:
            response.headers["Set-Cookie"] = f"mall_session={session}; Path=/; Secure; HttpOnly; SameSite=Lax"
        return response
    return answer
