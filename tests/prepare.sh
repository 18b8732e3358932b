# Sourced by tests/run.sh and examples/run.sh: sets up build/, installing what is missing.
#
#   say TEXT            a line of progress
#   prepare [PYTHON PACKAGE...]
#                       a compiler, the libraries, Meson and Ninja are there, build/ is configured;
#                       $meson is the command, $python the interpreter that has the packages
#
# Environment: XGR_BUILD (build folder, default build), XGR_MESON (more arguments for meson setup).

build=${XGR_BUILD:-build}
say() { printf '== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Names the Debian packages whose parts are not on this machine.
missing_packages() {
  command -v c++ >/dev/null && command -v cc >/dev/null || echo g++
  command -v pkg-config >/dev/null || echo pkg-config
  command -v python3 >/dev/null || echo python3
  python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
  has_header pcre2.h || echo libpcre2-dev
  has_header rapidjson/reader.h || echo rapidjson-dev
  has_header doctest/doctest.h || echo doctest-dev
}

has_header() {
  printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <%s>\n' "$1" |
    c++ -std=c++20 -fsyntax-only -x c++ - 2>/dev/null
}

install_packages() {
  wanted=$(missing_packages | tr '\n' ' ')
  [ -n "$wanted" ] || return 0
  if command -v apt-get >/dev/null; then
    say "installing $wanted"
    as_root env DEBIAN_FRONTEND=noninteractive sh -c "
      apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null" && return 0
  fi
  say "not on this machine: $wanted(Debian's names); the libraries among them are taken from subprojects/"
}

# A virtual environment in the build folder holds Meson, Ninja and the packages asked for.
# Where no package can be fetched, the machine's own Meson has to do.
install_python() {
  [ -x "$build/venv/bin/python" ] || python3 -m venv "$build/venv"
  python=$(cd "$build/venv/bin" && pwd)/python
  PATH=$(dirname "$python"):$PATH
  export PATH
  meson="$python -m mesonbuild.mesonmain"
  has_distributions "$@" && return 0
  say "installing $*"
  if ! "$python" -m pip install -q --disable-pip-version-check "$@"; then
    meson=$(command -v meson) || return 1
    say "could not install $*; using $meson"
  fi
}

# True if all are there, NAME==VERSION in that version.
has_distributions() {
  "$python" -c '
import importlib.metadata as m, sys
for name, _, version in (word.partition("==") for word in sys.argv[1:]):
    assert m.version(name) == (version or m.version(name))' "$@" 2>/dev/null
}

prepare() {
  install_packages
  mkdir -p "$build"
  install_python meson ninja "$@"
  if [ ! -f "$build/build.ninja" ]; then
    say "configuring $build"
    # shellcheck disable=SC2086
    $meson setup "$build" ${XGR_MESON:-} >"$build/setup.log" 2>&1 || { cat "$build/setup.log"; return 1; }
  fi
}
