"""Packages of earlier days, frozen for ever: both verifiers must go on to judge them as they did. test_golden.py --verifier PROGRAM
Here: <name>/ a package, <name>.policy, one line of expected.txt for each; SHA256SUMS of all of them. None is ever made again."""
import argparse
import hashlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "second"))
sys.dont_write_bytecode = True
from sealing import verifier  # noqa: E402
from test_agree import NAMES, first_judge, second_judge  # noqa: E402

LIMIT_BYTES = 65536


def lines_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.split() for line in file if line.strip() and not line.startswith("#")]


def frozen_files(names):
    """Every file that SHA256SUMS must name, by its path."""
    found = {}
    for name in names:
        found[name + ".policy"] = os.path.join(HERE, name + ".policy")
        for folder, _, files in os.walk(os.path.join(HERE, name)):
            for file in files:
                path = os.path.join(folder, file)
                found[os.path.relpath(path, HERE)] = path
    return found


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--verifier", required=True)
    program, wrong = parser.parse_args().verifier, []
    expected = {name: (verdict, sorted(codes)) for name, verdict, *codes in lines_of("expected.txt")}
    files = frozen_files(expected)
    if sorted((digest(path), name) for name, path in files.items()) != sorted((line[0], line[1]) for line in lines_of("SHA256SUMS")):
        wrong.append("the golden files are not those of SHA256SUMS: they are never changed and never made again")
    for name, (verdict, codes) in expected.items():
        policy, package = os.path.join(HERE, name + ".policy"), os.path.join(HERE, name)
        if sum(os.path.getsize(path) for key, path in files.items() if key.startswith(name + "/")) > LIMIT_BYTES:
            wrong.append(name + " is larger than 64 KiB")
        with open(policy, encoding="utf-8") as file:
            judged = first_judge(program, policy, package), second_judge(verifier.parse_policy(file.read()), package)
        for who, (code, found) in zip(("netsampler-verify", "verify.py"), judged):
            if (NAMES.get(code), found) != (verdict, codes):
                wrong.append("%s: %s says %s %s, not %s %s" % (name, who, NAMES.get(code, code), found, verdict, codes))
    print("\n".join(wrong) or "%d golden packages, as ever" % len(expected))
    return 1 if wrong or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
