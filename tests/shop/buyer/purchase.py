"""The purchase: what an officer does from the home page to the waybill, by the labels any shop of this manner shows."""
import concurrent.futures
import os
import ssl
import time
import urllib.parse
import urllib.request

from buyer.hand import Hand
from buyer.tab import FIELDS, Tabs

BUY = ("立即购买", "立即抢购", "马上购买")
SUBMIT = ("提交订单",)
PAY = ("去支付", "立即支付", "确认支付")
SHOP = ("进店逛逛", "进店", "进入店铺")
LICENCE = ("营业执照信息", "营业执照", "经营者资质", "证照信息")
LICENCE_SHOWN = ("统一社会信用代码", "无需办理营业执照", "营业执照")
CHAT = ("联系客服", "在线客服", "客服")
SEND = ("发送",)
ORDER_PAGE = ("查看订单", "订单详情")
TRACK = ("查看物流", "物流信息", "查看快递")
ORDER_NO = ("订单编号", "订单号")
WAYBILL = ("运单号", "快递单号", "物流单号")
PAY_TOKEN = ("付款码",)
PAID = ("支付成功", "付款成功")
MORE = ("增加数量", "+", "＋")
PHONE_SECONDS = 10
POLL_SECONDS = 0.15


class Failed(Exception):
    """The purchase cannot go on; the text says at what."""


def _number_like(text):
    return 8 <= len(text) <= 34 and text.isascii() and text.isalnum() and any(sign.isdigit() for sign in text)


def _phone_pays(url, token, ca):
    context = ssl.create_default_context(cafile=ca or None)
    body = urllib.parse.urlencode({"token": token}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=PHONE_SECONDS, context=context) as answer:
        return answer.status


class Purchase:
    """One purchase over one link; run() goes through STEPS and returns the outcome."""

    def __init__(self, link, plan, log):
        self._link, self._plan, self._log = link, plan, log
        self._tabs, self._hand, self._outcome = None, None, {}

    def run(self):
        """{"order_no","waybill"}; Failed, BrowserGone, CallFailed."""
        for name, zh, en, step in STEPS:
            self._log.write(step=name, zh=zh, en=en)
            step(self)
        return self._outcome

    # what every step uses

    @property
    def _tab(self):
        return self._tabs.front

    def _await(self, what, condition, seconds=None):
        """The condition's value once it is true; Failed after the plan's bound."""
        end = time.monotonic() + (seconds or self._plan.wait_seconds)
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            self._link.pause(POLL_SECONDS)
        _, address = self._tab.entry() or (None, "the page")
        raise Failed(f"{what}: 未在页面上出现 not found on {address}")

    def _need(self, *labels):
        return self._await("/".join(labels), lambda: self._tab.find(*labels))

    def _click(self, element):
        if not self._hand.click(element):
            raise Failed(f"{element.name}: 无法点击 cannot be reached")

    def _go(self, labels, then):
        """Clicks one of the labels; back when the next page shows one of `then`."""
        element = self._need(*labels)
        before, shown, pages = self._tab.entry(), self._tab.find(*then) is not None, self._tabs.known()
        self._click(element)

        def arrived():
            moved = self._tabs.follow(pages) or self._tab.entry() not in (None, before)
            return (moved or not shown) and self._tab.find(*then)
        return self._await("/".join(then), arrived)

    def _back(self, then):
        before = self._tab.entry(), self._tab.target
        self._tabs.back()
        self._await("返回上一页 back", lambda: (self._tab.entry(), self._tab.target) != before and self._tab.entry())
        return self._need(*then)

    def _look(self, seconds, notches=0):
        """Reads: a pause, or a little scrolling down and up with pauses between."""
        self._hand.rest(seconds / 2)
        if notches:
            width, height = self._tab.viewport()
            self._hand.move(width * 0.6, height * 0.55)
            self._hand.wheel(notches)
            self._hand.rest(seconds / 2)
            self._hand.wheel(-notches)
        self._hand.rest(seconds / 2)

    # the steps

    def begin(self):
        """Waits for the browser's first page, and for the sign to begin."""
        self._link.attach_root()
        self._tabs = Tabs(self._link)
        if not self._tabs.first(self._plan.wait_seconds):
            raise Failed("浏览器没有页面 the browser shows no page")
        self._hand = Hand(self._link, self._tabs, self._plan.pace)
        if self._plan.go:
            self._await(f"开始信号 {self._plan.go}", lambda: os.path.exists(self._plan.go), self._plan.go_seconds)

    def home(self):
        """The shop's first page."""
        if (self._tab.entry() or (None, ""))[1].rstrip("/") != self._plan.shop.rstrip("/"):
            self._tab.call("Page.navigate", url=self._plan.shop)
        self._await("搜索框 search box", lambda: self._tab.field("searchbox", "textbox", "combobox"))
        self._look(1.5)

    def search(self):
        """Types the search text."""
        self._click(self._tab.field("searchbox", "textbox", "combobox"))
        self._hand.type(self._plan.search)
        self._hand.rest(0.5)
        self._go(("搜索", "搜 索"), (self._plan.product,))
        self._look(2.0, 2)

    def product(self):
        """Opens the wanted product."""
        self._go((self._plan.product,), BUY)
        self._look(2.5, 4)

    def specification(self):
        """Chooses each wanted value, unless it is chosen already."""
        for value in self._plan.specification:
            if self._need(value).chosen is not True:
                self._click(self._need(value))
            self._await(f"{value} 已选中 chosen", lambda wanted=value: self._need(wanted).chosen is not False)
            self._hand.rest(0.8)
        self._look(1.5)

    def shop_home(self):
        """The seller's shop home page."""
        self._go(SHOP, LICENCE)
        self._look(2.5, 2)

    def licence(self):
        """The business licence, or the statement that none is needed; then back to the product."""
        self._go(LICENCE, LICENCE_SHOWN)
        self._look(4.0, 2)
        self._back(LICENCE)
        self._hand.rest(0.6)
        self._back(BUY)
        self._hand.rest(0.8)

    def chat(self):
        """Asks, and waits for the answer; then back to the product."""
        if not self._plan.message:
            return
        self._go(CHAT, SEND)
        self._hand.rest(0.8)
        self._click(self._chat_field())
        self._hand.type(self._plan.message)
        self._hand.rest(0.4)
        before = self._tab.texts()
        self._click(self._need(*SEND))
        self._await("客服回复 answer", lambda: self._answered(before))
        self._look(3.0)
        self._back(BUY)

    def _chat_field(self):
        fields = [element for element in self._tab.elements() if element.role in FIELDS]
        if not fields:
            raise Failed("聊天输入框 no field to type a message into")
        return next((one for one in fields if "消息" in one.name or "输入" in one.name), fields[-1])

    def _answered(self, before):
        """Our message stands there, and a text after it that neither stood there before nor repeats it."""
        texts = self._tab.texts()
        if self._plan.message not in texts:
            return False
        place = len(texts) - 1 - texts[::-1].index(self._plan.message)
        return any(len(text) > 6 and text not in before and text != self._plan.message for text in texts[place + 2:])

    def buy(self):
        """The specification once more, the quantity, and on to the confirmation."""
        self.specification()
        self._set_quantity()
        self._hand.rest(0.8)
        self._go(BUY, SUBMIT)
        self._look(3.0, 2)

    def _set_quantity(self):
        wanted = str(self._plan.quantity)
        field = self._tab.field("spinbutton")
        if field is not None and field.value != wanted:
            self._click_thrice_and_type(field, wanted)
        elif field is None:
            for _ in range(self._plan.quantity - 1):
                self._click(self._need(*MORE))
                self._hand.rest(0.3)
        if field is not None:
            self._await(f"数量 {wanted} quantity", lambda: getattr(self._tab.field("spinbutton"), "value", "") == wanted)

    def _click_thrice_and_type(self, field, text):
        if not self._hand.click(field, presses=3):
            raise Failed("数量 the quantity cannot be reached")
        self._hand.type(text)

    def order(self):
        """Submits the order, and goes to the payment where that is a page of its own."""
        self._go(SUBMIT, (*PAY, *PAY_TOKEN, *PAID))
        self._look(1.5)
        if self._tab.find(*PAY_TOKEN, *PAID) is None:
            self._go(PAY, (*PAY_TOKEN, *PAID))
        self._look(2.0)

    def pay(self):
        """The phone pays; the page tells."""
        if self._plan.phone_pay_url:
            token = self._await("付款码 token", lambda: self._tab.value_after(PAY_TOKEN, _number_like))
            self._phone(token)
        self._await("支付成功 payment", lambda: self._tab.find(*PAID), self._plan.pay_seconds)
        self._look(3.0)

    def _phone(self, token):
        with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
            paying = pool.submit(_phone_pays, self._plan.phone_pay_url, token, self._plan.ca)
            self._await("手机支付 phone", paying.done, 2 * PHONE_SECONDS)
            try:
                paying.result()
            except (OSError, ValueError) as error:   # urllib's errors are OSErrors
                raise Failed(f"手机支付 phone: {error}") from error

    def order_details(self):
        """The order's page: its number."""
        self._go(ORDER_PAGE, TRACK)
        self._outcome["order_no"] = self._await("订单编号 order number", lambda: self._tab.value_after(ORDER_NO, _number_like))
        self._look(3.0, 3)

    def logistics(self):
        """The parcel's page: its waybill, which may take a moment."""
        self._go(TRACK, (*WAYBILL, "打包", "物流"))
        self._outcome["waybill"] = self._await("运单号 waybill", lambda: self._tab.value_after(WAYBILL, _number_like))
        self._look(4.0)


STEPS = (
    ("begin", "等待浏览器就绪", "waiting for the browser", Purchase.begin),
    ("home", "打开商城首页", "opening the mall", Purchase.home),
    ("search", "搜索商品", "searching", Purchase.search),
    ("product", "打开商品页面", "opening the product", Purchase.product),
    ("specification", "选择规格", "choosing the specification", Purchase.specification),
    ("shop", "进入店铺首页", "visiting the shop's home page", Purchase.shop_home),
    ("licence", "查看营业执照", "looking at the business licence", Purchase.licence),
    ("chat", "咨询客服", "asking the seller", Purchase.chat),
    ("buy", "立即购买，核对订单", "buying, checking the order", Purchase.buy),
    ("order", "提交订单", "submitting the order", Purchase.order),
    ("pay", "手机支付", "paying by phone", Purchase.pay),
    ("order-details", "查看订单详情", "looking at the order", Purchase.order_details),
    ("logistics", "查看物流信息", "looking at the logistics", Purchase.logistics),
)
