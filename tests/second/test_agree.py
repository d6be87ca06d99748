"""Two verifiers, one verdict: seeded mutations of a sound package, judged by netsampler-verify and by verify.py.
test_agree.py --verifier PROGRAM --maker PROGRAM [--count N] [--seed S] [--keep DIRECTORY] [--codes]
They must agree on the verdict, and on what it would be if `unstamped` were not there; an edit made without a key must never leave a
package without a finding. Disagreements are printed with their seed: `--seed S --count 1` does it again."""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import mutations  # noqa: E402
from sealing import verifier  # noqa: E402

NAMES = {0: "INTACT", 1: "PARTIAL", 2: "BROKEN"}


def read_package(root):
    package = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                package[os.path.relpath(path, root)] = file.read()
    return package


def write_package(root, package):
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    for path, data in package.items():
        whole = os.path.join(root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "wb") as file:
            file.write(data)


def outcome(code, findings):
    """(exit code, the same without unstamped, codes that count)"""
    ranks = {"note": 0, "partial": 1, "broken": 2}
    others = [finding for finding in findings if finding["code"] != "unstamped" and finding["severity"] != "note"]
    return code, max([0] + [ranks[finding["severity"]] for finding in others]), sorted({finding["code"] for finding in others})


def first_judge(program, policy, root):
    done = subprocess.run([program, "--policy", policy, "--json", root], capture_output=True, timeout=60)
    if done.returncode not in NAMES:
        return done.returncode, None, [done.stderr.decode(errors="replace").strip()]
    return outcome(done.returncode, json.loads(done.stdout)["findings"])


def second_judge(policy, root):
    try:
        report = verifier.verify(root, policy)
    except Exception:  # a mistake of verify.py is a disagreement like any other, and the run goes on
        return 70, None, [traceback.format_exc()]
    return (65, None, []) if report is None else outcome(report.rank(), report.findings)


class Run:
    def __init__(self, options, work):
        self.options, self.root, self.policy_path = options, os.path.join(work, "case"), os.path.join(work, "policy.txt")
        self.packages = []
        for size in ("sound", "small"):
            made = os.path.join(work, size)
            subprocess.run([options.maker, size, made, self.policy_path], check=True, timeout=60)
            self.packages.append(read_package(made))
        with open(self.policy_path, encoding="utf-8") as file:
            self.policy = verifier.parse_policy(file.read())
        self.wrong, self.verdicts, self.same_codes = 0, {}, 0

    def judges(self, package):
        write_package(self.root, package)
        return first_judge(self.options.verifier, self.policy_path, self.root), second_judge(self.policy, self.root)

    def sound(self):
        for package in self.packages:
            one, two = self.judges(package)
            if one != two or one != (1, 0, []):
                self.complain("sound package", one, two)

    def case(self, seed):
        source = random.Random(seed)
        package = dict(source.choice(self.packages))
        said, with_key = mutations.mutate(source, package)
        one, two = self.judges(package)
        self.verdicts[one[0]] = self.verdicts.get(one[0], 0) + 1
        self.same_codes += one[2] == two[2]
        if self.options.codes and one[2] != two[2] and one[:2] == two[:2]:
            print("seed %d: %s\n  codes %s\n        %s" % (seed, said, one[2], two[2]))
        if one[:2] != two[:2]:
            self.complain("seed %d: %s" % (seed, said), one, two)
        elif 0 in (one[0], two[0]) or (one[1] == 0 and not with_key and package not in self.packages):
            self.complain("nothing found: seed %d: %s" % (seed, said), one, two)

    def complain(self, said, one, two):
        self.wrong += 1
        print("%s\n  netsampler-verify %s\n  verify.py         %s" % (said, one, two), flush=True)
        if self.options.keep:
            shutil.copytree(self.root, os.path.join(self.options.keep, "case-%d" % self.wrong), symlinks=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--verifier", required=True)
    parser.add_argument("--maker", required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    parser.add_argument("--codes", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="agree-") as work:
        run = Run(options, work)
        run.sound()
        for seed in range(options.seed, options.seed + options.count):
            run.case(seed)
    verdicts = ", ".join("%s %d" % (NAMES.get(code, code), count) for code, count in sorted(run.verdicts.items()))
    print("%d mutations: %s; same reasons in %d; disagreements %d" % (options.count, verdicts, run.same_codes, run.wrong))
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
