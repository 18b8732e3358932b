#!/bin/sh
# Runs the tests on a fresh machine: installs what is missing, builds, tests.
#
#   sh tests/run.sh             everything
#   sh tests/run.sh unit capi   these suites: lint, unit, capi, cases, grammars, masks, reference, bench, abi,
#                               hostile, stress, docs, examples, the bindings: c, python, rust, go, csharp, and pages: the
#                               programs of README.md and docs/ in all languages.
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
wants pages && packages="$packages cffi numpy"
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
scripts="c python rust go csharp pages"
for suite in $suites; do
  case " $scripts " in *" $suite "*) ;; *) meson_suites="$meson_suites --suite $suite" ;; esac
done
if [ -n "$meson_suites" ] || [ -z "$suites" ]; then
  say "testing"
  rm -f "$build/meson-logs/testlog.json"
  # shellcheck disable=SC2086
  $meson test -C "$build" --no-rebuild --print-errorlogs $meson_suites || status=1
  [ ! -f "$build/meson-logs/testlog.json" ] || results=$build/meson-logs/testlog.json
fi
for name in $scripts; do
  script=bindings/$name/tests/run.sh
  [ "$name" != pages ] || script=tests/pages/run.sh
  [ -f "$script" ] && wants "$name" || continue
  say "testing: $name"
  if ! sh "$script" "$python" >"$build/$name.log" 2>&1; then
    status=1
    # A script that broke off has no count to add up.
    tail -n 1 "$build/$name.log" | grep -q '[1-9][0-9]* \(failed\|error\)' ||
      echo "0 passed, 1 failed" >>"$build/$name.log"
  fi
  tail -n 30 "$build/$name.log"
  results="$results $build/$name.log"
done

# shellcheck disable=SC2086
"$python" tests/summary.py $results || status=1
exit $status
