"""The scripted officer between a stand-in recorder and a real Chromium: it buys, and the recorder sees no trace of its messages."""
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from buyer.link import FIRST_ID
from buyer.plan import PlanError, read_plan
from running_mall import HERE, Customer, RunningMall
from stand_in_recorder import StandInRecorder

OFFICER = os.path.join(HERE, "officer.py")
PURCHASE_SECONDS = 150
SCREENSHOTS = os.environ.get("OFFICER_SCREENSHOTS")   # a directory: each step's page, for human eyes


class Display:
    """An Xvfb of one's own, on a number that it chooses."""

    def __init__(self):
        read, write = os.pipe()
        self._process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
                                         pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"

    def close(self):
        """Ends it."""
        self._process.terminate()
        self._process.wait(10)


class Officer(unittest.TestCase):
    """Each test has its own mall, display, plan and browser profile."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="officer-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.mall = self.open_mall()
        self.display = Display()
        self.addCleanup(self.display.close)
        self.log = os.path.join(self.directory, "log")

    def open_mall(self, *flags):
        """A mall that ships so late that the logistics page is there first."""
        mall = RunningMall(7, flags)
        self.addCleanup(mall.close)
        return mall

    def plan(self, **changes):
        """The path of a plan for this mall at quick pace."""
        plan = {"shop": self.mall.url, "search": "移动电源", "product": "20000毫安时移动电源", "specification": ["海盐蓝", "20000mAh"],
                "quantity": 2, "message": "请问有现货吗？", "phone_pay_url": self.mall.admin + "/pay", "ca": self.mall.ca, "pace": 0.2,
                "log": self.log} | changes
        path = os.path.join(self.directory, "plan.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(plan, file)
        return path

    def start(self, **changes):
        """A recorder with the officer as its browser."""
        environment = {**os.environ, "DISPLAY": self.display.name, "NETSAMPLER_OFFICER_PLAN": self.plan(**changes), "HOME": self.directory}
        recorder = StandInRecorder(OFFICER, environment, [
            f"--user-data-dir={self.directory}/profile", f"--ignore-certificate-errors-spki-list={self.mall.spki}", "--window-size=1280,900",
            "about:blank"], os.path.join(self.directory, "stderr"))
        self.addCleanup(recorder.close)
        return recorder

    def lines(self):
        """What the officer has logged so far."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return [json.loads(line) for line in file.read().splitlines()]

    def outcome(self):
        """The last line, once it is the outcome."""
        lines = self.lines()
        return lines[-1] if lines and ("done" in lines[-1] or "failed" in lines[-1]) else None

    def watch(self, recorder):
        """Waits for the outcome."""
        steps = 0

        def over():
            nonlocal steps
            if SCREENSHOTS and len(self.lines()) > steps:
                steps = len(self.lines())
                recorder.screenshot(os.path.join(SCREENSHOTS, f"{steps:02d}.png"))
            return self.outcome()
        if not recorder.until(over, PURCHASE_SECONDS):
            self.fail((self.lines()[-1:], recorder.close()))
        return self.outcome()

    def assert_no_trace(self, recorder):
        """Only answers to the recorder's own ids, only sessions that the recorder was told of on its own."""
        known = {None}
        for one in recorder.seen:
            self.assertLess(one.get("id", 0), FIRST_ID)
            self.assertIn(one.get("sessionId"), known, one.get("method"))
            if one.get("method") == "Target.attachedToTarget":
                self.assertNotEqual(one["params"]["targetInfo"]["type"], "browser")
                known.add(one["params"]["sessionId"])
        pages = [one["params"]["targetInfo"]["targetId"] for one in recorder.seen if one.get("method") == "Target.attachedToTarget"]
        self.assertEqual(len(pages), len(set(pages)), "the recorder was attached to a target twice")

    def test_a_whole_purchase_beside_a_recorder(self):
        recorder = self.start()
        began = time.monotonic()
        outcome = self.watch(recorder)
        seconds = time.monotonic() - began
        recorder.until(lambda: False, 1)
        code, errors = recorder.close()
        self.assertTrue(outcome.get("done"), (self.lines()[-3:], errors[-500:]))
        told = json.loads(Customer(self.mall).get(f"/phone/order/{outcome['order_no']}.json")[1])
        self.assertEqual(told["waybill"], outcome["waybill"])
        self.assertEqual([(line["quantity"], line["specification"]) for line in told["lines"]],
                         [(2, "颜色分类：海盐蓝；电池容量：20000mAh")])
        self.assert_no_trace(recorder)
        self.assert_watched(recorder)
        self.assertEqual(code, 0)
        print(f"quick purchase: {seconds:.1f} s, {len(recorder.seen)} messages for the recorder")

    def assert_watched(self, recorder):
        """The recorder saw every page of the purchase, and its commands were answered."""
        seen = [one["params"]["response"]["url"] for one in recorder.seen if one.get("method") == "Network.responseReceived"]
        for part in ("/search?q=", "/item.html", "/shop/", "/licence", "/chat/", "/confirm/", "/cashier/", "/pay/", "/order/", "/logistics/"):
            self.assertTrue(any(part in url for url in seen), part)
        snapshots = [one for one in recorder.seen if "documents" in one.get("result", {})]
        self.assertGreaterEqual(len(snapshots), 8)
        steps = [line["step"] for line in self.lines() if "step" in line]
        self.assertEqual(steps, list(dict.fromkeys(steps)))

    def test_a_product_that_does_not_exist_fails_in_bounded_time(self):
        recorder = self.start(product="会飞的移动电源", wait_seconds=3)
        began = time.monotonic()
        outcome = self.watch(recorder)
        self.assertIn("会飞的移动电源", outcome["failed"])
        self.assertLess(time.monotonic() - began, 60)
        self.assertFalse(recorder.ended)   # the browser stays the recorder's
        recorder.close()
        self.assert_no_trace(recorder)

    def test_a_mall_that_opens_products_in_new_tabs(self):
        self.mall = self.open_mall("--new-tabs")
        recorder = self.start(message="", specification=[], quantity=1, product="保温杯", search="保温杯")
        outcome = self.watch(recorder)
        recorder.close()
        self.assertTrue(outcome.get("done"), outcome)
        self.assert_no_trace(recorder)
        pages = [one for one in recorder.seen if one.get("method") == "Target.attachedToTarget" and one["params"]["targetInfo"]["type"] == "page"]
        self.assertEqual(len(pages), 2)

    def waiting(self):
        """A recorder whose officer has not been told to begin."""
        recorder = self.start(go=os.path.join(self.directory, "never"))
        self.assertTrue(recorder.until(lambda: recorder.page_session() and self.lines(), 30))
        return recorder

    def test_a_browser_that_is_terminated_is_told(self):
        recorder = self.waiting()
        recorder.kill(signal.SIGTERM)
        recorder.until(lambda: False, 30)
        recorder.close()
        self.assertIn("failed", self.lines()[-1])

    def test_a_recorder_that_goes_away_takes_the_browser_with_it(self):
        recorder = self.waiting()
        recorder.close(ask=False)
        self.assertTrue(self.browser_goes())

    def test_a_killed_officer_leaves_no_browser(self):
        recorder = self.waiting()
        self.assertTrue(self.browser_runs())
        recorder.kill(signal.SIGKILL)
        recorder.close(ask=False)
        self.assertTrue(self.browser_goes())

    def browser_goes(self):
        """Its helper processes end by themselves a moment after it, later on a busy machine."""
        until = time.monotonic() + 15
        while self.browser_runs() and time.monotonic() < until:
            select.select([], [], [], 0.05)
        return not self.browser_runs()

    def browser_runs(self):
        """Does a process hold this test's profile?"""
        wanted = f"--user-data-dir={self.directory}/profile".encode()
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if wanted in file.read():
                        return True
            except OSError:
                continue   # it has just ended
        return False


class Plans(unittest.TestCase):
    """What a plan must hold."""

    GOOD = {"shop": "https://127.0.0.1:1/", "search": "a", "product": "b", "log": "/dev/null"}

    def read(self, value):
        """The plan of a file that holds the value."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(value, file)
            file.flush()
            return read_plan(file.name)

    def test_a_good_plan(self):
        plan = self.read(self.GOOD | {"specification": "云白", "quantity": 2})
        self.assertEqual((plan.specification, plan.quantity, plan.pace), (("云白",), 2, 1.0))

    def test_bad_plans_are_refused(self):
        for change in ({"shop": ""}, {"quantity": 0}, {"quantity": True}, {"pace": 0}, {"pace": "1"}, {"colour": "x"}, {"message": 1},
                       {"specification": [1]}, {"go": None}):
            with self.assertRaises(PlanError, msg=change):
                self.read(self.GOOD | change)
        with self.assertRaises(PlanError):
            self.read([])

    def test_exit_codes_without_a_plan_and_with_a_bad_one(self):
        environment = {name: value for name, value in os.environ.items() if name != "NETSAMPLER_OFFICER_PLAN"}
        for plan, code in ((None, 64), ("/nonexistent/plan.json", 65)):
            given = environment | ({"NETSAMPLER_OFFICER_PLAN": plan} if plan else {})
            done = subprocess.run(["/bin/sh", "-c", f"exec {OFFICER} 3</dev/null 4>/dev/null"], env=given, capture_output=True, text=True,
                                  timeout=30, check=False)
            self.assertEqual((done.returncode, len(done.stderr.splitlines())), (code, 1), done.stderr)


if __name__ == "__main__":
    unittest.main()
