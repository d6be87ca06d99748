"""A test of netsampler-crawl session: a real Chromium on its own Xvfb, a stand-in for the ledger, a site on loopback."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import fake_ledger
import site_server

PROGRAM = os.path.abspath(sys.argv.pop(1))


def start_display():
    ours, its = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(its), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], pass_fds=[its],
                              stderr=subprocess.DEVNULL)
    os.close(its)
    with os.fdopen(ours) as number:
        return server, ":" + number.readline().strip()


class SessionCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.xvfb, cls.display = start_display()

    @classmethod
    def tearDownClass(cls):
        cls.xvfb.terminate()
        cls.xvfb.wait()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.site = site_server.Site()
        self.addCleanup(self.site.stop)
        self.ledger = fake_ledger.Ledger(folder.name)
        self.addCleanup(self.ledger.stop)

    def command(self, start, *more):
        return [PROGRAM, "session", "--display", self.display, "--ledger", self.ledger.path, "--recording", "a" * 26, "--profile",
                os.path.join(self.folder, "profile"), "--start", start, "--browser-flag=--no-sandbox",
                "--browser-flag=--disable-quic", *more]

    def start(self, path, *more):
        crawl = subprocess.Popen(self.command(self.site.url(path), *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(crawl.stdout.close)
        self.addCleanup(crawl.stderr.close)
        self.addCleanup(crawl.wait)
        self.addCleanup(crawl.kill)
        return crawl

    def browser_of(self, crawl):
        with open(f"/proc/{crawl.pid}/task/{crawl.pid}/children") as children:
            return int(children.read().split()[0])

    def wait_pages(self, count):
        ok = self.ledger.wait_for(lambda: sum(r.get("type") == "page" for r in self.ledger.records) >= count)
        self.assertTrue(ok, f"{count} pages; there are {self.ledger.records}")
        return self.ledger.of("page")

    def end(self, crawl, expect=0):
        out, err = crawl.communicate(timeout=90)
        self.assertEqual(crawl.returncode, expect, err)
        return [json.loads(line) for line in out.splitlines()], err

    def wait_record(self, fits, seconds=90):
        """The first record (as the ledger was asked for it) for which fits() holds."""
        ok = self.ledger.wait_for(lambda: any(fits(record) for record in self.ledger.records), seconds)
        self.assertTrue(ok, f"no such record; there are {[(r.get('type'), r.get('body')) for r in self.ledger.records]}")
        with self.ledger.changed:
            return next(record for record in self.ledger.records if fits(record))

    def findings(self):
        """Codes of findings, but for what is odd about the machine that the test runs on."""
        codes = [record["body"]["code"] for record in self.ledger.of("finding")]
        return [code for code in codes if not code.startswith("environment-")]

    def archive_text(self, number, name):
        return self.ledger.files.get(f"pages/{number}/{name}", b"").decode()
