"""The watched page cannot tell that it is watched, and a browser that is driven can be told by the same page. passive_test.py PROGRAM"""
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import session_case  # noqa: E402


def driven(display, url, flags, commands):
    """A Chromium with these flags; `commands` [(method, params)] go to its tab before it opens the address. Yields once, then ends it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        its_in, our_out = os.pipe()
        our_in, its_out = os.pipe()
        words = ["chromium", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-first-run", "--no-sandbox", *flags, "about:blank"]
        shell = f"exec 3<&{its_in} 4>&{its_out}; exec \"$@\""
        browser = subprocess.Popen(["bash", "-c", shell, "-", *words], pass_fds=[its_in, its_out], env={**os.environ, "DISPLAY": display},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(its_in)
        os.close(its_out)
        try:
            drive(our_in, our_out, commands, url)
            yield
        finally:
            browser.kill()
            browser.wait()
            os.close(our_in)
            os.close(our_out)


def drive(answers, orders, commands, url):
    held, number = b"", 0

    def call(method, params, session=None):
        nonlocal held, number
        number += 1
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(orders, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([answers], [], [], 1)[0]:
                continue
            held += os.read(answers, 1 << 20)
            *whole, held = held.split(b"\0")
            for text in map(json.loads, whole):
                if text.get("id") == number:
                    return text["result"]
        raise TimeoutError(method)

    pages = [t for t in call("Target.getTargets", {})["targetInfos"] if t["type"] == "page"]
    session = call("Target.attachToTarget", {"targetId": pages[0]["targetId"], "flatten": True})["sessionId"]
    for method, params in commands:
        call(method, params, session)
    call("Page.navigate", {"url": url}, session)


class Passive(session_case.SessionCase):
    def report(self):
        """What the page found, as it told its own server."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and not self.site.traces:
            time.sleep(0.05)
        self.assertTrue(self.site.traces, "the page did not report")
        return self.site.traces[0]

    def test_a_watched_page_finds_what_it_finds_in_a_browser_of_nobody(self):
        crawl = self.start("/traces.html")
        watched = self.report()
        self.wait_record(lambda r: watched.replace("+", " ") in self.archive_text(r.get("body", {}).get("page", 0), "dom.json"))
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)
        self.site.traces.clear()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            alone = subprocess.Popen(["chromium", "--user-data-dir=" + profile, "--no-first-run", "--no-sandbox", self.site.url("/traces.html")],
                                     env={**os.environ, "DISPLAY": self.display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.assertEqual(watched, self.report())
            finally:
                alone.kill()
                alone.wait()
        self.assertEqual(watched, "sprung-2")  # the console alone, and no other trace

    def test_the_same_page_tells_a_driven_browser(self):
        url = self.site.url("/traces.html")
        for _ in driven(self.display, url, ["--enable-automation"], [("Runtime.enable", {})]):
            found = self.report().split("+")
        self.assertIn("webdriver", found)
        self.assertGreater(int(found[-1].split("-")[1]), 2, "Runtime.enable springs more traps")


if __name__ == "__main__":
    unittest.main(verbosity=2)
