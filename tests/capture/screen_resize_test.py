"""The screen changes its size in the middle of a real recording (Xvfb, xrandr): nothing ends, nothing is cropped, all is told.
`screen_resize_test.py BINARIES`."""
import signal
import subprocess
import sys
import unittest

from screen_box import ScreenBox, xrandr

ScreenBox.binaries = sys.argv[1]


class Resize(ScreenBox):
    size = "1024x768"

    def check_verdict(self, but=()):
        report = self.report("--deep")
        self.assertTrue(report["checked"]["pictures"])
        codes = {f["code"] for f in report["findings"] if f["severity"] != "note"}
        # A machine under load may hold the recorder up; then the gap says so.
        self.assertLessEqual(codes, {"unstamped", "gap", "key-apart"} | set(but), report["findings"])

    def smaller(self):
        xrandr(self.screen, "--newmode", "smaller", "40", "800", "840", "968", "1056", "600", "601", "605", "628")
        xrandr(self.screen, "--addmode", "screen", "smaller")
        xrandr(self.screen, "--output", "screen", "--mode", "smaller")

    def test_each_size_is_a_source_of_its_own(self):
        self.record()
        self.until("sealed", source="screen", no=1)
        self.smaller()
        self.until("sealed", source="screen-2", no=1)
        xrandr(self.screen, "--output", "screen", "--mode", "1024x768")
        self.until("sealed", source="screen-3", no=0)
        summary = self.finish()
        sources = self.records("source")
        self.assertEqual([(s["source"], s.get("follows"), s["width"], s["height"]) for s in sources],
                         [("screen", None, 1024, 768), ("screen-2", "screen", 800, 600), ("screen-3", "screen-2", 1024, 768)])
        self.assertEqual([s["monitors"] for s in sources], [[[0, 0, s["width"], s["height"]]] for s in sources])
        self.assertEqual(self.findings().count("screen-resized"), 2)
        frames = {s["source"]: sum(r["frames"] for r in self.records("segment") if r["source"] == s["source"]) for s in sources}
        for name, count in frames.items():
            self.assertEqual(self.picture_count(name), count)
        self.assertEqual(sum(frames.values()), summary["frames_encoded"])
        self.check_verdict()

    def test_a_size_that_changes_while_the_ledger_is_dead(self):
        self.record()
        self.until("sealed", source="screen", no=1)
        self.assertEqual(self.box.kill(), -signal.SIGKILL)
        self.smaller()
        with self.assertRaises(subprocess.TimeoutExpired):
            self.recorder.wait(5)  # it lives on, and keeps pictures of both sizes
        self.box.start()
        old, self.recording = self.recording, self.until("resumed")["recording"]
        self.until("sealed", source="screen-2")
        self.finish()
        self.assertEqual(self.records("source")[-1]["source"], "screen-2")
        codes = {f["code"] for f in self.report()["findings"] if f["severity"] == "broken"}
        self.assertEqual(codes, set())
        self.assertNotEqual(old, self.recording)

    def test_twin_the_same_size_makes_nothing(self):
        self.record()
        self.until("sealed", source="screen", no=0)
        xrandr(self.screen, "--fb", "1024x768", "--output", "screen", "--mode", "1024x768")
        self.until("sealed", source="screen", no=2)
        self.finish()
        self.assertEqual([s["source"] for s in self.records("source")], ["screen"])
        self.assertNotIn("screen-resized", self.findings())
        self.check_verdict()

    def test_a_second_monitor_is_told(self):
        xrandr(self.screen, "--setmonitor", "left", "512/130x768/195+0+0", "screen")
        xrandr(self.screen, "--setmonitor", "right", "512/130x768/195+512+0", "none")
        self.record()
        self.until("sealed", source="screen", no=0)
        xrandr(self.screen, "--delmonitor", "right")
        self.until("sealed", source="screen", no=2)
        self.finish()
        self.assertEqual(self.records("source")[0]["monitors"], [[0, 0, 512, 768], [512, 0, 512, 768]])
        told = [(r["code"], r["count"], r["severity"]) for r in self.records("finding") if "monitor" in r["code"]]
        self.assertEqual(told, [("several-monitors", 2, "note"), ("monitors-changed", 1, "note")])
        self.check_verdict()

    def test_twin_one_monitor_is_not(self):
        self.record()
        self.until("sealed", source="screen", no=1)
        self.finish()
        self.assertFalse([c for c in self.findings() if "monitor" in c])
        self.check_verdict()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
