"""netsampler-verify as a process: exit codes, one-line errors, no log libraries. program_test.py PROGRAM"""
import os
import subprocess
import sys
import tempfile
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

    def test_it_brings_few_libraries(self):
        text = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True).stdout
        for name in ("spdlog", "fmt", "sqlite", "avformat", "X11"):
            self.assertNotIn(name, text)


if __name__ == "__main__":
    unittest.main()
