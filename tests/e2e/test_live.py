"""The screen and two cameras in one recording, seen in the console while it runs: the newest sealed picture of each, one camera that dies, a
screen that changes its size; then the whole as a film, and as a package."""
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from box import BIN, ROOT, Box, codes, program, wait_until
from test_sources import Camera

sys.path.insert(0, os.path.join(ROOT, "tests", "ui"))
from PIL import Image, ImageChops, ImageStat  # noqa: E402
from browser import Browser  # noqa: E402
from console_process import Client  # noqa: E402

PICTURES = os.path.join(os.path.dirname(BIN), "pictures", "console")
SMALLER = ("40", "800", "840", "968", "1056", "600", "601", "605", "628")
ALIKE = 6  # mean difference of two pictures, of 255


def xrandr(display, *arguments):
    subprocess.run(["xrandr", *arguments], env=dict(os.environ, DISPLAY=display), check=True, timeout=20, stdout=subprocess.DEVNULL)


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="live-")
        cls.addClassCleanup(cls.directory.cleanup)
        cls.cameras = [Camera(cls.directory.name), Camera(cls.directory.name)]
        for camera in cls.cameras:
            cls.addClassCleanup(camera.close)
        cls.box = Box(config={"cameras": [camera.url for camera in cls.cameras], "preparation_s": 2})
        cls.box.__enter__()
        cls.addClassCleanup(cls.box.__exit__)
        cls.client = Client(cls.box.console.rstrip("/"))
        assert cls.client.sign_in({"id": "s1", "password": "first secret"})[0] == 200

    def records(self, kind):
        with open(os.path.join(self.box.recording(self.recording), "chain.jsonl"), "rb") as chain:
            records = [json.loads(line) for line in chain.read().split(b"\n")[:-1]]
        return [each for each in records if each["type"] == kind]

    def segments(self, source):
        return [s for s in self.records("segment") if s["source"] == source]

    def grown(self, source, count):
        wait_until(lambda: len(self.segments(source)) >= count, 60, f"{count} segments of {source}")

    def films(self):
        return {film["name"]: film for film in self.client.json("/api/v1/cases/V-1")["recordings"][0]["films"]}

    def words_of(self, medium):
        found = []
        for pid in self.box.processes("netsampler-capture"):
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                words = file.read().split("\0")
            if words[1] == medium:
                found.append((pid, words))
        return found

    def last_picture(self, source, number):
        """What ffmpeg makes of the sealed files up to that segment: its last frame, 480 wide."""
        rows = [s for s in self.segments(source) if s["no"] <= number]
        first = max(s["no"] for s in rows if s["key"])
        media = os.path.join(self.box.recording(self.recording), "media", source)
        film, frame = os.path.join(self.directory.name, "film.mp4"), os.path.join(self.directory.name, "frame.png")
        with open(film, "wb") as out:
            for name in ["init.mp4", *(f"{no:06d}.m4s" for no in range(first, number + 1))]:
                with open(os.path.join(media, name), "rb") as part:
                    out.write(part.read())
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-i", film, "-f", "image2", "-update", "1", frame], check=True, timeout=60)
        return Image.open(frame).convert("RGB")

    def thumbnail_is_the_segments(self, source):
        status, headers, jpeg = wait_until(lambda: (lambda answer: answer if answer[0] == 200 else None)(
            self.client.get(f"/api/v1/recordings/{self.recording}/{source}/thumbnail")), 30, f"a picture of {source}")
        number = int(headers["X-Picture-Segment"])
        row = next(s for s in self.segments(source) if s["no"] == number)
        self.assertEqual((status, int(headers["X-Picture-Boot-Us"])), (200, row["last_us"]))
        self.assertGreater(int(headers["X-Picture-Error-Us"]), 0)  # the picture says its own time
        shown = Image.open(io.BytesIO(jpeg)).convert("RGB")
        sealed = self.last_picture(source, number).resize(shown.size, Image.BOX)
        self.assertLess(max(ImageStat.Stat(ImageChops.difference(shown, sealed)).mean), ALIKE, source)

    def picture(self, browser, name):
        os.makedirs(PICTURES, exist_ok=True)
        browser.picture(os.path.join(PICTURES, name + ".png"))

    def test_seen_while_it_runs_then_played_and_packed(self):
        self.box.run("case", "new", "--case", "V-1", "--title", "样品", check=True)
        session = json.loads(self.box.record("start", "V-1", check=True).stdout)
        self.recording = session["recording"]
        self.assertEqual([s["name"] for s in session["sources"]], ["screen", "camera", "camera2"])
        [(_, words)] = self.words_of("screen")
        self.assertEqual(words[words.index("--preparation") + 1], "2")
        for source in ("screen", "camera", "camera2"):
            self.thumbnail_is_the_segments(source)
        self.assertEqual(list(self.films()), ["screen", "camera", "camera2"])
        with Browser(size=(1280, 1000)) as browser:
            self.sign_in(browser)
            self.is_seen(browser)
            self.one_camera_dies(browser)
            self.the_screen_changes_its_size(browser)
            self.box.record("stop", "V-1", check=True)
            self.is_one_film(browser)
            self.assertEqual(browser.problems, [])
        self.is_packed()

    def sign_in(self, browser):
        browser.open(self.box.console)
        browser.type("input[autocomplete=username]", "s1")
        browser.type("input[type=password]", "first secret")
        browser.key("Enter", 13)
        browser.wait("document.querySelectorAll('[data-testid=running] .live-good img').length === 3", 60)
        self.picture(browser, "running-zh-1280")
        browser.click_text("a", "V-1")

    def is_seen(self, browser):
        browser.wait("document.querySelectorAll('.live-good img').length === 3", 60)
        for text in ("已封存 第", "摄像头 1", "摄像头 2"):
            browser.wait_text(text)
        self.picture(browser, "live-three-zh-1280")

    def one_camera_dies(self, browser):
        [(pid, _)] = [found for found in self.words_of("camera") if "camera2" in found[1]]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: self.films()["camera2"].get("lost"), 60, "the loss is told")
        self.grown("camera", len(self.segments("camera")) + 2)
        self.assertEqual({name: film.get("lost", False) for name, film in self.films().items()}, {"screen": False, "camera": False, "camera2": True})
        browser.wait("document.querySelector('[data-testid=live-camera2].live-bad')", 60)
        browser.wait_text("画面停止更新")
        self.thumbnail_is_the_segments("screen")
        self.picture(browser, "live-lost-zh-1280")

    def the_screen_changes_its_size(self, browser):
        name = self.box.display.name
        xrandr(name, "--newmode", "smaller", *SMALLER)
        xrandr(name, "--addmode", "screen", "smaller")
        xrandr(name, "--output", "screen", "--mode", "smaller")
        self.grown("screen-2", 3)
        self.thumbnail_is_the_segments("screen-2")
        browser.wait("document.querySelector('[data-testid=live-screen-2] img')", 60)

    def is_one_film(self, browser):
        """The screen's two sources play on without a hand: the picture's size changes in the middle."""
        screen = self.films()["screen"]
        self.assertEqual((screen["name"], screen["sources"]), ("screen", ["screen", "screen-2"]))
        text = self.client.get(f"/api/v1/recordings/{self.recording}/screen/playlist.m3u8")[2].decode()
        self.assertEqual([line.split("/")[-2] for line in text.splitlines() if line.startswith("#EXT-X-MAP")], ["screen", "screen-2"])
        pts = [sum(s["last_pts"] + s["last_duration"] - s["first_pts"] for s in self.segments(source)) for source in ("screen", "screen-2")]
        self.assertLess(abs(screen["duration_us"] - sum(pts) * 100 // 9), 1000)
        browser.call("Page.reload")
        browser.wait("document.querySelector('video') && document.querySelector('video').readyState >= 2", 60)
        self.assertEqual(browser.evaluate("document.querySelector('video').videoWidth"), 1024)
        border_s = pts[0] / 90_000
        browser.evaluate(f"(v => {{ v.currentTime = {border_s - 1.5}; }})(document.querySelector('video'))")
        browser.wait("(v => !v.seeking && v.readyState >= 2)(document.querySelector('video'))")
        browser.click("document.querySelector('[data-testid=play]')")
        browser.wait(f"(v => v.videoWidth === 800 && v.currentTime > {border_s + 0.3})(document.querySelector('video'))", 60)
        browser.wait_text("1024×768 → 800×600")
        self.picture(browser, "film-of-two-sizes-zh-1280")

    def is_packed(self):
        out = os.path.join(self.directory.name, "out")
        done = self.box.run("export", "V-1", "--profile", "full", "--out", out, "--json", check=True)
        package = json.loads(done.stdout.splitlines()[-1])["bundle"]
        media = os.path.join(package, "data", "recordings", self.recording, "media")
        self.assertEqual(sorted(os.listdir(media)), ["camera", "camera2", "screen", "screen-2"])
        _, report = self.box.verify(package, "--policy", self.box.policy())
        self.assertLessEqual(set(codes(report)), {"unstamped", "gap", "key-apart", "recorded-partial", "no-beacon"}, report["findings"])
        second = subprocess.run(["/usr/bin/python3", os.path.join(package, "verify.py"), package, "--policy", self.box.policy()], capture_output=True, text=True, timeout=120)
        self.assertLess(second.returncode, 2, second.stdout + second.stderr)

    def test_two_of_the_same_camera_and_both_options_are_refused(self):
        self.box.run("case", "new", "--case", "V-2", "--title", "样品", check=True)
        before = os.listdir(os.path.join(self.box.state, "data", "recordings"))
        url = self.cameras[0].url
        for options, code in ((["--camera", url, "--camera", url], 1), (["--camera", url, "--no-camera"], 64)):
            done = self.box.record("start", "V-2", *options)
            self.assertNotEqual(done.returncode, 0, options)
            self.assertIn("camera", done.stderr)
            if code == 64:
                self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(os.listdir(os.path.join(self.box.state, "data", "recordings")), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
