"""netsampler-crawl visit against a real Chromium and a small site on loopback. visit_test.py PROGRAM [names…]"""
import json
import os
import quopri
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import site_server  # noqa: E402
import warc_reader  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
FLAGS = ["--browser-flag=--no-sandbox", "--browser-flag=--disable-quic"]


class Visit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = site_server.Site()

    @classmethod
    def tearDownClass(cls):
        cls.site.stop()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = os.path.join(self.folder.name, "out")

    def visit(self, url, *more, expect=0):
        run = subprocess.run([PROGRAM, "visit", url, "--out", self.out, "--json", *FLAGS, *more], capture_output=True, text=True,
                             timeout=150)
        self.assertEqual(run.returncode, expect, run.stderr)
        if expect == 0:
            return json.loads(run.stdout)
        self.assertEqual(run.stdout, "")
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        return run.stderr

    def kept(self, name):
        with open(os.path.join(self.out, name), "rb") as file:
            return file.read()

    def shown(self):
        return " ".join(json.loads(self.kept("dom.json"))["strings"])

    def test_keeps_the_bytes_served_and_what_was_shown(self):
        report = self.visit(self.site.url("/plain.html"))
        self.assertEqual((report["status"], report["url"]), (200, self.site.url("/plain.html")))
        got = warc_reader.responses(self.kept("page.warc.gz"))
        self.assertEqual(got[self.site.url("/plain.html")][0][2], site_server.page("plain.html"))
        self.assertEqual(got[self.site.url("/dot.png")][0][2], site_server.dot_png())
        self.assertIn("评价 2,314 条", self.shown())
        self.assertTrue(self.kept("screenshot.png").startswith(b"\x89PNG"))
        saved = quopri.decodestring(b"".join(warc_reader.members(self.kept("page.mhtml.gz")))).decode()
        self.assertIn("评价 2,314 条", saved)
        self.assertNotIn("/dot.png\r\n", saved)  # it is in page.warc.gz

    def test_facts_come_out_of_the_archive_again_byte_for_byte(self):
        shop = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages", "product_jsonld_table.html")
        seen = self.visit("file://" + shop)
        outputs = [subprocess.run([PROGRAM, "extract", self.out, "--json"], capture_output=True, timeout=60, check=True).stdout for _ in range(2)]
        self.assertEqual(outputs[0], outputs[1])
        again = json.loads(outputs[0])
        self.assertTrue(again["facts"])
        self.assertEqual((again["kind"], again["facts"]), (seen["kind"], seen["facts"]))
        with open(os.path.join(self.out, "dom.json"), "a") as file:
            file.write("x")
        self.assertNotEqual(subprocess.run([PROGRAM, "extract", self.out, "--json"], capture_output=True, timeout=60).returncode, 0)

    def test_a_page_sees_no_webdriver(self):
        self.visit(self.site.url("/plain.html"))
        self.assertIn("webdriver=false", self.shown())

    def test_a_redirect_keeps_both_answers(self):
        report = self.visit(self.site.url("/redirect"))
        self.assertEqual(report["url"], self.site.url("/plain.html"))
        got = warc_reader.responses(self.kept("page.warc.gz"))
        self.assertEqual(got[self.site.url("/redirect")][0][0], 302)
        self.assertEqual(got[self.site.url("/plain.html")][0][0], 200)

    def test_compressed_is_kept_decoded_and_says_so_and_no_cookie_value(self):
        self.visit(self.site.url("/gzip"))
        status, head, body = warc_reader.responses(self.kept("page.warc.gz"))[self.site.url("/gzip")][0]
        self.assertEqual((status, body), (200, site_server.page("plain.html")))
        self.assertIn("X-Orig-Content-Encoding: gzip", head)
        self.assertNotIn(b"topsecret", b"".join(warc_reader.members(self.kept("page.warc.gz"))))
        self.assertIn("Set-Cookie: sid=withheld", head)

    def test_no_password_and_no_cookie_in_anything_that_is_kept(self):
        report = self.visit(self.site.url("/secrets.html"))
        kept = {name: self.kept(name) for name in os.listdir(self.out)}
        for name in [name for name in kept if name.endswith(".gz")]:
            kept[name] = b"".join(warc_reader.members(kept[name]))
        if "page.mhtml.gz" in kept:
            kept["page.mhtml.gz"] = quopri.decodestring(kept["page.mhtml.gz"])
        for name, data in kept.items():
            for secret in (b"Hunter2", b"swordfish", b"tok-778899", b"cookie-0123", b"0123456789abcdef"):
                self.assertNotIn(secret, data, name)
        self.assertNotIn("swordfish", json.dumps(report))
        self.assertIn("完成", self.shown())  # the page did its work
        told = b"".join(block for fields, block in warc_reader.read_warc(self.kept("page.warc.gz")) if fields["WARC-Type"] == "metadata")
        for what in (b"request-body", b"header cookie", b"header set-cookie", b"header x-csrf-token", b"part of address", b"part of body"):
            self.assertIn(b"withheld: " + what, told)
        body = [b for u, r in warc_reader.responses(self.kept("page.warc.gz")).items() if "/echo" in u for _, _, b in r][0]
        self.assertIn(b'"price": "199"', body)  # and nothing else was touched

    def test_a_gbk_page_is_kept_in_the_bytes_served(self):
        self.visit(self.site.url("/gbk"))
        fields = [f for f, _ in warc_reader.read_warc(self.kept("page.warc.gz"))
                  if f["WARC-Type"] == "response" and f["WARC-Target-URI"].endswith("/gbk")]
        self.assertNotIn("WARC-Body-Converted-From", fields[0])
        body = warc_reader.responses(self.kept("page.warc.gz"))[self.site.url("/gbk")][0][2]
        self.assertEqual(body, site_server.GBK)
        self.assertIn("电热水壶", self.shown())

    def test_a_page_that_does_not_exist_is_recorded_as_such(self):
        report = self.visit(self.site.url("/nowhere"))
        self.assertEqual((report["status"], report["kind"]), (404, "other"))
        self.assertEqual(warc_reader.responses(self.kept("page.warc.gz"))[self.site.url("/nowhere")][0][0], 404)

    def test_a_page_that_never_rests_is_closed_in_time(self):
        began = time.monotonic()
        self.visit(self.site.url("/restless.html"))
        self.assertLess(time.monotonic() - began, 60)
        self.assertIn("不停", self.shown())

    def test_no_server_is_one_line_and_nothing_written(self):
        line = self.visit("http://127.0.0.1:9/", expect=1)
        self.assertIn("127.0.0.1:9", line)
        self.assertFalse(os.path.exists(self.out))

    def test_no_browser_is_one_line(self):
        line = self.visit(self.site.url("/plain.html"), "--browser", "/nonexistent/chromium", expect=1)
        self.assertIn("no browser", line)
        self.assertFalse(os.path.exists(self.out))

    def test_a_program_that_is_no_browser_is_one_line(self):
        line = self.visit(self.site.url("/plain.html"), "--browser", "/bin/true", expect=1)
        self.assertIn("browser ended", line)

    def test_a_file_to_keep_is_not_a_page(self):
        self.assertIn("no page at", self.visit(self.site.url("/file.zip"), expect=1))

    def test_no_address_at_all(self):
        self.assertIn("not an address", self.visit("shop", expect=65))


if __name__ == "__main__":
    unittest.main(verbosity=2)
