"""netsampler-capture clock against real chronyd servers on loopback and a ledger's socket: argv = program, source directory."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = sys.argv[1], sys.argv[2]


class TimeServers:
    def __init__(self, directory):
        script = os.path.join(SOURCE, "tests/time/time_servers.py")
        self.process = subprocess.Popen(["/usr/bin/python3", script, directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def state_directory(root, servers, chronyd_socket):
    os.makedirs(root, exist_ok=True)
    with open(os.path.join(root, "netsampler.conf"), "w", encoding="utf-8") as conf:
        json.dump({"time_servers": servers, "chronyd_socket": chronyd_socket}, conf)
    return root


def once(state, *more):
    return subprocess.run([PROGRAM, "clock", "--state", state, "--once", "--json", *more], capture_output=True, text=True, timeout=60)


class ClockCommand(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.root = self.scratch.name

    def real_servers(self):
        servers = TimeServers(os.path.join(self.root, "time"))
        self.addCleanup(servers.stop)
        return servers.facts

    def test_real_servers_are_synchronised(self):
        facts = self.real_servers()
        state = state_directory(os.path.join(self.root, "s"), facts["servers"] + ["127.0.0.1:9"], facts["socket"])
        run = once(state)
        self.assertEqual(run.returncode, 0, run.stderr)
        body = json.loads(run.stdout)
        self.assertEqual(body["state"], "synchronised")
        self.assertEqual(body["leap"], "normal")
        self.assertLess(body["error_us"], 100_000)
        self.assertGreater(body["stratum"], 1)
        good, also, dead = body["servers"]
        self.assertTrue(good["ok"] and also["ok"], body)
        self.assertEqual(sorted([good["stratum"], also["stratum"]]), [3, 4])
        self.assertLess(abs(good["offset_us"]), 50_000)
        self.assertEqual(dead, {"server": "127.0.0.1:9", "ok": False, "why": "refused"})

    def test_nobody_there_is_unsynchronised_and_said(self):
        state = state_directory(os.path.join(self.root, "s"), ["127.0.0.1:9"], os.path.join(self.root, "none.sock"))
        run = once(state)
        self.assertEqual(run.returncode, 0)
        body = json.loads(run.stdout)
        self.assertEqual(body["state"], "unsynchronised")
        self.assertEqual(body["error_us"], 86_400_000_000)
        self.assertIn("chronyd does not answer", run.stderr)

    def test_bad_input(self):
        state = os.path.join(self.root, "s")
        os.makedirs(state)
        self.assertEqual(subprocess.run([PROGRAM, "clock", "--state", state], capture_output=True, timeout=20).returncode, 64)
        with open(os.path.join(state, "netsampler.conf"), "w", encoding="utf-8") as conf:
            conf.write('{"time_servers": "one"}')
        run = once(state)
        self.assertEqual(run.returncode, 65)
        self.assertIn("time_servers", run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1)

    def listen(self, path):
        server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server.bind(path)
        server.listen(4)
        server.settimeout(30)
        return server

    def one_request(self, server):
        peer, _ = server.accept()
        peer.settimeout(30)
        request = json.loads(peer.recv(1 << 17))
        peer.send(b'{"ok":true}')
        return peer, request

    def test_goes_on_without_a_ledger_and_tells_it_when_it_comes(self):
        state = state_directory(os.path.join(self.root, "s"), ["127.0.0.1:9"], os.path.join(self.root, "none.sock"))
        path = os.path.join(self.root, "ledger.sock")
        child = subprocess.Popen([PROGRAM, "clock", "--state", state, "--ledger", path], stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.kill)
        said = [child.stderr.readline(), child.stderr.readline()]
        self.assertTrue(any("clock's record waits" in line for line in said), said)
        server = self.listen(path)
        self.addCleanup(server.close)
        peer, request = self.one_request(server)
        self.assertEqual(request["op"], "clock")
        self.assertEqual(request["body"]["state"], "unsynchronised")
        peer.close()  # the ledger dies; a new one is told again over a new connection
        os.unlink(path)
        server.close()
        again = self.listen(path)
        self.addCleanup(again.close)
        peer, request = self.one_request(again)
        peer.close()
        self.assertEqual(request["op"], "clock")
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(20), 0)
        rest = child.stderr.read()
        self.assertLessEqual(rest.count("clock's record waits"), 2, rest)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
