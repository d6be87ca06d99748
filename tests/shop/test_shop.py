"""The demo mall without a browser: a whole purchase, and what must be refused."""
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

from mall.certificate import spki_sha256
from mall.goods import ELECTRIC, HOME, demo_catalogue
from mall.html import e
from mall.licence import ALPHABET, WEIGHTS, licence_png, uscc
from mall.qr import qr_matrix
from mall.server import BODY_BYTES_MAX
from running_mall import HERE, Customer, RunningMall, after_label, connection, fen, hidden

POWERBANK = "684512907731266815"


def wait_until(condition, bound_seconds=10):
    """Asks the condition until it holds; False when the bound is over."""
    end = time.monotonic() + bound_seconds
    while time.monotonic() < end:
        if condition():
            return True
        threading.Event().wait(0.05)
    return False


class Goods(unittest.TestCase):
    """The catalogue keeps what the demo promises."""

    def test_at_least_12_products_of_3_shops_with_numbers_beyond_2_to_53(self):
        catalogue = demo_catalogue()
        self.assertGreaterEqual(len(catalogue.products), 12)
        self.assertEqual({shop.licence_shown for shop in catalogue.shops.values()}, {"text", "picture", "exempt"})
        self.assertEqual({one.structured for one in catalogue.products.values()}, {"jsonld", "microdata", "none"})
        for product in catalogue.products.values():
            self.assertGreater(int(product.number), 2 ** 53)
            self.assertEqual(len({sku.id for sku in product.skus}), len(product.skus))

    def test_every_sku_id_belongs_to_one_product(self):
        ids = [sku.id for product in demo_catalogue().products.values() for sku in product.skus]
        self.assertEqual(len(ids), len(set(ids)))

    def test_check_characters_are_valid_and_a_changed_one_is_not(self):
        def valid(code):
            total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(code[:17], WEIGHTS, strict=True))
            return (total + ALPHABET.index(code[17])) % 31 == 0
        for shop in (ELECTRIC, HOME):
            code = shop.licence.uscc
            self.assertTrue(valid(code), code)
            self.assertFalse(valid(code[:5] + ("1" if code[5] != "1" else "2") + code[6:]))
        self.assertEqual(uscc("91350100M000100Y4"), "91350100M000100Y43")   # the example of GB 32100-2015

    def test_the_qr_code_is_square_and_refuses_what_does_not_fit(self):
        matrix = qr_matrix("https://127.0.0.1:1/phone?token=AB")
        self.assertEqual({len(row) for row in matrix}, {37})
        with self.assertRaises(ValueError):
            qr_matrix("x" * 107)

    def test_the_licence_picture_is_a_png(self):
        self.assertEqual(licence_png(HOME.licence)[:8], b"\x89PNG\r\n\x1a\n")


class Mall(unittest.TestCase):
    """One mall for all; every test is a customer of its own."""

    @classmethod
    def setUpClass(cls):
        cls.mall = RunningMall()

    @classmethod
    def tearDownClass(cls):
        assert cls.mall.close() == 0

    def setUp(self):
        self.customer = Customer(self.mall)

    def buy(self, quantity="2"):
        """Places an order; (order number, token)."""
        _, text, _ = self.customer.get(f"/item.html?id={POWERBANK}")
        _, text, path = self.customer.post("/buy", id=POWERBANK, skuId=hidden("skuId", text), quantity=quantity, act="now")
        self.assertTrue(path.startswith("/confirm/"), path)
        _, text, path = self.customer.post("/order/submit", checkout=hidden("checkout", text))
        order_no = path.removeprefix("/cashier/")
        _, text, path = self.customer.post(f"/cashier/{order_no}", method="支付宝")
        self.assertEqual(path, f"/pay/{order_no}")
        return order_no, text.split("付款码：<b>")[1].split("<")[0]

    def test_a_whole_purchase_and_its_sums(self):
        order_no, token = self.buy()
        self.assertEqual(json.loads(self.customer.get(f"/pay/{order_no}/state")[1]), {"done": False})
        status, text, _ = self.customer.post("/phone/pay", token=token)
        paid = json.loads(text)
        self.assertEqual((status, paid["order_no"]), (200, order_no))
        self.assertIn("支付成功", json.loads(self.customer.get(f"/pay/{order_no}/state")[1])["html"])
        _, text, _ = self.customer.get(f"/order/{order_no}")
        sums = [fen(after_label(label, text)) for label in ("商品总额", "优惠", "运费", "实付款")]
        self.assertEqual(sums[0] + sums[1] + sums[2], sums[3])
        self.assertEqual(sums[3], paid["paid_fen"])
        self.assertEqual(sums[0], 2 * 9900)
        self.assertEqual(after_label("支付方式", text), "支付宝")
        self.assertEqual(after_label("交易流水号", text), paid["serial"])
        self.check_parcel(order_no)

    def check_parcel(self, order_no):
        """The waybill appears, the same on the page and for the phone."""
        def state():
            return json.loads(self.customer.get(f"/logistics/{order_no}/state")[1])
        self.assertTrue(wait_until(lambda: state()["done"]))
        told = json.loads(self.customer.get(f"/phone/order/{order_no}.json")[1])
        self.assertRegex(told["waybill"], r"^SF\d{13}$")
        self.assertEqual(after_label("运单号", self.customer.get(f"/logistics/{order_no}")[1]), told["waybill"])
        self.assertEqual(sum(line["quantity"] for line in told["lines"]), 2)

    def test_an_unpaid_order_has_no_logistics(self):
        order_no, _ = self.buy()
        self.assertEqual(self.customer.get(f"/logistics/{order_no}")[0], 404)
        self.assertIsNone(json.loads(self.customer.get(f"/phone/order/{order_no}.json")[1])["waybill"])

    def test_a_wrong_token_is_refused_and_pays_nothing(self):
        order_no, token = self.buy()
        self.assertEqual(self.customer.post("/phone/pay", token=token[::-1] + "0")[0], 403)
        self.assertEqual(self.customer.post("/phone/pay")[0], 403)
        self.assertEqual(json.loads(self.customer.get(f"/pay/{order_no}/state")[1]), {"done": False})

    def test_an_unknown_method_or_a_strangers_order_is_refused(self):
        order_no, _ = self.buy()
        self.assertEqual(self.customer.post(f"/cashier/{order_no}", method="贝壳")[0], 400)
        self.assertEqual(Customer(self.mall).post(f"/cashier/{order_no}", method="支付宝")[0], 400)

    def test_paying_twice_pays_once(self):
        _, token = self.buy()
        first, second = (json.loads(self.customer.post("/phone/pay", token=token)[1]) for _ in range(2))
        self.assertEqual(first["serial"], second["serial"])

    def test_an_order_is_its_customers_own(self):
        order_no, _ = self.buy()
        self.assertEqual(Customer(self.mall).get(f"/order/{order_no}")[0], 404)
        self.assertEqual(self.customer.get(f"/order/{order_no}")[0], 200)

    def test_a_checkout_is_ordered_once(self):
        _, text, _ = self.customer.get(f"/item.html?id={POWERBANK}")
        _, text, _ = self.customer.post("/buy", id=POWERBANK, skuId=hidden("skuId", text), quantity="1", act="now")
        checkout = hidden("checkout", text)
        self.assertEqual(self.customer.post("/order/submit", checkout=checkout)[0], 200)
        self.assertEqual(self.customer.post("/order/submit", checkout=checkout)[0], 400)

    def test_the_cart_gathers_and_leads_to_an_order(self):
        _, text, _ = self.customer.get(f"/item.html?id={POWERBANK}")
        for _ in range(2):
            _, text, path = self.customer.post("/buy", id=POWERBANK, skuId=hidden("skuId", text) or "", quantity="1", act="cart")
            text = self.customer.get(f"/item.html?id={POWERBANK}")[1]
        self.assertEqual(path, "/cart")
        self.assertIn("×2", self.customer.get("/cart")[1])
        _, text, path = self.customer.post("/cart/checkout", shop=ELECTRIC.id)
        self.assertTrue(path.startswith("/confirm/"))
        self.assertEqual(self.customer.post("/cart/checkout", shop=HOME.id)[0], 400)

    def test_unknown_things_are_404_and_known_ones_are_not(self):
        for path in ("/item.html?id=1", "/item.html", "/shop/1", "/shop/1/licence", "/nothing", "/static/../shop.py",
                     "/static/shop.py", "/media/passwd", "/order/1", "/chat/1", "/confirm/1", "/phone/order/1.json"):
            self.assertEqual(self.customer.get(path)[0], 404, path)
        for path in ("/", "/search?q=", f"/item.html?id={POWERBANK}", f"/shop/{HOME.id}", f"/shop/{HOME.id}/licence", "/cart",
                     "/orders", "/phone", f"/chat/{HOME.id}", "/static/mall.css", f"/media/licence-{HOME.id}.png"):
            self.assertEqual(self.customer.get(path)[0], 200, path)

    def test_bad_quantities_and_skus_are_refused(self):
        _, text, _ = self.customer.get(f"/item.html?id={POWERBANK}")
        sku = hidden("skuId", text)
        for quantity in ("0", "100", "-1", "2.5", "", "９", "1e3"):
            self.assertEqual(self.customer.post("/buy", id=POWERBANK, skuId=sku, quantity=quantity)[0], 400, quantity)
        self.assertEqual(self.customer.post("/buy", id=POWERBANK, skuId="1", quantity="1")[0], 400)
        self.assertEqual(self.customer.post("/buy", id=POWERBANK, skuId=sku, quantity="99")[0], 200)

    def test_search_finds_and_says_when_it_does_not(self):
        self.assertIn(POWERBANK, self.customer.get("/search?q=%E5%85%85%E7%94%B5%E5%AE%9D")[1])
        self.assertIn("没有找到", self.customer.get("/search?q=%E9%A3%9E%E6%9C%BA")[1])

    def test_html_is_escaped(self):
        text = self.customer.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")[1]
        self.assertNotIn("<script>alert", text)
        self.assertIn(e("<script>alert(1)</script>"), text)

    def test_the_chat_answers(self):
        where = f"/chat/{ELECTRIC.id}/talk"
        self.assertEqual(self.customer.post(where, text="  ")[0], 400)
        self.assertEqual(json.loads(self.customer.post(where, text="请问有现货吗？")[1])["count"], 1)
        self.assertTrue(wait_until(lambda: "有现货的" in json.loads(self.customer.get(where)[1])["html"]))

    def test_caching_headers(self):
        link = connection(self.mall)
        self.addCleanup(link.close)
        link.request("GET", "/static/mall.css")
        answer = link.getresponse()
        answer.read()
        self.assertIn("max-age", answer.getheader("Cache-Control"))
        link.request("GET", "/static/mall.css", headers={"If-None-Match": answer.getheader("ETag")})
        again = link.getresponse()
        self.assertEqual((again.status, again.read()), (304, b""))
        link.request("GET", "/cart")
        private = link.getresponse()
        private.read()
        self.assertEqual((private.getheader("Cache-Control"), private.getheader("ETag")), ("no-store", None))

    def test_the_largest_body_is_read(self):
        self.assertEqual(self.customer.post("/phone/pay", token="x" * (BODY_BYTES_MAX - len("token=")))[0], 403)

    def test_bodies_announced_too_large_or_without_a_length_are_refused(self):
        link = connection(self.mall)
        self.addCleanup(link.close)
        for headers, status in (({"Content-Length": str(BODY_BYTES_MAX + 1)}, 413), ({"Transfer-Encoding": "chunked"}, 411), ({"Content-Length": "many"}, 400)):
            link.close()
            link.putrequest("POST", "/phone/pay")
            for name, value in headers.items():
                link.putheader(name, value)
            link.endheaders()
            self.assertEqual(link.getresponse().status, status)

    def test_a_silent_client_blocks_nobody(self):
        with socket.create_connection(("127.0.0.1", self.mall.port)), socket.create_connection(("127.0.0.1", self.mall.port)) as other:
            other.sendall(b"GET / HTTP/1.1\r\n\r\n")   # no TLS
            began = time.monotonic()
            self.assertEqual(self.customer.get("/")[0], 200)
            self.assertLess(time.monotonic() - began, 5)

    def test_a_stranger_without_the_authority_is_not_trusted(self):
        with self.assertRaises(ssl.SSLCertVerificationError), socket.create_connection(("127.0.0.1", self.mall.port)) as plain:
            ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")

    def test_the_announced_spki_is_the_servers(self):
        with socket.create_connection(("127.0.0.1", self.mall.port)) as plain:
            context = ssl.create_default_context(cafile=self.mall.ca)
            with context.wrap_socket(plain, server_hostname="mall.example") as channel:
                der = channel.getpeercert(binary_form=True)
        key = subprocess.run(["openssl", "x509", "-inform", "DER", "-pubkey", "-noout"], input=der, capture_output=True, check=True)
        self.assertEqual(spki_sha256(key.stdout), self.mall.spki)


class Program(unittest.TestCase):
    """shop.py's exits."""

    def run_shop(self, *arguments):
        """The finished process."""
        return subprocess.run([sys.executable, f"{HERE}/shop.py", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=30, check=False)

    def test_usage_is_64_and_an_impossible_directory_is_1(self):
        self.assertEqual(self.run_shop().returncode, 64)
        failed = self.run_shop("--dir", "/dev/null/nowhere")
        self.assertEqual((failed.returncode, len(failed.stderr.strip().splitlines())), (1, 1))

    def test_sigterm_ends_it_well(self):
        mall = RunningMall()
        mall.process.terminate()
        self.assertEqual(mall.close(), 0)


if __name__ == "__main__":
    unittest.main()
