"""A desk to record: an X server of 1920 × 1080 without a monitor, and the real browser on it, below the strip."""
import contextlib
import os
import select
import subprocess
import time

import page

WIDTH, HEIGHT, STRIP = 1920, 1080, 36
BROWSER = ["chromium", "--no-sandbox", "--test-type", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--disable-gpu", "--password-store=basic", "--force-device-scale-factor=1"]


def end(process, patience_s=10):
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Desk:
    """`with Desk(directory) as desk`: desk.display; desk.show(html) loads a page; desk.input(…) is xdotool."""

    def __init__(self, directory):
        self.directory = directory
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        reader, writer = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"], pass_fds=[writer],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(end, server)
        os.close(writer)
        with os.fdopen(reader) as told:
            if not select.select([told], [], [], 30)[0]:
                raise RuntimeError("Xvfb does not say its display")
            self.display = ":" + told.readline().strip()
        self.environment = {**os.environ, "DISPLAY": self.display, "HOME": self.directory, "XDG_RUNTIME_DIR": self.directory, "LANG": "C.UTF-8"}
        return self

    def __exit__(self, *_):
        self.stack.close()

    def show(self, name):
        path = os.path.join(self.directory, name + ".html")
        with open(path, "w", encoding="utf-8") as out:
            out.write({"shop": page.shop, "print": page.small_print}[name]())
        browser = subprocess.Popen([*BROWSER, f"--user-data-dir={self.directory}/profile-{name}", f"--window-position=0,{STRIP}", f"--window-size={WIDTH},{HEIGHT - STRIP}",
                                    f"--app=file://{path}"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(end, browser)
        title = {"shop": "商城", "print": "字样"}[name]
        self.window = self.window_named(title)
        self.input("windowfocus", "--sync", self.window, "mousemove", "600", "500")

    def window_named(self, title):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:  # a window that goes while it is looked at ends xdotool's search
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], env=self.environment, capture_output=True, text=True, check=False)
            if found.returncode == 0 and found.stdout.split():
                return found.stdout.split()[-1]
            time.sleep(0.2)
        raise RuntimeError(f"the browser shows no window {title}")

    def input(self, *words):
        subprocess.run(["xdotool", *words], env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=30)
