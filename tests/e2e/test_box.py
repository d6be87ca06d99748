"""The box under bad input and sudden death, with real processes: one clear line, the right exit code, nothing sealed is lost."""
import json
import os
import signal
import socket
import subprocess
import sys
import unittest

from box import Box, NoMount, codes, program, wait_until


def one_line(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("20")]  # log lines begin with a date
    return len(lines) == 1


def chain_of(box, recording):
    with open(os.path.join(box.recording(recording), "chain.jsonl"), "rb") as chain:
        return [json.loads(line) for line in chain.read().split(b"\n")[:-1]]


def phase_of(box, recording):
    """What the chain on the disk says: how many records, and the last one's type."""
    records = chain_of(box, recording)
    return len(records), records[-1]["type"]


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Box()
        cls.box.__enter__()
        cls.box.run("case", "new", "--case", "A-1", "--title", "样品", check=True)

    @classmethod
    def tearDownClass(cls):
        cls.box.__exit__()

    def refused(self, done, code, word):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertTrue(one_line(done.stderr), done.stderr)
        self.assertIn(word, done.stderr)

    def test_case_that_does_not_exist(self):
        self.refused(self.box.record("start", "NONE"), 1, "NONE")
        self.refused(self.box.run("case", "show", "NONE"), 1, "NONE")
        self.refused(self.box.run("export", "NONE", "--profile", "full", "--out", self.box.directory + "/x"), 1, "NONE")

    def test_case_twice(self):
        self.refused(self.box.run("case", "new", "--case", "A-1"), 1, "A-1")

    def test_one_sampler(self):
        done = self.box.run("record", "start", "--case", "A-1", "--sampler", "s1", "--credentials", "-", stdin=self.box.credentials())
        self.refused(done, 64, "sampler")

    def test_wrong_password(self):
        done = self.box.run("record", "start", "--case", "A-1", "--sampler", "s1", "--sampler", "s2", "--credentials", "-",
                            stdin="s1 first secret\ns2 wrong\n")
        self.refused(done, 1, "password")
        self.assertEqual(os.listdir(os.path.join(self.box.state, "data", "recordings")), [])

    def test_no_such_display(self):
        self.refused(self.box.record("start", "A-1", "--display", ":9876"), 1, ":9876")

    def test_no_camera(self):
        self.refused(self.box.run("unbox", "start", "--camera", "rtsp://127.0.0.1:1/none"), 1, "127.0.0.1:1")

    def test_unknown_words(self):
        self.refused(self.box.run("recrod"), 64, "recrod")
        self.refused(self.box.run("record", "strat"), 64, "strat")
        bare = subprocess.run([program("netsampler")], capture_output=True, text=True, timeout=30)
        self.refused(bare, 64, "--help")
        self.assertEqual(self.box.run("record", "--help").returncode, 0)

    def test_unreadable_configuration(self):
        state = os.path.join(self.box.directory, "broken")
        os.makedirs(state)
        with open(os.path.join(state, "netsampler.conf"), "w", encoding="utf-8") as out:
            out.write('{"browser": 7}')
        done = subprocess.run([program("netsampler"), "up", "--state", state], capture_output=True, text=True, timeout=30)
        self.refused(done, 65, "browser")

    def test_a_box_that_is_not_running(self):
        done = subprocess.run([program("netsampler"), "case", "new", "--state", self.box.directory + "/nobody"], capture_output=True,
                              text=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(one_line(done.stderr), done.stderr)

    def test_nothing_to_verify(self):
        code, _ = self.box.verify(os.path.join(self.box.directory, "t"))
        self.assertEqual(code, 65)


class NotReady(unittest.TestCase):
    """What is missing on the machine is told before a chain is opened."""

    def box(self, **config):
        box = Box(config=config)
        box.__enter__()
        self.addCleanup(box.__exit__)
        box.run("case", "new", "--case", "A-1", check=True)
        return box

    def refused(self, box, code, word):
        done = box.record("start", "A-1")
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertTrue(one_line(done.stderr), done.stderr)
        self.assertIn(word, done.stderr)
        self.assertEqual(os.listdir(os.path.join(box.state, "data", "recordings")), [])

    def test_no_browser(self):
        self.refused(self.box(browser="no-such-browser"), 1, "no-such-browser")

    def test_disk_nearly_full(self):
        box = self.box()
        box.stop()
        box.configure(minimum_free_bytes=1 << 50)
        box.start()
        self.refused(box, 74, "full")

    def test_no_time_server(self):
        box = self.box(time_servers=["127.0.0.1:9"], chronyd_socket="/nonexistent/chronyd.sock")
        self.refused(box, 1, "clock")
        recording = json.loads(box.record("start", "A-1", "--accept-clock", check=True).stdout)["recording"]
        box.record("stop", "A-1", check=True)
        code, report = box.verify(box.recording(recording), "--policy", box.policy())
        self.assertEqual(code, 1)
        self.assertIn("clock-limit", codes(report))
        records = chain_of(box, recording)
        self.assertEqual([r["code"] for r in records if r["type"] == "finding" and r["code"].startswith("clock-")], ["clock-beyond-limit"])


class FullDisk(unittest.TestCase):
    def test_what_was_sealed_before_the_disk_was_full_verifies(self):
        box = Box(small_disk=True)
        try:
            box.__enter__()
        except NoMount as error:
            self.skipTest(f"no small disk here: {error}")
        self.addCleanup(box.__exit__)
        box.run("case", "new", "--case", "A-1", check=True)
        recording = json.loads(box.record("start", "A-1", check=True).stdout)["recording"]
        box.fill_disk()
        wait_until(lambda: box.record("stop", "A-1").returncode == 1, 60, "the recording ended by itself")
        self.assertEqual(phase_of(box, recording)[1], "close")
        code, report = box.verify(box.recording(recording), "--policy", box.policy())
        self.assertEqual(code, 1, report["findings"])
        self.assertEqual([f for f in report["findings"] if f["severity"] == "broken"], [])
        self.assertGreaterEqual(report["segments"], 1)


class Recording(unittest.TestCase):
    def setUp(self):
        self.box = Box()
        self.box.__enter__()
        self.addCleanup(self.box.__exit__)
        self.box.run("case", "new", "--case", "A-1", check=True)

    def start(self):
        return json.loads(self.box.record("start", "A-1", check=True).stdout)["recording"]

    def sealed(self, recording, count):
        media = os.path.join(self.box.recording(recording), "media", "screen")
        return wait_until(lambda: len([n for n in os.listdir(media) if n.endswith(".m4s")]) >= count, 30, f"{count} segments")

    def test_start_stop_export_verify(self):
        recording = self.start()
        second = self.box.record("start", "A-1")
        self.assertEqual(second.returncode, 1)
        self.assertIn("already", second.stderr)
        self.sealed(recording, 3)
        stopped = json.loads(self.box.record("stop", "A-1", check=True).stdout)
        self.assertEqual(stopped["included"], ["A-1"])
        phases = [r["phase"] for r in chain_of(self.box, recording) if r["type"] == "clock"]
        self.assertEqual((phases.count("before"), phases.count("after")), (1, 1), phases)
        out = os.path.join(self.box.directory, "out")
        bundle = json.loads(self.box.run("export", "A-1", "--profile", "full", "--out", out, "--json", check=True).stdout.splitlines()[-1])["bundle"]
        code, report = self.box.verify(bundle, "--policy", self.box.policy())
        self.assertEqual((code, report["verdict"], codes(report)), (1, "PARTIAL", ["unstamped"]), report["findings"])
        code, report = self.box.verify(bundle)
        self.assertIn("untrusted", codes(report))

    def interrupted(self, recording):
        code, report = self.box.verify(self.box.recording(recording), "--policy", self.box.policy())
        self.assertEqual(code, 1, report)
        self.assertIn("interrupted", codes(report))
        self.assertGreaterEqual(report["segments"], 2)
        code, report = self.box.verify(self.box.state, "--policy", self.box.policy())  # all of it, sockets and all
        self.assertEqual(code, 1, report)

    def test_ledger_killed(self):
        recording = self.start()
        self.sealed(recording, 2)
        self.box.kill("netsampler-ledger")
        wait_until(lambda: self.box.record("stop", "A-1").returncode == 1, 30, "the recording's end")
        self.interrupted(recording)
        wait_until(lambda: json.loads(self.box.run("case", "show", "A-1", "--json").stdout or "{}").get("recordings", [{}])[0].get("state") == "interrupted",
                   30, "the case says interrupted")

    def sessions(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as control:
            control.connect(os.path.join(self.box.state, "run", "control.sock"))
            control.send(b'{"op":"state"}')
            return json.loads(control.recv(1 << 17))["sessions"]

    def test_stopped_ledger_costs_no_picture_and_is_told(self):
        recording = self.start()
        self.sealed(recording, 2)
        self.assertNotIn("waiting", self.sessions()[-1])
        ledger = self.box.processes("netsampler-ledger")[0]
        os.kill(ledger, signal.SIGSTOP)
        told = wait_until(lambda: self.sessions()[-1].get("waiting"), 30, "what waits is told")
        self.assertGreaterEqual(told["seconds"], 5)
        os.kill(ledger, signal.SIGCONT)
        wait_until(lambda: "waiting" not in self.sessions()[-1], 30, "nothing waits any more")
        self.box.record("stop", "A-1", check=True)
        _, report = self.box.verify(self.box.recording(recording), "--policy", self.box.policy())
        self.assertEqual((report["gaps"], [f for f in report["findings"] if f["severity"] == "broken"]), ([], []))
        self.assertEqual(sum(r["dropped"] for r in chain_of(self.box, recording) if r["type"] == "segment"), 0)

    def test_recorder_killed(self):
        recording = self.start()
        self.sealed(recording, 2)
        for pid in self.box.processes("netsampler-capture"):
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if b"screen" in file.read():
                    os.kill(pid, 9)
        wait_until(lambda: phase_of(self.box, recording)[1] == "close", 30, "the chain closed as failed")
        code, report = self.box.verify(self.box.recording(recording), "--policy", self.box.policy())
        self.assertEqual(code, 1, report)
        self.assertGreaterEqual(report["segments"], 2)

    def test_everything_killed_then_up_again(self):
        recording = self.start()
        self.sealed(recording, 2)
        self.box.up.kill()
        self.box.up.wait()
        self.box.forget_up()
        wait_until(lambda: not self.box.processes("netsampler-ledger"), 10, "children die with the supervisor")
        self.box.start()
        self.interrupted(recording)
        again = self.start()
        self.assertNotEqual(again, recording)
        self.box.record("stop", "A-1", check=True)


if __name__ == "__main__":
    sys.exit(unittest.main())
