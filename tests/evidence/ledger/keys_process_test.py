"""The box key and the seeds with the program itself. `keys_process_test.py LEDGER VERIFY NETSAMPLER`."""
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ledger_process import Ledger, Refused  # noqa: E402

PROGRAM, VERIFY, NETSAMPLER = sys.argv[1:4]
ROOM = {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}


def once(state, *arguments):
    return subprocess.run([PROGRAM, "--state", state, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)


def codes(policy, path):
    done = subprocess.run([VERIFY, "--policy", policy, "--json", path], stdout=subprocess.PIPE, text=True, timeout=60)
    report = json.loads(done.stdout)
    return done.returncode, {f["code"] for f in report["findings"] if f["severity"] != "note"}


def content(path):
    with open(path, "rb") as file:
        return file.read()


def files_holding(root, needle):
    found = []
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path) and needle in content(path):
                found.append(os.path.relpath(path, root))
    return found


def view(box, case="A1"):
    return box.call("book_append", case=case, type="custody", actor="alice", body={"action": "view"}, private={})


class KeysProcessTest(unittest.TestCase):
    def box(self):
        made = Ledger(PROGRAM, ROOM)
        self.addCleanup(made.close)
        return made.start()

    def test_rotated_old_cases_verify_and_the_old_key_is_gone(self):
        box = self.box()
        box.open_case("A1")
        old = content(box.path("keys", "box.key")).strip()
        self.assertEqual(files_holding(box.state, old), ["keys/box.key"])
        shown = box.call("key_rotate")
        self.assertEqual([key.get("why") for key in shown["history"]], ["rotated", None])
        self.assertEqual(files_holding(box.state, old), [])
        self.assertEqual(os.stat(box.path("keys", "box.key")).st_mode & 0o777, 0o600)
        view(box)
        self.assertEqual(box.stop(), 0)
        self.assertEqual(codes(box.path("policy.txt"), box.path("data")), (1, {"unstamped"}))
        box.start()
        self.assertEqual(box.call("key_show")["sha256"], shown["sha256"])

    def test_not_while_a_recording_runs(self):
        box = self.box()
        recording = box.call("recording_open", kind="unboxing")["recording"]
        with self.assertRaises(Refused) as caught:
            box.call("key_rotate")
        self.assertEqual(caught.exception.kind, "busy")
        box.call("recording_close", recording=recording, reason="stopped")
        self.assertEqual(len(box.call("key_rotate")["history"]), 2)

    def test_a_key_that_others_may_read_is_refused(self):
        box = self.box()
        box.stop()
        os.chmod(box.path("keys", "box.key"), 0o644)
        refused = once(box.state)
        self.assertEqual((refused.returncode, refused.stderr.count("\n")), (1, 1), refused.stderr)
        self.assertIn("chmod 0600", refused.stderr)
        os.chmod(box.path("keys", "box.key"), 0o600)
        box.start()

    def test_a_lost_key_is_told_and_replaced_only_when_asked(self):
        box = self.box()
        box.open_case("A1")
        box.stop()
        kept = once(box.state, "--replace-lost-key")
        self.assertEqual(kept.returncode, 65, kept.stderr)
        os.rename(box.path("keys", "box.key"), box.path("elsewhere"))
        refused = once(box.state)
        self.assertEqual((refused.returncode, refused.stderr.count("\n")), (65, 1), refused.stderr)
        self.assertIn("--replace-lost-key", refused.stderr)
        replaced = once(box.state, "--replace-lost-key", "--json")
        self.assertEqual(replaced.returncode, 0, replaced.stderr)
        self.assertEqual(len(json.loads(replaced.stdout)["policy"]), 2)
        box.start()
        view(box)
        box.stop()
        self.assertEqual(codes(box.path("policy.txt"), box.path("data")), (1, {"unstamped", "key-lost"}))

    def test_the_disk_of_a_dead_box_verifies_elsewhere_and_is_not_continued_there(self):
        box = self.box()
        box.open_case("A1")
        box.call("recording_open", kind="unboxing", case="A1")
        box.kill()
        elsewhere = Ledger(PROGRAM, ROOM)
        self.addCleanup(elsewhere.close)
        shutil.copytree(box.path("data"), elsewhere.path("data"))
        before = {path: content(elsewhere.path("data", path)) for path in files_holding(elsewhere.path("data"), b"")}
        self.assertEqual(codes(box.path("policy.txt"), elsewhere.path("data")), (1, {"unstamped", "interrupted"}))
        self.assertEqual(once(elsewhere.state).returncode, 65)
        after = {path: content(elsewhere.path("data", path)) for path in files_holding(elsewhere.path("data"), b"")}
        self.assertEqual(before, after)
        shutil.copytree(box.path("keys"), elsewhere.path("keys"))
        elsewhere.start()
        findings = [r for r in elsewhere.book("A1") if r["type"] == "finding"]
        self.assertEqual([(f["code"], f["cause"], f["last_seq"]) for f in findings], [("interrupted", "process-died", 0)])

    def test_secrets_stay_in_memory_that_is_locked_and_never_dumped(self):
        box = self.box()
        box.call("recording_open", kind="unboxing")
        pid = box.child.pid
        status = dict(line.split(":", 1) for line in content(f"/proc/{pid}/status").decode().splitlines())
        self.assertGreater(int(status["VmLck"].split()[0]), 0)
        core = [line.split() for line in content(f"/proc/{pid}/limits").decode().splitlines() if line.startswith("Max core file size")][0]
        self.assertEqual(core[4:6], ["0", "0"])
        box.child.send_signal(signal.SIGABRT)
        _, status = os.waitpid(pid, 0)
        box.child.returncode = -signal.SIGABRT
        self.assertEqual((os.WTERMSIG(status), os.WCOREDUMP(status)), (signal.SIGABRT, False))

    def test_the_seed_of_the_key_is_nowhere_but_in_its_file(self):
        box = self.box()
        seed = base64.b64decode(content(box.path("keys", "box.key")))
        self.assertEqual(files_holding(box.state, seed), [])
        self.assertEqual(files_holding(box.state, base64.b64encode(seed)), ["keys/box.key"])

    def command(self, box, *words):
        done = subprocess.run([NETSAMPLER, *words, "--state", box.state], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def test_the_command_shows_rotates_and_asks_first(self):
        box = self.box()
        code, text, _ = self.command(box, "key", "show")
        self.assertEqual(code, 0)
        shown = box.call("key_show")
        self.assertIn(shown["sha256"], text)
        self.assertIn(shown["policy"][0], text)
        code, _, error = self.command(box, "key", "rotate")
        self.assertEqual((code, error.count("\n")), (64, 1), error)
        self.assertEqual(box.call("key_show")["box_key"], shown["box_key"])
        code, text, error = self.command(box, "key", "rotate", "--yes", "--json")
        self.assertEqual((code, len(json.loads(text)["history"])), (0, 2), error)
        _, text, _ = self.command(box, "doctor", "--json")
        keys = [check for check in json.loads(text)["checks"] if check["name"] == "keys"][0]
        self.assertEqual((keys["ok"], keys["warning"]), (True, True), keys)
        self.assertIn("systemd-creds", keys["mend"])

    def test_case_show_says_why_a_recording_stopped(self):
        box = self.box()
        box.open_case("A1")
        recording = box.call("recording_open", kind="unboxing", case="A1")["recording"]
        box.kill()
        box.start()
        code, text, error = self.command(box, "case", "show", "A1", "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual([(f["code"], f["recording"], f["cause"]) for f in json.loads(text)["findings"]], [("interrupted", recording, "process-died")])
        self.assertIn("账本程序中止", self.command(box, "case", "show", "A1")[1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
