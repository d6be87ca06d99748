"""The main job, once, on real parts: the demo's package is what the issue says, its pictures show what they should, and every
change to it is told. One purchase is made for the whole file; each test works on a copy."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from box import codes, program

PACE = os.environ.get("NETSAMPLER_DEMO_PACE", "0.4")
ITEMS = ["39-1", "39-2", "39-3", "39-4", "39-5", "39-6", "39-7"]


def records(path):
    with open(path, encoding="utf-8") as chain:
        return [json.loads(line) for line in chain]


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="nsdemo-")
        environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        done = subprocess.run([program("netsampler"), "demo", "--out", os.path.join(cls.directory, "o"), "--pace", PACE],
                              capture_output=True, text=True, timeout=420, env=environment)
        if done.returncode != 0:
            raise AssertionError(f"demo: exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        cls.last = json.loads(done.stdout.splitlines()[-1])
        cls.bundle, cls.policy = cls.last["bundle"], cls.last["policy"]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory, ignore_errors=True)

    def verify(self, path):
        done = subprocess.run([program("netsampler-verify"), "--policy", self.policy, "--json", path], capture_output=True, text=True,
                              timeout=120)
        return done.returncode, json.loads(done.stdout)

    def changed(self):
        """A copy of the package to spoil."""
        copy = os.path.join(tempfile.mkdtemp(dir=self.directory), "package")
        shutil.copytree(self.bundle, copy)
        return copy

    def of_kind(self, kind, root=None):
        """Directory of the recording of that kind in the package."""
        base = os.path.join(root or self.bundle, "data", "recordings")
        found = [d for d in os.listdir(base) if records(os.path.join(base, d, "chain.jsonl"))[0]["kind"] == kind]
        self.assertEqual(len(found), 1, kind)
        return os.path.join(base, found[0])

    def segments(self, recording, source):
        media = os.path.join(recording, "media", source)
        return sorted(os.path.join(media, name) for name in os.listdir(media) if name.endswith(".m4s"))

    def test_verdict_is_intact(self):
        code, report = self.verify(self.bundle)
        self.assertEqual((code, report["verdict"], codes(report)), (0, "INTACT", []), report["findings"])
        self.assertEqual(self.last["verdict"], "INTACT")
        self.assertEqual((report["gaps"], report["opened"], report["opened_here"]), ([], 1, 1))

    def test_time_is_bounded_from_both_sides(self):
        _, report = self.verify(self.bundle)
        time = report["time"]
        self.assertTrue(time["stamped"])
        self.assertLessEqual(time["not_before_us"] - 1_000_000, time["first_us"])
        self.assertLess(time["last_us"], time["not_after_us"] + 1_000_000)
        self.assertLess(time["not_after_us"] - time["not_before_us"], 600_000_000)

    def test_without_its_time_stamps_it_is_partial(self):
        copy = self.changed()
        shutil.rmtree(os.path.join(copy, "data", "log", "tokens"))
        code, report = self.verify(copy)
        self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
        self.assertIn("unstamped", codes(report))

    def test_without_the_box_log_it_is_partial(self):
        copy = self.changed()
        shutil.rmtree(os.path.join(copy, "data", "log"))
        code, report = self.verify(copy)
        self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
        self.assertIn("unstamped", codes(report))

    def test_another_authority_is_not_trusted(self):
        other = os.path.join(self.directory, "other-policy.txt")
        with open(self.policy, encoding="utf-8") as policy, open(other, "w", encoding="utf-8") as out:
            out.writelines("tsa " + "0" * 64 + " nobody\n" if line.startswith("tsa ") else line for line in policy)
        done = subprocess.run([program("netsampler-verify"), "--policy", other, "--json", self.bundle], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1)
        self.assertIn("tsa-untrusted", codes(json.loads(done.stdout)))

    def test_all_seven_items_of_article_39_and_the_waybill_of_article_40(self):
        bought = records(os.path.join(self.of_kind("purchase"), "chain.jsonl"))
        chapters = {r["item"] for r in bought if r["type"] == "chapter"}
        self.assertEqual([item for item in ITEMS if item not in chapters], [])
        unboxed = records(os.path.join(self.of_kind("unboxing"), "chain.jsonl"))
        self.assertIn("parcel.waybill", {r.get("name") for r in unboxed if r["type"] == "fact"})

    def test_the_waybill_found_the_case(self):
        book = records(os.path.join(self.bundle, "data", "case", "book.jsonl"))
        why = {r["role"]: r["why"] for r in book if r["type"] == "include"}
        self.assertEqual(why, {"purchase": "officer", "unboxing": "waybill"})
        opened = records(os.path.join(self.of_kind("unboxing"), "chain.jsonl"))[0]
        self.assertNotIn("case_tag", opened)

    def test_facts_name_product_shop_licence_prices_order_and_parcel(self):
        names = {r["name"] for r in records(os.path.join(self.of_kind("purchase"), "chain.jsonl")) if r["type"] == "fact"}
        wanted = {"product.title", "product.number", "shop.name", "licence.uscc", "price.list", "price.coupon", "order.no",
                  "order.payable", "order.paid", "payment.serial", "consignee.name", "parcel.waybill", "search.text"}
        self.assertEqual(sorted(wanted - names), [])

    def test_personal_values_stand_in_no_chain(self):
        for recording in ("purchase", "unboxing"):
            directory = self.of_kind(recording)
            with open(os.path.join(directory, "chain.jsonl"), encoding="utf-8") as chain:
                text = chain.read()
            for opening in records(os.path.join(directory, "private.jsonl")):
                value = opening["value"]
                if isinstance(value, str) and len(value) >= 8:
                    self.assertNotIn(value, text)

    def test_pictures_decode_and_are_whole(self):
        for kind, source in (("purchase", "screen"), ("unboxing", "camera")):
            recording = self.of_kind(kind)
            film = os.path.join(tempfile.mkdtemp(dir=self.directory), "film.mp4")
            with open(film, "wb") as out:
                for path in [os.path.join(recording, "media", source, "init.mp4"), *self.segments(recording, source)]:
                    with open(path, "rb") as part:
                        shutil.copyfileobj(part, out)
            probe = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                                    "stream=nb_read_frames,width,height", "-of", "json", film], capture_output=True, text=True, timeout=120)
            self.assertEqual(probe.stderr, "")
            sealed = sum(r["frames"] for r in records(os.path.join(recording, "chain.jsonl")) if r["type"] == "segment")
            self.assertEqual(int(json.loads(probe.stdout)["streams"][0]["nb_read_frames"]), sealed)

    def test_one_flipped_byte_is_broken_and_named(self):
        copy = self.changed()
        victim = self.segments(self.of_kind("purchase", copy), "screen")[3]
        with open(victim, "r+b") as file:
            file.seek(100)
            byte = file.read(1)
            file.seek(100)
            file.write(bytes([byte[0] ^ 1]))
        code, report = self.verify(copy)
        self.assertEqual((code, report["verdict"]), (2, "BROKEN"))
        self.assertTrue(any(os.path.basename(victim) in f["where"] for f in report["findings"] if f["severity"] == "broken"), report["findings"])

    def test_a_missing_last_segment_is_partial_and_named(self):
        copy = self.changed()
        victim = self.segments(self.of_kind("purchase", copy), "screen")[-1]
        os.remove(victim)
        code, report = self.verify(copy)
        self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
        self.assertTrue(any(os.path.basename(victim) in f["where"] for f in report["findings"]), report["findings"])

    def test_a_missing_recording_is_told(self):
        copy = self.changed()
        shutil.rmtree(self.of_kind("unboxing", copy))
        code, report = self.verify(copy)
        self.assertEqual((code, report["verdict"]), (1, "PARTIAL"), report["findings"])
        self.assertIn("recording-missing", codes(report))


if __name__ == "__main__":
    sys.exit(unittest.main())
