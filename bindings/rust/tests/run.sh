#!/bin/sh
# Tests the crates on the library that Meson built: the raw layer against bindgen, the safe one, all of
# tests/cases, the examples, leaks; then, outside of the repository, the packages as a registry would have
# them, which build the library themselves.
#
#   sh bindings/rust/tests/run.sh PYTHON
#
# The last line is "N passed, M failed". Environment: XGR_LEAK_ROUNDS, how many objects the test of leaks
# creates (default 20000); XGR_RUST_PACKAGE=0 leaves the packages out, whose C++ takes
# minutes the first time; XGR_BUILD and XGR_PREFIX as in environment.sh.
set -eu
cd "$(dirname "$0")/../../.."
. bindings/rust/tests/environment.sh
python=${1:-python3}
log=$work/tests.log
: >"$log"

# check NAME COMMAND...: one test more.
check() {
  name=$1
  shift
  if "$@" >"$work/output.txt" 2>&1; then
    echo "1 passed, 0 failed" >>"$log"
  else
    echo "0 passed, 1 failed" >>"$log"
    echo "$name failed:"
    tail -n 60 "$work/output.txt"
  fi
}

# tests ARGUMENT...: cargo test, whose own tests count.
tests() {
  status=0
  cargo test -q "$@" >"$work/output.txt" 2>&1 || status=$?
  sed -n 's/^test result: .* \([0-9]*\) passed; \([0-9]*\) failed.*/\1 passed, \2 failed/p' \
    "$work/output.txt" >>"$log"
  if [ "$status" != 0 ]; then
    grep -q '^test result: FAILED' "$work/output.txt" || echo "0 passed, 1 failed" >>"$log"
    tail -n 80 "$work/output.txt"
  fi
}

# bindgen needs libclang; the Python package brings it, and the C compiler the headers it looks for.
layout() {
  "$python" -c 'import clang' 2>/dev/null || "$python" -m pip install -q --disable-pip-version-check libclang
  LIBCLANG_PATH=$("$python" -c 'import clang, os; print(os.path.join(clang.__path__[0], "native"))')
  BINDGEN_EXTRA_CLANG_ARGS="-isystem $(cc -print-file-name=include)"
  export LIBCLANG_PATH BINDGEN_EXTRA_CLANG_ARGS
  tests --manifest-path bindings/rust/layout/Cargo.toml
}

# The test of leaks once more, where valgrind sees every byte.
leaks() {
  command -v valgrind >/dev/null || return 0
  host=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
  check "leaks under valgrind" env \
    "CARGO_TARGET_${host}_RUNNER=valgrind -q --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=9" \
    cargo test -q --release -p xgr --test leak
}

examples() {
  cargo build -q --release -p xgr --examples
  programs=$CARGO_TARGET_DIR/release/examples
  check "the example minimal" "$python" examples/check.py "$programs/minimal" minimal
  check "the example batch" "$python" examples/check.py "$programs/batch" batch
  "$python" tests/clients/check.py "$programs/engine" >"$work/output.txt" 2>&1 || cat "$work/output.txt"
  tail -n 1 "$work/output.txt" >>"$log"
}

# The crates as they are published, unpacked in a folder of their own with a program beside them. What has
# not changed since the last time stays, so that the library is not compiled again.
unpack() {
  rm -rf "$work/unpacked"
  mkdir -p "$work/unpacked" "$work/outside/src/bin"
  cargo package -q --workspace --no-verify --allow-dirty || return
  for crate in xgr-sys xgr; do
    tar -xmzf "$CARGO_TARGET_DIR/package/$crate-$version.crate" -C "$work/unpacked" || return
    diff -rq -x .cargo_vcs_info.json "$work/unpacked/$crate-$version" "$work/outside/$crate" && continue
    rm -rf "$work/outside/$crate"
    mv "$work/unpacked/$crate-$version" "$work/outside/$crate"
  done
  cp examples/rust/minimal.rs "$work/outside/src/bin"
  cat >"$work/outside/Cargo.toml" <<-END
	[workspace]
	[package]
	name = "outside"
	version = "0.0.0"
	edition = "2021"
	[dependencies]
	xgr = { path = "xgr" }
	[patch.crates-io]
	xgr-sys = { path = "xgr-sys" }
	END
}

# The program of the folder, with the library inside, which needs no path to be found.
outside() {
  cd "$work/outside"
  unset LD_LIBRARY_PATH PKG_CONFIG_PATH XGR_SYS_SYSTEM
  export CARGO_TARGET_DIR="$work/vendored" XGR_SYS_OPT_LEVEL="${XGR_SYS_OPT_LEVEL:-1}"
  command -v ccache >/dev/null && export CXX="${CXX:-ccache c++}"
  cargo run -q --bin minimal >minimal.txt && diff minimal.txt "$root/examples/expected/minimal.txt"
}

# Every unsafe block says why it is sound.
clippy() {
  cargo clippy --version >/dev/null 2>&1 || return 0
  check "clippy" cargo clippy -q --release --workspace --all-targets -- -Dclippy::undocumented_unsafe_blocks
}

root=$PWD
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
export XGR_SYS_SYSTEM=1
tests --release --workspace
clippy
leaks
examples
layout
check "the documentation" env DOCS_RS=1 RUSTDOCFLAGS=-Dwarnings cargo doc -q --no-deps --workspace
if [ "${XGR_RUST_PACKAGE:-1}" != 0 ]; then
  check "packages" unpack
  check "a program outside of the repository" outside
fi
cd "$root"
awk '{ passed += $1; failed += $3 } END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }' "$log"
