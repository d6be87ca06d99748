"""The preparation page (39(一)) in a real recording: in the pictures while the chain says so, and not behind that.
`preparation_test.py BINARIES [PNG-DIRECTORY]`: the second keeps a picture of it to be looked at."""
import os
import subprocess
import sys
import tempfile
import unittest

from PIL import Image
from screen_box import ScreenBox

ScreenBox.binaries = sys.argv[1]
KEEP = sys.argv[2] if len(sys.argv) > 2 else ""
ENVIRONMENT = {"browser": "Chrome", "browser_version": "156.0.1", "kernel": "Linux 6.1.0", "display": ":1", "width": 1280, "height": 684, "extensions": 1,
               "webdriver": False, "proxy": False, "hosts_changed": False, "devtools": False, "profile_new": True}


class Preparation(ScreenBox):
    size = "1280x720"

    def pictures(self, *at_s):
        """The pictures shown at these seconds of the source, as an outside decoder gives them."""
        with tempfile.TemporaryDirectory() as directory:
            film = os.path.join(directory, "film.mp4")
            with open(film, "wb") as file:
                file.write(self.joined())
            for second in at_s:
                out = os.path.join(directory, f"{second}.png")
                subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-ss", str(second), "-frames:v", "1", out], check=True, timeout=60)
                if KEEP:
                    subprocess.run(["cp", out, os.path.join(KEEP, f"preparation-{second}.png")], check=True)
            return [Image.open(os.path.join(directory, f"{second}.png")).convert("RGB").copy() for second in at_s]

    @staticmethod
    def is_page(picture):
        """White paper right of the words; an Xvfb without windows is black."""
        return min(picture.getpixel((1270, 400))) > 240 and min(picture.getpixel((1270, 700))) > 240

    def test_is_shown_for_its_time_and_told(self):
        self.box.call("append", recording=self.recording, type="environment", body=ENVIRONMENT, private={})
        self.record()
        self.until("sealed", source="screen", no=4)
        self.finish()
        [chapter] = self.records("chapter")
        self.assertEqual((chapter["item"], chapter["source"]), ("39-1", "screen"))
        shown_us = chapter["to_us"] - chapter["from_us"]
        self.assertGreaterEqual(shown_us, 4_000_000)
        self.assertLess(shown_us, 8_000_000)  # a machine under load
        [source] = self.records("source")
        middle = (chapter["from_us"] + chapter["to_us"]) / 2 - source["start_us"]
        behind = chapter["to_us"] + 1_500_000 - source["start_us"]
        during, after = self.pictures(round(middle / 1e6, 1), round(behind / 1e6, 1))
        self.assertTrue(self.is_page(during))
        self.assertFalse(self.is_page(after))

    def test_twin_none_where_none_is_wanted(self):
        self.record("--preparation", "0")
        self.until("sealed", source="screen", no=1)
        self.finish()
        self.assertEqual(self.records("chapter"), [])
        self.assertFalse(self.is_page(self.pictures(1.0)[0]))

    def test_a_recording_stopped_meanwhile_says_until_when(self):
        self.record("--preparation", "30")
        self.until("sealed", source="screen", no=1)  # the first may be shorter than the second that is looked at
        self.finish()
        [chapter] = self.records("chapter")
        self.assertLess(chapter["to_us"] - chapter["from_us"], 20_000_000)
        self.assertTrue(self.is_page(self.pictures(1.0)[0]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
