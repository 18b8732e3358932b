#!/bin/sh
# Tests the C and C++ bindings the way their users meet them: installed, and from an empty folder.
#
#   sh bindings/c/tests/run.sh PYTHON
#
# Installs what the toolchain lacks, installs the library from the build folder into a prefix there,
# builds the examples outside the repository with pkg-config and with CMake, runs the tests of the
# wrapper and the cases, and creates and destroys objects under valgrind. The last line is
# "N passed, M failed". Environment: XGR_BUILD (build folder, default build), XGR_PREFIX (an installed
# prefix instead), XGR_LEAK_ROUNDS (objects, default 20000; the full run is 1000000).
set -eu
cd "$(dirname "$0")/../../.."
python=$1
root=$PWD
here=$root/bindings/c/tests
. bindings/environment.sh

# Installs the tools that are not there; without them their tests are left out.
install_tools() {
  missing=
  for tool in cmake valgrind pkg-config; do command -v $tool >/dev/null || missing="$missing $tool"; done
  # shellcheck disable=SC2086
  install_packages $missing || true
}

c_warnings="-std=c99 -Wall -Wextra -Werror -pedantic"
cpp_warnings="-std=c++17 -Wall -Wextra -Werror -pedantic"

# shellcheck disable=SC2086
compile_c() { cc $c_warnings "$1" $flags $links -o "$2"; }
# shellcheck disable=SC2086
compile_cpp() { out=$1; shift; c++ $cpp_warnings "$@" $flags $links -pthread -o "$out"; }

# An example in an empty folder, by pkg-config.
example() {
  mkdir "$work/$1-$2"
  cd "$work/$1-$2"
  if [ "$2" = c ]; then cp "$root/examples/c/$1.c" .; else cp "$root/examples/cpp/$1.cc" .; fi
  if [ "$2" = c ]; then compile_c "$1.c" "$1"; else compile_cpp "$1" "$1.cc"; fi
  "$python" "$root/examples/check.py" "./$1" "$1"
}

# A CMake project in an empty folder.
cmake_project() {
  mkdir "$work/cmake"
  cd "$work/cmake"
  cp "$here/CMakeLists.txt" "$root"/examples/c/minimal.c "$root"/examples/c/batch.c \
    "$root"/examples/cpp/minimal.cc "$root"/examples/cpp/batch.cc .
  cmake -S . -B out -DCMAKE_PREFIX_PATH="$XGR_PREFIX" -DCMAKE_BUILD_TYPE=Debug
  cmake --build out
  for program in minimal_c minimal_cpp batch_c batch_cpp; do
    "$python" "$root/examples/check.py" "out/$program" "${program%_*}"
  done
  for program in out/minimal_c_static out/minimal_cpp_static; do
    [ -x $program ] || continue
    "$python" "$root/examples/check.py" $program minimal
    needs_no_library $program
  done
}

# needs_no_library PROGRAM: true if the library is inside.
needs_no_library() {
  if readelf -d "$1" | grep -E 'NEEDED.*(xgr|pcre2)'; then return 1; fi
}

# A prefix that holds the static library and the shared one: --static takes the first.
static_example() {
  mkdir "$work/static"
  cd "$work/static"
  links=$(pkg-config --static --libs xgr)
  compile_c "$root/examples/c/minimal.c" minimal
  compile_cpp batch "$root/examples/cpp/batch.cc"
  "$python" "$root/examples/check.py" ./minimal minimal
  "$python" "$root/examples/check.py" ./batch batch
  needs_no_library minimal
  needs_no_library batch
}

wrapper() {
  compile_cpp "$work/wrapper_test" -g "$here/wrapper_test.cc"
  "$work/wrapper_test"
}

case_corpus() {
  cpp_warnings="-std=c++20 -O1 -Wall -Wextra -Werror -pedantic"
  compile_cpp "$work/cases" "$here/cases.cc" "$root/tests/cases/case_file.cc" -I"$root/tests/cases"
  "$work/cases" "$root"/tests/cases/*/
}

client() {
  compile_cpp "$work/sampler" -O1 "$root/examples/cpp/sampler.cc"
  "$python" "$root/tests/clients/check.py" "$work/sampler"
}

churn() {
  # shellcheck disable=SC2086
  cc -g -O1 $c_warnings "$here/churn.c" $flags $links -o "$work/churn"
  if command -v valgrind >/dev/null; then
    valgrind -q --leak-check=full --error-exitcode=9 "$work/churn" "${XGR_LEAK_ROUNDS:-20000}" 65536
  else
    "$work/churn" "${XGR_LEAK_ROUNDS:-20000}"
  fi
}

overhead() {
  compile_cpp "$work/overhead" -O2 "$here/overhead.cc"
  "$work/overhead"
}

install_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
XGR_PREFIX=${XGR_PREFIX:-$(install_library "$work" "$python")}
find_library
flags=$(pkg-config --cflags xgr)
links=$(pkg-config --libs xgr)
for language in c cpp; do
  result "minimal in $language, by pkg-config" example minimal $language
  result "batch in $language, by pkg-config" example batch $language
done
if [ -n "$(find "$XGR_PREFIX" -name libxgr.a)" ]; then
  result "the library inside the program, by pkg-config --static" static_example
fi
if command -v cmake >/dev/null; then result "a CMake project" cmake_project; fi
result "the wrapper" wrapper
result "tests/cases through the wrapper" case_corpus
result "the sampler for the clients' schemas" client
result "${XGR_LEAK_ROUNDS:-20000} objects in random order" churn
cat "$work/log"
result "overhead" overhead
cat "$work/log"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
