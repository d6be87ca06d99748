"""Two DevTools pipes joined: the recorder's messages pass untouched, the officer's own travel beside them unseen.

Messages are JSON, each ended by NUL. The officer's commands carry ids from FIRST_ID on; its sessions hang from a browser session
of its own, so that what they cause is reported to them and not to the recorder. One thread: every wait turns the loop.
"""
import json
import os
import select
import time

FIRST_ID = 1_000_000_000
MESSAGE_BYTES_MAX = 256 * 1024 * 1024
READ_BYTES = 1 << 18
CALL_SECONDS = 15


class BrowserGone(Exception):
    """Chromium closed its pipe."""


class CallFailed(Exception):
    """The browser refused a command, or did not answer in time."""


class Reader:
    """Cuts a descriptor's bytes into messages."""

    def __init__(self, fd):
        os.set_blocking(fd, False)
        self.fd, self.ended, self._parts = fd, False, bytearray()

    def messages(self):
        """What is complete now; sets `ended` at the end of the stream."""
        try:
            data = os.read(self.fd, READ_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        self.ended = not data
        self._parts += data
        if len(self._parts) > MESSAGE_BYTES_MAX:
            self.ended = True
        if b"\0" not in data:
            return []
        *whole, rest = bytes(self._parts).split(b"\0")
        self._parts = bytearray(rest)
        return whole


class Writer:
    """Sends messages without ever blocking; what the pipe does not take waits here, bounded."""

    def __init__(self, fd):
        os.set_blocking(fd, False)
        self.fd, self.ended, self.waiting = fd, False, bytearray()

    def send(self, message):
        """Queues one message."""
        self.waiting += message + b"\0"
        if len(self.waiting) > MESSAGE_BYTES_MAX:
            self.close()

    def flush(self):
        """Writes what goes in now."""
        try:
            del self.waiting[:os.write(self.fd, memoryview(self.waiting)[:READ_BYTES].tobytes())]
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def close(self):
        """The other side sees the end of the stream."""
        if not self.ended:
            self.ended = True
            self.waiting.clear()
            os.close(self.fd)


class Link:
    """The loop over both pipes. `recorder_*` are its descriptors 3 and 4, `browser_*` the ends towards Chromium."""

    def __init__(self, recorder_in, recorder_out, browser_in, browser_out):
        self._from_recorder, self._to_recorder = Reader(recorder_in), Writer(recorder_out)
        self._from_browser, self._to_browser = Reader(browser_in), Writer(browser_out)
        self._next_id, self._answers, self._held = FIRST_ID, {}, None
        self._own, self.root = set(), None
        self.pages = []   # page targets, the oldest first

    @property
    def over(self):
        """Chromium has closed its side."""
        return self._from_browser.ended

    def turn(self, seconds):
        """Waits at most so long for something to do, and does it."""
        poll = select.poll()
        for reader in (self._from_recorder, self._from_browser):
            if not reader.ended:
                poll.register(reader.fd, select.POLLIN)
        for writer in (self._to_recorder, self._to_browser):
            if writer.waiting and not writer.ended:
                poll.register(writer.fd, select.POLLOUT)
        ready = {fd for fd, _ in poll.poll(max(0, seconds) * 1000)}
        self._read(ready)
        for writer in (self._to_recorder, self._to_browser):
            if not writer.ended and writer.waiting:
                writer.flush()

    def _read(self, ready):
        if self._from_recorder.fd in ready and not self._from_recorder.ended:
            for message in self._from_recorder.messages():
                self._to_browser.send(message)
            if self._from_recorder.ended:
                self.close_browser_side()
        if self._from_browser.fd in ready and not self._from_browser.ended:
            for message in self._from_browser.messages():
                self._route(message)

    def close_browser_side(self):
        """What is queued goes out first; then Chromium sees the end of its pipe and exits."""
        end = time.monotonic() + 2
        while self._to_browser.waiting and not self._to_browser.ended and time.monotonic() < end:
            self._to_browser.flush()
        self._to_browser.close()

    def _route(self, message):
        """Ours is kept, all else goes to the recorder, byte for byte."""
        try:
            value = json.loads(message)
        except ValueError:
            value = {}
        if value.get("id", 0) >= FIRST_ID:
            self._answers[value["id"]] = value
        elif value.get("sessionId") in self._own:
            self._own_event(value)
        elif self._may_be_our_root(value):
            self._held = message
        elif self._is_our_detach(value):
            self._own.discard(value["params"]["sessionId"])
        else:
            self._to_recorder.send(message)

    def _own_event(self, value):
        params = value["params"]
        if value["method"] == "Target.attachedToTarget":
            self._own.add(params["sessionId"])
        elif value["method"] == "Target.targetCreated" and params["targetInfo"]["type"] == "page":
            self.pages.append(params["targetInfo"]["targetId"])
        elif value["method"] == "Target.targetDestroyed" and params["targetId"] in self.pages:
            self.pages.remove(params["targetId"])

    def _may_be_our_root(self, value):
        """The attachment of our browser session is told on the recorder's: held until the answer names it."""
        return (self.root == "" and value.get("method") == "Target.attachedToTarget" and "sessionId" not in value
                and value["params"]["targetInfo"]["type"] == "browser")

    def _is_our_detach(self, value):
        return value.get("method") == "Target.detachedFromTarget" and value["params"].get("sessionId") in self._own

    def attach_root(self):
        """Opens the officer's own browser session."""
        self.root = ""
        session = self.call("Target.attachToBrowserTarget", {}, None)["sessionId"]
        self.root = session
        self._own.add(session)
        held, self._held = self._held, None
        if held and json.loads(held)["params"]["sessionId"] != session:
            self._to_recorder.send(held)

    def call(self, method, params, session, seconds=CALL_SECONDS):
        """The result of a command of ours; CallFailed, BrowserGone."""
        call_id, self._next_id = self._next_id, self._next_id + 1
        message = {"id": call_id, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._to_browser.send(json.dumps(message).encode())
        if not self.until(lambda: call_id in self._answers, seconds):
            raise CallFailed(f"{method}: no answer within {seconds} s")
        answer = self._answers.pop(call_id)
        if "error" in answer:
            raise CallFailed(f"{method}: {answer['error'].get('message', 'refused')}")
        return answer["result"]

    def until(self, condition, seconds):
        """Turns the loop until the condition holds; False when the time is over. BrowserGone ends it."""
        end = time.monotonic() + seconds
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                return False
            if self.over:
                raise BrowserGone("the browser is gone")
            self.turn(min(left, 0.25))
        return True

    def pause(self, seconds):
        """A human's pause: the messages of the recorder go on meanwhile."""
        self.until(lambda: False, seconds)
