"""For tests: what netsampler-crawl does to a browser, in little: starts it with two pipes, attaches to all pages, watches them."""
import base64
import fcntl
import json
import os
import select
import signal
import time

CHROMIUM_FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
                  "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--remote-debugging-pipe", "--window-position=0,0",
                  "--disable-blink-features=AutomationControlled")


def _high_pipe():
    """A pipe whose ends are not 3 or 4, which posix_spawn is about to fill."""
    ends = []
    for fd in os.pipe():
        ends.append(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(fd)
    return ends


class StandInRecorder:
    """`seen` holds every message it received, in order."""

    def __init__(self, program, environment, flags, errors_path):
        command_read, self._commands = _high_pipe()
        self._answers, answer_write = _high_pipe()
        self._errors = errors_path
        self._pid = os.posix_spawn(program, [program, *CHROMIUM_FLAGS, *flags], environment, file_actions=[
            (os.POSIX_SPAWN_DUP2, command_read, 3), (os.POSIX_SPAWN_DUP2, answer_write, 4),
            (os.POSIX_SPAWN_OPEN, 2, errors_path, os.O_WRONLY | os.O_CREAT, 0o600)])
        os.close(command_read)
        os.close(answer_write)
        self.seen, self.ended, self._closed = [], False, None
        self._rest, self._next_id, self._hooks = b"", 1, {}
        self.send("Target.setDiscoverTargets", {"discover": True})
        self.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True})

    def send(self, method, params=None, session=None, then=None):
        """A command of the recorder's; `then` gets the answer."""
        message = {"id": self._next_id, "method": method, "params": params or {}} | ({"sessionId": session} if session else {})
        self._hooks[self._next_id] = then
        self._next_id += 1
        os.write(self._commands, json.dumps(message).encode() + b"\0")

    def turn(self, seconds):
        """Reads what comes within that time."""
        if self.ended or not select.select([self._answers], [], [], seconds)[0]:
            return
        data = os.read(self._answers, 1 << 18)
        self.ended = not data
        *whole, self._rest = (self._rest + data).split(b"\0")
        for message in whole:
            self._receive(json.loads(message))

    def _receive(self, value):
        self.seen.append(value)
        if "id" in value:
            hook = self._hooks.pop(value["id"], None)
            if hook:
                hook(value)
        elif value["method"] == "Target.attachedToTarget":
            self._watch(value["params"])
        elif value["method"] == "Page.loadEventFired":
            self.send("DOMSnapshot.captureSnapshot", {"computedStyles": ["display"]}, value["sessionId"])

    def _watch(self, params):
        session = params["sessionId"]
        if params["targetInfo"]["type"] == "page":
            self.send("Page.enable", session=session)
            self.send("Network.enable", session=session)
        self.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}, session)
        self.send("Runtime.runIfWaitingForDebugger", session=session)

    def until(self, condition, seconds):
        """True once the condition holds; False after the bound, or when the browser has ended."""
        end = time.monotonic() + seconds
        while not condition():
            if self.ended or time.monotonic() > end:
                return False
            self.turn(0.1)
        return True

    def page_session(self):
        """The session of the first page, or None."""
        return next((one["params"]["sessionId"] for one in self.seen if one.get("method") == "Target.attachedToTarget"
                     and one["params"]["targetInfo"]["type"] == "page"), None)

    def screenshot(self, path):
        """Writes a PNG of the first page."""
        shots = []
        self.send("Page.captureScreenshot", {}, self.page_session(), shots.append)
        if self.until(lambda: shots, 15) and "result" in shots[0]:
            with open(path, "wb") as file:
                file.write(base64.b64decode(shots[0]["result"]["data"]))

    def kill(self, number):
        """A signal to the browser program."""
        os.kill(self._pid, number)

    def close(self, ask=True):
        """Browser.close, as the recorder would, then the end of the pipe (at once without `ask`); (exit code, stderr). Again: the same."""
        if self._closed is None:
            self._closed = self._close(ask)
        return self._closed

    def _close(self, ask):
        if ask and not self.ended:
            self.send("Browser.close")
            self.until(lambda: False, 15)
        os.close(self._commands)
        gone = select.poll()
        gone.register(os.pidfd_open(self._pid), select.POLLIN)
        if not gone.poll(15000):
            os.kill(self._pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        os.close(self._answers)
        with open(self._errors, encoding="utf-8", errors="replace") as file:
            return code, file.read()
