"""A recording hit by what happens to machines, with real processes: what was sealed verifies, the rest is told. Each beside a recording
that nothing happened to. `faults_test.py BIN-DIRECTORY SHIM` (SHIM: tests/support/fault_shim.cc)."""
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from recorder_process import Faults, Ledger, Recorder, Screen, decoded_frames, eventually, verify

BIN, SHIM = sys.argv[1:3]
CAPTURE, LEDGER, VERIFY = (os.path.join(BIN, "netsampler-" + name) for name in ("capture", "ledger", "verify"))
SECOND = 1_000_000
# What any recording here shows that was made without time stamps; and what a machine under load may add.
ALWAYS, PERHAPS = {"unstamped"}, {"no-beacon", "recorded-partial", "key-apart", "epoch-late"}


class OnALedger(unittest.TestCase):
    """The recorder on a real ledger; both with the shim under them, which does nothing until it is told."""
    PATIENCE_S = 8

    def setUp(self):
        self.faults = Faults(SHIM)
        self.addCleanup(self.faults.close)
        self.screen = Screen()
        self.addCleanup(self.screen.close)
        self.box = Ledger(LEDGER, {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}, self.faults.env).start()
        self.addCleanup(self.box.close)
        self.box.add_samplers()
        self.box.open_case("A1")
        self.recording = self.box.open_purchase("A1", display=self.screen.display)
        self.recorder = Recorder(CAPTURE, self.screen.display, "--ledger", self.box.path("run", "ledger.sock"), "--recording", self.recording,
                                 "--case", "A1", "--patience", str(self.PATIENCE_S), env=self.faults.env)
        self.addCleanup(self.recorder.close)
        self.recorder.wait_for("sealed", 2)

    def records(self, kind):
        return [r for r in self.box.chain(self.recording) if r["type"] == kind]

    def finish(self):
        self.assertEqual(self.recorder.stop(), 0, self.recorder.errors)
        self.box.stop_recording(self.recording)

    def close_as_failed(self):
        self.box.call("recording_close", recording=self.recording, reason="failed", samplers=[])

    def verdict(self, *expected, perhaps=()):
        """PARTIAL by these reasons and no other; gives the report."""
        code, report = verify(VERIFY, self.box.path("data", "recordings", self.recording), "--policy", self.box.path("policy.txt"))
        codes = {f["code"] for f in report["findings"] if f["severity"] != "note"}
        self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
        self.assertLessEqual(set(expected) | ALWAYS, codes, report["findings"])
        self.assertLessEqual(codes, set(expected) | ALWAYS | PERHAPS | set(perhaps), report["findings"])
        return report

    def gap(self, report, cause, least_us):
        told = [g for g in report["gaps"] if g["to_us"] - g["from_us"] >= least_us]
        self.assertEqual([g["cause"] for g in told], [cause], report["gaps"])
        self.assertLess(told[0]["to_us"] - told[0]["from_us"], least_us + 20 * SECOND)


class Chained(OnALedger):
    def pause(self, process):
        """Stopped for five seconds, then on; as far as the clock of somebody else tells."""
        process.send_signal(signal.SIGSTOP)
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(5)
        process.send_signal(signal.SIGCONT)

    def test_nothing_happened(self):
        self.recorder.more_sealed(3)
        self.finish()
        report = self.verdict()
        self.assertEqual(report["gaps"], [])
        self.assertEqual(sum(r["dropped"] for r in self.records("segment")), 0)

    def test_recorder_stopped_for_five_seconds(self):
        self.pause(self.recorder.process)
        self.recorder.more_sealed(2)
        self.finish()
        self.gap(self.verdict("gap"), "stopped", 4 * SECOND)

    def test_x_server_stopped_for_five_seconds(self):
        self.pause(self.screen.server)
        self.recorder.more_sealed(2)
        self.finish()
        self.gap(self.verdict("gap"), "display", 4 * SECOND)

    def test_machine_asleep_for_ten_minutes(self):
        self.faults.set(asleep_us=600 * SECOND)
        self.recorder.more_sealed(2)
        self.finish()
        self.gap(self.verdict("gap", "epoch-late", "sealed-late"), "suspended", 590 * SECOND)

    def test_recorder_killed(self):
        self.recorder.process.kill()
        self.assertEqual(self.recorder.ended(), -signal.SIGKILL)
        self.close_as_failed()
        self.assertGreaterEqual(self.verdict()["segments"], 2)
        self.assertEqual(self.records("close")[0]["reason"], "failed")

    def test_x_server_killed(self):
        self.screen.server.kill()
        self.assertEqual(self.recorder.ended(), 1)
        self.assertEqual(len(self.recorder.said()), 1, self.recorder.errors)
        self.assertIn("is gone", self.recorder.said()[0])
        self.assertEqual(self.recorder.count("error"), 1)
        self.close_as_failed()
        self.assertGreaterEqual(self.verdict()["segments"], 2)

    def test_clock_stepped_by_an_hour_each_way(self):
        self.box.call("clock", body={"state": "synchronised", "offset_us": 0, "error_us": 5000})  # the hour adds to it
        for hours in (1, -1):
            self.faults.set(step_us=hours * 3600 * SECOND)
            self.recorder.more_sealed(2)
        self.finish()
        report = self.verdict("clock-stepped", "clock-limit")
        self.assertEqual(report["gaps"], [])  # the picture's time is BOOTTIME: it goes on as if nothing had been
        segments = self.records("segment")
        for before, after in zip(segments, segments[1:]):
            self.assertEqual(after["first_pts"], before["last_pts"] + before["last_duration"])

    def test_ledger_that_stays_stopped_ends_the_recording(self):
        self.box.child.send_signal(signal.SIGSTOP)
        code = self.recorder.ended(60)
        self.box.child.send_signal(signal.SIGCONT)
        self.assertEqual(code, 1, self.recorder.errors)
        self.assertEqual(len(self.recorder.said()), 1, self.recorder.errors)
        self.assertIn("ledger", self.recorder.said()[0])

    def test_disk_gives_errors(self):
        self.faults.set(error=errno.EIO)
        self.assertEqual(self.recorder.ended(), 74)
        self.assertEqual(len(self.recorder.said()), 1, self.recorder.errors)
        self.assertIn("to the ledger", self.recorder.said()[0])
        sealed = self.recorder.count("sealed")
        self.faults.set(error=0)
        self.box.kill()
        self.box.start()  # a chain whose disk failed takes nothing more; the restart declares it
        self.assertGreaterEqual(self.verdict("interrupted", perhaps=["unnamed-file"])["segments"], sealed)
        found = [r for r in self.box.book("A1") if r["type"] == "finding" and r["code"] == "interrupted"]
        self.assertEqual(len(found), 1)

    def test_pictures_removed_while_recording(self):
        """Who may write there may delete: the recording goes on, and what is not there any more is named."""
        shutil.rmtree(self.box.path("data", "recordings", self.recording, "media"))
        gone = self.recorder.count("sealed")
        self.recorder.more_sealed(2)
        self.finish()
        report = self.verdict("file-missing")
        self.assertGreaterEqual(sum(1 for f in report["findings"] if f["code"] == "file-missing"), gone)


class SlowLedger(OnALedger):
    """The ledger is there and answers late. A screen that changes all the time is recorded meanwhile."""
    PATIENCE_S = 120

    def setUp(self):
        super().setUp()
        self.moving = subprocess.Popen([os.path.join(BIN, "moving_screen"), "--display", self.screen.display, "--fps", "20"], stdout=subprocess.DEVNULL)
        self.addCleanup(self.moving.wait, 20)
        self.addCleanup(self.moving.kill)

    def nothing_lost(self, report):
        self.assertEqual(report["gaps"], [])
        segments = self.records("segment")
        self.assertEqual(sum(r["dropped"] for r in segments), 0)
        for before, after in zip(segments, segments[1:]):
            self.assertEqual((after["no"], after["first_pts"]), (before["no"] + 1, before["last_pts"] + before["last_duration"]))

    def waited(self):
        """Seconds, as the recorder told them."""
        told = [e for e in self.recorder.events if e.get("event") == "waiting"]
        self.assertEqual((told[-1]["seconds"], told[-1]["bytes"]), (0, 0), told[-1])
        self.assertGreater(max(e["bytes"] for e in told), 10_000)
        return max(e["seconds"] for e in told)

    def test_ledger_stopped_for_a_minute(self):
        self.box.child.send_signal(signal.SIGSTOP)
        with self.assertRaises(subprocess.TimeoutExpired):
            self.recorder.process.wait(60)
        self.box.child.send_signal(signal.SIGCONT)
        self.recorder.more_sealed(35)
        self.finish()
        self.nothing_lost(self.verdict("sealed-late"))
        self.assertGreaterEqual(self.waited(), 55)

    def test_disk_that_takes_ten_seconds_for_a_sync(self):
        self.faults.set(sync_ns=10 * SECOND * 1000)
        self.recorder.wait_for("waiting", 3, 60)
        self.faults.set(sync_ns=0)
        self.recorder.more_sealed(8)
        self.finish()
        report = verify(VERIFY, self.box.path("data", "recordings", self.recording), "--policy", self.box.path("policy.txt"))[1]
        self.assertEqual([f for f in report["findings"] if f["severity"] == "broken"], [])
        self.nothing_lost(report)
        self.assertGreaterEqual(self.waited(), 5)


class IntoADirectory(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="faults-")
        self.addCleanup(self.directory.cleanup)
        self.out = os.path.join(self.directory.name, "disk", "out")
        os.makedirs(os.path.dirname(self.out))
        self.screen = Screen()
        self.addCleanup(self.screen.close)

    def start(self, **more):
        recorder = Recorder(CAPTURE, self.screen.display, "--out", self.out, "--seconds", "60", "--json", **more)
        self.addCleanup(recorder.close)
        recorder.wait_for("ready")
        eventually(lambda: os.path.isdir(self.out) and "000000.m4s" in os.listdir(self.out), "a segment")
        return recorder


class StandAlone(IntoADirectory):
    """--out: no chain, but the same promise of whole segments and one line."""

    def ended_by_the_disk(self, recorder, word):
        self.assertEqual(recorder.ended(), 74, recorder.errors)
        self.assertEqual(len(recorder.said()), 1, recorder.errors)
        self.assertIn(word, recorder.said()[0])

    def test_full_disk(self):
        disk = os.path.dirname(self.out)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, timeout=30).returncode == 0:
            self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True, timeout=30)
            recorder = self.start()
            with open(os.path.join(disk, "ballast"), "wb", buffering=0) as ballast:
                try:
                    while ballast.write(bytes(4096)):
                        pass
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)
            self.ended_by_the_disk(recorder, "make room")
        else:  # nobody may mount here: the shim says what a full disk says
            faults = Faults(SHIM)
            self.addCleanup(faults.close)
            recorder = self.start(env=faults.env)
            faults.set(error=errno.ENOSPC)
            self.ended_by_the_disk(recorder, "make room")
        self.assertGreaterEqual(decoded_frames(self.out), 1)

    def test_disk_gives_errors(self):
        faults = Faults(SHIM)
        self.addCleanup(faults.close)
        recorder = self.start(env=faults.env)
        faults.set(error=errno.EIO)
        self.ended_by_the_disk(recorder, "look at the disk")
        self.assertGreaterEqual(decoded_frames(self.out), 1)
        self.assertEqual([n for n in os.listdir(self.out) if n.endswith(".partial")], [])

    def test_directory_removed(self):
        recorder = self.start()
        shutil.rmtree(self.out)
        self.ended_by_the_disk(recorder, "look at the disk")

    def test_twin_nothing_happened(self):
        recorder = self.start()
        self.assertEqual(recorder.stop(), 0, recorder.errors)
        self.assertEqual(recorder.said(), [])
        self.assertEqual(decoded_frames(self.out), recorder.events[-1]["frames_encoded"])
        self.assertEqual(recorder.events[-1]["frames_dropped"], 0)


class RealTime(IntoADirectory):
    """What the kernel grants, and what is told where it does not."""

    def schedulers(self, pid):
        return {os.sched_getscheduler(int(task)) for task in os.listdir(f"/proc/{pid}/task")}

    def locked_kib(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmLck:"))

    def warnings(self, recorder):
        return [line for line in recorder.errors if "SCHED_RR" in line or "locked" in line]

    @unittest.skipIf(os.geteuid() != 0, "granted to root")
    def test_granted(self):
        recorder = self.start()
        self.assertEqual(os.sched_getscheduler(recorder.process.pid), os.SCHED_RR)
        self.assertIn(os.SCHED_OTHER, self.schedulers(recorder.process.pid))  # the strip may wait
        self.assertGreater(self.locked_kib(recorder.process.pid), 10_000)
        self.assertEqual(recorder.stop(), 0)
        self.assertEqual(self.warnings(recorder), [])

    def test_refused_is_told_once_and_it_records(self):
        for directory in (self.directory.name, os.path.dirname(self.out)):
            os.chmod(directory, 0o777)
        limits = ["prlimit", "--rtprio=0", "--nice=0", "--memlock=65536"]
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
        recorder = self.start(wrap=[*nobody, *limits] if os.geteuid() == 0 else limits)
        self.assertEqual(self.schedulers(recorder.process.pid), {os.SCHED_OTHER})
        self.assertEqual(recorder.stop(), 0, recorder.errors)
        self.assertEqual(len(self.warnings(recorder)), 1, recorder.errors)
        self.assertIn("LimitRTPRIO=10", self.warnings(recorder)[0])
        self.assertIn("LimitMEMLOCK=infinity", self.warnings(recorder)[0])
        self.assertGreaterEqual(decoded_frames(self.out), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
