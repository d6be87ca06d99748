"""netsampler-crawl extract against saved product pages in the manner of many shop systems (shops/*.html, what is true stands in each
one's first line): precision, recall and F1 of the amounts, and the share of right titles, may not fall below floors.

With --show every page that was read otherwise is printed."""
import json
import os
import subprocess
import sys
import unittest

SHOW = "--show" in sys.argv
sys.argv = [each for each in sys.argv if each != "--show"]
PROGRAM = sys.argv.pop(1)
PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shops")
DIGITS = {"JPY": 0}


def truth_of(path):
    with open(path, encoding="utf-8") as file:
        return json.loads(file.readline().removeprefix("<!-- truth: ").rstrip().removesuffix(" -->"))


def extracted(path):
    done = subprocess.run([PROGRAM, "extract", path, "--json", "--url", "https://shop.example/p/1"], capture_output=True, check=True)
    return json.loads(done.stdout)


def amounts(facts):
    found = set()
    for price in facts.get("prices", []):
        digits = DIGITS.get(price["currency"], 2)
        found.add(f"{price['amount_minor'] / 10 ** digits:.{digits}f} {price['currency']}")
    return found


class ShopPages(unittest.TestCase):
    def test_prices_and_titles(self):
        right = wrong = missing = titles = 0
        names = sorted(os.listdir(PAGES))
        for name in names:
            path = os.path.join(PAGES, name)
            truth, facts = truth_of(path), extracted(path)
            wanted, found = set(truth["prices"]), amounts(facts)
            title = facts.get("product", {}).get("title")
            titles += title == truth["title"]
            right, wrong, missing = right + len(wanted & found), wrong + len(found - wanted), missing + len(wanted - found)
            if SHOW and (wanted != found or title != truth["title"]):
                print(name, facts["kind"], "missing", wanted - found, "wrong", found - wanted, "title", title)
        precision, recall = right / (right + wrong), right / (right + missing)
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{len(names)} pages: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}, titles {titles / len(names):.3f}", file=sys.stderr)
        self.assertGreaterEqual(len(names), 30)
        self.assertGreaterEqual(precision, 0.95)
        self.assertGreaterEqual(f1, 0.95)
        self.assertGreaterEqual(titles / len(names), 0.95)


if __name__ == "__main__":
    unittest.main()
