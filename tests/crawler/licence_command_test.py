"""netsampler-crawl licence on pictures drawn and photographed here: what it gives is what is printed, and what it cannot read it leaves out."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "licences"))
import draw  # noqa: E402
import make  # noqa: E402

PROGRAM = sys.argv.pop(1)


def run(path, *options):
    return subprocess.run([PROGRAM, "licence", "--image", path, *options], capture_output=True, text=True, timeout=300)


class LicenceCommand(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as out:
            out.write(data)
        return self.path(name)

    def read(self, seed, layout, degree):
        picture, quality, truth = make.make_one(seed, draw.FONTS, layout, degree)
        picture.save(self.path("licence.jpg"), quality=quality)
        done = run(self.path("licence.jpg"), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout), truth

    def check_number(self, seed, layout, degree, member, name=True):
        found, truth = self.read(seed, layout, degree)
        self.assertEqual(found.get(member), truth[member], found)
        self.assertIs(found["valid"], True)
        if name:
            self.assertEqual(found.get("name"), truth["name"], found)
        if "qr" in found:
            self.assertEqual(found["qr"], truth["qr"])

    def test_a_scan_of_a_new_licence(self):
        self.check_number(1, "landscape", "scan", "uscc")

    def test_an_old_licence_has_a_registration_number_and_no_credit_code(self):
        self.check_number(2, "old_portrait", "scan", "registration_number")

    def test_a_photograph_that_lies_on_a_table(self):
        self.check_number(3, "individual", "photo", "uscc")

    def test_a_picture_upside_down_or_on_its_side(self):
        self.check_number(4, "portrait", "turned", "uscc", name=False)  # a character of it is too small here

    def test_a_picture_of_something_else_gives_no_number(self):
        picture = make.table(make.random.Random(5), (900, 600))
        picture.save(self.path("table.png"))
        done = run(self.path("table.png"), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertFalse({"uscc", "registration_number", "name", "valid"} & set(found), found)

    def refused(self, path):
        done = run(path)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (65, "", 1), done.stderr)

    def test_what_is_no_picture_is_unusable_input(self):
        self.refused(self.write("text.jpg", b"not a picture"))
        self.refused(self.write("cut.jpg", b"\xff\xd8\xff\xe0" + bytes(20)))

    def test_an_image_bomb_is_refused_before_memory_is_taken(self):
        header = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452") + (60000).to_bytes(4, "big") * 2 + bytes.fromhex("0802000000")
        self.refused(self.write("bomb.png", header + bytes(400)))

    def test_a_file_that_is_not_there(self):
        self.assertNotIn(run(self.path("absent.jpg")).returncode, (0, 70))
        self.assertEqual(subprocess.run([PROGRAM, "licence"], capture_output=True, timeout=60).returncode, 64)


if __name__ == "__main__":
    unittest.main()
