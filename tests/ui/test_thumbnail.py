"""The newest sealed picture, small: netsampler-pictures --thumbnail, the console's route over a real ledger, and the page in a headless
Chromium. Arguments: BIN (directory of the programs), WEB (the built app), PICTURES (where screenshots go)."""
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from PIL import Image, ImageChops, ImageStat  # noqa: E402
from browser import Browser  # noqa: E402
from console_process import Client, Console  # noqa: E402
import sample_case  # noqa: E402
from sample_case import ALICE, CASE, FRAMES_A_SECOND, KEY_EVERY, SEGMENT_PTS  # noqa: E402
from ledger_process import Ledger, memory_file  # noqa: E402

BIN, WEB, PICTURES = sys.argv[1:4]
ALIKE, OTHER = 6, 9  # mean difference of two pictures, of 255: the same one scaled by two programs; one two seconds away
SLOW = 120  # seconds, for what takes a moment on a machine with nothing else to do
FRESH = -600_000_000  # the age of a picture that stays new however slow the machine is
KEY, NEWEST = KEY_EVERY, KEY_EVERY + 1


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def last_picture(film, size):
    """The film's last frame as ffmpeg decodes it, scaled."""
    with tempfile.TemporaryDirectory() as folder:
        path, frame = os.path.join(folder, "film.mp4"), os.path.join(folder, "frame.png")
        with open(path, "wb") as out:
            out.write(film)
        subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "image2", "-update", "1", frame], check=True, timeout=60)
        return Image.open(frame).convert("RGB").resize(size, Image.BOX)


def difference(picture, other):
    return max(ImageStat.Stat(ImageChops.difference(picture, other)).mean)


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


class Film:
    """Segments of two seconds; every third begins with a key picture."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            self.init, self.segments = sample_case.cmaf("testsrc2", folder)

    def last_of(self, number, size):
        first = number - number % KEY_EVERY
        return last_picture(self.init + b"".join(self.segments[first:number + 1]), size)


def setUpModule():
    global FILM
    FILM = Film()


class Program(unittest.TestCase):
    """netsampler-pictures --thumbnail over plain files."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name, content in [("init.mp4", FILM.init), *((f"{no:06d}.m4s", content) for no, content in enumerate(FILM.segments))]:
            with open(os.path.join(self.folder.name, name), "wb") as out:
                out.write(content)

    def thumbnail(self, numbers, init=None, hashes=None):
        arguments = [os.path.join(BIN, "netsampler-pictures"), self.folder.name, "--thumbnail", "480", "--init", init or sha256(FILM.init)]
        for no in numbers:
            arguments += ["--segment", f"{no}:{(hashes or {}).get(no) or sha256(FILM.segments[no])}"]
        return subprocess.run(arguments, capture_output=True, timeout=60)

    def refused(self, done, word):
        self.assertEqual((done.returncode, done.stdout), (65, b""), done.stderr)
        self.assertIn(word, done.stderr.decode())

    def test_the_last_picture_of_the_last_segment(self):
        done = self.thumbnail([KEY, NEWEST])
        self.assertEqual(done.returncode, 0, done.stderr)
        line, _, jpeg = done.stdout.partition(b"\n")
        told = json.loads(line)
        self.assertGreater(told.pop("cpu_us"), 0)
        self.assertEqual(told, {"bytes": len(jpeg), "pts": (NEWEST + 1) * SEGMENT_PTS - 90_000 // FRAMES_A_SECOND})
        picture = opened(jpeg)
        self.assertEqual(picture.size, (480, 270))
        self.assertLess(difference(picture, FILM.last_of(NEWEST, picture.size)), ALIKE)
        self.assertGreater(difference(picture, FILM.last_of(KEY, picture.size)), OTHER)

    def test_a_file_that_is_not_what_the_chain_names_is_not_decoded(self):
        self.refused(self.thumbnail([KEY, NEWEST], hashes={KEY: "0" * 64}), f"{KEY:06d}.m4s")
        self.refused(self.thumbnail([KEY, NEWEST], init="0" * 64), "init.mp4")

    def test_what_begins_without_a_key_picture_is_no_group(self):
        self.refused(self.thumbnail([NEWEST]), "关键帧")
        self.refused(self.thumbnail([KEY - KEY_EVERY, NEWEST]), "关键帧")  # a segment between is left out

    def test_a_file_that_is_missing_is_named(self):
        os.unlink(os.path.join(self.folder.name, f"{NEWEST:06d}.m4s"))
        done = self.thumbnail([KEY, NEWEST])
        self.assertEqual((done.returncode, done.stdout), (1, b""), done.stderr)
        self.assertIn(f"{NEWEST:06d}.m4s", done.stderr.decode())

    def test_a_number_without_a_hash_is_a_usage_error(self):
        done = subprocess.run([os.path.join(BIN, "netsampler-pictures"), self.folder.name, "--thumbnail", "480", "--segment", "7"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 64, done.stderr)


class World:
    """Ledger, a case whose purchase goes on, console."""

    def __init__(self):
        self.ledger = Ledger(os.path.join(BIN, "netsampler-ledger")).start()
        self.ledger.add_samplers()
        self.ledger.call("case_open", case=CASE, actor="alice", body={}, private={"title": "儿童积木"})
        self.recording = self.ledger.open_purchase(CASE)
        self.console = Console(os.path.join(BIN, "netsampler-console"), self.ledger.state, WEB)
        self.client = Client(self.console.url)
        assert self.client.sign_in(ALICE)[0] == 200

    def close(self):
        code = self.console.stop()
        self.ledger.close()
        assert code == 0, code

    def add_source(self, source, medium):
        self.ledger.call("append", recording=self.recording, type="source", files=[(f"media/{source}/init.mp4", memory_file(FILM.init))],
                         body={"source": source, "medium": medium, "width": 640, "height": 360, "codec": "h264", "time_base": 90000,
                               "start_us": sample_case.boot_us(), "mode": "encoded"})

    def seal(self, source, number, age_us=0, key=None):
        """The film's segment of that number, whose last picture was taken `age_us` ago."""
        last_us = sample_case.boot_us() - age_us
        self.ledger.call("append", recording=self.recording, type="segment", files=[(f"media/{source}/{number:06d}.m4s", memory_file(FILM.segments[number]))],
                         body={"source": source, "no": number, "key": number % KEY_EVERY == 0 if key is None else key, "frames": 2 * FRAMES_A_SECOND,
                               "dropped": 0, "heartbeats": 0, "longest_us": 9000, "first_pts": number * SEGMENT_PTS,
                               "last_pts": (number + 1) * SEGMENT_PTS - 9000, "last_duration": 9000, "first_us": last_us - 1_900_000, "last_us": last_us})
        return last_us

    def file(self, source, number):
        return self.ledger.path("data", "recordings", self.recording, "media", source, f"{number:06d}.m4s")

    def spoil(self, source, number):
        path = self.file(source, number)
        os.chmod(path, 0o600)
        with open(path, "r+b") as file:
            file.seek(-20, os.SEEK_END)
            file.write(b"another picture")

    def get(self, source, client=None, **headers):
        return (client or self.client).get(f"/api/v1/recordings/{self.recording}/{source}/thumbnail", **headers)

    def until(self, source, condition):
        """The route's answer once it holds: a row of the index comes a moment behind its record, and a source rests between two pictures."""
        end = time.monotonic() + SLOW
        while time.monotonic() < end:
            answer = self.get(source)
            if condition(answer):
                return answer
            time.sleep(0.1)
        raise AssertionError((answer[0], answer[1].items(), answer[2][:400]))


def shows(number):
    return lambda answer: answer[1]["X-Picture-Segment"] == str(number)


class Route(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)

    def test_the_newest_sealed_picture_and_then_the_next(self):
        self.world.add_source("screen", "screen")
        self.assertEqual(self.world.get("screen")[0], 404)  # nothing sealed yet
        self.assertEqual(self.world.get("phone")[0], 404)
        sealed_us = [self.world.seal("screen", number) for number in range(KEY + 1)]
        self.assertEqual(self.world.get("screen", Client(self.world.console.url))[0], 401)
        status, headers, jpeg = self.world.until("screen", shows(KEY))
        self.assertEqual((status, headers["Content-Type"], headers["X-Picture-Segment"], headers["X-Newest-Segment"]), (200, "image/jpeg", str(KEY), str(KEY)))
        self.assertLess(difference(opened(jpeg), FILM.last_of(KEY, (480, 270))), ALIKE)
        self.assertEqual(int(headers["X-Picture-Boot-Us"]), sealed_us[-1])
        self.assertTrue(0 < int(headers["X-Newest-Age-Us"]) <= sample_case.boot_us() - sealed_us[-1], headers["X-Newest-Age-Us"])
        self.assertEqual(self.world.get("screen", If_None_Match=headers["ETag"])[::2], (304, b""))
        self.world.seal("screen", NEWEST)
        status, headers, jpeg = self.world.until("screen", shows(NEWEST))
        self.assertEqual(status, 200)
        self.assertLess(difference(opened(jpeg), FILM.last_of(NEWEST, (480, 270))), ALIKE)

    def test_a_tampered_segment_gives_no_picture_and_says_why(self):
        self.world.add_source("camera", "camera")
        for number in range(KEY + 1):
            self.world.seal("camera", number)
        self.world.until("camera", shows(KEY))
        self.world.spoil("camera", KEY)
        self.world.seal("camera", NEWEST)
        status, headers, content = self.world.until("camera", lambda answer: answer[0] != 200)
        self.assertEqual((status, headers["X-Picture-Segment"], headers["X-Newest-Segment"]), (500, None, str(NEWEST)))
        self.assertIn(f"{KEY:06d}.m4s", content.decode())
        self.assertNotIn(b"\xff\xd8", content)

    def test_a_segment_that_lies_about_its_times_gives_no_picture(self):
        self.world.add_source("camera-9", "camera")
        self.world.seal("camera-9", 1, key=True)  # it has no key picture
        _, _, content = self.world.until("camera-9", lambda answer: answer[0] == 500)
        self.assertIn("关键帧", content.decode())

    def test_segments_that_no_key_picture_precedes_give_no_picture(self):
        self.world.add_source("camera-8", "camera")
        self.world.seal("camera-8", 1)
        _, _, content = self.world.until("camera-8", lambda answer: answer[0] == 500)
        self.assertIn("关键帧", content.decode())


class Page(unittest.TestCase):
    def test_the_officer_sees_what_is_sealed_and_what_is_wrong(self):
        world = World()
        self.addCleanup(world.close)
        with Browser(size=(1280, 900)) as browser:
            self.sign_in(world, browser)
            browser.click_text("a", CASE)
            browser.wait_text("准备中")
            self.waits_for_the_first(world, browser)
            self.goes_on(world, browser)
            self.stops(world, browser)
            self.is_spoilt(world, browser)
            self.assertEqual(browser.problems, [])

    def sign_in(self, world, browser):
        browser.open(world.console.url + "/")
        browser.type("input[autocomplete=username]", ALICE["id"])
        browser.type("input[type=password]", ALICE["password"])
        browser.key("Enter", 13)
        browser.wait_text(CASE)
        browser.wait("document.querySelector('[data-testid=running]')")

    def waits_for_the_first(self, world, browser):
        world.add_source("screen", "screen")
        world.add_source("camera", "camera")
        world.seal("screen", 0, FRESH)
        browser.wait_text("尚未封存画面", SLOW)  # the camera's; the page asks for the case every fifteen seconds

    def goes_on(self, world, browser):
        world.seal("camera", 0, FRESH)
        browser.wait("document.querySelectorAll('.live-good img').length === 2", SLOW)
        browser.wait_text("已封存 第 0 段")
        for number in range(1, NEWEST + 1):
            world.seal("screen", number, FRESH)
        browser.wait_text(f"已封存 第 {NEWEST} 段", SLOW)
        browser.wait("document.querySelector('[data-testid=live-screen] img').naturalWidth === 480")
        shown = self.pixels(browser)
        self.assertLess(difference(shown, FILM.last_of(NEWEST, shown.size)), ALIKE)
        self.picture(browser, "live-zh-1280")

    @staticmethod
    def pixels(browser):
        """What the page shows, decoded by Chromium."""
        text = browser.evaluate("(() => { const i = document.querySelector('[data-testid=live-screen] img'), c = document.createElement('canvas'); "
                                "c.width = i.naturalWidth; c.height = i.naturalHeight; c.getContext('2d').drawImage(i, 0, 0); "
                                "return [c.width, c.height, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]; })()")
        return Image.frombytes("RGBA", text[:2], bytes(text[2])).convert("RGB")

    def stops(self, world, browser):
        self.assertNotIn("画面停止更新", browser.text())
        world.seal("camera", 1, 11_000_000)
        browser.wait_text("画面停止更新：已 1", SLOW)
        browser.wait("document.querySelector('[data-testid=live-camera].live-bad')")
        self.picture(browser, "live-stopped-zh-1280")

    def is_spoilt(self, world, browser):
        world.spoil("screen", NEWEST)
        world.seal("screen", NEWEST + 1, FRESH)
        browser.wait("document.querySelector('[data-testid=live-screen] .live-none')", SLOW)
        browser.wait_text("与证据链所记的摘要不符")
        browser.wait("!document.querySelector('[data-testid=live-screen] img')")
        self.picture(browser, "live-spoilt-zh-1280")

    def picture(self, browser, name):
        os.makedirs(PICTURES, exist_ok=True)
        browser.picture(os.path.join(PICTURES, name + ".png"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
