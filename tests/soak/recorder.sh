#!/usr/bin/env bash
# tests/soak/recorder.sh HOURS [BIN-DIRECTORY]: hours of recording with Chromium at work and both processors busy. Figures as JSON; exit 1 where
# a picture was lost, memory grew, or the clock's map left its error.
set -euo pipefail
case "${1:-}" in
  ''|--help|-h|*[!0-9]*) echo "tests/soak/recorder.sh HOURS [BIN-DIRECTORY]   (8 is what a release wants; build/release/bin unless said otherwise)"; [ "${1:-}" = --help ] || [ "${1:-}" = -h ] || exit 64; exit 0 ;;
esac
here=$(dirname "$(readlink -f "$0")")
exec /usr/bin/python3 "$here/recorder_soak.py" --bin "${2:-$here/../../build/release/bin}" --seconds $(($1 * 3600)) --chromium --size 1920x1080
