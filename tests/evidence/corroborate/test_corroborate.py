"""netsampler-corroborate on real recordings: what it says of a page that is plain, scrolled, zoomed, covered, or edited by hand."""
import json
import os
import subprocess
import unittest

from recorded import Recording
from shop_pages import EDITED, PRICE, product

BIN = os.environ.get("NETSAMPLER_BIN")
ZOOM_125, ZOOM_150 = 1.2239, 2.2239  # Chromium's zoom levels: 1.2 to that power


def corroborated(path):
    done = subprocess.run([os.path.join(BIN, "netsampler-corroborate"), path, "--json"], capture_output=True, text=True, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines:
        raise AssertionError(done.stderr)
    return done.returncode, {line["name"]: line for line in lines if "name" in line}, lines[-1]


def answers(fact):
    return [fact[source]["answer"] for source in ("pixels", "dom", "network")]


class Recorded(unittest.TestCase):
    def look(self, html, **how):
        with Recording(BIN, html, **how) as made:
            return corroborated(made.path)

    def all_agree(self, facts, price=PRICE):
        self.assertEqual(facts["price.list"]["value"], int(price.replace(".", "")))
        for name in ("price.list", "product.title", "product.number", "shop.name"):
            self.assertEqual(answers(facts[name]), ["agrees"] * 3, facts[name])
            self.assertTrue(facts[name]["agrees"])

    def test_a_plain_page_agrees_and_what_is_below_the_window_is_not_read(self):
        code, facts, totals = self.look(product())
        self.all_agree(facts)
        self.assertEqual(answers(facts["price.strikethrough"]), ["not-applicable", "agrees", "agrees"])
        self.assertEqual((code, totals["agree"]), (0, totals["facts"]))
        x, y, width, height = facts["price.list"]["sight"]["rect"]
        self.assertTrue(36 < y < 400 and width > 60 and 20 < height < 60 and x >= 30, facts["price.list"])

    def test_a_scrolled_page(self):
        self.all_agree(self.look(product(before=1200, scroll=1100))[1])

    def test_zoomed_pages(self):
        for level in (ZOOM_125, ZOOM_150):
            with self.subTest(level=level):
                self.all_agree(self.look(product(), zoom_level=level)[1])

    def test_a_screen_of_twice_the_density(self):
        self.all_agree(self.look(product(), window="640x382+0+18", flags=["--force-device-scale-factor=2"])[1])

    def test_an_edited_price_is_told(self):
        code, facts, _ = self.look(product(edited=True))
        self.assertEqual(facts["price.list"]["value"], int(EDITED.replace(".", "")))
        self.assertEqual(answers(facts["price.list"]), ["agrees", "agrees", "differs"])
        self.assertFalse(facts["price.list"]["agrees"])
        self.assertEqual(answers(facts["product.title"]), ["agrees"] * 3)
        self.assertEqual(code, 1)

    def test_a_window_over_the_price_hides_it_and_nothing_else(self):
        _, facts, _ = self.look(product(), cover=(0, 265, 700, 60))
        self.assertEqual(answers(facts["price.list"]), ["not-found", "agrees", "agrees"])
        self.assertEqual(facts["price.list"]["pixels"]["why"], "covered")
        self.assertEqual(answers(facts["product.title"]), ["agrees"] * 3)

    def test_a_page_that_is_hidden_is_not_seen(self):
        _, facts, _ = self.look(product(), cover=(0, 120, 1280, 680))
        self.assertEqual((answers(facts["price.list"])[0], facts["price.list"]["pixels"]["why"]), ("not-found", "page-not-seen"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
