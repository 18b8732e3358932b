#!/bin/sh
# Builds the wheel, installs it as a user would, and runs the tests with it.
#
#   sh bindings/python/tests/run.sh PYTHON
#
# Everything is kept in build/python, so that a second run builds only what has changed; XGR_BUILD names
# another build folder. XGR_LEAK_ROUNDS: how many objects the test of leaks makes. The last line is
# "N passed, M failed".
set -eu
cd "$(dirname "$0")/../../.."
root=$PWD
build=$(mkdir -p "${XGR_BUILD:-build}/python" && cd "${XGR_BUILD:-build}" && pwd)
environment=$build/python/venv
trap '[ $? = 0 ] || echo "0 passed, 1 failed"' EXIT

[ -x "$environment/bin/python" ] || "$1" -m venv "$environment"
python=$environment/bin/python
pip="$python -m pip --disable-pip-version-check -q"
$pip install meson-python meson ninja cffi numpy pydantic pytest
$pip install mypy || echo "without the package mypy: what it checks is skipped"
$pip install --no-deps tokenizers || echo "without the package tokenizers: one test is skipped"

echo "== building the wheel"
rm -rf "$build/python/wheels"
PATH=$environment/bin:$PATH $pip wheel . --no-deps --no-build-isolation -w "$build/python/wheels" \
  "-Cbuild-dir=$build/python/wheel"
wheel=$(ls "$build"/python/wheels/xgr-*-abi3-*.whl)
echo "== ${wheel##*/}"
$pip install --no-deps --force-reinstall "$wheel"

trap - EXIT
# The shared library that Meson built, if there is one, for the tests of XGR_LIBRARY.
library=$(ls "$build"/src/libxgr.so "$build"/src/libxgr.dylib 2>/dev/null || true)
cd bindings/python/tests
XGR_WHEEL=$wheel XGR_TEST_LIBRARY=$library exec "$python" -m pytest -q -p no:cacheprovider .
