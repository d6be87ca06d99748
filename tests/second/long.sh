#!/bin/sh
# The long run: 10,000 mutations, seeds 1 to 10,000, in as many processes as JOBS says (2). long.sh [BUILD DIRECTORY] [more options of test_agree.py]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}
[ $# -gt 0 ] && shift
jobs=${JOBS:-2} count=10000 processes='' failed=0
for job in $(seq 0 $((jobs - 1))); do
  from=$((count * job / jobs)) to=$((count * (job + 1) / jobs))
  /usr/bin/python3 "$here/test_agree.py" --verifier "$build/bin/netsampler-verify" --maker "$build/bin/make_case" --seed $((from + 1)) --count $((to - from)) "$@" &
  processes="$processes $!"
done
for process in $processes; do wait "$process" || failed=1; done
exit $failed
