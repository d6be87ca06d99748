"""Screen and camera in one recording, begun and ended together; one that dies does not stop the other, and what is missing is told."""
import json
import os
import signal
import subprocess
import tempfile
import unittest

from box import ROOT, Box, codes, wait_until

PYTHON = "/usr/bin/python3"


class Camera:
    """An RTSP camera on loopback that shows a film of ours."""

    def __init__(self, directory):
        film = os.path.join(directory, "parcel.mp4")
        subprocess.run([PYTHON, os.path.join(ROOT, "tests/parcel/parcel_film.py"), "--waybill", "SF1390000000042", "--out", film], check=True, timeout=120)
        self.server = subprocess.Popen([PYTHON, os.path.join(ROOT, "tests/parcel/rtsp_server.py"), "--film", film], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.server.stdout.readline())["url"]

    def close(self):
        self.server.kill()
        self.server.wait(20)
        self.server.stdin.close()
        self.server.stdout.close()


class Sources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="sources-")
        cls.addClassCleanup(cls.directory.cleanup)
        cls.camera = Camera(cls.directory.name)
        cls.addClassCleanup(cls.camera.close)
        cls.box = Box()
        cls.box.__enter__()
        cls.addClassCleanup(cls.box.__exit__)

    def begin(self, case):
        self.box.run("case", "new", "--case", case, "--title", "样品", check=True)
        done = self.box.record("start", case, "--camera", self.camera.url, check=True)
        return json.loads(done.stdout)

    def records(self, recording, kind):
        with open(os.path.join(self.box.recording(recording), "chain.jsonl"), "rb") as chain:
            records = [json.loads(line) for line in chain.read().split(b"\n")[:-1]]
        return [each for each in records if each["type"] == kind]

    def segments(self, recording, medium):
        return [s for s in self.records(recording, "segment") if s["source"].split("-")[0] == medium]

    def grown(self, recording, medium, count):
        wait_until(lambda: len(self.segments(recording, medium)) >= count, 60, f"{count} segments of {medium}")

    def recorder_pid(self, medium):
        [pid] = [pid for pid in self.box.processes("netsampler-capture") if self.words(pid)[1] == medium]
        return pid

    @staticmethod
    def words(pid):
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read().split("\0")

    def findings(self, recording):
        return [r["code"] for r in self.records(recording, "finding")]

    def check_verdict(self, recording, expected, tolerated):
        _, report = self.box.verify(self.box.recording(recording), "--policy", self.box.policy())
        found = set(codes(report))
        self.assertLessEqual(set(expected), found, report["findings"])
        self.assertLessEqual(found - set(expected), set(tolerated), report["findings"])

    def test_both_begin_and_end_together_on_one_clock(self):
        session = self.begin("S-1")
        recording = session["recording"]
        self.assertEqual([(s["medium"], s["name"]) for s in session["sources"]], [("screen", "screen"), ("camera", "camera")])
        self.assertTrue(all(s["sealed"] >= 1 for s in session["sources"]), session)  # confirmed: something of each lies on the disk
        self.grown(recording, "camera", 3)
        self.box.record("stop", "S-1", check=True)
        self.assertEqual({s["medium"] for s in self.records(recording, "source")}, {"screen", "camera"})
        self.assertEqual(len({s["boot"] for s in self.records(recording, "source")}), 1)
        ends = [max(s["last_us"] for s in self.segments(recording, medium)) for medium in ("screen", "camera")]
        self.assertLess(abs(ends[0] - ends[1]), 5_000_000)
        self.assertNotIn("source-lost", self.findings(recording))
        self.check_verdict(recording, [], ["unstamped", "gap", "key-apart", "recorded-partial", "no-beacon"])

    def lose(self, case, medium, other):
        recording = self.begin(case)["recording"]
        os.kill(self.recorder_pid(medium), signal.SIGKILL)
        wait_until(lambda: "source-lost" in self.findings(recording), 30, "the loss is told")
        self.grown(recording, other, len(self.segments(recording, other)) + 2)
        done = self.box.record("stop", case, check=True)
        state = {s["medium"]: s for s in json.loads(done.stdout)["sources"]}
        self.assertTrue(state[medium]["lost"])
        self.assertNotIn("lost", state[other])
        [gap] = [g for g in self.records(recording, "gap") if g["cause"] == "lost"]
        self.assertEqual(gap["source"].split("-")[0], medium)
        self.assertEqual(gap["from_us"], self.segments(recording, medium)[-1]["last_us"])
        self.assertGreater(gap["to_us"], self.segments(recording, other)[-2]["last_us"])
        self.assertEqual(self.records(recording, "close")[0]["reason"], "stopped")
        self.check_verdict(recording, ["gap", "recorded-partial"], ["unstamped", "key-apart", "no-beacon"])

    def test_a_camera_that_dies_does_not_stop_the_screen(self):
        self.lose("S-2", "camera", "screen")

    def test_a_screen_that_dies_does_not_stop_the_camera(self):
        self.lose("S-3", "screen", "camera")

    def test_a_camera_that_is_not_there_is_refused_before_anything_begins(self):
        self.box.run("case", "new", "--case", "S-4", "--title", "样品", check=True)
        before = os.listdir(os.path.join(self.box.state, "data", "recordings"))
        done = self.box.record("start", "S-4", "--camera", "rtsp://127.0.0.1:1/none")
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1:1", done.stderr)
        self.assertEqual(os.listdir(os.path.join(self.box.state, "data", "recordings")), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
