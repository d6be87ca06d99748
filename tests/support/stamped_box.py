"""For tests with real programs around a ledger: a state directory of the test's own, programs that tell their first line and end with the test,
a configuration that names authorities, and requests to the ledger."""
import contextlib
import json
import select
import socket
import subprocess
import tempfile
import unittest


def first_line(process):
    if not select.select([process.stdout], [], [], 60)[0]:
        raise AssertionError("no line within a minute")
    return json.loads(process.stdout.readline())


class StampedBox(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.state = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-stamped-"))

    def start(self, *arguments):
        """What the program said first; the program itself is self.last."""
        process = self.last = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def end():
            if process.poll() is None:
                process.terminate()
            process.wait(30)
            process.stdin.close()
            process.stdout.close()
        self.stack.callback(end)
        return first_line(process)

    def write_config(self, authorities, **more):
        with open(self.state + "/netsampler.conf", "w", encoding="utf-8") as out:
            json.dump({"time_stamp_authorities": authorities, "minimum_free_bytes": 0, **more}, out)

    def ask(self, **request):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as ledger:
            ledger.connect(self.state + "/run/ledger.sock")
            ledger.sendall(json.dumps(request).encode())
            return json.loads(ledger.recv(1 << 18))

    def call(self, **request):
        reply = self.ask(**request)
        self.assertTrue(reply["ok"], reply)
        return reply
