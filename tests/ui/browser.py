"""For tests: a headless Chromium driven through its DevTools pipe; one page, evaluated, typed into, photographed."""
import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time

FLAGS = ("--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
         "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--mute-audio", "--autoplay-policy=no-user-gesture-required",
         "--ignore-certificate-errors", "--remote-debugging-pipe")


class Failed(Exception):
    pass


def _pipe():
    """Both ends above the numbers 3 and 4, which the browser's own will take."""
    ends = []
    for fd in os.pipe():
        ends.append(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(fd)
    return ends


class Browser:
    def __init__(self, program="/usr/bin/chromium", size=(1280, 800)):
        self.profile = tempfile.mkdtemp(prefix="console-browser-")
        command_read, self._commands = _pipe()
        self._answers, answer_write = _pipe()
        errors = os.open(os.path.join(self.profile, "errors"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        arguments = [program, *FLAGS, f"--user-data-dir={self.profile}", f"--window-size={size[0]},{size[1]}", "about:blank"]
        self._pid = os.posix_spawn(program, arguments, os.environ | {"LANG": "zh_CN.UTF-8"}, setpgroup=0, file_actions=[
            (os.POSIX_SPAWN_DUP2, errors, 2), (os.POSIX_SPAWN_DUP2, command_read, 3), (os.POSIX_SPAWN_DUP2, answer_write, 4)])  # errors may itself be 3 or 4
        for fd in (command_read, answer_write, errors):
            os.close(fd)
        self._rest, self._next, self._session, self.problems = b"", 1, None, []
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.resize(*size)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def call(self, method, **params):
        number, self._next = self._next, self._next + 1
        message = {"id": number, "method": method, "params": params} | ({"sessionId": self._session} if self._session else {})
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for answer in self._receive(1.0):
                if answer.get("id") == number:
                    if "error" in answer:
                        raise Failed(f"{method}: {answer['error']}")
                    return answer["result"]
                self._note(answer)
        raise Failed(f"{method}: no answer within 60 s")

    def _receive(self, seconds):
        if not select.select([self._answers], [], [], seconds)[0]:
            return []
        data = os.read(self._answers, 1 << 18)
        if not data:
            raise Failed("the browser ended")
        *whole, self._rest = (self._rest + data).split(b"\0")
        return [self._parsed(text) for text in whole]

    def _parsed(self, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failed(f"the browser's pipe said {text[:200]!r}") from error

    def _note(self, event):
        """What a page must not do: throw, or break its own content policy."""
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(params["exceptionDetails"], ensure_ascii=False)[:500])
        entry = params.get("entry", {})
        if event.get("method") == "Log.entryAdded" and entry.get("source") == "security":
            self.problems.append(entry["text"])

    def open(self, url):
        self.call("Page.navigate", url=url)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise Failed(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, expression, seconds=30):
        """Until the expression is true; its value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = self.evaluate(f"(async () => {{ await new Promise(requestAnimationFrame); return (v => v instanceof Node ? true : v)({expression}); }})()")
            if value:
                return value
        raise Failed(f"never true within {seconds} s: {expression}; problems: {self.problems}; the page says: {self.text()[:600]}")

    def text(self):
        return self.evaluate("document.body.innerText")

    def wait_text(self, text, seconds=30):
        self.wait(f"document.body.innerText.includes({json.dumps(text)})", seconds)

    def type(self, selector, text):
        self.wait(f"document.querySelector({json.dumps(selector)})")
        self.evaluate(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.focus(); e.select(); }})()")
        self.call("Input.insertText", text=text)

    def key(self, name, code):
        typed = {"text": "\r"} if name == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    def click(self, expression):
        """Clicks the element that the expression gives, at its middle, with the mouse."""
        box = self.wait(f"(() => {{ const e = {expression}; if (!e) return null; e.scrollIntoView({{block: 'center'}}); "
                        "const r = e.getBoundingClientRect(); return r.width ? [r.x + r.width / 2, r.y + r.height / 2] : null; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def click_text(self, selector, text):
        self.click(f"[...document.querySelectorAll({json.dumps(selector)})].find(e => e.innerText.includes({json.dumps(text)}))")

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        try:
            os.killpg(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self._pid, 0)
        for fd in (self._commands, self._answers):
            os.close(fd)
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
