#!/bin/sh
# The long run: 10,000 mutations. long.sh [BUILD DIRECTORY] [more options of test_agree.py]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}
[ $# -gt 0 ] && shift
exec /usr/bin/python3 "$here/test_agree.py" --verifier "$build/bin/netsampler-verify" --maker "$build/bin/make_case" --count 10000 "$@"
