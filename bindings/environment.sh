# Sourced by the tests of the bindings, in the root of the repository.
#
#   as_root COMMAND...        as root, directly or by sudo
#   install_packages NAME...  Debian packages; nothing without names
#   install_library FOLDER PYTHON   what Meson built, as meson install makes it: a prefix inside the folder,
#                             whose name it prints
#   find_library              PKG_CONFIG_PATH, LD_LIBRARY_PATH, XGR_LIBRARY and $library_folder
#   result NAME COMMAND...    runs a test and counts it in $passed and $failed; needs the folder $work
#
# Environment: XGR_PREFIX names an installation of the library; otherwise it is the one that Meson built in
# build/, or in the folder that XGR_BUILD names.

passed=0
failed=0

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

install_packages() {
  [ $# -gt 0 ] && command -v apt-get >/dev/null || return 0
  echo "installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c "
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $* >/dev/null"
}

install_library() {
  "$2" -m mesonbuild.mesonmain install -C "${XGR_BUILD:-build}" --no-rebuild --quiet --destdir "$1/root" >&2
  include=$(find "$1/root" -name include -type d | head -n 1)
  for package in $(find "$1/root" -name 'xgr*.pc'); do
    sed "s|^prefix=.*|prefix=${include%/include}|" "$package" >"$1/package" && mv "$1/package" "$package"
  done
  echo "${include%/include}"
}

find_library() {
  PKG_CONFIG_PATH=$PWD/${XGR_BUILD:-build}/meson-uninstalled
  [ -d "$PKG_CONFIG_PATH" ] || PKG_CONFIG_PATH=${XGR_BUILD:-build}/meson-uninstalled
  [ -z "${XGR_PREFIX:-}" ] || PKG_CONFIG_PATH=$(dirname "$(find "$XGR_PREFIX" -name xgr.pc | head -n 1)")
  export PKG_CONFIG_PATH
  if ! pkg-config --exists --print-errors xgr; then
    echo "no library: build it with meson compile -C ${XGR_BUILD:-build}, or set XGR_PREFIX"
    echo "0 passed, 1 failed"
    exit 1
  fi
  library_folder=$(pkg-config --libs-only-L xgr | sed 's/^-L//; s/ .*//')
  LD_LIBRARY_PATH=$library_folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  XGR_LIBRARY=$library_folder/libxgr.so
  export LD_LIBRARY_PATH XGR_LIBRARY
}

# Any command of a test that fails ends the test.
result() {
  name=$1
  shift
  set +e
  (set -e; "$@") >"$work/log" 2>&1
  status=$?
  set -e
  if [ $status = 0 ]; then
    passed=$((passed + 1))
    echo "ok: $name"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 30 "$work/log"
  fi
}
