"""A real Xvfb, a real netsampler-capture on it, the ledger under it, the verifier behind it: for process tests. And the faults of
tests/support/fault_shim.cc, turned on while they run."""
import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "evidence", "ledger"))
from ledger_process import Ledger, Refused  # noqa: E402,F401


def eventually(condition, what, seconds=40):
    """The condition's first true value: of files and processes, which wake nobody."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Screen:
    def __init__(self, size="640x480"):
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", size + "x24", "-nolisten", "tcp", "-noreset"],
                                       pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            self.display = ":" + said.readline().strip()

    def close(self):
        self.server.kill()
        self.server.wait(20)


class Faults:
    """What the shim reads; the file lies where the programs' own files lie."""
    FIELDS = ("step_us", "asleep_us", "error", "sync_ns")

    def __init__(self, shim):
        self.directory = tempfile.TemporaryDirectory(prefix="faults-")
        path = os.path.join(self.directory.name, "control")
        with open(path, "wb") as file:
            file.write(bytes(4096))
        with open(path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 4096)
        self.env = {**os.environ, "LD_PRELOAD": shim, "NETSAMPLER_FAULTS": path}

    def set(self, **values):
        for name, value in values.items():
            struct.pack_into("<q", self.page, 8 * self.FIELDS.index(name), value)

    def close(self):
        self.page.close()
        self.directory.cleanup()


class Recorder:
    """netsampler-capture screen; its events as they come, its errors line by line."""

    def __init__(self, program, display, *more, env=None, wrap=()):
        self.process = subprocess.Popen([*wrap, program, "screen", "--display", display, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env=env)
        self.events, self.errors = [], []
        self.readers = [threading.Thread(target=self.read_events), threading.Thread(target=self.read_errors)]
        for reader in self.readers:
            reader.start()

    def read_events(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.rstrip("\n"))

    def count(self, event):
        return sum(1 for each in list(self.events) if each.get("event") == event)

    def wait_for(self, event, count=1, seconds=40):
        def there():
            if self.process.poll() is not None and self.count(event) < count:
                raise AssertionError(f"the recorder ended ({self.process.returncode}) before {event}: {self.errors}")
            return self.count(event) >= count
        eventually(there, f"{count} {event}", seconds)

    def more_sealed(self, count, seconds=40):
        self.wait_for("sealed", self.count("sealed") + count, seconds)

    def stop(self, seconds=40):
        self.process.terminate()
        return self.ended(seconds)

    def ended(self, seconds=40):
        code = self.process.wait(seconds)
        for reader in self.readers:
            reader.join(20)
        return code

    def said(self):
        """Its error lines, without those of the log (which begin with a date)."""
        return [line for line in self.errors if not line.startswith("20")]

    def close(self):
        self.process.kill()
        self.ended()
        self.process.stdout.close()
        self.process.stderr.close()


def verify(program, path, *more):
    done = subprocess.run([program, "--json", *more, path], stdout=subprocess.PIPE, text=True, timeout=120)
    return done.returncode, json.loads(done.stdout)


def decoded_frames(directory):
    """Frames of a directory's segments, as ffmpeg decodes them; any error of the decoder is one."""
    segments = sorted(name for name in os.listdir(directory) if name.endswith(".m4s"))
    content = b""
    for name in ["init.mp4", *segments]:
        with open(os.path.join(directory, name), "rb") as file:
            content += file.read()
    done = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", "-", "-vsync", "passthrough", "-f", "framecrc", "-"],
                          input=content, capture_output=True, timeout=120, check=True)
    return sum(1 for line in done.stdout.splitlines() if line.startswith(b"0,"))
