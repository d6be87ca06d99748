"""netsampler-stamp with real authorities on loopback (openssl ts behind HTTP) and a ledger made up: every lie beside its honest twin."""
import base64
import contextlib
import fcntl
import hashlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM, SOURCE = sys.argv[1], sys.argv[2]
NOTE = "netsampler.test/log\n{size}\n" + "A" * 43 + "=\n\n\u2014 netsampler.test/log " + "A" * 92 + "\n"
KEY = bytes(range(32))
BOX_LINE = "box " + hashlib.sha256(KEY).hexdigest() + " " + base64.b64encode(KEY).decode() + " box"
LIMIT_S = 60


class Ledger:
    """Answers log_state and token_store; what was stored is kept."""

    def __init__(self, path):
        self.size, self.stamped, self.tokens = 3, 0, []
        self.changed = threading.Condition()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(4)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        with peer, contextlib.suppress(OSError):
            while True:
                data, descriptors, _, _ = socket.recv_fds(peer, 1 << 18, 32)
                if not data:
                    return
                peer.sendall(json.dumps(self.answer(json.loads(data), descriptors)).encode())

    def answer(self, request, descriptors):
        with self.changed:
            if request["op"] == "log_state":
                return {"ok": True, "size": self.size, "checkpoint": NOTE.format(size=self.size), "stamped": self.stamped}
            with os.fdopen(descriptors[0], "rb") as file:
                sealed = fcntl.fcntl(file.fileno(), 1034) & 0xE == 0xE
                response = os.pread(file.fileno(), 1 << 20, 0)
            self.tokens.append((request["checkpoint_size"], request["authority"], request["files"], sealed, response))
            self.stamped = request["checkpoint_size"]
            self.changed.notify_all()
            return {"ok": True, "path": "log/tokens/3-1.tsr", "sha256": hashlib.sha256(response).hexdigest()}

    def close(self):
        self.listener.close()


def read_line(process, limit_s=LIMIT_S):
    """The next line, byte by byte: what stands behind it is left in the pipe."""
    line, end = b"", time.monotonic() + limit_s
    while not line.endswith(b"\n"):
        if not select.select([process.stdout], [], [], max(0, end - time.monotonic()))[0]:
            raise AssertionError("no line within %d s" % limit_s)
        byte = os.read(process.stdout.fileno(), 1)
        if not byte:
            raise AssertionError("it ended in the middle of %r" % line)
        line += byte
    return json.loads(line)


class Stamping(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.state = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-stamp-"))
        os.mkdir(os.path.join(self.state, "run"))
        self.ledger = Ledger(os.path.join(self.state, "run", "ledger.sock"))
        self.stack.callback(self.ledger.close)

    def authority(self, *options, name="tsa"):
        process = subprocess.Popen([sys.executable, os.path.join(SOURCE, "tests/tsa/authority.py"), "--dir",
                                    os.path.join(self.state, name), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def end():
            process.stdin.close()
            process.wait(20)
            process.stdout.close()
        self.stack.callback(end)
        return read_line(process)

    def configure(self, *authorities, trusted=None):
        with open(os.path.join(self.state, "netsampler.conf"), "w", encoding="utf-8") as out:
            json.dump({"time_stamp_authorities": [one if isinstance(one, str) else one["url"] for one in authorities]}, out)
        lines = ["netsampler-policy v1", BOX_LINE] + ["tsa " + one["ca_sha256"] + " local" for one in (trusted or [])]
        with open(os.path.join(self.state, "policy.txt"), "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")

    def once(self, *options):
        done = subprocess.run([PROGRAM, "--state", self.state, "--once", *(options or ("--timeout", "20"))], capture_output=True, text=True, timeout=LIMIT_S)
        return done.returncode, done.stdout, done.stderr

    def start(self, *options):
        process = subprocess.Popen([PROGRAM, "--state", self.state, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=20)
        self.stack.callback(end)
        self.assertEqual(read_line(process), {"event": "ready"})
        return process

    def verified_by_openssl(self, authority, response):
        paths = [os.path.join(self.state, name) for name in ("stamped", "response")]
        for path, content in zip(paths, (NOTE.format(size=self.ledger.size).encode(), response)):
            with open(path, "wb") as out:
                out.write(content)
        done = subprocess.run(["openssl", "ts", "-verify", "-data", paths[0], "-in", paths[1], "-CAfile", authority["ca"]],
                              capture_output=True, text=True, timeout=30)
        return done.returncode == 0

    def test_an_honest_authority(self):
        authority = self.authority()
        self.configure(authority, trusted=[authority])
        code, said, errors = self.once()
        self.assertEqual((code, errors), (0, ""))
        event = json.loads(said)
        self.assertEqual((event["event"], event["checkpoint_size"], event["authority"]), ("stamped", 3, authority["url"]))
        self.assertLess(abs(event["gen_time_us"] / 1e6 - time.time()), LIMIT_S)
        size, name, files, sealed, response = self.ledger.tokens[0]
        self.assertEqual((size, name, files, sealed), (3, authority["url"], ["response.tsr"], True))
        self.assertTrue(self.verified_by_openssl(authority, response))
        self.assertEqual(self.once()[:2], (0, ""))  # nothing waits any more
        self.assertEqual(len(self.ledger.tokens), 1)

    def test_lies_and_troubles_are_passed_over_and_named(self):
        honest = self.authority(name="honest")
        reasons = {"nonce": "token-nonce", "imprint": "token-imprint", "expired": "token-chain", "no-eku": "token-purpose",
                   "http-500": "HTTP 500", "oversized": "larger than 1 MiB", "garbage": "token-malformed", "refuse": "token-refused: the authority"}
        for lie, reason in reasons.items():
            with self.subTest(lie):
                self.ledger.stamped = 0
                liar = self.authority("--lie", lie, name=lie)
                self.configure(liar, trusted=[liar, honest])
                code, said, errors = self.once()
                self.assertEqual((code, said, errors.count("\n")), (1, "", 1), errors)
                self.assertIn(reason, errors)
                self.configure(liar, honest, trusted=[liar, honest])
                self.assertEqual(self.once()[0], 0)
                self.assertEqual(self.ledger.tokens[-1][1], honest["url"])

    def test_a_silent_authority_and_one_that_is_gone(self):
        silent, honest = self.authority("--lie", "silent", name="silent"), self.authority(name="honest")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            gone = "http://127.0.0.1:%d/" % free.getsockname()[1]
            self.configure(gone, silent, trusted=[honest])
            code, _, errors = self.once("--timeout", "1")
            self.assertEqual(code, 1)
            self.assertIn("Timeout was reached", errors)
            self.configure(gone, silent, honest, trusted=[honest])
            self.assertEqual(self.once("--timeout", "10")[0], 0)

    def test_an_authority_that_the_policy_does_not_name(self):
        named, other = self.authority(name="named"), self.authority(name="other")
        self.configure(other, trusted=[named])
        code, _, errors = self.once()
        self.assertEqual(code, 1)
        self.assertIn("tsa-untrusted", errors)
        self.configure(other)  # a box that names none takes it: the verifier's policy decides
        self.assertEqual(self.once()[0], 0)

    def test_addresses_that_are_not_http(self):
        with open(os.path.join(self.state, "token"), "wb") as out:
            out.write(b"x")
        self.configure("file://" + os.path.join(self.state, "token"))
        code, _, errors = self.once()
        self.assertEqual(code, 1)
        self.assertIn("Unsupported protocol", errors)

    def test_trouble_is_told_once_when_it_begins_and_once_when_it_is_over(self):
        authority = self.authority("--lie", "http-500", "--honest-after", "2")
        self.configure(authority, trusted=[authority])
        process = self.start("--interval", "1")
        self.assertEqual(read_line(process)["event"], "failed")
        self.assertEqual(read_line(process), {"event": "recovered"})
        self.assertEqual(read_line(process)["event"], "stamped")
        with self.ledger.changed:
            self.ledger.size = 5
        self.assertEqual(read_line(process)["checkpoint_size"], 5)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        self.assertEqual((process.returncode, errors.count(b"\n")), (0, 2), errors)

    def test_it_ends_at_once_although_an_authority_is_silent(self):
        silent = self.authority("--lie", "silent")
        self.configure(silent, trusted=[silent])
        process = self.start("--timeout", "300")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)

    def test_without_ledger_or_authorities_one_line_says_why(self):
        self.configure("http://127.0.0.1:9/")
        self.ledger.close()
        os.unlink(os.path.join(self.state, "run", "ledger.sock"))
        code, _, errors = self.once()
        self.assertEqual((code, errors.count("\n")), (1, 1))
        self.assertIn("reaching the ledger", errors)
        self.configure()
        code, _, errors = self.once()
        self.assertEqual((code, errors.count("\n")), (65, 1))
        self.assertIn("time_stamp_authorities", errors)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:])
