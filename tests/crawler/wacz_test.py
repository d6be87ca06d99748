"""A page archive and its WACZ as other programs read them: Python's zipfile, npm's warcio. wacz_test.py CRAWL MAKE_WACZ CACHE [names…]"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import site_server  # noqa: E402
import warc_reader  # noqa: E402

CRAWL, MAKE_WACZ, CACHE = (os.path.abspath(word) for word in sys.argv[1:4])
del sys.argv[1:4]
FLAGS = ["--browser-flag=--no-sandbox", "--browser-flag=--disable-quic"]
NPM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "npm")


def warcio():
    """Path of warcio's command line, installed under CACHE; None where npm or its registry cannot be had."""
    program = os.path.join(CACHE, "node_modules", "warcio", "dist", "cli.js")
    if not os.path.exists(program) and shutil.which("npm"):
        os.makedirs(CACHE, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(os.path.join(NPM, name), CACHE)
        try:
            subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=CACHE, capture_output=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            return None
    return program if os.path.exists(program) and shutil.which("node") else None


def problems(path):
    """What is wrong with a WACZ, by its own description."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                found.append("a checksum of the ZIP")
            package = archive.read("datapackage.json")
            if json.loads(archive.read("datapackage-digest.json"))["hash"] != "sha256:" + hashlib.sha256(package).hexdigest():
                found.append("datapackage-digest.json")
            for resource in json.loads(package)["resources"]:
                data = archive.read(resource["path"])
                if (len(data), "sha256:" + hashlib.sha256(data).hexdigest()) != (resource["bytes"], resource["hash"]):
                    found.append(resource["path"])
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        found.append(str(error))
    return found


class Wacz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.site = site_server.Site()
        cls.pages = os.path.join(cls.folder.name, "pages")
        for number, path in enumerate(("/plain.html", "/gbk", "/secrets.html"), 1):
            subprocess.run([CRAWL, "visit", cls.site.url(path), "--out", os.path.join(cls.pages, str(number)), *FLAGS], check=True,
                           capture_output=True, timeout=150)
        cls.wacz = cls.make("a.wacz")

    @classmethod
    def tearDownClass(cls):
        cls.site.stop()
        cls.folder.cleanup()

    @classmethod
    def make(cls, name):
        path = os.path.join(cls.folder.name, name)
        subprocess.run([MAKE_WACZ, cls.pages, path], check=True)
        return path

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_it_is_as_it_describes_itself_and_the_same_each_time(self):
        self.assertEqual(problems(self.wacz), [])
        self.assertEqual(self.read(self.wacz), self.read(self.make("b.wacz")))

    def test_a_flipped_byte_is_seen(self):
        data = bytearray(self.read(self.wacz))
        for at in (len(data) // 3, len(data) // 2, data.index(b"wacz_version")):
            bad = bytearray(data)
            bad[at] ^= 1
            path = os.path.join(self.folder.name, "bad.wacz")
            with open(path, "wb") as file:
                file.write(bad)
            self.assertNotEqual(problems(path), [], at)

    def test_pages_have_text_and_pictures(self):
        with zipfile.ZipFile(self.wacz) as archive:
            head, *pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
            self.assertEqual((head["format"], head["hasText"]), ("json-pages-1.0", True))
            self.assertEqual([page["url"] for page in pages], [self.site.url(p) for p in ("/plain.html", "/gbk", "/secrets.html")])
            self.assertIn("评价 2,314 条", pages[0]["text"])
            self.assertIn("电热水壶 ¥59".replace("¥", "￥"), pages[1]["text"])
            for page in pages:
                self.assertTrue(archive.read(page["screenshot"]).startswith(b"\x89PNG"))

    def test_the_index_leads_to_every_answer(self):
        with zipfile.ZipFile(self.wacz) as archive:
            lines = archive.read("indexes/index.cdx").decode().splitlines()
            self.assertEqual(lines, sorted(lines))
            found = {}
            for line in lines:
                entry = json.loads(line.split(" ", 2)[2])
                data = archive.read("archive/" + entry["filename"])[int(entry["offset"]):][:int(entry["length"])]
                (fields, block), = warc_reader.read_warc(data)
                self.assertEqual((fields["WARC-Type"], fields["WARC-Target-URI"]), ("response", entry["url"]))
                self.assertEqual(fields["WARC-Payload-Digest"], entry["digest"])
                found[entry["url"]] = block
        self.assertTrue(found[self.site.url("/gbk")].endswith(site_server.GBK))
        self.assertFalse([url for url in found if "/echo" in url], "an answer to a POST cannot be asked for again")

    def test_no_secret_is_in_it(self):
        with zipfile.ZipFile(self.wacz) as archive:
            for name in archive.namelist():
                data = archive.read(name)
                data = b"".join(warc_reader.members(data)) if name.endswith(".gz") else data
                for secret in (b"swordfish", b"tok-778899", b"0123456789abcdef"):
                    self.assertNotIn(secret, data, name)

    def test_warcio_reads_it_as_we_wrote_it(self):
        program = warcio()
        if program is None:
            self.skipTest("warcio of npm cannot be had here")
        path = os.path.join(self.pages, "1", "page.warc.gz")

        def told(file):
            run = subprocess.run(["node", program, "cdx-index", file], capture_output=True, text=True, timeout=60)
            return [json.loads(line.split(" ", 2)[2]) for line in run.stdout.splitlines() if line.count(" ") >= 2 and line.endswith("}")]
        theirs = {(e["url"], str(e["offset"]), str(e["length"]), str(e["status"]), e["mime"]) for e in told(path) if e.get("mime") != "warc/revisit"}
        with zipfile.ZipFile(self.wacz) as archive:
            lines = [json.loads(line.split(" ", 2)[2]) for line in archive.read("indexes/index.cdx").decode().splitlines()]
        ours = {(e["url"], e["offset"], e["length"], e["status"], e["mime"]) for e in lines if e["filename"] == "1.warc.gz"}
        self.assertGreaterEqual(len(ours), 2)
        self.assertLessEqual(ours, theirs)
        with open(os.path.join(self.folder.name, "torn.warc.gz"), "wb") as file:
            file.write(self.read(path)[40:])
        self.assertNotEqual({(e.get("url"), str(e.get("offset"))) for e in told(file.name)}, {e[:2] for e in theirs})


if __name__ == "__main__":
    unittest.main(verbosity=2)
