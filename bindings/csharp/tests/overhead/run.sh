#!/bin/sh
# What a call costs in C#, in C, and the difference, in nanoseconds: a table for the three calls of bindings/overhead.c.
#
#   XGR_PREFIX=PREFIX sh bindings/csharp/tests/overhead/run.sh
#
# Without XGR_PREFIX the library is the one that Meson built in build/ (or XGR_BUILD).
set -eu
cd "$(dirname "$0")/../../../.."
. bindings/csharp/tests/environment.sh
build_binding
# shellcheck disable=SC2046
cc -O2 bindings/overhead.c -o "$work/overhead" $(pkg-config --cflags --libs xgr)
compile -out:"$work/overhead.exe" -r:"$work/Xgr.dll" bindings/csharp/tests/overhead/Overhead.cs
"$work/overhead" >"$work/overhead.c.txt"
mono "$work/overhead.exe" >"$work/overhead.csharp.txt"
paste "$work/overhead.c.txt" "$work/overhead.csharp.txt" |
  awk '{ printf "%-16s C %7.1f   C# %7.1f   difference %7.1f\n", $1, $2, $4, $4 - $2 }'
