"""`netsampler fsck` beside a real ledger: well, damage and its exit code, a second run, a stopped one, nobody to tell. Arguments: NETSAMPLER LEDGER."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ledger"))
from ledger_process import Ledger  # noqa: E402

NETSAMPLER, PROGRAM = sys.argv[1:3]


def fsck(box, *options):
    done = subprocess.run([NETSAMPLER, "fsck", "--state", box.state, "--json", *options], capture_output=True, text=True, timeout=120)
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr


class FsckCommand(unittest.TestCase):
    def setUp(self):
        self.box = Ledger(PROGRAM, {"minimum_free_bytes": 1 << 20}).start()
        self.addCleanup(self.box.close)
        self.box.add_samplers()
        self.box.open_case("A1")
        self.recording = self.box.open_purchase("A1")
        self.box.page(self.recording, 1, b"page" * 50_000)
        self.box.stop_recording(self.recording)

    def damage(self):
        with open(self.box.path("data", "recordings", self.recording, "pages", "1", "page.warc"), "r+b") as file:
            file.write(b"X")

    def doctor(self):
        done = subprocess.run([NETSAMPLER, "doctor", "--state", self.box.state, "--json"], capture_output=True, text=True, timeout=120)
        return {check["name"]: check for check in json.loads(done.stdout)["checks"]}["files"]

    def test_well(self):
        self.assertFalse(self.doctor()["ok"])
        code, told, _ = fsck(self.box)
        self.assertEqual((code, told["findings"], told["whole"]), (0, 0, True), told)
        self.assertTrue(self.doctor()["ok"], self.doctor())
        self.assertGreater(told["files"], 8)

    def test_damage_is_exit_1_and_recorded_once(self):
        self.damage()
        for _ in range(2):
            code, told, _ = fsck(self.box)
            self.assertEqual((code, told["damaged"][0]["found"]), (1, "file-changed"))
        found = [r for r in self.box.book("A1") if r["type"] == "finding"]
        self.assertEqual([(r["code"], r["recording"], r["path"]) for r in found], [("damaged", self.recording, "pages/1/page.warc")])
        self.assertIn("1 damaged", self.doctor()["text"])

    def test_stopped_it_remembers_and_goes_on(self):
        slow = subprocess.Popen([NETSAMPLER, "fsck", "--state", self.box.state, "--json", "--rate", "0.2"], stdout=subprocess.PIPE, text=True)
        while '"progress"' not in slow.stdout.readline():
            self.assertIsNone(slow.poll())
        slow.terminate()
        rest = slow.stdout.read().splitlines()
        slow.stdout.close()
        self.assertEqual(slow.wait(30), 0)
        self.assertFalse(json.loads(rest[-1])["whole"])
        self.assertTrue(os.path.exists(self.box.path("run", "fsck.json")))
        self.assertEqual([r for r in self.box.book("box") if r["type"] == "check"], [])
        code, told, _ = fsck(self.box)
        self.assertEqual((code, told["whole"]), (0, True))
        self.assertFalse(os.path.exists(self.box.path("run", "fsck.json")))

    def test_nobody_to_tell_and_no_such_case(self):
        self.assertEqual(fsck(self.box, "--case", "A2")[0], 65)
        self.box.stop()
        code, _, words = fsck(self.box)
        self.assertEqual((code, words.count("\n")), (74, 1), words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
