"""Real processes: ledger, authority (openssl ts behind HTTP), netsampler-witness and netsampler-stamp between them; the verifier judges
with a quorum of one. Each sound run beside its twin: a witness that is away, that answers late, that lies, that has seen another log."""
import base64
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from stamped_box import StampedBox  # noqa: E402

STAMP, LEDGER, WITNESS, VERIFY, SOURCE = sys.argv[1:6]
NAME = "witness.test/w1"


class Liar(http.server.BaseHTTPRequestHandler):
    answer = (200, b"")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        code, body = self.server.answer
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Witnessing(StampedBox):
    def setUp(self):
        super().setUp()
        self.authority = self.start(sys.executable, SOURCE + "/tests/tsa/authority.py", "--dir", self.state + "/tsa")
        self.configure([])
        self.start(LEDGER, "--state", self.state)
        with open(self.state + "/policy.txt", encoding="utf-8") as file:
            self.box_line = next(line.strip() for line in file if line.startswith("box "))
        self.key_line = subprocess.run([WITNESS, "--dir", self.state + "/w", "--name", NAME, "--show"], capture_output=True, text=True,
                                       timeout=30, check=True).stdout.strip()
        with open(self.state + "/policy.txt", "a", encoding="utf-8") as out:
            out.write("tsa " + self.authority["ca_sha256"] + " local\n" + self.key_line + "\nquorum 1\n")
        self.call(op="case_open", case="C1", actor="test", body={}, private={})

    def start_witness(self, listen="127.0.0.1:0", directory="/w"):
        return self.start(WITNESS, "--dir", self.state + directory, "--name", NAME, "--listen", listen, "--log", self.box_line)["url"]

    def configure(self, urls):
        witnesses = [{"url": url, "name": NAME, "key": self.key_line.split()[2]} for url in urls]
        self.write_config([self.authority["url"]], witnesses=witnesses)

    def grow(self):
        self.call(op="book_append", case="C1", type="decision", actor="test", body={"decision": "noted"}, private={})
        return self.call(op="log_flush")["size"]

    def stamp(self):
        done = subprocess.run([STAMP, "--state", self.state, "--once"], capture_output=True, text=True, timeout=90)
        self.assertEqual(done.returncode, 0, done.stderr)  # whatever witnesses do, the token comes
        return [json.loads(line) for line in done.stdout.splitlines()]

    def codes(self):
        done = subprocess.run([VERIFY, "--policy", self.state + "/policy.txt", "--json", "--case", "C1", self.state + "/data"], capture_output=True,
                              text=True, timeout=60)
        report = json.loads(done.stdout)
        return {finding["code"] for finding in report["findings"]}, report["log"]["witnessed"]

    def test_cosigned_and_stamped_is_witnessed(self):
        self.configure([self.start_witness()])
        for _ in range(3):
            size = self.grow()
            events = self.stamp()
            self.assertEqual([event["event"] for event in events], ["cosigned", "stamped"])
            codes, witnessed = self.codes()
            self.assertEqual(witnessed, size)
            self.assertFalse(codes & {"witness-quorum", "token-unbound", "unstamped"}, codes)
        self.assertEqual(self.stamp()[0]["event"], "cosigned")  # a new process asks once more; nothing changes by it
        self.assertEqual(self.codes()[1], size)

    def test_without_a_witness_the_quorum_is_missed(self):
        self.grow()
        self.assertEqual([event["event"] for event in self.stamp()], ["stamped"])
        codes, witnessed = self.codes()
        self.assertIn("witness-quorum", codes)
        self.assertEqual(witnessed, 0)

    def test_one_that_was_away_cosigns_when_it_is_back(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, nobody listens
            self.configure(["http://127.0.0.1:%d" % taken.getsockname()[1]])
            self.grow()
            self.assertEqual([event["event"] for event in self.stamp()], ["witness-failed", "stamped"])
        self.assertIn("witness-quorum", self.codes()[0])
        self.configure([self.start_witness()])
        self.assertEqual([event["event"] for event in self.stamp()], ["cosigned"])  # late, over a checkpoint that is stamped already
        codes, _ = self.codes()
        self.assertFalse(codes & {"witness-quorum", "token-unbound"}, codes)

    def test_lies_are_told_and_never_stored(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Liar)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stack.callback(server.server_close)
        self.stack.callback(server.shutdown)
        self.configure(["http://127.0.0.1:%d" % server.server_address[1]])
        size = self.grow()
        before = self.call(op="log_state")["checkpoint"]
        lies = [(200, b"garbage"), (200, ("\u2014 %s %s\n" % (NAME, "A" * 102 + "==")).encode()), (500, b""), (409, b"1000000\n"), (409, b"x\n"),
                (200, b"\xe2\x80\x94 " * 5000)]
        for server.answer in lies:
            with self.subTest(server.answer[0]):
                failed = [event for event in self.stamp() if event["event"] == "witness-failed"]
                self.assertEqual(len(failed), 1)
                self.assertEqual(self.call(op="log_state")["checkpoint"], before)
        self.assertEqual(self.call(op="log_state")["stamped"], size)

    def test_what_it_keeps_is_the_boxs_own_checkpoint(self):
        self.configure([self.start_witness()])
        self.grow()
        self.stamp()
        path = self.state + "/w/logs/" + os.listdir(self.state + "/w/logs")[0]
        with open(path, encoding="utf-8") as file:
            self.assertIn(self.box_line.split()[1], file.readline())  # what it keeps is the box's own checkpoint
        self.assertEqual(os.listdir(self.state + "/w/conflicts"), [])

    def test_the_ledger_takes_lines_of_cosignatures_alone(self):
        size = self.grow()
        note = self.call(op="log_state")["checkpoint"]
        own, good = note.splitlines()[-1], "\u2014 %s %s" % (NAME, base64.b64encode(bytes(76)).decode())
        for line in ("", "x", own, good + "\n" + good, "\u2014 %s %s" % (NAME, base64.b64encode(bytes(68)).decode())):
            self.assertFalse(self.ask(op="cosignature_store", checkpoint_size=size, line=line)["ok"], line)
        self.assertFalse(self.ask(op="cosignature_store", checkpoint_size=size + 1, line=good)["ok"])
        self.assertEqual(self.call(op="log_state")["checkpoint"], note)
        for _ in range(2):  # the second time it stands there already
            self.call(op="cosignature_store", checkpoint_size=size, line=good)
            self.assertEqual(self.call(op="log_state")["checkpoint"], note + good + "\n")

    def test_two_on_one_directory_are_refused(self):
        self.start_witness()
        second = subprocess.run([WITNESS, "--dir", self.state + "/w", "--name", NAME, "--listen", "127.0.0.1:0", "--log", self.box_line],
                                capture_output=True, text=True, timeout=30)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("taken by another", second.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[6:])
