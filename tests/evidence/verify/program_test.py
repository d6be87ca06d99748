"""netsampler-verify as a process: exit codes, one-line errors, no log libraries. program_test.py PROGRAM"""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60)


class Program(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = self.directory.name

    def tearDown(self):
        self.directory.cleanup()

    def put(self, path, text):
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
        return whole

    def fails(self, code, word, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(word, done.stderr)

    def test_help_and_version_are_fine(self):
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("netsampler-verify", run("--version").stdout)

    def test_words_of_the_call(self):
        self.fails(64, "PATH")
        self.fails(64, "--colour", self.root, "--colour")
        self.fails(64, "--lang", self.root, "--lang", "fr")

    def test_nothing_to_verify(self):
        self.fails(65, "no such directory", self.root + "/absent")
        self.fails(65, "neither chain nor book", self.root)
        self.fails(65, ".zip", self.put("a.zip", "PK"))

    def test_policy_that_cannot_be_used(self):
        self.fails(65, "no such policy", self.root, "--policy", self.root + "/absent")
        self.fails(65, "line 1", self.root, "--policy", self.put("policy.txt", "x\n"))

    def test_a_broken_recording_is_a_verdict_and_names_it(self):
        self.put("r/chain.jsonl", "{}\n")
        done = run(self.root + "/r", "--json")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn('"line-form"', done.stdout)

    def test_a_link_out_of_the_directory_is_a_contradiction(self):
        self.put("r/chain.jsonl", "{}\n")
        os.symlink("/etc/hostname", self.root + "/r/keys.txt")
        done = run(self.root + "/r", "--json")
        self.assertEqual(done.returncode, 2)
        self.assertIn('"not-a-file"', done.stdout)

    def test_a_report_that_cannot_be_written_is_no_verdict(self):
        self.put("r/chain.jsonl", "{}\n")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, self.root + "/r"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 74, done.stderr)

    def test_date_of_the_judgement(self):
        self.put("r/chain.jsonl", "{}\n")
        report = json.loads(run(self.root + "/r", "--json", "--attime", "2027-01-15T16:00:00+08:00").stdout)
        self.assertEqual(report["judged_at_us"], 1_800_000_000_000_000)
        self.assertIn("Judged at (UTC+8): 2027-01-15 16:00:00", run(self.root + "/r", "--lang", "en", "--attime", "1800000000").stdout)
        today = json.loads(run(self.root + "/r", "--json").stdout)["judged_at_us"]
        self.assertLess(abs(today / 1e6 - time.time()), 120)
        self.fails(64, "--attime", self.root + "/r", "--attime", "yesterday")

    def test_what_was_kept_outside_must_be_usable(self):
        self.put("r/chain.jsonl", "{}\n")
        key = bytes(range(32))
        box = f"box {hashlib.sha256(key).hexdigest()} {base64.b64encode(key).decode()} a box\n"
        policy = self.put("policy.txt", "netsampler-policy v1\n" + box)
        self.fails(64, "--policy", self.root + "/r", "--witness", self.put("a", "x"))
        self.fails(65, "no such file", self.root + "/r", "--policy", policy, "--witness", self.root + "/absent")
        self.fails(65, "no such file, or longer", self.root + "/r", "--policy", policy, "--witness", self.put("b", "x" * 70000))
        self.fails(65, "--witness", self.root + "/r", "--policy", policy, "--witness", self.put("c", "x"))

    def test_it_needs_libc_the_compilers_runtime_openssl_and_libsodium_alone(self):
        text = subprocess.run(["readelf", "-d", PROGRAM], capture_output=True, text=True, check=True).stdout
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", text))
        libc = {"libc.so.6", "libm.so.6", "libpthread.so.0", "librt.so.1", "libdl.so.2", "libresolv.so.2", "ld-linux-x86-64.so.2",
                "ld-linux-aarch64.so.1"}
        runtime = {"libstdc++.so.6", "libgcc_s.so.1"}
        sanitizers = {"libasan.so.8", "libubsan.so.1", "libtsan.so.2"}  # of the builds that look for faults
        self.assertTrue({"libcrypto.so.3", "libsodium.so.23"} <= needed, needed)
        self.assertEqual(needed - libc - runtime - sanitizers, {"libcrypto.so.3", "libsodium.so.23"})


if __name__ == "__main__":
    unittest.main()
