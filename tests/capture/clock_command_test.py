"""netsampler-capture clock against real chronyd servers on loopback and a ledger's socket: argv = program, source directory."""
import json
import os
import signal
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM, SOURCE = sys.argv[1], sys.argv[2]
BINARIES = os.path.dirname(PROGRAM)
sys.path.insert(0, os.path.join(SOURCE, "tests/evidence/ledger"))
from ledger_process import Ledger  # noqa: E402


class TimeServers:
    def __init__(self, directory):
        script = os.path.join(SOURCE, "tests/time/time_servers.py")
        self.process = subprocess.Popen(["/usr/bin/python3", script, directory],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


class Liar:
    """A time server of stratum 2 that answers `ahead` seconds ahead of the system clock and counts itself exact."""

    def __init__(self, ahead, port=0):
        self.ahead = ahead
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.wake_read, self.wake_write = os.pipe()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def name(self):
        return f"127.0.0.1:{self.port}"

    def stamp(self):
        return int((time.time() + self.ahead + 2208988800) * (1 << 32)) & ((1 << 64) - 1)

    def serve(self):
        while True:
            ready, _, _ = select.select([self.socket, self.wake_read], [], [])
            if self.wake_read in ready:
                return
            request, peer = self.socket.recvfrom(512)
            head = struct.pack(">BBbbIII", 0x24, 2, 6, -20, 0, 0, 0x7F000001)
            answer = head + struct.pack(">Q", self.stamp()) + request[40:48] + struct.pack(">QQ", self.stamp(), self.stamp())
            self.socket.sendto(answer, peer)

    def vanish(self):
        if self.thread is None:
            return
        os.write(self.wake_write, b"x")
        self.thread.join()
        self.thread = None
        self.socket.close()
        os.close(self.wake_read)
        os.close(self.wake_write)


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

    def liar(self, ahead, port=0):
        liar = Liar(ahead, port)
        self.addCleanup(liar.vanish)
        return liar

    def measured(self, servers, chronyd):
        run = once(state_directory(os.path.join(self.root, "s"), servers, chronyd))
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def test_one_liar_is_outvoted_by_two_honest_servers_and_widens_the_bound_against_one(self):
        facts, liar = self.real_servers(), self.liar(7)
        honest = self.measured(facts["servers"], facts["socket"])
        self.assertEqual(honest["agreement"], "agree", honest)
        outvoted = self.measured(facts["servers"] + [liar.name()], facts["socket"])
        self.assertEqual(outvoted["agreement"], "outvoted", outvoted)
        self.assertLess(outvoted["error_us"], 100_000)
        even = self.measured(facts["servers"][:1] + [liar.name()], facts["socket"])
        self.assertEqual((even["agreement"], even["state"]), ("contradict", "synchronised"), even)
        self.assertGreater(even["error_us"], 6_900_000)
        alone = self.measured([liar.name()], facts["socket"])
        self.assertEqual((alone["agreement"], alone["state"]), ("contradict", "unsynchronised"), alone)
        self.assertGreater(alone["error_us"], 6_900_000)
        for body in (honest, outvoted, even, alone):
            self.assertIsInstance(body["kernel_synchronised"], bool)
            self.assertIsInstance(body["kernel_freq_ppb"], int)

    def chain(self, box, recording):
        with open(box.path("data", "recordings", recording, "chain.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def wait_for(self, box, recording, holds, what):
        end = time.monotonic() + 40
        while time.monotonic() < end:
            if holds(self.chain(box, recording)):
                return
            select.select([], [], [], 0.2)
        self.fail(f"{what} did not come: {self.chain(box, recording)[-3:]}")

    def findings(self, chain):
        return [(r["code"], r["severity"]) for r in chain if r["type"] == "finding"]

    def test_before_during_and_after_stand_in_the_chain_and_a_liar_is_told_once_each_time_it_comes(self):
        facts = self.real_servers()
        liar = self.liar(7)
        port, code = liar.port, ("clock-sources-disagree", "partial")
        liar.vanish()
        config = {"minimum_free_bytes": 1 << 20, "time_servers": facts["servers"][:1] + [f"127.0.0.1:{port}"], "chronyd_socket": facts["socket"]}
        with Ledger(os.path.join(BINARIES, "netsampler-ledger"), config) as box:
            socket_path = box.path("run", "ledger.sock")
            self.assertEqual(once(box.state, "--ledger", socket_path).returncode, 0)
            recording = box.call("recording_open", kind="unboxing")["recording"]
            look = lambda phase: once(box.state, "--ledger", socket_path, "--recording", recording, "--phase", phase)  # noqa: E731
            self.assertEqual(look("before").returncode, 0)
            witness = subprocess.Popen([PROGRAM, "clock", "--state", box.state, "--ledger", socket_path, "--interval", "1"], stderr=subprocess.DEVNULL)
            self.addCleanup(witness.wait)
            self.addCleanup(witness.kill)

            def clocks(chain):
                return [r for r in chain if r["type"] == "clock"]
            for times in (1, 2):
                self.wait_for(box, recording, lambda c: clocks(c)[-1]["phase"] == "during" and clocks(c)[-1]["agreement"] == "agree", "agreement")
                liar = self.liar(7, port)
                self.wait_for(box, recording, lambda c: self.findings(c) == [code] * times, f"finding {times}")
                seen = len(clocks(self.chain(box, recording)))
                self.wait_for(box, recording, lambda c: len(clocks(c)) >= seen + 2, "two more measurements")
                liar.vanish()
            witness.send_signal(signal.SIGTERM)
            self.assertEqual(witness.wait(20), 0)
            self.assertEqual(look("after").returncode, 0)
            box.call("recording_close", recording=recording, reason="stopped")
            records = self.chain(box, recording)
            phases = [r["phase"] for r in clocks(records)]
            self.assertEqual((phases[0], phases[-1], set(phases[1:-1])), ("before", "after", {"during"}))
            self.assertEqual(self.findings(records), [code, code])
            for record in clocks(records):
                self.assertTrue(record["servers"][0]["ok"], record)
            self.assertTrue(all(r["err_us"] > 6_900_000 for r in clocks(records) if r["agreement"] == "contradict" and r["phase"] == "during"))
            verified = subprocess.run([os.path.join(BINARIES, "netsampler-verify"), "--policy", box.path("policy.txt"), "--json",
                                       box.path("data", "recordings", recording)], capture_output=True, text=True, timeout=60)
            self.assertEqual(verified.returncode, 1, verified.stderr)
            codes = {f["code"] for f in json.loads(verified.stdout)["findings"]}
            self.assertEqual(codes, {"clock-limit", "recorded-partial", "unstamped"})

    def test_a_recording_that_is_not_open_is_an_error(self):
        with Ledger(os.path.join(BINARIES, "netsampler-ledger"), {"minimum_free_bytes": 1 << 20, "time_servers": []}) as box:
            run = once(box.state, "--ledger", box.path("run", "ledger.sock"), "--recording", "a" * 26, "--phase", "before")
            self.assertEqual(run.returncode, 1)
            self.assertIn("no open recording", run.stderr)
        usage = once(self.root, "--recording", "a" * 26)
        self.assertEqual(usage.returncode, 64)
        self.assertEqual(once(self.root, "--phase", "later").returncode, 64)

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
