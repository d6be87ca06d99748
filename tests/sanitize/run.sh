#!/usr/bin/env bash
# Builds a sanitizer preset and runs tests under it: tests/sanitize/run.sh asan|tsan [name of one test program].
# asan: every GoogleTest program and the process tests that need neither a browser nor minutes.
# tsan: the GoogleTest programs of the parts that have threads; of the verifier's without the tests that flip every byte.
set -euo pipefail
preset=${1:-} only=${2:-}
cd "$(dirname "$(readlink -f "$0")")/../.."
case "$preset" in
  asan) programs=$(grep -rhoP '^netsampler_tests\(\K\w+' tests --include=CMakeLists.txt) ;;
  tsan) programs="base_tests ledger_tests capture_tests capture_camera_tests capture_clock_tests ui_tests verify_tests" ;;
  *) echo "usage: tests/sanitize/run.sh asan|tsan [name of one test program]" >&2; exit 64 ;;
esac
[ -z "$only" ] || programs=$only
# What libraries keep until the end is named in leaks.supp; nothing of ours is.
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$PWD/tests/sanitize/leaks.supp:print_suppressions=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
cmake --preset "$preset" > /dev/null
# shellcheck disable=SC2086
nice cmake --build --preset "$preset" -j2 --target $programs
failed=()
for program in $programs; do
  filter='*'
  [ "$preset $program" != "tsan verify_tests" ] || filter='-EveryByte*:EveryFile*:*EveryByteOfALog*'
  nice timeout 900 "build/$preset/bin/$program" --gtest_brief=1 --gtest_filter="$filter" || failed+=("$program")
done
if [ "$preset" = asan ] && [ -z "$only" ]; then
  nice cmake --build --preset asan -j2 --target netsampler-ledger netsampler-verify netsampler-capture netsampler-crawl fuzz_{record,policy,opening,manifest,media,price,page,sntp,chain,package,ipc}
  (cd build/asan && nice ctest --output-on-failure --timeout 900 -R '^(ledger_process|verify_program|crawler_extract_command|clock_command|fuzz_replay\.)') \
    || failed+=("process tests")
fi
[ ${#failed[@]} -eq 0 ] || { echo "sanitize $preset: failed: ${failed[*]}" >&2; exit 1; }
echo "sanitize $preset: nothing found"
