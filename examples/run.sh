#!/bin/sh
# Runs the main job on a fresh machine: installs what is missing, builds, generates one document.
#
#   sh examples/run.sh [SEED]
#
# It compiles the JSON Schema of a tool call and writes one document that conforms to it, on the
# vocabulary in examples/vocabulary. The last line is the summary; the exit status is 0 if the
# document is valid. Environment: see tests/prepare.sh.
#
# Where nothing is built yet, build-release/ gets the library alone, compiled in large units, which takes
# two minutes instead of a quarter of an hour.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${XGR_BUILD:-}" ] && [ ! -f build/build.ninja ]; then
  XGR_BUILD=build-release
  XGR_MESON="-Dtests=false -Dunity=on -Dunity_size=48 ${XGR_MESON:-}"
fi
. tests/prepare.sh
prepare

say "building"
if ! $meson compile -C "$build" generate >"$build/compile.log" 2>&1; then
  grep -v '^\[' "$build/compile.log" || true
  echo "failed: the build"
  exit 1
fi
say "generating"
exec "$build/examples/generate" "$@"
