"""What `netsampler doctor` says of the time-stamp authorities (nobody named, one, nobody trusted, trusted but nothing running) and of what the kernel
grants the recorder. Argument: NETSAMPLER."""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

NETSAMPLER = sys.argv[1]


def checks(policy, *authorities, wrap=()):
    """All lines, of a box that does not run."""
    with tempfile.TemporaryDirectory() as state:
        with open(os.path.join(state, "netsampler.conf"), "w", encoding="utf-8") as config:
            json.dump({"time_stamp_authorities": list(authorities)}, config)
        with open(os.path.join(state, "policy.txt"), "w", encoding="utf-8") as out:
            out.write("\n".join(["netsampler-policy v1", *policy, ""]))
        os.chmod(state, 0o755)
        done = subprocess.run([*wrap, NETSAMPLER, "doctor", "--state", state, "--json"], capture_output=True, text=True, timeout=120)
        assert done.returncode == 1, done.stderr  # without a running ledger never all well
        return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def said(policy, *authorities):
    return checks(policy, *authorities)["authorities"]


def box_line():
    """A policy needs a box whose hash is its key's."""
    key = bytes(32)
    return "box %s %s box" % (hashlib.sha256(key).hexdigest(), base64.b64encode(key).decode())


class Authorities(unittest.TestCase):
    ONE, TWO = "http://127.0.0.1:1/", "http://127.0.0.1:2/"
    TRUSTED = "tsa " + "1" * 64 + " authority"

    def test_nobody_named(self):
        check = said([box_line()])
        self.assertFalse(check["ok"])
        self.assertIn("time_stamp_authorities", check["mend"])

    def test_one_alone(self):
        check = said([box_line(), self.TRUSTED], self.ONE)
        self.assertFalse(check["ok"])
        self.assertIn("second", check["mend"])

    def test_nobody_trusted(self):
        check = said([box_line()], self.ONE, self.TWO)
        self.assertFalse(check["ok"])
        self.assertIn("tsa", check["mend"])

    def test_two_and_trusted(self):
        check = said([box_line(), self.TRUSTED], self.ONE, self.TWO)
        self.assertTrue(check["ok"], check)
        self.assertIn("2 named", check["text"])


class RealTime(unittest.TestCase):
    """As the recorder itself is granted it."""

    @unittest.skipIf(os.geteuid() != 0, "granted to root")
    def test_granted(self):
        check = checks([box_line()])["realtime"]
        self.assertTrue(check["ok"], check)
        self.assertNotIn("warning", check)
        self.assertIn("SCHED_RR", check["text"])

    def test_refused_is_a_warning_that_says_what_to_do(self):
        limits = ["prlimit", "--rtprio=0", "--nice=0", "--memlock=65536"]
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
        check = checks([box_line()], wrap=[*nobody, *limits] if os.geteuid() == 0 else limits)["realtime"]
        self.assertTrue(check["ok"] and check["warning"], check)
        self.assertIn("实时优先级", check["text"])
        for word in ("LimitRTPRIO=10", "LimitMEMLOCK=infinity"):
            self.assertIn(word, check["text"])
            self.assertIn(word, check["mend"])


if __name__ == "__main__":
    sys.argv[1:] = sys.argv[2:]
    unittest.main()
