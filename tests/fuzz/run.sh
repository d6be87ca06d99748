#!/usr/bin/env bash
# Fuzzes one target for a while: tests/fuzz/run.sh TARGET SECONDS [libFuzzer options]. Needs docs/packages-dev.txt (clang 14).
# Begins from the seed corpus; what it learns stays in build/fuzz/corpus/TARGET, what it finds in build/fuzz/findings/.
# Exit code 0: nothing was found. The last lines say how many runs there were.
# FAST=1: preset fuzz-fast (optimised, the library's own assertions instead of the sanitizers) for ten million runs of chain and package; what it learns
# goes into the same corpus, so a run without FAST afterwards sees each of those inputs with the sanitizers (-runs=0 replays them alone).
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: tests/fuzz/run.sh TARGET SECONDS [libFuzzer options]; targets: $(cd "$(dirname "$0")" && ls -- *_fuzz.cc | sed 's/_fuzz.cc//' | tr '\n' ' ')" >&2
  exit 64
fi
target=$1 seconds=$2
shift 2
cd "$(dirname "$(readlink -f "$0")")/../.."
seeds=tests/fuzz/corpus/$target
[ -d "$seeds" ] || { echo "run.sh: no target $target (see tests/fuzz)" >&2; exit 64; }
more=()
[ "$target" = page ] && more=(tests/crawler/pages)
preset=fuzz more_options=()
[ -z "${FAST:-}" ] || { preset=fuzz-fast; more_options=(-entropic=0); }  # the entropic schedule costs half of each run
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" > /dev/null
nice -n 19 cmake --build --preset "$preset" -j2 --target "fuzz_$target"
mkdir -p "build/fuzz/corpus/$target" build/fuzz/findings
options=(-max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1
         -artifact_prefix="build/fuzz/findings/$target-")
ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
  exec nice -n 19 "build/$preset/bin/fuzz_$target" "${options[@]}" ${more_options[@]+"${more_options[@]}"} "$@" "build/fuzz/corpus/$target" "$seeds" ${more[@]+"${more[@]}"}
