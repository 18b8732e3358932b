#!/bin/sh
# Tests the Go binding the way its users meet it: against an installed library, without cgo, and with
# the library compiled into the program; in the checkout and from an empty folder.
#
#   sh bindings/go/tests/run.sh PYTHON
#
# Installs what the toolchain lacks. The last line is "N passed, M failed". Environment: XGR_BUILD
# (build folder, default build), XGR_PREFIX (an installed prefix instead), XGR_LEAK_ROUNDS (objects
# created and destroyed, default 20000; the full run is 1000000), XGR_GO_ONE_FILE=0 (leave out the
# build that compiles the library, which takes minutes the first time).
set -eu
cd "$(dirname "$0")/../../.."
python=$1
root=$PWD
. bindings/environment.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is_formatted() {
  wrong=$(gofmt -l bindings/go examples/go src include)
  echo "not as gofmt writes it: $wrong"
  [ -z "$wrong" ]
}

# Every test of the packages counts; a package that does not build counts once.
run_tests() {
  name=$1
  shift
  status=0
  "$@" -v ./bindings/go/ ./examples/go/... >"$work/tests" 2>&1 || status=1
  good=$(grep -c '^ *--- PASS' "$work/tests" || true)
  bad=$(grep -c '^ *--- FAIL' "$work/tests" || true)
  [ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
  [ "$status" = 0 ] || grep -v -e '^=== ' -e '--- PASS' "$work/tests" | tail -n 40
  passed=$((passed + good))
  failed=$((failed + bad))
  echo "$name: $good passed, $bad failed"
}

# Go's -asan wants a compiler that has the sanitizer.
can_check_leaks() {
  echo 'int main(void) { return 0; }' >"$work/empty.c"
  ${CC:-cc} -fsanitize=address "$work/empty.c" -o "$work/empty" 2>/dev/null
}

# writes EXPECTED COMMAND...: the command writes what stands in the file.
writes() {
  expected=$1
  shift
  "$@" >"$work/output"
  diff "$root/examples/expected/$expected.txt" "$work/output"
}

check_sampler() {
  go build -tags xgr_system -o "$work/sampler" ./examples/go/sampler
  XGR_CLIENT_SEEDS=1 "$python" tests/clients/check.py "$work/sampler"
}

# A module of its own in an empty folder, with the program given and the checkout as its library.
new_module() {
  rm -rf "$work/client"
  mkdir "$work/client"
  cd "$work/client"
  cp "$1" main.go
  go mod init client
  go mod edit -require=libxgr@v0.0.0 -replace=libxgr="$root"
  go mod tidy
}

outside_runs() {
  new_module "$root/examples/go/minimal/main.go"
  writes minimal go run "$@" .
}

vendored_runs() {
  outside_runs -tags xgr_system
  go mod vendor
  writes minimal go run -tags xgr_system -mod=vendor .
  while read -r unit; do [ -f "vendor/libxgr/src/$unit" ]; done <"$root/src/sources.txt"
}

# Go does not see that files change which xgr_all.cc includes; so a definition tells them apart.
one_file_flags() {
  sources=$(find src include -name '*.cc' -o -name '*.h' | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16)
  CGO_CXXFLAGS="-O1 -g0 -DXGR_SOURCES=$sources"
  export CGO_CXXFLAGS
}

. bindings/go/tests/environment.sh
result "gofmt" is_formatted
result "vet" go vet -tags xgr_system ./bindings/go/... ./examples/go/...
result "vet without cgo" env CGO_ENABLED=0 go vet ./bindings/go/... ./examples/go/...
result "builds for Windows" env CGO_ENABLED=0 GOOS=windows go build ./bindings/go/...
result "builds for macOS" env CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build ./bindings/go/...
run_tests "installed library" go test -count=1 -tags xgr_system
if can_check_leaks; then run_tests "leak checker" go test -count=1 -asan -tags xgr_system; fi
run_tests "without cgo" env CGO_ENABLED=0 go test -count=1
for example in minimal batch; do
  result "$example" writes $example go run -tags xgr_system ./examples/go/$example
  result "$example without cgo" writes $example env CGO_ENABLED=0 go run ./examples/go/$example
done
result "sampler" check_sampler
result "vendored module" vendored_runs
result "module without cgo" outside_runs -tags xgr_purego
if [ "${XGR_GO_ONE_FILE:-1}" != 0 ]; then
  one_file_flags
  unset LD_LIBRARY_PATH XGR_LIBRARY PKG_CONFIG_PATH CGO_LDFLAGS
  result "module with the library compiled in" outside_runs
  run_tests "library compiled in" go test -count=1 -short
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
