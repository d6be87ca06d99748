#!/usr/bin/env python3
"""What recording costs: netsampler-capture (whole: strip, SEI, segments on the disk) against ffmpeg's x11grab (libx264 ultrafast, QP 20) and
SimpleScreenRecorder (superfast, CRF 23), in turn on one desk with a real browser; and the other figures of the recorder.

bench.py PATH/netsampler-capture [--rounds 3] [--seconds 10] [--workloads idle,typing,…] [--recorders ours,ffmpeg,ssr] [--no-figures] [--only-figures]
         [--json FILE]
CPU: user + system seconds of the recorder's process per recorded second, medians of the rounds. A run of all takes about
rounds · (4 · 3 · (seconds + 4) + 3 · (mixed seconds + 4)) seconds and two minutes for the figures: `--rounds 3 --seconds 10` about 12 minutes.
Needs Debian's xvfb, xdotool, chromium, fonts-noto-cjk, ffmpeg, simplescreenrecorder, tesseract-ocr-chi-sim, python3-gi with gir1.2-gst-rtsp-server-1.0.
"""
import argparse
import json
import os
import statistics
import sys
import tempfile

import desk as desks
import measures
import recorders
import workloads

TARGETS = {"idle": (25, 15), "typing": (18, 12), "reading": (6, 4.5), "scrolling": (1.5, 1.2), "mixed": (10, None)}  # ours is to be at most 1/n of ffmpeg, SSR
STEADY_FPS = 27  # fewer of 30: starved
LIMITS = (("delay", "mean_ms", 20), ("delay", "p99_ms", 100), ("run", "first_segment_s", 2.5), ("run", "stop_s", 1.0), ("run", "rss_mib", 120),
          ("camera", "percent_of_a_core", 3))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--mixed-seconds", type=float, default=24, help="of the mixed workload")
    parser.add_argument("--workloads", default=",".join(workloads.ALL))
    parser.add_argument("--recorders", default=",".join(recorders.ALL))
    parser.add_argument("--json", default="capture.json")
    parser.add_argument("--no-figures", action="store_true", help="processor time alone")
    parser.add_argument("--only-figures", action="store_true", help="all but processor time")
    return parser.parse_args()


def processor(desk, directory, chosen):
    """{workload: {recorder: median}}, the most resident memory of ours, MiB, and the fewest frames a second that a peer took."""
    table, peak_kib, slowest = {}, 0, 30.0
    for workload in chosen.workloads.split(","):
        seconds = chosen.mixed_seconds if workload == "mixed" else chosen.seconds
        costs = {name: [] for name in chosen.recorders.split(",")}
        for turn in range(chosen.rounds):
            for name, found in costs.items():
                recorder = recorders.ALL[name](desk, f"{directory}/{workload}-{turn}-{name}")
                spent, kib, pace = recorders.cost(recorder, workloads.ALL[workload], seconds)
                found.append(spent)
                peak_kib = max(peak_kib, kib) if name == "ours" else peak_kib
                slowest = min(slowest, 30.0 if pace is None else pace)
                print(f"{workload} {turn + 1}/{chosen.rounds} {name}: {spent:.4f}" + ("" if pace is None else f", {pace:.1f} frames/s"), file=sys.stderr, flush=True)
        table[workload] = {name: statistics.median(found) for name, found in costs.items()}
    return table, peak_kib / 1024, slowest


def ratio_text(costs, other, target):
    if other not in costs or "ours" not in costs:
        return "–"
    times = costs[other] / costs["ours"]
    wanted = "" if target is None else f" (≥ {target:g}: {'yes' if times >= target else 'NO'})"
    return f"{times:.1f}{wanted}"


def print_processor(table):
    print("\nCPU seconds per recorded second, medians\nworkload    ours    ffmpeg  SSR     ffmpeg/ours           SSR/ours")
    for workload, costs in table.items():
        numbers = "  ".join(f"{costs[name]:6.4f}" if name in costs else "     –" for name in recorders.ALL)
        wanted = TARGETS[workload]
        print(f"{workload:10}  {numbers}  {ratio_text(costs, 'ffmpeg', wanted[0]):20}  {ratio_text(costs, 'ssr', wanted[1])}")


def print_figures(figures):
    print("\nfigure                      measured  limit")
    for part, name, limit in LIMITS:
        value = figures[part][name]
        print(f"{part + ' ' + name:26}  {value:8.2f}  {limit:g} {'' if value <= limit else 'NO'}")
    legible = figures["legibility"]
    print(f"OCR character errors: screen {legible['screen_percent']:.1f} %, decoded frame {legible['frame_percent']:.1f} % (at most 1 more)")


def figures_of(desk, directory, program):
    return {"delay": measures.delay(desk, directory + "/delay", 40), "run": measures.start_and_stop(desk, directory + "/run", 3),
            "camera": measures.camera(program, directory + "/camera", 15), "legibility": measures.legibility(desk, directory + "/print")}


def main():
    chosen = options()
    recorders.Ours.program = chosen.program
    result = {"rounds": chosen.rounds, "seconds": chosen.seconds}
    with tempfile.TemporaryDirectory() as directory, desks.Desk(directory) as desk:
        desk.show("shop")
        workloads.idle(desk, 3)
        if not chosen.only_figures:
            result["cpu"], result["rss_mib"], result["slowest_peer_fps"] = processor(desk, directory, chosen)
            print_processor(result["cpu"])
            if result["slowest_peer_fps"] < STEADY_FPS:
                print(f"A peer took only {result['slowest_peer_fps']:.1f} of 30 frames a second: the machine was busy, and frames not taken cost nothing. The ratios mean nothing.")
        if not chosen.no_figures:
            result["figures"] = figures_of(desk, directory, chosen.program)
            print_figures(result["figures"])
    with open(chosen.json, "w", encoding="utf-8") as out:
        json.dump(result, out, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
