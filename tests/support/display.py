"""What tests with real programs wait with, and the screen they draw on."""
import os
import subprocess
import time


def wait_until(condition, seconds, what):
    """The condition's first true value; a test waits on nothing else."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Display:
    """An X server without a screen, on a number of its own."""

    def __init__(self, size="1024x768x24"):
        reading, writing = os.pipe()
        self.process = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
                                        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as number:
            self.name = ":" + number.readline().strip()
        if self.name == ":":
            raise AssertionError("Xvfb did not start")

    def close(self):
        self.process.kill()
        self.process.wait()
