"""netsampler-crawl price against two tables of price texts (prices/*.txt): how many amounts are right may not fall below a floor.

With --show every text that was read otherwise than the table says is printed."""
import json
import os
import subprocess
import sys
import unittest
from decimal import Decimal

SHOW = "--show" in sys.argv
sys.argv = [each for each in sys.argv if each != "--show"]
PROGRAM = sys.argv.pop(1)
TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prices")
NO_DECIMALS = "JPY KRW VND CLP PYG ISK UGX XOF XPF".split()
THREE_DECIMALS = "KWD BHD OMR JOD TND".split()


def minor(amount, currency):
    digits = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    return int(Decimal(amount).scaleb(digits))


def rows(name):
    with open(os.path.join(TABLES, name), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                text, said = line.rstrip("\n").split("\t")
                yield text, *(said.split(" ") + [""])[:3]


def answers(texts):
    done = subprocess.run([PROGRAM, "price"], input="".join(text + "\n" for text in texts).encode(), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def agreed(answer, amount, currency, kind):
    """(amount right, currency right, kind right); what the table does not say is right"""
    if amount == "none":
        return answer["amount_minor"] is None, True, True
    ends = amount.split("-")
    got = answer["currency"] or ""
    wanted = [minor(each, got if currency == "?" else currency.rstrip("?")) for each in ends]
    read = [answer["amount_minor"]] + ([answer["amount_minor_high"]] if "amount_minor_high" in answer else [])
    return read == wanted, currency.endswith("?") or currency == got, not kind or kind == answer["kind"]


class Tables(unittest.TestCase):
    def measure(self, name, floors):
        table = list(rows(name))
        right = [0, 0, 0]
        for row, answer in zip(table, answers([row[0] for row in table]), strict=True):
            verdict = agreed(answer, *row[1:])
            right = [count + each for count, each in zip(right, verdict)]
            if SHOW and not all(verdict):
                print(name, row, {key: value for key, value in answer.items() if key != "raw"})
        shares = [100 * count / len(table) for count in right]
        print(f"{name}: {len(table)} texts, right amounts {shares[0]:.1f} %, currencies {shares[1]:.1f} %, kinds {shares[2]:.1f} %", file=sys.stderr)
        for share, floor in zip(shares, floors):
            self.assertGreaterEqual(share, floor)
        return len(table)

    def test_world(self):
        self.assertGreaterEqual(self.measure("world.txt", (97, 97, 100)), 400)

    def test_chinese(self):
        self.assertGreaterEqual(self.measure("chinese.txt", (98, 98, 98)), 300)


if __name__ == "__main__":
    unittest.main()
