"""The units are well formed and closed: systemd-analyze finds nothing to say, and the exposure stays low. Twin: a misspelt unit is told."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNITS = sorted(name for name in os.listdir(os.path.join(ROOT, "systemd")) if name.endswith(".service"))
EXPOSURE_LIMIT = 20  # tenths


def read_unit(name):
    with open(os.path.join(ROOT, "systemd", name), encoding="utf-8") as file:
        return file.read()


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


class Units(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def placed(self, name, change=lambda text: text):
        """The unit with its program replaced by one that exists, all units beside it."""
        for unit in UNITS:
            text = read_unit(unit)
            text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M)
            with open(os.path.join(self.directory.name, unit), "w", encoding="utf-8") as out:
                out.write(change(text) if unit == name else text)
        return os.path.join(self.directory.name, name)

    def said_of(self, path):
        _, text = analyze("verify", path)
        return [line for line in text.splitlines() if os.path.basename(path) in line]

    def test_units_are_there(self):
        self.assertIn("netsampler-ledger.service", UNITS)

    def test_well_formed(self):
        for name in UNITS:
            with self.subTest(name):
                self.assertEqual(self.said_of(self.placed(name)), [])

    def test_misspelt_twin_is_told(self):
        path = self.placed(UNITS[0], lambda text: text.replace("NoNewPrivileges=yes", "NoNewPriviledges=yes"))
        self.assertNotEqual(self.said_of(path), [])

    def test_exposure(self):
        for name in UNITS:
            with self.subTest(name):
                code, text = analyze("security", "--offline=true", f"--threshold={EXPOSURE_LIMIT}", self.placed(name))
                self.assertEqual(code, 0, text[-400:])

    def test_open_twin_is_too_exposed(self):
        bare = "[Service]\nExecStart=/bin/true\n"
        code, _ = analyze("security", "--offline=true", f"--threshold={EXPOSURE_LIMIT}", self.placed(UNITS[0], lambda _: bare))
        self.assertNotEqual(code, 0)

    def test_the_key_has_no_network(self):
        text = read_unit("netsampler-ledger.service")
        self.assertIn("PrivateNetwork=yes", text)
        self.assertNotIn("AF_INET", text)

    def test_who_asks_the_kernel_for_its_clock_may_and_nobody_may_set_it(self):
        for name in UNITS:
            asks = name in ("netsampler-clock.service", "netsampler-ledger.service")
            lines = read_unit(name).splitlines()
            with self.subTest(name):
                filters = [line for line in lines if line.startswith("SystemCallFilter=")]
                self.assertEqual(filters[-1] == "SystemCallFilter=adjtimex clock_adjtime", asks, filters)
                self.assertEqual("ProtectClock=yes" in lines, not asks)
                self.assertIn("CapabilityBoundingSet=", lines)
                self.assertIn("NoNewPrivileges=yes", lines)

    def dropped_in(self, change=lambda text: text):
        """What is said of a unit with the officers' drop-in beside it."""
        path = os.path.join(self.directory.name, "session.service")
        os.makedirs(path + ".d", exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write("[Service]\nExecStart=/bin/true\n")
        with open(os.path.join(path + ".d", "netsampler.conf"), "w", encoding="utf-8") as out:
            out.write(change(read_unit("user@.service.d/netsampler.conf")))
        return [line for line in analyze("verify", path)[1].splitlines() if "netsampler.conf" in line]

    def test_the_recorders_limits_are_well_formed(self):
        self.assertEqual(self.dropped_in(), [])
        self.assertNotEqual(self.dropped_in(lambda text: text.replace("LimitRTPRIO", "LimitRTPRI0")), [])

    def test_the_recorder_is_granted_what_it_asks_for(self):
        with open(os.path.join(ROOT, "capture", "media", "real_time.cc"), encoding="utf-8") as source:
            asked = re.search(r"kRoundRobin = (\d+)", source.read()).group(1)
        self.assertIn(f"LimitRTPRIO={asked}\n", read_unit("user@.service.d/netsampler.conf"))
        self.assertIn(f"@netsampler - rtprio {asked}\n", read_unit("limits.d/netsampler.conf"))

    def test_no_unit_switches_the_browsers_sandbox_off(self):
        for name in UNITS:
            self.assertNotIn("--no-sandbox", read_unit(name))


if __name__ == "__main__":
    sys.exit(unittest.main())
