#!/bin/sh
# Runs every program of README.md and docs/, in all languages, as a reader would: each in an empty folder,
# against an installed library. What a page says about a program is compared with what it writes.
#
#   sh tests/pages/run.sh PYTHON [TEXT...]     TEXT: only programs whose name has it: c-api, rust, static ...
#
# PYTHON has cffi and numpy. Installs what the toolchains lack. The last line is "N passed, N failed".
# Environment: XGR_BUILD (build folder, default build), XGR_PREFIX (an installed prefix instead).
set -eu
cd "$(dirname "$0")/../.."
python=$1
shift
. bindings/environment.sh
pages=$PWD/${XGR_BUILD:-build}/pages
rm -rf "$pages/root"
mkdir -p "$pages"
[ -n "${XGR_PREFIX:-}" ] || XGR_PREFIX=$(install_library "$pages" "$python")
. bindings/rust/tests/environment.sh
. bindings/go/tests/environment.sh
. bindings/csharp/tests/environment.sh
CARGO_TARGET_DIR=$pages/target
export CARGO_TARGET_DIR

build_binding
XGR_CSHARP_ASSEMBLY=$work/Xgr.dll
PYTHONPATH=$PWD/bindings/python/src
export XGR_CSHARP_ASSEMBLY PYTHONPATH
"$python" tests/pages/run.py "$@"
