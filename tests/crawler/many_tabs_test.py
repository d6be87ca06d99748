"""Many tabs open in one recording: each is archived, and the crawler's memory is bounded.
many_tabs_test.py PROGRAM [--tabs N]  (8 unless said; 200 by hand)"""
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
TABS = int(sys.argv.pop(sys.argv.index("--tabs") + 1)) if "--tabs" in sys.argv else 8
sys.argv = [word for word in sys.argv if word != "--tabs"]
import session_case  # noqa: E402

RSS_LIMIT_MB = 300


def resident_mb(pid, member="VmRSS"):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(member)) / 1024


class ManyTabs(session_case.SessionCase):
    def test_tabs_opened_one_by_another_are_all_archived_in_little_memory(self):
        crawl = self.start(f"/goods.html?1.{TABS}", "--browser-flag=--disable-popup-blocking")
        seen = {}

        def half():
            count = sum(r.get("private", {}).get("url", "").find("/goods.html?") > 0 for r in self.ledger.records)
            if count >= TABS // 2 and "half" not in seen:
                seen["half"] = resident_mb(crawl.pid)
            return count >= TABS

        self.assertTrue(self.ledger.wait_for(half, 30 + 5 * TABS), len(self.ledger.records))
        end_mb, most_mb = resident_mb(crawl.pid), resident_mb(crawl.pid, "VmHWM")
        crawl.send_signal(signal.SIGTERM)
        self.end(crawl)
        pages = [page for page in self.ledger.of("page") if "/goods.html?" in page["private"]["url"]]
        self.assertEqual(len({page["private"]["url"] for page in pages}), TABS)
        self.assertEqual(len({page["body"]["tab"] for page in pages}), TABS)
        self.assertEqual({page["body"]["tab"] - page["body"].get("opener", 0) for page in pages}, {1})
        self.assertEqual(self.findings(), [])
        print(f"{TABS} tabs: {seen['half']:.0f} MB at half, {end_mb:.0f} MB at the end, {most_mb:.0f} MB at most", flush=True)
        self.assertLess(most_mb, RSS_LIMIT_MB)
        self.assertLess(end_mb, seen["half"] * 1.5 + 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
