#!/bin/sh
# Builds the binding for C# with Mono and tests it: the raw layer, the classes, all of tests/cases, the
# examples and a client, and a program outside of the repository that uses the package.
#
#   sh bindings/csharp/tests/run.sh [PYTHON]
#
# The last line is "N passed, M failed". Environment: XGR_LEAK_ROUNDS, how many objects the test of leaks
# creates (default 20000); XGR_BUILD and XGR_PREFIX as in environment.sh.
set -eu
python=${1:-python3}
cd "$(dirname "$0")/../../.."
. bindings/csharp/tests/environment.sh
log=$work/tests.log
: >"$log"

# program NAME SOURCE...: builds a program that uses the binding.
program() {
  name=$1
  shift
  compile -out:"$work/$name.exe" -r:"$work/Xgr.dll" "$@"
}

# run NAME ARGUMENT...: runs a program whose last line is how many tests passed.
run() {
  name=$1
  shift
  status=0
  mono --debug "$work/$name.exe" "$@" >"$work/$name.txt" 2>&1 || status=$?
  grep -v ' passed, ' "$work/$name.txt" || true
  tail -n 1 "$work/$name.txt" | grep ' passed, ' >"$work/count.txt" || echo "0 passed, 1 failed" >"$work/count.txt"
  if [ "$status" != 0 ] && grep -q ' 0 failed' "$work/count.txt"; then echo "0 passed, 1 failed" >>"$log"; fi
  cat "$work/count.txt" >>"$log"
}

# prints FILE COMMAND...: the command writes what is in the file.
prints() {
  expected=$1
  shift
  if "$@" >"$work/output.txt" 2>&1 && diff "$expected" "$work/output.txt"; then
    echo "1 passed, 0 failed" >>"$log"
  else
    echo "$*: the output differs from $expected"
    cat "$work/output.txt"
    echo "0 passed, 1 failed" >>"$log"
  fi
}

# Runs Minimal in an empty folder, on a package folder in the layout of NuGet, with nothing of the repository.
outside() {
  machine=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
  package=$work/package
  rm -rf "$package" "$work/outside"
  mkdir -p "$package/lib/netstandard2.0" "$package/runtimes/linux-$machine/native" "$work/outside"
  cp "$work/Xgr.dll" "$work/Xgr.xml" "$package/lib/netstandard2.0"
  cp "$library_folder/libxgr.so" "$package/runtimes/linux-$machine/native"
  cp examples/csharp/Minimal.cs "$package/lib/netstandard2.0/Xgr.dll" "$work/outside"
  root=$PWD
  cd "$work/outside"
  mcs -langversion:7.2 -r:Xgr.dll Minimal.cs
  prints "$root/examples/expected/minimal.txt" \
    env LD_LIBRARY_PATH="$package/runtimes/linux-$machine/native" mono Minimal.exe
  cd "$root"
}

# The sampler writes a document of each schema that the native clients share.
client() {
  "$python" tests/clients/check.py mono "$work/Sampler.exe" >"$work/client.txt" 2>&1 || true
  grep -v ' passed, ' "$work/client.txt" || true
  tail -n 1 "$work/client.txt" | grep ' passed, ' >>"$log" || echo "0 passed, 1 failed" >>"$log"
}

# Annotations count in files that say so.
annotated() {
  missing=$(grep -L '^#nullable enable$' bindings/csharp/Xgr/*.cs || true)
  [ -z "$missing" ] || echo "without #nullable enable: $missing"
  [ -z "$missing" ]
}

build_binding
if annotated; then echo "1 passed, 0 failed" >>"$log"; else echo "0 passed, 1 failed" >>"$log"; fi
compile -out:"$work/raw.exe" "$work"/sources/*.cs bindings/csharp/tests/layout/*.cs
program tests bindings/csharp/tests/*.cs
run raw
run tests tests/cases
for example in Minimal Batch; do
  program "$example" "examples/csharp/$example.cs"
  prints "examples/expected/$(echo "$example" | tr MB mb).txt" mono "$work/$example.exe"
done
outside
program Sampler examples/csharp/Sampler.cs
client
awk '{ passed += $1; failed += $3 } END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }' "$log"
