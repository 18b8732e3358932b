#!/bin/sh
# The tests of xgrammar, unchanged, on xgr.drop_in: those that the original passes itself pass here, too, or
# are listed with their reason in xgrammar_tests.txt.
#
#   PYTHONPATH=... sh tests/clients/xgrammar_tests.sh PYTHON        run.sh does this for the name xgrammar-tests
#
# PYTHON has torch, transformers, pydantic and NumPy; PYTHONPATH leads to the package xgr, and XGR_LIBRARY may
# name its library. The original, its source distribution and pytest come from PyPI into build/clients. The last
# line is "N passed, M failed".
set -eu
cd "$(dirname "$0")/../.."
here=$PWD/tests/clients
clients=$(mkdir -p "${XGR_BUILD:-build}/clients" && cd "${XGR_BUILD:-build}/clients" && pwd)
ours=${PYTHONPATH:-$PWD/bindings/python/src}
python=$1
version=0.2.9
unset PYTHONPATH
trap '[ $? = 0 ] || echo "0 passed, 1 failed"' EXIT

pip="$python -m pip --disable-pip-version-check -q"
[ -e "$clients/original/xgrammar" ] ||
  $pip install --no-deps --target "$clients/original" "xgrammar==$version" apache-tvm-ffi
if ! "$python" -c "import pytest, sentencepiece, tiktoken" 2>/dev/null && [ ! -e "$clients/pytest/pytest" ]; then
  $pip install --target "$clients/pytest" pytest sentencepiece tiktoken
fi
if [ ! -d "$clients/xgrammar-$version" ]; then
  $pip download --no-deps --no-binary xgrammar -d "$clients" "xgrammar==$version"
  tar -xzf "$clients/xgrammar-$version.tar.gz" -C "$clients"
fi

# What the .pth file of the wheel does, where the package is not installed.
mkdir -p "$clients/site"
echo "import _xgr_as_xgrammar" >"$clients/site/sitecustomize.py"

tests() { # RESULT PYTHONPATH XGR_AS_XGRAMMAR
  (cd "$clients/xgrammar-$version/tests" &&
    XGR_TESTS_RESULT=$1 PYTHONPATH=$here:$2:$clients/pytest XGR_AS_XGRAMMAR=$3 PYTHONHASHSEED=0 \
      HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 nice "$python" -m pytest -q -p no:cacheprovider -p xgrammar_tests \
      -m "not hf_token_required" --tb=no --ignore=python/test_prepare_tokenizer_assets.py \
      --ignore=python/test_contrib_mlxlm.py python | tail -1) || true
}

trap - EXIT
rm -f "$clients/original.json" "$clients/ours.json"
tests "$clients/original.json" "$clients/original" 0
tests "$clients/ours.json" "$clients/site:$ours" 1
exec "$python" "$here/xgrammar_tests.py" "$clients/original.json" "$clients/ours.json"
