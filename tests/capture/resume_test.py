"""The ledger is killed in the middle of a real recording of a screen (Xvfb) and started again: no picture is missing.
`resume_test.py NETSAMPLER-CAPTURE LEDGER VERIFY`."""
import json
import signal
import subprocess
import sys
import unittest

from recorder_process import Ledger, Refused, Screen

CAPTURE, PROGRAM, VERIFY = sys.argv[1:4]


class Resume(unittest.TestCase):
    def setUp(self):
        self.screen = Screen()
        self.addCleanup(self.screen.close)
        self.box = Ledger(PROGRAM, {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}).start()
        self.addCleanup(self.box.close)
        self.box.add_samplers()
        self.box.open_case("A1")
        self.recording = self.box.open_purchase("A1", display=self.screen.display)
        self.recorder = subprocess.Popen([CAPTURE, "screen", "--display", self.screen.display, "--ledger", self.box.path("run", "ledger.sock"),
                                          "--recording", self.recording, "--case", "A1"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.recorder.stdout.close)
        self.addCleanup(self.recorder.kill)

    def until(self, event):
        for line in self.recorder.stdout:
            told = json.loads(line)
            if told.get("event") == event:
                return told
        self.fail("the recorder ended: " + str(self.recorder.wait(20)))

    def segments(self, recording):
        return [r for r in self.box.chain(recording) if r["type"] == "segment"]

    def test_killed_ledger_no_picture_missing(self):
        for _ in range(2):
            self.until("sealed")
        self.assertEqual(self.box.kill(), -signal.SIGKILL)
        with self.assertRaises(subprocess.TimeoutExpired):
            self.recorder.wait(5)  # it lives on, and keeps two segments and more
        self.box.start()
        resumed = self.until("resumed")
        self.assertEqual(resumed["resumes"], self.recording)
        for _ in range(3):
            self.until("sealed")
        self.recorder.send_signal(signal.SIGTERM)
        self.recorder.stdout.read()
        self.assertEqual(self.recorder.wait(30), 0)
        heir = resumed["recording"]
        self.box.stop_recording(heir)
        old, new = self.segments(self.recording), self.segments(heir)
        self.assertEqual([r["no"] for r in new], list(range(len(new))))
        both = old + new
        for before, after in zip(both, both[1:]):
            self.assertEqual(after["first_pts"], before["last_pts"] + before["last_duration"])
        self.assertEqual(sum(r["dropped"] for r in both), 0)
        self.assertGreater(max(r.get("sealed_late_us", 0) for r in new), 2_000_000)
        self.assertEqual({r["recording"] for r in self.box.book("A1") if r["type"] == "include"}, {self.recording, heir})
        done = subprocess.run([VERIFY, "--deep", "--policy", self.box.path("policy.txt"), "--json", self.box.path("data")], stdout=subprocess.PIPE, text=True,
                              timeout=60)
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["verdict"]), (1, "PARTIAL"), report["findings"])
        codes = {f["code"] for f in report["findings"] if f["severity"] != "note"}
        self.assertLessEqual({"resumed", "interrupted", "sealed-late"}, codes)
        self.assertLessEqual(codes - {"resumed", "interrupted", "sealed-late"}, {"unstamped", "key-apart", "recorded-partial", "no-beacon", "gap", "picture-unread"}, codes)

    def test_twin_a_closed_recording_is_not_resumed(self):
        self.until("sealed")
        self.recorder.send_signal(signal.SIGTERM)
        self.recorder.stdout.read()
        self.assertEqual(self.recorder.wait(30), 0)
        self.box.stop_recording(self.recording)
        with self.assertRaises(Refused) as refused:
            self.box.call("recording_open", resumes=self.recording)
        self.assertEqual(refused.exception.kind, "invalid")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
