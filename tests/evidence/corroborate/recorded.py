"""Real recordings for tests: a ledger, an X server without a screen, netsampler-capture, netsampler-crawl with a real Chromium, a shop on loopback."""
import ctypes
import http.server
import json
import os
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ledger"))
from ledger_process import Ledger  # noqa: E402
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from display import Display, wait_until  # noqa: E402

CASE = "CQ-2026-0042"


class Shop:
    """Serves the pages given: path → HTML."""

    def __init__(self, pages):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                text = pages.get(self.path)
                body = (text or "").encode()
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Cover:
    """A plain gray window over part of the screen, kept on top."""

    def __init__(self, display, x, y, width, height):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        for name in ("XDefaultRootWindow", "XCreateSimpleWindow"):
            getattr(self.x11, name).restype = ctypes.c_ulong
        self.link = ctypes.c_void_p(self.x11.XOpenDisplay(display.encode()))
        root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.link))
        self.window = ctypes.c_ulong(self.x11.XCreateSimpleWindow(self.link, root, x, y, width, height, 0, ctypes.c_ulong(0),
                                                                  ctypes.c_ulong(0x8090a0)))
        self.x11.XMapWindow(self.link, self.window)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.stay_on_top, daemon=True)
        self.thread.start()

    def stay_on_top(self):
        while not self.over.wait(0.03):
            self.x11.XRaiseWindow(self.link, self.window)
            self.x11.XSync(self.link, 0)

    def close(self):
        self.over.set()
        self.thread.join()
        self.x11.XCloseDisplay(self.link)


class Recording:
    """`with Recording(BIN, html) as made`: a page shown in Chromium while the screen was recorded; closed, with the ledger still there."""

    def __init__(self, programs, html, window="1280x764+0+36", flags=(), zoom_level=None, cover=None, browser=None, pages=1, follow=False):
        self.programs, self.window, self.flags, self.zoom_level, self.cover = programs, window, flags, zoom_level, cover
        self.browser, self.wanted, self.follow = browser, pages, follow
        self.shop = Shop({"/item": html})
        self.display = Display("1280x800x24")
        self.ledger = Ledger(os.path.join(programs, "netsampler-ledger"))
        self.children, self.id = [], None

    def __enter__(self):
        try:
            self.ledger.start()
            self.ledger.add_samplers()
            self.ledger.open_case(CASE)
            self.id = self.ledger.open_purchase(CASE, display=self.display.name)
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.kill()
            child.wait()
        self.ledger.close()
        self.display.close()
        self.shop.close()

    @property
    def path(self):
        return self.ledger.path("data", "recordings", self.id)

    def records(self, kind):
        return [record for record in self.ledger.chain(self.id) if record["type"] == kind]

    def start(self, name, *arguments):
        with open(self.ledger.path(name + ".log"), "ab") as log:
            child = subprocess.Popen([os.path.join(self.programs, name), *arguments, "--ledger", self.ledger.path("run", "ledger.sock"),
                                      "--recording", self.id], stdout=log, stderr=log)
        self.children.append(child)
        return child

    def end(self, child):
        child.terminate()
        child.wait(60)
        self.children.remove(child)

    def preferences(self):
        profile = self.ledger.path("profile")
        if self.zoom_level is not None:
            os.makedirs(os.path.join(profile, "Default"))
            with open(os.path.join(profile, "Default", "Preferences"), "w", encoding="utf-8") as file:
                json.dump({"partition": {"default_zoom_level": {"x": self.zoom_level}}}, file)
        return profile

    def make(self):
        capture = self.start("netsampler-capture", "screen", "--display", self.display.name, "--preparation", "0")
        wait_until(lambda: self.records("segment"), 60, "the first segment")
        follower = self.start("netsampler-corroborate") if self.follow else None
        cover = Cover(self.display.name, *self.cover) if self.cover else None
        more = ["--browser", self.browser] if self.browser else []
        crawl = self.start("netsampler-crawl", "session", "--display", self.display.name, "--profile", self.preferences(), "--window", self.window,
                           "--start", self.shop.url("/item"), "--browser-flag=--no-sandbox", "--browser-flag=--disable-quic", *more,
                           *("--browser-flag=" + flag for flag in self.flags))
        wait_until(lambda: len(self.records("page")) >= self.wanted, 60, "the page")
        seen_us = self.records("page")[-1]["to_us"] + 500_000
        wait_until(lambda: self.records("segment")[-1]["last_us"] > seen_us, 60, "the pictures of the page")
        self.end(crawl)
        self.end(capture)
        if cover:
            cover.close()
        if follower:
            self.end(follower)
        self.ledger.stop_recording(self.id)
