#!/bin/sh
# What a call of Go costs beyond the same call of C, in nanoseconds; the least of several runs of each.
#
#   sh bindings/go/tests/overhead.sh [TAGS]     TAGS: xgr_system (default), xgr_purego
#
# Finds the library by pkg-config. AcceptAndRollback is two calls.
set -eu
cd "$(dirname "$0")/../../.."
tags=${1:-xgr_system}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
library=$(pkg-config --libs-only-L xgr | sed 's/^-L//; s/ .*//')
export LD_LIBRARY_PATH="$library" XGR_LIBRARY="$library/libxgr.so"
# shellcheck disable=SC2046
cc -O2 bindings/go/tests/overhead.c $(pkg-config --cflags --libs xgr) -o "$folder/overhead"
"$folder/overhead" >"$folder/c"
go test -tags "$tags" -run '^$' -bench . -count 300 -benchtime 5000x ./bindings/go/ >"$folder/go"
awk '
  FNR == NR { c[$1] = $2; next }
  /^Benchmark/ {
    name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
    if (!(name in go) || $3 < go[name]) go[name] = $3
    allocations[name] = $(NF - 1)
  }
  END {
    printf "%-20s %8s %8s %8s %12s\n", "", "C", "Go", "beyond", "allocations"
    for (name in go)
      printf "%-20s %8.1f %8.1f %8.1f %12d\n", name, c[name], go[name], go[name] - c[name], allocations[name]
  }' "$folder/c" "$folder/go"
