"""A real ledger, a real authority on loopback (openssl ts) and netsampler-stamp between them: the token becomes the newest beacon."""
import contextlib
import hashlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import unittest

STAMP, LEDGER, SOURCE = sys.argv[1:4]


def first_line(process):
    if not select.select([process.stdout], [], [], 60)[0]:
        raise AssertionError("not ready within a minute")
    return json.loads(process.stdout.readline())


class WithLedger(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.state = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-stamp-"))
        self.socket = os.path.join(self.state, "run", "ledger.sock")
        self.authority = self.start(sys.executable, os.path.join(SOURCE, "tests/tsa/authority.py"), "--dir", self.state + "/tsa")
        self.configure([self.authority["url"]])
        self.start(LEDGER, "--state", self.state)
        self.call(op="case_open", case="C1", actor="test", body={}, private={})

    def start(self, *arguments):
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def end():
            process.terminate()
            process.wait(30)
            process.stdin.close()
            process.stdout.close()
        self.stack.callback(end)
        return first_line(process)

    def configure(self, authorities):
        with open(self.state + "/netsampler.conf", "w", encoding="utf-8") as out:
            json.dump({"time_stamp_authorities": authorities, "minimum_free_bytes": 0}, out)

    def call(self, **request):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as ledger:
            ledger.connect(self.socket)
            ledger.sendall(json.dumps(request).encode())
            reply = json.loads(ledger.recv(1 << 18))
        self.assertTrue(reply["ok"], reply)
        return reply

    def stamp(self):
        return subprocess.run([STAMP, "--state", self.state, "--once"], capture_output=True, text=True, timeout=60)

    def test_the_token_is_stored_and_is_the_beacon(self):
        flushed = self.call(op="log_flush")
        done = self.stamp()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        state = self.call(op="log_state")
        self.assertEqual(state["stamped"], flushed["size"])
        folder = self.state + "/data/log/tokens"
        names = os.listdir(folder)
        self.assertEqual(len(names), 1)
        with open(os.path.join(folder, names[0]), "rb") as file:
            response = file.read()
        self.assertEqual(hashlib.sha256(response).hexdigest(), state["beacon"])
        with open(self.state + "/stamped", "w", encoding="utf-8") as out:
            out.write(flushed["checkpoint"])
        told = subprocess.run(["openssl", "ts", "-verify", "-data", self.state + "/stamped", "-in", os.path.join(folder, names[0]),
                               "-CAfile", self.authority["ca"]], capture_output=True, text=True, timeout=30)
        self.assertEqual(told.returncode, 0, told.stderr)

    def test_without_an_authority_nothing_is_stored(self):
        self.call(op="log_flush")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, nobody listens
            self.configure(["http://127.0.0.1:%d/" % taken.getsockname()[1]])
            self.assertEqual(self.stamp().returncode, 1)
        self.assertEqual(self.call(op="log_state")["stamped"], 0)
        self.assertFalse(os.path.exists(self.state + "/data/log/tokens"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[4:])
