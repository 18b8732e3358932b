#!/bin/sh
# Runs the tests on a fresh machine: installs what is missing, builds, tests.
#
#   sh tests/run.sh             everything
#   sh tests/run.sh unit capi   these suites: lint, unit, capi, cases, grammars, masks, reference, bench, abi,
#                               docs, examples, and the bindings: c, python, rust, go, csharp.
#                               Only what they need is built.
#
# The last line is "N passed, N failed"; the exit status is 0 when nothing failed.
# Environment: see tests/prepare.sh.
set -eu
cd "$(dirname "$0")/.."
. tests/prepare.sh

# wants SUITE: true if the suite was asked for, by name or by asking for everything.
suites=$*
wants() { case " ${suites:-$1} " in *" $1 "*) ;; *) return 1 ;; esac; }

packages=
wants lint && packages="libclang $(cat tests/lint/requirements.txt)"
wants examples && packages="$packages jsonschema"
wants python && packages="$packages cffi numpy pytest"
# shellcheck disable=SC2086
prepare $packages

# Builds what the suites need; everything without suites.
build_all() {
  if [ -z "$suites" ]; then
    $meson compile -C "$build" && $meson compile -C "$build" one_unit
  else
    # shellcheck disable=SC2086
    targets=$("$python" tests/targets.py "$build" $suites) || return
    # shellcheck disable=SC2086
    [ -z "$targets" ] || ninja -C "$build" $targets
  fi
}

say "building"
if ! build_all >"$build/compile.log" 2>&1; then
  grep -v '^\[' "$build/compile.log" || true
  say "the build failed"
  echo "0 passed, 1 failed"
  exit 1
fi

results=
status=0
meson_suites=
bindings="c python rust go csharp"
for suite in $suites; do
  case " $bindings " in *" $suite "*) ;; *) meson_suites="$meson_suites --suite $suite" ;; esac
done
if [ -n "$meson_suites" ] || [ -z "$suites" ]; then
  say "testing"
  rm -f "$build/meson-logs/testlog.json"
  # shellcheck disable=SC2086
  $meson test -C "$build" --no-rebuild --print-errorlogs $meson_suites || status=1
  [ ! -f "$build/meson-logs/testlog.json" ] || results=$build/meson-logs/testlog.json
fi
for binding in $bindings; do
  script=bindings/$binding/tests/run.sh
  [ -f "$script" ] && wants "$binding" || continue
  say "testing the binding: $binding"
  sh "$script" "$python" >"$build/$binding.log" 2>&1 || status=1
  tail -n 30 "$build/$binding.log"
  results="$results $build/$binding.log"
done

# shellcheck disable=SC2086
"$python" tests/summary.py $results || status=1
exit $status
