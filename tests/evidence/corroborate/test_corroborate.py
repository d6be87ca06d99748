"""netsampler-corroborate on real recordings: what it says of a page that is plain, scrolled, zoomed, covered, or edited by hand."""
import json
import os
import subprocess
import unittest

from recorded import CASE, Recording
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

    def follow(self, made):
        done = subprocess.run([os.path.join(BIN, "netsampler-corroborate"), "--ledger", made.ledger.path("run", "ledger.sock"), "--recording", made.id],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def verdict(self, made):
        done = subprocess.run([os.path.join(BIN, "netsampler-verify"), "--json", made.ledger.path("data")], capture_output=True, text=True, timeout=120)
        return {finding["code"] for finding in json.loads(done.stdout)["findings"] if finding["severity"] == "broken"}

    def test_answers_are_recorded_in_the_open_chain_once(self):
        with Recording(BIN, product(edited=True), follow=True) as made:
            facts, answers_given = made.records("fact"), made.records("corroboration")
            self.assertEqual([record["fact"] for record in answers_given], [fact["seq"] for fact in facts])
            price = next(record for record in answers_given if record["name"] == "price.list")
            self.assertEqual((price["pixels"], price["dom"], price["network"], price["agrees"]), ("agrees", "agrees", "differs", False))
            self.assertEqual((price["source"], len(price["rect"])), ("screen", 4))
            self.assertIn(price["segment"], [segment["no"] for segment in made.records("segment")])
            self.assertEqual([(f["code"], f["severity"], f["count"]) for f in made.records("finding") if f.get("page")], [("shown-not-served", "note", 1)])
            self.assertNotIn(EDITED, json.dumps(answers_given))
            self.assertEqual(self.follow(made)[-1]["facts"], 0)
            self.assertEqual([r for r in made.ledger.book(CASE) if r["type"] == "corroboration"], [])
            self.assertEqual(self.verdict(made), set())

    def test_what_comes_after_the_end_goes_into_the_book_once(self):
        with Recording(BIN, product()) as made:
            self.assertEqual(made.records("corroboration"), [])
            self.assertEqual(self.follow(made)[-1]["facts"], len(made.records("fact")))
            self.follow(made)
            book = [record for record in made.ledger.book(CASE) if record["type"] == "corroboration"]
            self.assertEqual([(r["recording"], r["fact"]) for r in book], [(made.id, fact["seq"]) for fact in made.records("fact")])
            self.assertEqual(self.verdict(made), set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
