"""Makes the golden packages: make_golden.py MAKER (the program make_case) NAME DIRECTORY. What it made once for a version of the format is
frozen (SHA256SUMS): it adds packages of later versions, and never makes an old one again."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "second"))
sys.dont_write_bytecode = True
import mutations  # noqa: E402
import sealing  # noqa: E402
from test_agree import read_package, write_package  # noqa: E402

PRIVATE = "data/case/private.jsonl"


def as_made(package):
    """Nothing is bent."""


def masked(package):
    """Every opening and one segment withheld, declared with a reason."""
    items = []
    for path in sorted(path for path in package if path.endswith("private.jsonl")):
        openings = [json.loads(line) for line in package[path].split(b"\n")[:-1]]
        lines = [{"index": one["index"], "leaf": mutations.leaf_of(one), "seq": one["seq"]} for one in openings]
        package[path] = b"".join(sealing.canonical(line) + b"\n" for line in lines)
        items += [{"by": "li", "index": one["index"], "path": path, "reason": "个人信息", "seq": one["seq"]} for one in openings]
    chain = sorted(path for path in package if path.endswith("chain.jsonl"))[-1]
    file = next(record["file"] for record in sealing.records_of(package, chain) if record["type"] == "segment")
    path = chain.rsplit("/", 1)[0] + "/" + file["path"]
    del package[path]
    items.append({"by": "li", "bytes": file["bytes"], "path": path, "reason": "画面含面单", "sha256": file["sha256"]})
    items.sort(key=lambda item: (item["path"].encode(), item.get("seq", -1), item.get("index", -1)))
    first = {"format": "netsampler-withheld", "head": sealing.hashlib.sha256(package["data/case/book.jsonl"].split(b"\n")[-2]).hexdigest(), "profile": "seller", "v": 1}
    package["withheld.jsonl"] = b"".join(sealing.canonical(line) + b"\n" for line in [first, *items])
    sealing.bag_again(package, True)


def interrupted(package):
    """A recording without its last record, a torn line behind it."""
    path = sorted(path for path in package if path.endswith("chain.jsonl"))[-1]
    sealing.reseal(package, path, sealing.records_of(package, path)[:-1])
    package[path] += b'{"at_us":18000000'
    sealing.bag_again(package, True)


def cut(package):
    """A chain cut at a record's edge, whose log knows the rest."""
    path = sorted(path for path in package if path.endswith("chain.jsonl"))[-1]
    package[path] = b"".join(package[path].splitlines(True)[:-1])
    sealing.bag_again(package, True)


GOLDEN = {"intact": ("witnessed", "strict", as_made), "rotated": ("rotated", "plain", as_made), "masked": ("logged", "plain", masked),
          "interrupted": ("small", "plain", interrupted), "cut": ("logged", "plain", cut)}


def main():
    maker, name, to = sys.argv[1:]
    case, policy, bend = GOLDEN[name]
    with tempfile.TemporaryDirectory(prefix="golden-") as work:
        made = os.path.join(work, "made")
        subprocess.run([maker, case, made, os.path.join(work, "policies")], check=True, timeout=60)
        package = read_package(made)
        bend(package)
        write_package(os.path.join(to, name), package)
        shutil.copy(os.path.join(work, "policies", policy), os.path.join(to, name + ".policy"))


if __name__ == "__main__":
    main()
