#!/usr/bin/env bash
# How fast netsampler-verify reads, against `openssl dgst -sha256` over the same 512 MiB on one core, in turn, medians; 100,000 records;
# peak memory. Usage: verify.sh BIN_DIRECTORY [ROUNDS]   (a release build's bin: netsampler-verify, make_large). Prints a table and writes
# verify.json into the working directory. Targets: one core ≥ 0.85, two cores ≥ 1.6, records ≤ 12 s CPU and ≤ 6.5 s wall, ≤ 64 MiB.
set -euo pipefail
bin=$(realpath "$1") rounds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/make_large" media 512 "$work/media" "$work/policy"
"$bin/make_large" records 100000 "$work/records" "$work/policy"
cat "$work"/media/media/screen/*.m4s >/dev/null

# NAME CPUS COMMAND…: a line "name wall cpu kib" into the results. A verdict (1: unstamped) is no failure.
timed() {
  local name=$1 cpus=$2
  shift 2
  /usr/bin/time -f "$name %e %U %S %M" -o "$work/time" taskset -c "$cpus" "$@" >/dev/null || [ $? = 1 ]
  tail -n 1 "$work/time" >>"$work/results"
}
for _ in $(seq "$rounds"); do
  timed openssl 0 openssl dgst -sha256 "$work"/media/media/screen/*.m4s
  timed media1 0 "$bin/netsampler-verify" --jobs 1 --policy "$work/policy" "$work/media"
  timed media2 0,1 "$bin/netsampler-verify" --jobs 2 --policy "$work/policy" "$work/media"
  timed records2 0,1 "$bin/netsampler-verify" --jobs 2 --policy "$work/policy" "$work/records"
done
python3 - "$work/results" <<'PY'
import collections, json, statistics, sys
rows = collections.defaultdict(list)
for line in open(sys.argv[1], encoding="utf-8"):
    name, *numbers = line.split()
    wall, user, system, kib = map(float, numbers)
    rows[name].append((wall, user + system, kib))
median = {name: [statistics.median(column) for column in zip(*values)] for name, values in rows.items()}
base = median["openssl"]
result = {"one_core_by_wall": base[0] / median["media1"][0], "one_core_by_cpu": base[1] / median["media1"][1],
          "two_cores_by_wall": base[0] / median["media2"][0], "records_wall_s": median["records2"][0],
          "records_cpu_s": median["records2"][1], "peak_kib": max(values[2] for name, values in median.items() if name != "openssl")}
for name, (wall, cpu, kib) in median.items():
    print(f"{name:10} {wall:7.2f} s wall {cpu:7.2f} s cpu {kib / 1024:7.1f} MiB")
for name, value in result.items():
    print(f"{name:20} {value:.2f}")
with open("verify.json", "w", encoding="utf-8") as file:
    json.dump({"rounds": len(rows["openssl"]), **result}, file, indent=1)
PY
