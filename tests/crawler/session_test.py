"""netsampler-crawl session: a real Chromium on its own Xvfb, a stand-in for the ledger. session_test.py PROGRAM [names…]"""
import hashlib
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import session_case  # noqa: E402
import site_server  # noqa: E402
import warc_reader  # noqa: E402


def listening_ports():
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as lines:
            for line in list(lines)[1:]:
                words = line.split()
                if words[3] == "0A":
                    ports.add((words[1], words[9]))
    return ports


def sockets_of_group(group):
    inodes = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) != group:
                continue
            for fd in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{fd}")
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        except OSError:
            continue
    return inodes


class Session(session_case.SessionCase):
    def test_a_page_is_recorded_and_the_end_is_in_good_order(self):
        crawl = self.start("/plain.html")
        page = self.wait_pages(1)[0]
        crawl.send_signal(signal.SIGTERM)
        events, _ = self.end(crawl)
        self.assertEqual([e["event"] for e in events], ["ready", "page", "end"])
        self.assertEqual((events[-1]["reason"], events[-1]["pages"]), ("stopped", 1))
        body, opened = page["body"], page["private"]
        self.assertEqual((body["page"], body["status"], body["ended"]), (1, 200, "quiet"))
        self.assertEqual(body["origin"] + "/plain.html", opened["url"])
        self.assertEqual(opened["title"], "电饭煲 4L 智能预约")
        self.assertNotIn("url", body)
        self.assertEqual(page["files"], ["pages/1/page.warc.gz", "pages/1/page.json", "pages/1/dom.json", "pages/1/page.mhtml.gz",
                                         "pages/1/screenshot.png"])
        got = warc_reader.responses(self.ledger.files["pages/1/page.warc.gz"])
        self.assertEqual(got[self.site.url("/plain.html")][0][2], site_server.page("plain.html"))
        environment = self.ledger.of("environment")[0]["body"]
        self.assertEqual((environment["webdriver"], environment["profile_new"], environment["extensions"]), (False, True, 0))
        self.assertEqual((environment["width"], environment["height"]), (1280, 764))
        self.assertIn("webdriver=false", self.ledger.files["pages/1/dom.json"].decode())
        self.assertFalse(environment["devtools"])
        with open(session_case.PROGRAM, "rb") as program:
            self.assertEqual(environment["program_sha256"], hashlib.sha256(program.read()).hexdigest())
        self.assertNotEqual(environment["browser_sha256"], environment["program_sha256"])
        self.assertGreater(environment["processes"], 3)
        self.assertNotIn("dns", environment)
        self.assertEqual(self.findings(), [])

    def test_a_state_that_changes_in_place_is_a_new_page(self):
        crawl = self.start("/pay.html")
        pages = self.wait_pages(1)
        while "支付成功" not in self.ledger.files[f"pages/{len(pages)}/dom.json"].decode():
            pages = self.wait_pages(len(pages) + 1)
        self.assertEqual({page["private"]["url"] for page in pages}, {self.site.url("/pay.html")})
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)

    def test_a_page_still_loading_is_archived_at_the_end(self):
        crawl = self.start("/slow.html")
        self.assertTrue(self.site.asked_hold.wait(90))
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)
        pages = self.ledger.of("page")
        self.assertEqual([page["body"]["ended"] for page in pages], ["closed"])
        self.assertIn("慢页", self.ledger.files["pages/1/dom.json"].decode())

    def test_open_devtools_are_a_finding(self):
        crawl = self.start("/plain.html", "--browser-flag=--auto-open-devtools-for-tabs")
        self.assertTrue(self.ledger.wait_for(lambda: any(r.get("type") == "finding" and r["body"]["severity"] != "note" for r in self.ledger.records)))
        self.assertEqual(set(self.findings()), {"devtools-used"})
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)

    def test_no_port_is_open(self):
        crawl = self.start("/plain.html")
        self.wait_pages(1)
        inodes = sockets_of_group(os.getpgid(self.browser_of(crawl)))
        self.assertTrue(inodes)
        self.assertEqual([port for port, inode in listening_ports() if inode in inodes], [])
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)

    def test_a_killed_browser_is_a_finding_and_exit_1(self):
        crawl = self.start("/plain.html")
        self.wait_pages(1)
        os.kill(self.browser_of(crawl), signal.SIGKILL)
        events, err = self.end(crawl, expect=1)
        self.assertEqual(self.findings(), ["browser-gone"])
        self.assertIn("the browser is gone", err)
        self.assertEqual(events[-2]["reason"], "browser-gone")

    def test_a_browser_that_the_officer_closes_is_no_failure(self):
        crawl = self.start("/plain.html")
        self.wait_pages(1)
        os.kill(self.browser_of(crawl), signal.SIGTERM)  # Chromium takes it as a wish to close
        events, _ = self.end(crawl)
        self.assertEqual(events[-1]["reason"], "browser-closed")
        self.assertEqual(self.findings(), [])

    def test_a_lost_ledger_ends_the_session(self):
        self.site.paid_after_polls = 10 ** 6
        crawl = self.start("/pay.html")
        self.wait_pages(1)
        self.ledger.die()
        self.site.paid_after_polls = 0
        _, err = self.end(crawl, expect=1)
        self.assertIn("the other program", err)

    def test_a_refusing_ledger_ends_the_session(self):
        self.ledger.refuse = "page"
        crawl = self.start("/plain.html")
        _, err = self.end(crawl, expect=74)
        self.assertIn("the disk is gone", err)

    def test_bad_calls_are_one_line_each(self):
        gone = os.path.join(self.folder, "nobody.sock")
        for words, code, text in ((["--display", ":65000"], 1, "display :65000 is not there"),
                                  (["--ledger", gone], 1, "nobody listens"),
                                  (["--window", "big"], 64, "--window big"),
                                  (["--browser", "/nonexistent/chromium"], 1, "no browser")):
            command = self.command(self.site.url("/plain.html"))
            for name, value in zip(words[::2], words[1::2]):
                if name in command:
                    command[command.index(name) + 1] = value
                else:
                    command += [name, value]
            run = subprocess.run(command, capture_output=True, text=True, timeout=90)
            self.assertEqual((run.returncode, run.stderr.count("\n")), (code, 1), run.stderr)
            self.assertIn(text, run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
