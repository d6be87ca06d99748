"""Two verifiers, one verdict: seeded mutations of a sound package, judged by netsampler-verify and by verify.py.
test_agree.py --verifier PROGRAM --maker PROGRAM [--count N] [--seed S] [--keep DIRECTORY]
They must agree on the verdict and on the set of reason codes (notes aside); an edit made without a key must never leave a package without
a finding. Disagreements are printed with their seed: `--seed S --count 1` does it again."""
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
import log_mutations  # noqa: E402
import mutations  # noqa: E402
import regressions  # noqa: E402
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
    """(exit code, codes that count)"""
    return code, sorted({finding["code"] for finding in findings if finding["severity"] != "note"})


def first_judge(program, policy, root):
    done = subprocess.run([program, "--policy", policy, "--json", "--attime", "2027-06-01T00:00:00Z", root], capture_output=True, timeout=60)
    if done.returncode not in NAMES:
        return done.returncode, [done.stderr.decode(errors="replace").strip()]
    return outcome(done.returncode, json.loads(done.stdout)["findings"])


def second_judge(policy, root):
    try:
        report = verifier.verify(root, policy)
    except Exception:  # a mistake of verify.py is a disagreement like any other, and the run goes on
        return 70, [traceback.format_exc()]
    return (65, ["nothing to verify"]) if report is None else outcome(report.rank(), report.findings.values())


class Source:
    """A sound package, and the policies that judge it."""
    def __init__(self, maker, name, work):
        made, self.policies, self.name = os.path.join(work, name), {}, name
        subprocess.run([maker, name, made, made + ".policies"], check=True, timeout=60)
        self.package = read_package(made)
        for policy in sorted(os.listdir(made + ".policies")):
            path = os.path.join(made + ".policies", policy)
            with open(path, encoding="utf-8") as file:
                self.policies[policy] = path, verifier.parse_policy(file.read())


# What the unbent packages must come to, under each policy.
SOUND = {("sound", "plain"): (1, ["unstamped"]), ("small", "plain"): (1, ["unstamped"]), ("logged", "plain"): (0, []), ("rotated", "plain"): (0, []),
         ("younger", "plain"): (0, []), ("resumed", "plain"): (1, ["interrupted", "resumed", "unstamped"]), ("witnessed", "strict"): (0, []),
         ("logged", "strict"): (1, ["tsa-quorum", "witness-quorum"]), ("witnessed", "plain"): (1, ["tsa-untrusted"]), ("logged", "stranger"): (1, ["tsa-untrusted"])}


class Run:
    def __init__(self, options, work):
        self.options, self.root = options, os.path.join(work, "case")
        self.sources = [Source(options.maker, name, work) for name in ("sound", "small", "logged", "witnessed", "rotated", "younger", "resumed")]
        self.wrong, self.verdicts, self.codes = 0, {}, {}

    def judges(self, package, policy):
        write_package(self.root, package)
        return first_judge(self.options.verifier, policy[0], self.root), second_judge(policy[1], self.root)

    def sound(self):
        for source in self.sources:
            for name, policy in source.policies.items():
                one, two = self.judges(source.package, policy)
                if one != two or one != SOUND.get((source.name, name), one):
                    self.complain("%s package under policy %s" % (source.name, name), one, two)

    def regressions(self):
        for source in self.sources:
            for bend in regressions.ALL:
                package = dict(source.package)
                if bend(package) is False:
                    continue
                one, two = self.judges(package, source.policies["plain"])
                if one != two:
                    self.complain("%s: %s package" % (bend.__name__, source.name), one, two)

    def scopes(self):
        """A case as it lies on the box, and what lies beside or among it."""
        for source in self.sources:
            box = {path.replace("data/case/", "data/cases/CQ-2026-001/"): data for path, data in source.package.items() if path.startswith("data/")}
            for link in (None, "link", "data/link", "data/recordings/link"):
                write_package(self.root, box)
                if link:
                    os.symlink("/etc/hostname", os.path.join(self.root, link))
                for part in ("", "data", *sorted("data/recordings/" + name for name in os.listdir(self.root + "/data/recordings") if len(name) == 26)):
                    path = os.path.join(self.root, part)
                    one, two = first_judge(self.options.verifier, source.policies["plain"][0], path), second_judge(source.policies["plain"][1], path)
                    is_odd = "not-a-file" in one[1]
                    if one != two or (link is None and is_odd) or (part == "" and is_odd != (link or "").startswith("data/")):
                        self.complain("%s as a box, %s below %r" % (source.name, link, part), one, two)

    def case(self, seed):
        randomness = random.Random(seed)
        source = randomness.choice(self.sources)
        policy = randomness.choice(["plain", "plain", "plain", "strict", "stranger"])
        package = dict(source.package)
        said = log_mutations.mutate(randomness, package) if randomness.random() < 0.5 else None
        said, with_key = (said, True) if said else mutations.mutate(randomness, package)
        one, two = self.judges(package, source.policies[policy])
        self.verdicts[one[0]] = self.verdicts.get(one[0], 0) + 1
        for code in one[1] if one[0] in NAMES else ():
            self.codes[code] = self.codes.get(code, 0) + 1
        said = "seed %d: %s, policy %s: %s" % (seed, source.name, policy, said)
        unbent = SOUND[source.name, "plain"] if source.name in ("sound", "small", "resumed") else (0, [])
        if one != two:
            self.complain(said, one, two)
        elif one in (unbent, (0, [])) and not with_key and package != source.package:
            self.complain("nothing found: " + said, one, two)

    def complain(self, said, one, two):
        self.wrong += 1
        print("%s\n  netsampler-verify %s\n  verify.py         %s" % (said, one, two), flush=True)
        if self.options.keep:
            shutil.copytree(self.root, os.path.join(self.options.keep, "case-%d" % self.wrong), symlinks=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--verifier", required=True)
    parser.add_argument("--maker", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="agree-") as work:
        run = Run(options, work)
        run.sound()
        run.regressions()
        run.scopes()
        for seed in range(options.seed, options.seed + options.count):
            run.case(seed)
    verdicts = ", ".join("%s %d" % (NAMES.get(code, code), count) for code, count in sorted(run.verdicts.items()))
    print("%d mutations: %s; %d reason codes met; disagreements %d" % (options.count, verdicts, len(run.codes), run.wrong))
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
