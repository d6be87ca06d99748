#!/usr/bin/python3
"""A real browsing session of some minutes, recorded by a whole box, verified with its pictures, and played in Chromium with seeking.
Usage: browsing.py [--minutes 10] [--out DIR]; NETSAMPLER_BIN names the programs. Prints what was measured, one line a fact; exit code 0: all of it held.
An officer reads, types, scrolls and waits by keyboard and mouse (xdotool) in the browser that the box opened; nothing is automated in the page."""
import argparse
import os
import random
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
for place in ("e2e", "shop", "ui"):
    sys.path.insert(0, os.path.join(HERE, "..", place))
from box import BROWSER_FLAGS, Box, Display, codes, wait_until  # noqa: E402
from browser import Browser  # noqa: E402
from running_mall import RunningMall  # noqa: E402

CASE = "B-10"
WORDS = ("移动电源", "保温杯", "插线板", "台灯")
PRODUCTS = ("684512907731266815", "702233418850917744", "702233418850918001", "733108845529016627")
SHOPS = ("10086521", "10093377")


class Officer:
    """Keyboard and mouse on the box's display, at a person's pace; `random` is seeded, so each session is the same."""

    def __init__(self, display, url, end):
        self.display, self.url, self.end, self.chance = display, url, end, random.Random(82)

    def tool(self, *words):
        subprocess.run(["xdotool", *words], env=os.environ | {"DISPLAY": self.display}, check=True, timeout=60)

    def pause(self, seconds):
        time.sleep(min(seconds, max(0.0, self.end - time.monotonic())))  # the pace of a person, not a condition

    def go(self, path):
        self.tool("key", "ctrl+l")
        self.tool("type", "--delay", "25", urllib.parse.urljoin(self.url, path))
        self.tool("key", "Return")
        self.pause(3)

    def read(self, screens):
        for _ in range(screens):
            for _ in range(self.chance.randint(2, 6)):
                self.tool("mousemove", str(self.chance.randint(300, 1500)), str(self.chance.randint(300, 900)), "click", "5")
                self.pause(0.12)
            self.pause(self.chance.uniform(1.5, 4))

    def browse(self):
        self.tool("mousemove", "900", "600", "click", "1")
        while time.monotonic() < self.end:
            self.go("/search?q=" + urllib.parse.quote(self.chance.choice(WORDS)))
            self.read(2)
            self.go("/item.html?id=" + self.chance.choice(PRODUCTS))
            self.read(4)
            self.go("/shop/" + self.chance.choice(SHOPS))
            self.read(2)
            self.go("/shop/" + self.chance.choice(SHOPS) + "/licence")
            self.pause(self.chance.uniform(4, 12))


def record(box, mall, minutes):
    """The recording's id."""
    box.run("case", "new", "--case", CASE, "--title", "十分钟浏览", check=True)
    box.record("start", CASE, "--start", mall.url, check=True)
    wait_until(lambda: box.processes("netsampler-capture"), 30, "the recorder runs")
    Officer(box.display.name, mall.url, time.monotonic() + minutes * 60).browse()
    box.record("stop", CASE, check=True)
    return next(iter(os.listdir(os.path.join(box.state, "data", "recordings"))))


def play(box, out, seconds):
    """Seeks all over the recording, there and back; each place must come, decoded, and play on."""
    with Browser(size=(1600, 1000)) as browser:
        browser.open(box.console)
        browser.type("input[autocomplete=username]", "s1")
        browser.type("input[type=password]", "first secret")
        browser.key("Enter", 13)
        browser.click_text("a", CASE)
        browser.wait("document.querySelector('video') && document.querySelector('video').readyState >= 2", 60)
        for place in (0.05, 0.5, 0.93, 0.27, 0.71, 0.02):
            begin, at = time.monotonic(), round(seconds * place, 1)
            browser.evaluate(f"document.querySelector('video').currentTime = {at}")
            browser.wait(f"(v => Math.abs(v.currentTime - {at}) < 0.3 && !v.seeking && v.readyState >= 3)(document.querySelector('video'))", 60)
            took = time.monotonic() - begin
            browser.evaluate("document.querySelector('video').play()")
            browser.wait(f"document.querySelector('video').currentTime > {at} + 1", 60)
            browser.evaluate("document.querySelector('video').pause()")
            browser.picture(os.path.join(out, f"played-{at:.0f}.png"))
            print(f"seek to {at:7.1f} s: {took:.2f} s, plays on", flush=True)
        if browser.problems:
            raise AssertionError(browser.problems)


def film_of(box, recording, out):
    """One MP4 of init and segments: ffmpeg must decode all of it without a word. Its seconds and frames."""
    place = os.path.join(box.recording(recording), "media", "screen")
    names = ["init.mp4", *sorted(name for name in os.listdir(place) if name.endswith(".m4s"))]
    film = os.path.join(out, "session.mp4")
    with open(film, "wb") as whole:
        for name in names:
            with open(os.path.join(place, name), "rb") as part:
                whole.write(part.read())
    said = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-f", "null", "-"], capture_output=True, text=True, timeout=1800)
    if said.returncode != 0 or said.stderr.strip():
        raise AssertionError("ffmpeg: " + said.stderr)
    probe = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets:format=duration",
                            "-of", "csv=p=0", film], capture_output=True, text=True, check=True, timeout=600)
    frames, seconds = probe.stdout.split()
    print(f"film: {float(seconds):.1f} s, {frames.strip(',')} frames, {os.path.getsize(film)} bytes, decoded whole by ffmpeg without a word", flush=True)
    return float(seconds)


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--minutes", type=float, default=10)
    words.add_argument("--out", default="browsing", help="pictures and the film go there (default ./browsing)")
    wish = words.parse_args()
    os.makedirs(wish.out, exist_ok=True)
    mall = RunningMall()
    box = Box(display=False, config={"browser_flags": [*BROWSER_FLAGS, "--ignore-certificate-errors-spki-list=" + mall.spki]})
    box.display = Display("1920x1080x24")
    try:
        with box:
            recording = record(box, mall, wish.minutes)
            code, report = box.verify(box.recording(recording), "--deep", "--policy", box.policy())
            print(f"verify --deep: exit {code}, {codes(report)}", flush=True)
            play(box, wish.out, film_of(box, recording, wish.out))
            # Nobody stamps this box's time: that alone may keep the verdict from INTACT.
            return 0 if set(codes(report)) <= {"unstamped"} else 1
    finally:
        mall.close()


sys.exit(main())
