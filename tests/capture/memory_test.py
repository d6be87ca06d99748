"""What a screen recorder holds at most, with real processes: 120 MiB resident on a screen of 1920 × 1080, however much moves on it.
`memory_test.py BIN-DIRECTORY`"""
import os
import subprocess
import sys
import tempfile
import unittest

from recorder_process import Recorder, Screen, eventually

BIN = sys.argv[1]
MOST_MIB = 120


class Resident(unittest.TestCase):
    """The kernel's own high-water mark (VmHWM)."""

    def peak_mib(self, size, segments, side=360):
        screen = Screen(size)
        self.addCleanup(screen.close)
        moving = subprocess.Popen([os.path.join(BIN, "moving_screen"), "--display", screen.display, "--side", str(side)], stdout=subprocess.DEVNULL)
        self.addCleanup(moving.wait, 20)
        self.addCleanup(moving.kill)
        with tempfile.TemporaryDirectory(prefix="memory-") as directory:
            recorder = Recorder(os.path.join(BIN, "netsampler-capture"), screen.display, "--out", directory, "--seconds", "120", "--json")
            self.addCleanup(recorder.close)
            eventually(lambda: os.path.exists(os.path.join(directory, f"{segments - 1:06}.m4s")), f"{segments} segments")
            with open(f"/proc/{recorder.process.pid}/status", encoding="ascii") as status:
                peak_kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
            self.assertEqual(recorder.stop(), 0, recorder.errors)
            self.largest_bytes = max(os.path.getsize(os.path.join(directory, name)) for name in os.listdir(directory))
        return peak_kib / 1024

    def test_a_screen_on_which_much_moves(self):
        self.assertLess(self.peak_mib("1920x1080", 5), MOST_MIB)
        self.assertGreater(self.largest_bytes, 1 << 20)  # of noise: it did move

    def test_twin_pictures_of_four_times_the_size_are_seen_in_the_measure(self):
        self.assertGreater(self.peak_mib("3840x2160", 2, side=192), MOST_MIB)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
