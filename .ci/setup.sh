# Shared by ./run, ./test and the documentation: what is missing is installed, then the release build is brought up to date.
# Sourced with the repository as working directory. A second call with nothing to do takes seconds.
say() { printf '\033[1m== %s\033[0m\n' "$*"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

wanted_packages() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' docs/packages.txt
  command -v npm >/dev/null 2>&1 || printf 'nodejs\nnpm\n'   # only where it is absent: another Node may be there already
}

missing_packages() {
  local have
  have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" {print $2}')
  wanted_packages | grep -vxF -f <(printf '%s\n' "$have") || true
}

install_missing() {
  local missing
  missing=$(missing_packages)
  [ -z "$missing" ] && return 0
  say "安装缺少的软件包 / installing $(printf '%s\n' "$missing" | wc -l) missing Debian packages"
  as_root apt-get update -q >/dev/null || { echo "setup: apt-get update failed (is a package mirror reachable?)" >&2; return 1; }
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null \
    || { echo "setup: installing failed; try: apt-get install $(echo $missing)" >&2; return 1; }
}

build_release() {
  say "构建 / building (build/release)"
  [ -f build/release/build.ninja ] || cmake --preset release >build-configure.log 2>&1 \
    || { cat build-configure.log >&2; return 1; }
  rm -f build-configure.log
  cmake --build --preset release "$@"
}
