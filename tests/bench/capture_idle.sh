#!/usr/bin/env bash
# CPU seconds per recorded second on a still 1920x1080 desktop (only the strip's clock moves): netsampler-capture against
# ffmpeg's x11grab with the same encoder settings, in turn, medians. Usage: capture_idle.sh PATH/netsampler-capture [ROUNDS] [SECONDS]
# Prints a table, and writes capture_idle.json beside the working directory's files.
set -euo pipefail
capture=$1 rounds=${2:-5} seconds=${3:-8}
work=$(mktemp -d)
Xvfb -displayfd 9 -screen 0 1920x1080x24 -nolisten tcp 9>"$work/display" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
timeout 20 tail -f "$work/display" --pid="$server" | head -n 1 >"$work/line" || true
display=:$(cat "$work/line")

ours() {
  "$capture" screen --display "$display" --out "$work/ours-$1" --seconds "$seconds" --json | tail -n 1 |
    python3 -c 'import json,sys; s=json.load(sys.stdin); print(s["cpu_seconds"]/s["wall_seconds"])' >>"$work/ours"
}
ffmpeg_x11grab() {
  ffmpeg -hide_banner -nostats -benchmark -loglevel info -f x11grab -framerate 30 -video_size 1920x1080 -i "$display" -t "$seconds" \
    -c:v libx264 -preset ultrafast -qp 20 -pix_fmt yuv420p -y "$work/ffmpeg.mp4" 2>&1 |
    python3 -c 'import re,sys; t=sys.stdin.read(); m=re.search(r"utime=([\d.]+)s stime=([\d.]+)s", t); print((float(m[1])+float(m[2]))/float(sys.argv[1]))' "$seconds" >>"$work/ffmpeg"
}
for ((i = 0; i < rounds; ++i)); do
  ours "$i"
  ffmpeg_x11grab
done
python3 - "$work" "$rounds" "$seconds" <<'P'
import json, statistics, sys
work, rounds, seconds = sys.argv[1:]
median = {name: statistics.median(map(float, open(f"{work}/{name}"))) for name in ("ours", "ffmpeg")}
print("recorder             CPU s per recorded s (median)")
print(f"netsampler-capture   {median['ours']:.4f}\nffmpeg x11grab       {median['ffmpeg']:.4f}")
print(f"ratio                {median['ours'] / median['ffmpeg']:.3f}")
json.dump({"workload": "idle", "rounds": int(rounds), "seconds": int(seconds), **median, "ratio": median["ours"] / median["ffmpeg"]},
          open("capture_idle.json", "w"))
P
