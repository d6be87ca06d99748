"""The console over a real ledger: API, media by range, nginx in front, and the pages in a headless Chromium. Arguments:
BIN (directory of the programs), WEB (the built app), HELPER (write_nginx_config), PICTURES (where screenshots go)."""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402
from console_process import Client, Console, Nginx, free_port  # noqa: E402
import sample_case  # noqa: E402
from sample_case import ALICE, CASE  # noqa: E402
from ledger_process import Ledger  # noqa: E402

BIN, WEB, HELPER, PICTURES = sys.argv[1:5]


class World:
    """Ledger, filled case, console on a port of its own, and a second console behind nginx."""

    def __init__(self):
        self.ledger = Ledger(os.path.join(BIN, "netsampler-ledger")).start()
        self.made = sample_case.fill(self.ledger)
        program, state = os.path.join(BIN, "netsampler-console"), self.ledger.state
        self.console = Console(program, state, WEB)
        socket, port = self.ledger.path("run", "console.sock"), free_port()
        self.behind = Console(program, state, WEB, "--socket", socket)
        configuration = subprocess.run([HELPER, state, WEB, str(port), socket], check=True, capture_output=True, text=True, timeout=60).stdout.strip()
        self.nginx = Nginx(configuration, self.ledger.path("run", "nginx"), port)

    def close(self):
        codes = self.nginx.stop(), self.console.stop(), self.behind.stop()
        self.ledger.close()
        assert codes == (0, 0, 0), codes


class Supervisor:
    """Answers one request at its socket with these sessions."""

    def __init__(self, path, sessions):
        self.path, self.reply = path, json.dumps({"ok": True, "sessions": sessions}).encode()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(1)
        self.thread = threading.Thread(target=self.answer)

    def answer(self):
        peer, _ = self.listener.accept()
        with peer:
            peer.recv(65536)
            peer.send(self.reply)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.thread.join(30)
        self.listener.close()
        os.unlink(self.path)


def setUpModule():
    global WORLD
    WORLD = World()
    unittest.addModuleCleanup(WORLD.close)


def segment(number):
    return f"/media/recordings/{WORLD.made['purchase']}/media/screen/{number:06d}.m4s"


def verdict():
    """What the verifier itself says about the case."""
    ended = subprocess.run([os.path.join(BIN, "netsampler-verify"), "--json", "--case", CASE, WORLD.ledger.path("data")], capture_output=True, timeout=60)
    return json.loads(ended.stdout)["verdict"]


class Door:
    """What holds over the plain port and through nginx alike."""

    def setUp(self):
        self.visitor, self.client = Client(self.url()), Client(self.url())
        self.assertEqual(self.client.sign_in(ALICE)[0], 200)

    def test_without_a_session_nothing_is_told(self):
        for path in ("/api/v1/cases", f"/api/v1/cases/{CASE}", "/api/v1/box", "/api/v1/session", "/api/v1/openapi.yaml", segment(0)):
            self.assertEqual(self.visitor.get(path)[0], 401, path)
            self.assertEqual(self.client.get(path)[0], 200, path)
        self.assertEqual(self.visitor.get("/healthz")[0], 200)

    def test_a_wrong_password_is_refused_and_signs_nobody_in(self):
        status, headers, _ = self.visitor.sign_in({"id": "alice", "password": "wrong"})
        self.assertEqual((status, headers["Set-Cookie"]), (401, None))
        self.assertEqual(self.visitor.get("/api/v1/session")[0], 401)
        self.assertEqual(self.visitor.sign_in({"id": "nobody", "password": "wrong"})[0], 401)

    def test_the_cookie_is_for_the_server_alone_and_ends_with_the_session(self):
        status, headers, _ = self.client.sign_in(ALICE)
        for attribute in ("HttpOnly", "SameSite=Strict"):
            self.assertIn(attribute, headers["Set-Cookie"])
        self.assertEqual(status, 200)
        self.assertEqual(self.client.ask("POST", "/api/v1/logout", {})[0], 200)
        self.assertEqual(self.client.get("/api/v1/session")[0], 401)

    def test_the_case_has_its_recordings_facts_and_items(self):
        row = self.client.json("/api/v1/cases")["cases"][0]
        self.assertEqual((row["id"], row["recordings"], row["items_total"]), (CASE, 2, 12))
        case = self.client.json(f"/api/v1/cases/{CASE}")
        self.assertEqual([r["kind"] for r in case["recordings"]], ["purchase", "unboxing"])
        self.assertEqual({i["item"] for i in case["items"] if not i["satisfied"]}, {"39-7", "40-3", "40-4", "40-5"})
        price = next(f for f in case["facts"] if f["name"] == "price.final")
        self.assertEqual((price["value"], price["is_money"], price["agrees"], price["rect"]), ("9950", True, True, sample_case.PRICE_RECT))
        self.assertEqual(self.client.get("/api/v1/cases/no-such-case")[0], 404)

    def test_what_went_otherwise_is_told_in_words(self):
        recordings = self.client.json(f"/api/v1/cases/{CASE}")["recordings"]
        purchase, unboxing = ([t for t in r["told"] if t["word"] != "clock-beyond-limit"] for r in recordings)  # nobody keeps this box's clock
        self.assertEqual(purchase, [])
        gap, finding = sorted(unboxing, key=lambda told: told["what"] != "gap")
        self.assertEqual((gap["what"], gap["word"], gap["zh"], gap["duration_us"]), ("gap", "reconnect", "摄像头断开后重新连接", 3_500_000))
        self.assertEqual((finding["word"], finding["en"], finding["severity"]), ("camera-reconnected", "the camera was lost and opened again", "note"))

    def test_what_waits_for_the_ledger_is_told(self):
        self.assertEqual(self.client.json("/api/v1/box")["waiting"], [])  # no supervisor here, so nobody knows of any
        waits = {"recording": "a" * 26, "phase": "recording", "waiting": {"seconds": 12, "bytes": 3_400_000}}
        with Supervisor(WORLD.ledger.path("run", "control.sock"), [waits, {"recording": "b" * 26, "phase": "recording"}]):
            self.assertEqual(self.client.json("/api/v1/box")["waiting"], [{"recording": "a" * 26, "seconds": 12, "bytes": 3_400_000}])

    def test_a_recording_counts_when_something_of_it_lies_on_the_disk(self):
        recording = WORLD.ledger.call("recording_open", kind="reception")["recording"]
        self.assertEqual(self.client.json("/api/v1/box")["open_recordings"], 0)
        sample_case.add_video(WORLD.ledger, recording, "camera", "camera", "smptebars")
        self.assertEqual(self.client.json("/api/v1/box")["open_recordings"], 1)
        WORLD.ledger.call("recording_close", recording=recording, reason="stopped")
        self.assertEqual(self.client.json("/api/v1/box")["open_recordings"], 0)

    def test_media_comes_by_range(self):
        whole = self.client.get(segment(0))
        self.assertEqual(whole[0], 200)
        status, headers, part = self.client.get(segment(0), Range="bytes=10-19")
        self.assertEqual((status, part, headers["Content-Range"]), (206, whole[2][10:20], f"bytes 10-19/{len(whole[2])}"))
        self.assertEqual(self.client.get(segment(0), Range="bytes=-5")[2], whole[2][-5:])
        status, headers, _ = self.client.get(segment(0), Range=f"bytes={len(whole[2])}-")
        self.assertEqual((status, headers["Content-Range"]), (416, f"bytes */{len(whole[2])}"))

    def test_a_group_is_its_segments_one_behind_the_other(self):
        base = f"/api/v1/recordings/{WORLD.made['purchase']}/screen/"
        listed = [line for line in self.client.get(base + "playlist.m3u8")[2].decode().splitlines() if line.startswith("/api/")]
        self.assertTrue(listed)
        for path in listed:
            first, last = map(int, path.rsplit("/", 1)[1][:-4].split("-"))
            status, _, joined = self.client.get(path)
            self.assertEqual((status, joined), (200, b"".join(self.client.get(segment(no))[2] for no in range(first, last + 1))), path)
        for wrong in ("group/000000-000099.m4s", "group/000002-000001.m4s", "group/0.m4s"):
            self.assertEqual(self.client.get(base + wrong)[0], 404, wrong)
        self.assertEqual(self.visitor.get(listed[0])[0], 401)

    def test_paths_outside_the_rules_are_refused(self):
        recording = WORLD.made["purchase"]
        for path in ("/media/recordings/../../keys/box.key", f"/media/recordings/{recording}/media/screen/../../chain.jsonl",
                     f"/media/recordings/{recording}/media/%2e%2e/chain.jsonl", f"/media/recordings/{recording}/media/screen/..",
                     "/api/v1/cases/..", "/../accounts.json", "/sealed/recordings/" + recording + "/chain.jsonl", "/assets/../../accounts.json",
                     f"/media/recordings/{recording}/media/screen/000099.m4s"):
            status, _, content = self.client.get(path)
            self.assertIn(status, (400, 404), path)
            self.assertNotIn(b"argon2", content)

    def test_replies_carry_the_security_headers(self):
        for path in ("/", "/api/v1/cases", segment(0)):
            _, headers, _ = self.client.get(path)
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"], path)
            self.assertEqual((headers["X-Content-Type-Options"], headers["Cache-Control"]), ("nosniff", "no-store"), path)

    def test_what_is_too_large_or_no_json_is_refused(self):
        self.assertEqual(self.visitor.ask("POST", "/api/v1/login", b"x" * 70_000)[0], 413)
        self.assertEqual(self.visitor.ask("POST", "/api/v1/login", b"{")[0], 400)
        self.assertEqual(self.visitor.ask("POST", "/api/v1/login", ALICE, Content_Type="text/plain")[0], 400)
        self.assertEqual(self.client.ask("POST", "/api/v1/cases", {})[0], 405)


class PlainDoor(Door, unittest.TestCase):
    def url(self):
        return WORLD.console.url

    def test_too_many_attempts_wait(self):
        visitor = Client(self.url())
        answers = [visitor.sign_in({"id": "bob", "password": f"guess {n}"})[0] for n in range(7)]
        self.assertEqual(answers, [401] * 6 + [429])

    def test_metrics_count(self):
        status, headers, text = self.visitor.get("/metrics")
        self.assertEqual(status, 200)
        self.assertIn("text/plain", headers["Content-Type"])
        self.assertIn(b"netsampler_ledger_up 1\n", text)

    def test_one_console_for_one_socket(self):
        ended = subprocess.run([os.path.join(BIN, "netsampler-console"), "--state", WORLD.ledger.state, "--socket", WORLD.ledger.path("run", "console.sock")],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stderr.count("\n")), (1, 1), ended.stderr)

    def test_options_that_make_no_sense_are_usage_errors(self):
        program = os.path.join(BIN, "netsampler-console")
        for options, code in ((["--state", WORLD.ledger.state], 64), (["--state", WORLD.ledger.state, "--listen", "nowhere"], 64),
                              (["--state", "/nonexistent", "--listen", "127.0.0.1:0"], 65)):
            ended = subprocess.run([program, *options], capture_output=True, text=True, timeout=60)
            self.assertEqual((ended.returncode, ended.stderr.count("\n")), (code, 1), ended.stderr)


class NginxDoor(Door, unittest.TestCase):
    def url(self):
        return WORLD.nginx.url

    def test_the_cookie_travels_over_tls_only(self):
        self.assertIn("Secure", self.client.sign_in(ALICE)[1]["Set-Cookie"])


class Pages(unittest.TestCase):
    def sign_in(self, browser):
        browser.open(WORLD.nginx.url + "/")
        browser.wait_text("登录")
        browser.type("input[autocomplete=username]", "alice")
        browser.type("input[type=password]", "alice-password")
        browser.key("Enter", 13)
        browser.wait_text(CASE)

    def picture(self, browser, name):
        os.makedirs(PICTURES, exist_ok=True)
        browser.picture(os.path.join(PICTURES, name + ".png"))

    def test_a_wrong_password_says_so(self):
        with Browser() as browser:
            browser.open(WORLD.nginx.url + "/")
            browser.type("input[autocomplete=username]", "alice")
            browser.type("input[type=password]", "wrong")
            browser.key("Enter", 13)
            browser.wait_text("账号或口令不正确")
            self.picture(browser, "login-refused")
            self.assertNotIn(CASE, browser.text())

    def test_an_officer_sees_the_case_and_plays_it(self):
        with Browser() as browser:
            self.sign_in(browser)
            self.picture(browser, "cases-zh-1280")
            browser.click_text("a", CASE)
            for text in ("买样（购买过程）", "营业执照（亮照）", "未取得", "儿童积木（网络买样）"):
                browser.wait_text(text)
            self.plays(browser)
            self.jumps(browser)
            self.picture(browser, "case-zh-1280")
            self.facts(browser)
            self.archives(browser)
            self.report(browser)
            self.english(browser)
            self.assertEqual(browser.problems, [])

    def plays(self, browser):
        browser.wait("document.querySelector('video').readyState >= 2")
        browser.click("document.querySelector('[data-testid=play]')")
        browser.wait("document.querySelector('video').currentTime > 0.5")

    def jumps(self, browser):
        """To a place whose segment starts without a key frame, then into the other recording."""
        browser.click("document.querySelector('[data-testid=play]')")
        browser.click_text(".chapter-list button", "39-4")
        browser.wait("(v => Math.abs(v.currentTime - 4.5) < 0.2 && !v.seeking && v.readyState >= 2)(document.querySelector('video'))")
        browser.click_text(".items li:nth-child(9) button", "00:04")
        browser.wait("(v => Math.abs(v.currentTime - 4) < 0.2 && !v.seeking && v.readyState >= 2)(document.querySelector('video'))")
        browser.wait_text("拆封 ·")
        browser.wait_text("摄像头断开后重新连接")

    def facts(self, browser):
        browser.click_text("[role=tab]", "提取的事实")
        browser.wait_text("¥99.50")
        browser.click_text("tr:has(td) button", "商品页")
        box = browser.wait("(r => r && JSON.stringify(['x', 'y', 'width', 'height'].map(n => +r.getAttribute(n))))(document.querySelector('[data-testid=rect]'))")
        x, y, width, height = sample_case.PRICE_RECT
        self.assertEqual(json.loads(box), [x - 3, y - sample_case.SCROLLED_Y - 3, width + 6, height + 6])
        browser.wait("document.querySelector('.shot img').complete && getComputedStyle(document.querySelector('.ant-modal')).opacity === '1' "
                     "&& !document.querySelector('.ant-zoom-appear, .ant-zoom-enter')")
        self.picture(browser, "fact-zh-1280")
        browser.wait("document.activeElement.closest('.ant-modal-wrap')")
        browser.key("Escape", 27)
        browser.wait("!document.querySelector('.ant-modal-wrap') || getComputedStyle(document.querySelector('.ant-modal-wrap')).display === 'none'")

    def archives(self, browser):
        browser.click_text("[role=tab]", "网页存档")
        browser.wait("document.querySelectorAll('.page-card img').length === 6")
        browser.wait("[...document.querySelectorAll('.page-card img')].slice(0, 3).every(i => i.naturalWidth === 1280)")
        self.picture(browser, "pages-zh-1280")

    def report(self, browser):
        browser.click_text("[role=tab]", "核验报告")
        self.assertEqual(verdict(), "BROKEN")  # the sample's film was not made while it was recorded, and the verifier sees that
        browser.wait_text("不符 BROKEN", 60)
        browser.wait_text("画面时间与时钟不符")
        for text in ("完整性校验值清单", "SM3", "不能证明", "本报告不证明"):
            browser.wait_text(text)
        self.picture(browser, "report-zh-1280")

    def english(self, browser):
        browser.resize(1920, 1080)
        browser.click_text("button", "English")
        browser.wait_text("Integrity values")
        browser.wait("document.querySelector('.verdict-BROKEN')", 60)
        self.picture(browser, "report-en-1920")
        browser.click_text("[role=tab]", "Video and items")
        self.picture(browser, "case-en-1920")
        browser.click_text("a", "Back to the cases")
        browser.wait_text("BROKEN")
        self.picture(browser, "cases-en-1920")


if __name__ == "__main__":
    if not os.path.exists(os.path.join(WEB, "index.html")) or not shutil.which("chromium"):
        sys.exit("test_console: needs the built web app and chromium (build the target `web`; docs/packages.txt)")
    unittest.main(argv=sys.argv[:1] + sys.argv[5:], verbosity=2)
