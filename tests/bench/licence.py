"""How well licences are read: licence.py PROGRAM [--count 100] [--seed 7] [--pictures DIR]: draws and photographs licences (tests/crawler/licences),
reads each with `PROGRAM licence` and with plain `tesseract -l chi_sim --psm 11`, and prints the shares that are right and the CPU seconds a picture.
--pictures: a folder with truth.json (name → {"uscc" | "registration_number", "name", "qr"?}) instead of drawn ones."""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LICENCES = os.path.join(HERE, "..", "crawler", "licences")


def children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ours(program, path):
    done = subprocess.run([program, "licence", "--image", path, "--json"], capture_output=True, text=True, timeout=300)
    found = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr}
    found["number"] = found.get("uscc") or found.get("registration_number")
    return found


def plain(path):
    text = subprocess.run(["tesseract", path, "-", "-l", "chi_sim", "--psm", "11"], capture_output=True, text=True, timeout=300).stdout
    return re.sub(r"\s", "", text)


def share(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "    –"


def wrong_but_valid(found, number):
    return bool(found["number"]) and bool(found.get("valid")) and found["number"] != number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pictures")
    parser.add_argument("--no-peer", action="store_true", help="without plain tesseract")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.pictures or made
        if not options.pictures:
            subprocess.run([sys.executable, os.path.join(LICENCES, "make.py"), made, "--count", str(options.count), "--seed", str(options.seed)], check=True)
        with open(os.path.join(folder, "truth.json"), encoding="utf-8") as text:
            truth = dict(list(json.load(text).items())[:options.count])
        score = dict.fromkeys(("number", "name", "qr", "wrong", "peer_number", "peer_name"), 0)
        our_s = peer_s = 0.0
        for name, licence in truth.items():
            path, number = os.path.join(folder, name), licence.get("uscc") or licence["registration_number"]
            before = children_s()
            found = ours(options.program, path)
            our_s += children_s() - before
            right = (found["number"] == number, found.get("name") == licence["name"], "qr" in licence and found.get("qr") == licence["qr"])
            for member, good in zip(("number", "name", "qr"), right):
                score[member] += good
            score["wrong"] += wrong_but_valid(found, number)
            if not right[0] or not right[1] or wrong_but_valid(found, number):
                print(name, licence.get("layout"), licence.get("degree"), number, found["number"], found.get("candidates", ""), licence["name"], found.get("name"),
                      found.get("error", ""), flush=True)
            if not options.no_peer:
                before = children_s()
                text = plain(path)
                peer_s += children_s() - before
                score["peer_number"] += number in text
                score["peer_name"] += licence["name"].replace("（", "(").replace("）", ")") in text.replace("（", "(").replace("）", ")")
        count, coded = len(truth), sum("qr" in licence for licence in truth.values())
        print(f"netsampler  number {share(score['number'], count)}  name {share(score['name'], count)}  QR {share(score['qr'], coded)} of {coded}  "
              f"wrong but valid {score['wrong']} of {count}  {our_s / count:.2f} CPU s a picture")
        if not options.no_peer:
            print(f"tesseract   number {share(score['peer_number'], count)}  name {share(score['peer_name'], count)}  psm 11  {peer_s / count:.2f} CPU s a picture")


if __name__ == "__main__":
    main()
