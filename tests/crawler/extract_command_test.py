"""netsampler-crawl extract and price as programs: output, exit codes, one line of error."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages")


def run(*arguments, text=b""):
    """(exit code, stdout, stderr)"""
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


class Extract(unittest.TestCase):
    def refused(self, code, *arguments):
        got, out, error = run("extract", "--json", *arguments)
        self.assertEqual(got, code, error)
        self.assertEqual(out, b"")
        self.assertEqual(error.count("\n"), 1, error)

    def test_html_and_snapshot(self):
        for name in ("product_group_divs.html", "snapshot_product_group_divs", "snapshot_product_group_divs/dom.json"):
            code, out, error = run("extract", os.path.join(PAGES, name), "--json")
            self.assertEqual((code, error), (0, ""))
            facts = json.loads(out)
            self.assertEqual((facts["kind"], facts["shop"]["name"]), ("product", "山里人家果园"))

    def test_text_for_people(self):
        code, out, _ = run("extract", os.path.join(PAGES, "logistics_table.html"))
        self.assertEqual(code, 0)
        self.assertIn("parcel.waybill [40-1]: 75312345678901", out.decode())

    def test_what_is_not_there_or_no_page(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused(1, os.path.join(folder, "absent"))
            self.refused(65, folder)
            for content in (b"", b"\x89PNG\r\n\x1a\n\0\0", b"{", b"{}", b"just words", b"<\0\0"):
                with open(os.path.join(folder, "page.html"), "wb") as file:
                    file.write(content)
                self.refused(65, os.path.join(folder, "page.html"))
        self.refused(64)


class Price(unittest.TestCase):
    def test_one_line_in_one_object_out(self):
        code, out, _ = run("price", text="券后价￥89\r\n\n8.5折\n".encode() + b"\xff\n" + "免费".encode())
        self.assertEqual(code, 0)
        rows = [json.loads(line) for line in out.decode().splitlines()]
        self.assertEqual([row["amount_minor"] for row in rows], [8900, None, None, None, 0])
        self.assertEqual([row["raw"] for row in rows], ["券后价￥89", "", "8.5折", "\ufffd", "免费"])

    def test_line_bound(self):
        self.assertEqual(run("price", text=b"1" * 65536)[0], 0)
        code, _, error = run("price", text=b"1" * 65537)
        self.assertEqual((code, error.count("\n")), (65, 1))

    def test_nothing(self):
        self.assertEqual(run("price"), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
