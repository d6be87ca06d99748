"""netsampler-verify stays within 64 MiB whatever it is given, and its report does not depend on the number of threads.
memory_test.py PROGRAM MAKE_LARGE: large cases are made on the spot; the peak is the kernel's (wait4), of the child alone."""
import os
import subprocess
import sys
import tempfile
import unittest

MAKER = sys.argv.pop()
PROGRAM = sys.argv.pop()
LIMIT_KIB = 64 << 10


class Memory(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root, self.policy = self.directory.name + "/case", self.directory.name + "/policy"

    def tearDown(self):
        self.directory.cleanup()

    def report(self, jobs):
        out = self.directory.name + f"/report-{jobs}"
        with open(out, "wb") as file:
            child = subprocess.Popen([PROGRAM, "--policy", self.policy, "--attime", "1900000000", "--jobs", str(jobs), "--json", self.root],
                                     stdout=file, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        with open(out, encoding="utf-8") as file:
            return child.returncode, usage.ru_maxrss, file.read()

    def holds(self, what, count, code, word):
        subprocess.run([MAKER, what, str(count), self.root, self.policy], check=True, timeout=100)
        one_code, one_kib, one = self.report(1)
        many_code, many_kib, many = self.report(4)
        self.assertEqual((one_code, many_code), (code, code), one[:2000])
        self.assertEqual(one, many)
        self.assertIn(word, one)
        self.assertLess(max(one_kib, many_kib), LIMIT_KIB, f"{what}: {one_kib} and {many_kib} KiB")

    def test_many_records(self):
        self.holds("records", 1500, 1, "unstamped")

    def test_pictures(self):
        self.holds("media", 80, 1, "unstamped")

    def test_lines_that_grow_when_parsed(self):
        self.holds("lines", 60, 1, "opaque")

    def test_many_openings(self):
        self.holds("openings", 8000, 1, "opaque")

    def test_many_files(self):
        self.holds("files", 6000, 1, "file-99.bin")

    def test_many_files_of_no_name(self):
        self.holds("unnamed", 4000, 1, "more")

    def test_many_findings(self):
        self.holds("findings", 1500, 2, "more")

    def test_many_gaps_of_long_causes(self):
        self.holds("gaps", 400, 1, '"code":"gap"')

    def test_many_recordings_of_long_kinds(self):
        self.holds("recordings", 400, 2, '"code":"interrupted"')

    def test_what_there_is_room_for_is_judged(self):
        self.holds("withheld", 5000, 1, '"code":"file-withheld"')


if __name__ == "__main__":
    unittest.main()
