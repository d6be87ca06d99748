"""For tests with a real screen, ledger, recorder and verifier: an Xvfb of the test's own, a purchase recording on it, what the verifier says."""
import json
import os
import signal
import subprocess
import unittest

from recorder_process import Ledger, Screen, decoded_frames


def xrandr(screen, *arguments):
    subprocess.run(["xrandr", *arguments], env=dict(os.environ, DISPLAY=screen.display), check=True, timeout=20, stdout=subprocess.DEVNULL)


class ScreenBox(unittest.TestCase):
    """`binaries`: the build's bin directory, set by the test's file. size: of the screen."""
    binaries = ""
    size = "640x480"
    recorder_options = ()

    def setUp(self):
        self.screen = Screen(self.size)
        self.addCleanup(self.screen.close)
        self.box = Ledger(self.binaries + "/netsampler-ledger", {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}).start()
        self.addCleanup(self.box.close)
        self.box.add_samplers()
        self.box.open_case("A1")
        self.recording = self.box.open_purchase("A1", display=self.screen.display)

    def record(self, *more):
        self.recorder = subprocess.Popen([self.binaries + "/netsampler-capture", "screen", "--display", self.screen.display, "--ledger",
                                          self.box.path("run", "ledger.sock"), "--recording", self.recording, "--case", "A1",
                                          *self.recorder_options, *more], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.recorder.stdout.close)
        self.addCleanup(self.recorder.kill)

    def until(self, event, **members):
        for line in self.recorder.stdout:
            told = json.loads(line)
            if told.get("event") == event and all(told.get(k) == v for k, v in members.items()):
                return told
        self.fail("the recorder ended: " + str(self.recorder.wait(20)))

    def finish(self):
        self.recorder.send_signal(signal.SIGTERM)
        said = self.recorder.stdout.read()
        self.assertEqual(self.recorder.wait(30), 0, said)
        self.box.stop_recording(self.recording)
        return json.loads(said.splitlines()[-1])

    def records(self, kind):
        return [r for r in self.box.chain(self.recording) if r["type"] == kind]

    def findings(self):
        """The recorder's own, in the chain."""
        return [r["code"] for r in self.records("finding")]

    def report(self, *options):
        done = subprocess.run([self.binaries + "/netsampler-verify", *options, "--policy", self.box.path("policy.txt"), "--json",
                               self.box.path("data", "recordings", self.recording)], stdout=subprocess.PIPE, text=True, timeout=120)
        return json.loads(done.stdout)

    def media(self, source="screen"):
        return self.box.path("data", "recordings", self.recording, "media", source)

    def joined(self, source="screen"):
        """init.mp4 and all segments of a source, as one file's bytes."""
        whole = b""
        for name in ["init.mp4"] + sorted(n for n in os.listdir(self.media(source)) if n.endswith(".m4s")):
            with open(os.path.join(self.media(source), name), "rb") as file:
                whole += file.read()
        return whole

    def picture_count(self, source="screen"):
        """Pictures that an outside decoder finds; an error of it fails the test."""
        return decoded_frames(self.media(source))
