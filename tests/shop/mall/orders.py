"""The mall's state: carts, checkouts, orders, payments, parcels, chats. In memory, behind one lock, every list bounded."""
import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from mall.catalogue import Product, Sku

SESSIONS_MAX = 500
LINES_MAX = 20
ORDERS_MAX = 50
MESSAGES_MAX = 100
MESSAGE_CHARS_MAX = 200
QUANTITY_MAX = 99
CARRIER = "顺丰速运"
BEIJING = timezone(timedelta(hours=8))
METHODS = ("微信支付", "支付宝", "云闪付")
STATES = ("待付款", "待发货", "待收货")


class OrderError(Exception):
    """The shop cannot do that; the text is for the customer."""


@dataclass(frozen=True)
class Consignee:
    """Who receives, as the address book holds it."""
    name: str = "李抽检"
    phone: str = "13896107241"
    address: str = "重庆市渝北区金开大道西段68号 市监检测楼 收样室"


@dataclass(frozen=True)
class Line:
    """One line of a cart or an order."""
    product: Product
    sku: Sku
    quantity: int

    @property
    def total_fen(self):
        """List price times quantity."""
        return self.sku.list_fen * self.quantity


@dataclass(frozen=True)
class Amounts:
    """goods + freight − discount = payable, all in 分."""
    goods_fen: int
    discount_fen: int
    freight_fen: int

    @property
    def payable_fen(self):
        """What the phone pays."""
        return self.goods_fen + self.freight_fen - self.discount_fen


@dataclass(frozen=True)
class Order:
    """An order of one shop; replaced, never changed, as it moves through STATES."""
    order_no: str
    session: str
    lines: tuple
    amounts: Amounts
    consignee: Consignee
    placed_at: datetime
    token: str
    method: str = METHODS[0]
    paid_at: datetime | None = None
    serial: str | None = None
    waybill: str | None = None
    shipped_at: datetime | None = None

    @property
    def shop(self):
        """The seller; an order has one."""
        return self.lines[0].product.shop

    @property
    def state(self):
        """待付款, 待发货 or 待收货."""
        return STATES[2] if self.waybill else STATES[1] if self.paid_at else STATES[0]


@dataclass(frozen=True)
class Message:
    """One line of a chat; the shop's answers lie in the future until their time has come."""
    at: datetime
    from_shop: bool
    text: str


@dataclass
class Session:
    """What one browser has in hand."""
    cart: list = field(default_factory=list)
    checkouts: dict = field(default_factory=dict)
    chats: dict = field(default_factory=dict)
    orders: list = field(default_factory=list)


def amounts_of(lines):
    """Each product's coupon comes off once; freight by the shop's table on what is left."""
    goods = sum(line.total_fen for line in lines)
    discount = sum({line.product.number: line.product.coupon_fen for line in lines}.values())
    shop = lines[0].product.shop
    freight = 0 if goods - discount >= shop.free_freight_from_fen else shop.freight_fen
    return Amounts(goods, discount, freight)


def answer_to(text):
    """What the shop's customer service says."""
    for words, reply in ANSWERS:
        if any(word in text for word in words):
            return reply
    return "您好，您的问题已收到，客服小鹿正在为您核实，请稍等～"


ANSWERS = (
    (("现货", "有货", "库存", "几件"), "您好，这款有现货的，重庆仓当天发货，请放心拍下～"),
    (("发票",), "您好，本店支持开具电子普通发票，下单后可在订单详情页申请。"),
    (("标准", "3C", "认证"), "您好，执行标准和认证编号都在商品详情的规格参数里，包装标签上也有的。"),
)


class Store:
    """All state. `now` returns an aware datetime; the store asks it for every time it writes down. `new_tabs`: products open in one."""

    def __init__(self, catalogue, ship_after_seconds, now, new_tabs=False):
        self.catalogue = catalogue
        self.new_tabs = new_tabs
        self._ship_after = timedelta(seconds=ship_after_seconds)
        self._now = now
        self._lock = threading.Lock()
        self._sessions = {}
        self._orders = {}
        self._by_token = {}

    def open_session(self, name):
        """The name of a session that exists: the given one, or a new one. The oldest goes when there are too many."""
        with self._lock:
            if name in self._sessions:
                return name
            if len(self._sessions) >= SESSIONS_MAX:
                self._drop(next(iter(self._sessions)))
            fresh = secrets.token_urlsafe(18)
            self._sessions[fresh] = Session()
            return fresh

    def _drop(self, name):
        for order_no in self._sessions.pop(name).orders:
            self._by_token.pop(self._orders.pop(order_no).token, None)

    def _line(self, number, sku_id, quantity):
        product = self.catalogue.products.get(number)
        if product is None:
            raise OrderError("商品不存在或已下架")
        sku = next((one for one in product.skus if one.id == sku_id), None)
        if sku is None:
            raise OrderError("请先选择规格")
        if not (quantity.isascii() and quantity.isdigit() and 1 <= int(quantity[:4]) <= QUANTITY_MAX):
            raise OrderError(f"购买数量须为 1 至 {QUANTITY_MAX}")
        return Line(product, sku, int(quantity))

    def add_to_cart(self, session, number, sku_id, quantity):
        """Adds a line, or to the line of the same SKU."""
        line = self._line(number, sku_id, quantity)
        with self._lock:
            cart = self._sessions[session].cart
            for place, other in enumerate(cart):
                if other.sku == line.sku:
                    cart[place] = replace(other, quantity=min(QUANTITY_MAX, other.quantity + line.quantity))
                    return
            if len(cart) >= LINES_MAX:
                raise OrderError("购物车已满，请先结算")
            cart.append(line)

    def cart(self, session):
        """The lines of the cart."""
        with self._lock:
            return tuple(self._sessions[session].cart)

    def checkout_now(self, session, number, sku_id, quantity):
        """立即购买: a checkout of that one line; its id."""
        return self._checkout(session, (self._line(number, sku_id, quantity),))

    def checkout_cart(self, session, shop_id):
        """去结算: the cart's lines of one shop leave it for a checkout; its id."""
        with self._lock:
            cart = self._sessions[session].cart
            lines = tuple(line for line in cart if line.product.shop.id == shop_id)
            cart[:] = [line for line in cart if line.product.shop.id != shop_id]
        if not lines:
            raise OrderError("购物车里没有这家店的商品")
        return self._checkout(session, lines)

    def _checkout(self, session, lines):
        checkout = secrets.token_hex(8)
        with self._lock:
            checkouts = self._sessions[session].checkouts
            if len(checkouts) >= ORDERS_MAX:
                checkouts.pop(next(iter(checkouts)))
            checkouts[checkout] = lines
        return checkout

    def checkout(self, session, checkout):
        """The lines of a checkout, or None."""
        with self._lock:
            return self._sessions[session].checkouts.get(checkout)

    def place(self, session, checkout, consignee):
        """提交订单: the checkout becomes an order, once."""
        with self._lock:
            mine = self._sessions[session]
            if len(mine.orders) >= ORDERS_MAX:
                raise OrderError("待处理订单过多")
            lines = mine.checkouts.pop(checkout, None)
            if lines is None:
                raise OrderError("订单确认页已失效，请返回商品重新购买")
            now = self._now()
            order_no = f"{now.astimezone(BEIJING):%Y%m%d%H%M%S}{secrets.randbelow(10 ** 6):06d}"
            order = Order(order_no, session, lines, amounts_of(lines), consignee, now, secrets.token_hex(4).upper())
            self._orders[order_no] = order
            self._by_token[order.token] = order_no
            mine.orders.append(order_no)
            return order

    def order(self, order_no, session=None):
        """The order as it stands now, or None; with a session only its own."""
        with self._lock:
            order = self._orders.get(order_no)
            if order is None or session is not None and order.session != session:
                return None
            return self._ship_when_due(order)

    def orders(self, session):
        """The session's orders, the newest first."""
        with self._lock:
            numbers = list(reversed(self._sessions[session].orders))
        return [self.order(number) for number in numbers]

    def _ship_when_due(self, order):
        due = order.paid_at and not order.waybill and self._now() >= order.paid_at + self._ship_after
        if not due:
            return order
        shipped = replace(order, waybill=f"SF{secrets.randbelow(9 * 10 ** 12) + 10 ** 12}", shipped_at=self._now())
        self._orders[order.order_no] = shipped
        return shipped

    def choose_method(self, order_no, session, method):
        """去支付: how the order is to be paid; OrderError where it is not the session's, or there is no such method."""
        with self._lock:
            order = self._orders.get(order_no)
            if order is None or order.session != session:
                raise OrderError("订单不存在")
            if method not in METHODS:
                raise OrderError("请选择支付方式")
            if order.paid_at is None:
                self._orders[order_no] = replace(order, method=method)

    def pay(self, token):
        """The phone pays; the order, paid. Paying twice changes nothing; OrderError where the token is unknown."""
        with self._lock:
            order = self._orders.get(self._by_token.get(token, ""))
            if order is None:
                raise OrderError("付款码无效")
            if order.paid_at is None:
                now = self._now()
                serial = f"4200{now.astimezone(BEIJING):%Y%m%d}{secrets.randbelow(10 ** 16):016d}"
                order = replace(order, paid_at=now, serial=serial)
                self._orders[order.order_no] = order
            return order

    def say(self, session, shop_id, text):
        """A message to a shop; its answer follows after a moment."""
        text = text.strip()[:MESSAGE_CHARS_MAX]
        if not text:
            raise OrderError("消息不能为空")
        with self._lock:
            chat = self._sessions[session].chats.setdefault(shop_id, [])
            if len(chat) + 2 > MESSAGES_MAX:
                raise OrderError("会话消息过多，请稍后再试")
            now = self._now()
            chat.append(Message(now, False, text))
            chat.append(Message(now + timedelta(seconds=1.2), True, answer_to(text)))

    def chat(self, session, shop_id):
        """The messages whose time has come, in order."""
        with self._lock:
            chat = self._sessions[session].chats.get(shop_id, ())
            return sorted((message for message in chat if message.at <= self._now()), key=lambda one: one.at)
