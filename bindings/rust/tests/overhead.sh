#!/bin/sh
# What a call costs in C, in Rust by the raw layer and by the safe one, in nanoseconds, and what the safe
# layer adds to C.
#
#   XGR_PREFIX=PREFIX sh bindings/rust/tests/overhead.sh
#
# Without XGR_PREFIX the library is the one that Meson built in build/ (or XGR_BUILD).
set -eu
cd "$(dirname "$0")/../../.."
. bindings/rust/tests/environment.sh
# shellcheck disable=SC2046
cc -O2 bindings/overhead.c -o "$work/overhead" $(pkg-config --cflags --libs xgr)
"$work/overhead" >"$work/overhead.c.txt"
XGR_SYS_SYSTEM=1 cargo bench -q -p xgr --bench overhead >"$work/overhead.rust.txt"
paste "$work/overhead.c.txt" "$work/overhead.rust.txt" |
  awk 'NF { printf "%-16s C %6.1f   xgr-sys %6.1f   xgr %6.1f   difference %5.1f\n", $1, $2, $4, $5, $5 - $2 }'
