#!/usr/bin/python3
"""Processor time that netsampler-corroborate takes for a fact. corroborate.py PROGRAM PATH… (recordings, boxes, packages); one JSON object a path.

`per_fact_ms` is everything but the start (model loaded, chain read), divided by the facts; `start_ms` is that start."""
import json
import os
import resource
import subprocess
import sys

ROUNDS = 5


def measured(program, *arguments):
    """(milliseconds of user and system time, last line of JSON), the quickest of some rounds."""
    best, last = None, {}
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, "--json", *arguments], capture_output=True, text=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}, timeout=600)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
        best = spent if best is None else min(best, spent)
        last = json.loads(done.stdout.splitlines()[-1])
    return best, last


def main(program, paths):
    for path in paths:
        start, _ = measured(program, path, "--recording", "none")
        whole, totals = measured(program, path)
        facts = max(totals["facts"], 1)
        print(json.dumps({"path": os.path.basename(path), "facts": totals["facts"], "agree": totals["agree"], "start_ms": round(start),
                          "per_fact_ms": round((whole - start) / facts, 1), "peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
