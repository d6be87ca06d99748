"""The program itself: killed in mid-recording and started again; its refusals; its lock. `process_test.py LEDGER VERIFY`."""
import json
import os
import pwd
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ledger_process import ALICE, BOB, Ledger, Refused, memory_file  # noqa: E402

PROGRAM, VERIFY = sys.argv[1:3]
ROOM = {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}


def ledger(config=None):
    return Ledger(PROGRAM, ROOM if config is None else config)


def verify(box, path):
    done = subprocess.run([VERIFY, "--policy", box.path("policy.txt"), "--json", path], stdout=subprocess.PIPE, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout)


class ProcessTest(unittest.TestCase):
    def refused(self, kind, call, *args, **members):
        with self.assertRaises(Refused) as caught:
            call(*args, **members)
        self.assertEqual(caught.exception.kind, kind, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def test_killed_in_mid_recording_the_case_says_so_and_all_verifies(self):
        with ledger() as box:
            box.add_samplers()
            box.open_case("A1")
            recording = box.open_purchase("A1")
            receipts = [box.page(recording, n, b"page %d" % n) for n in range(1, 6)]
            self.assertEqual(box.kill(), -signal.SIGKILL)
            box.start()
            heads = [r["head"] for r in receipts]
            includes = [r for r in box.book("A1") if r["type"] == "include"]
            self.assertEqual([(r["recording"], r["why"], r["head"]) for r in includes], [(recording, "recovery", heads[-1])])
            self.assertEqual([r["code"] for r in box.book("A1") if r["type"] == "finding"], ["interrupted"])
            self.refused("not_found", box.page, recording, 6)
            self.assertEqual(box.stop(), 0)
            code, report = verify(box, box.path("data"))
            self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
            self.assertIn("interrupted", [f["code"] for f in report["findings"]])

    def test_a_whole_recording_verifies_without_a_contradiction(self):
        with ledger() as box:
            box.add_samplers()
            box.open_case("A1")
            recording = box.open_purchase("A1")
            box.page(recording)
            box.call("clock", body={"state": "synchronised", "offset_us": 10, "error_us": 1000, "phase": "before"})
            self.assertEqual(box.stop_recording(recording)["included"], ["A1"])
            self.assertEqual(box.stop(), 0)
            code, report = verify(box, box.path("data"))
            self.assertEqual(code, 1)
            self.assertEqual({f["code"] for f in report["findings"] if f["severity"] != "note"}, {"unstamped"})
            with open(box.path("data", "recordings", recording, "pages", "1", "page.warc"), "r+b") as file:
                file.write(b"w")
            self.assertEqual(verify(box, box.path("data"))[0], 2)

    def test_refusals_come_as_one_line_of_a_kind(self):
        with ledger() as box:
            box.add_samplers()
            box.open_case("A1")
            for samplers in ([ALICE], [ALICE, ALICE], [ALICE, dict(BOB, password="no")]):
                request = {"kind": "purchase", "case": "A1", "display": ":7", "samplers": samplers}
                self.refused("denied", lambda: box.call("recording_open", **request))
            recording = box.open_purchase("A1")
            self.refused("busy", box.open_purchase, "A1")
            box.open_purchase("A1", display=":8")
            self.refused("denied", box.stop_recording, recording, [ALICE])
            body = {"page": 1, "kind": "product", "origin": "x", "status": 200, "responses": 1, "bytes": 1, "from_us": 1, "to_us": 2,
                    "ended": "left"}
            self.refused("invalid", box.call, "append", recording=recording, type="page", body=body,
                         files=[("pages/1/a", memory_file(b"x", sealed=False))])
            self.refused("invalid", box.call, "append", recording=recording, type="page", body=body,
                         files=[("../../keys/box.key", memory_file(b"x"))])
            box.stop_recording(recording)

    def test_a_disk_without_room_refuses_appends_and_closes(self):
        with ledger({"minimum_free_bytes": 1 << 60}) as box:
            self.refused("full", box.open_case, "A1")
            self.assertEqual(box.stop(), 0)

    def test_a_second_ledger_of_one_state_is_refused(self):
        with ledger() as box:
            second = subprocess.run([PROGRAM, "--state", box.state], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another ledger", second.stderr)
            self.assertEqual(box.call("status")["recordings"], [])

    def asked_by(self, box, account):
        """The first bytes of the reply to `status` that this account of the system gets; b"" where nobody listens to it."""
        def become():
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        ask = ("import socket,sys;s=socket.socket(socket.AF_UNIX,socket.SOCK_SEQPACKET);s.settimeout(20);s.connect(sys.argv[1]);"
               "s.send(b'{\"op\":\"status\"}');sys.stdout.buffer.write(s.recv(1<<18)[:4096])")
        return subprocess.run(["/usr/bin/python3", "-c", ask, box.path("run", "ledger.sock")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              preexec_fn=become, timeout=60).stdout

    @unittest.skipIf(os.geteuid() != 0, "only root can become other accounts")
    def test_other_accounts_are_heard_where_the_configuration_names_them(self):
        nobody, daemon = pwd.getpwnam("nobody"), pwd.getpwnam("daemon")
        for named, heard in (([], ()), (["nobody"], (nobody,))):
            with ledger({"ledger_accounts": named}) as box:
                for directory in (box.state, box.path("run")):
                    os.chmod(directory, 0o755)
                for account in (nobody, daemon):
                    self.assertEqual(b'"ok":true' in self.asked_by(box, account), account in heard, account.pw_name)
                self.assertEqual(box.call("status")["recordings"], [])

    def test_an_account_that_is_none_stops_the_start(self):
        box = Ledger(PROGRAM, {"ledger_accounts": ["no-such-account"]})
        done = subprocess.run([PROGRAM, "--state", box.state], stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((done.returncode, "no-such-account" in done.stderr), (65, True), done.stderr)
        box.close()

    def test_unreadable_configuration_and_usage(self):
        broken = Ledger(PROGRAM, {"colour": "blue"})
        done = subprocess.run([PROGRAM, "--state", broken.state], stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (65, 1), done.stderr)
        broken.close()
        self.assertEqual(subprocess.run([PROGRAM], stderr=subprocess.DEVNULL, timeout=60).returncode, 64)

    def test_the_index_is_rebuilt_by_one_command(self):
        with ledger() as box:
            box.add_samplers()
            box.open_case("A1")
            box.stop_recording(box.open_purchase("A1"))
            box.stop()
            os.remove(box.path("index.sqlite"))
            done = subprocess.run([PROGRAM, "--state", box.state, "--rebuild-index", "--json"], stdout=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(done.returncode, 0)
            records = sum(len(box.book(b)) for b in ("A1", "box")) + 2
            self.assertEqual(json.loads(done.stdout), {"records": records})
            self.assertTrue(os.path.exists(box.path("index.sqlite")))

    def test_what_is_secret_is_nobody_elses_to_read(self):
        with ledger() as box:
            box.add_samplers()
            modes = {name: os.stat(box.path(*name.split("/"))).st_mode & 0o777 for name in ("keys/box.key", "accounts.json", "index.sqlite")}
            self.assertEqual(modes, {"keys/box.key": 0o600, "accounts.json": 0o600, "index.sqlite": 0o640})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
