"""A real ledger, a real authority on loopback (openssl ts) and netsampler-stamp between them: the token becomes the newest beacon."""
import hashlib
import os
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from stamped_box import StampedBox  # noqa: E402

STAMP, LEDGER, SOURCE = sys.argv[1:4]


class WithLedger(StampedBox):
    def setUp(self):
        super().setUp()
        self.authority = self.start(sys.executable, os.path.join(SOURCE, "tests/tsa/authority.py"), "--dir", self.state + "/tsa")
        self.write_config([self.authority["url"]])
        self.start(LEDGER, "--state", self.state)
        self.call(op="case_open", case="C1", actor="test", body={}, private={})

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
            self.write_config(["http://127.0.0.1:%d/" % taken.getsockname()[1]])
            self.assertEqual(self.stamp().returncode, 1)
        self.assertEqual(self.call(op="log_state")["stamped"], 0)
        self.assertFalse(os.path.exists(self.state + "/data/log/tokens"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[4:])
