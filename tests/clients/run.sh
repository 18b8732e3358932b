#!/bin/sh
# Runs client programs, unmodified, on this library: masks beside the original's at every step.
#
#   sh tests/clients/run.sh [NAME...]    vllm vllm-logits sglang lmdeploy outlines mlx transformers; none: all
#
# xgrammar-tests runs tests/clients/xgrammar_tests.sh: the original's own tests on the drop-in.
#
# Packages come from PyPI into build/clients, with the versions below: some gigabytes with torch the first time. No
# weights, no GPU. XGR_CLIENTS_PYTHON names a Python that has torch, transformers and jsonschema already;
# XGR_LIBRARY a shared library to test with the Python sources of this tree, in place of the newest wheel that
# `sh tests/run.sh python` made. XGR_BUILD names another build folder. The last line is "N passed, M failed".
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
here=$root/tests/clients/python
build=$(mkdir -p "${XGR_BUILD:-build}/clients" && cd "${XGR_BUILD:-build}" && pwd)
clients=$build/clients
trap '[ $? = 0 ] || echo "0 passed, 1 failed"' EXIT

[ $# -gt 0 ] || set -- transformers outlines mlx lmdeploy sglang vllm vllm-logits

# --- a Python with torch

python=${XGR_CLIENTS_PYTHON:-$clients/venv/bin/python}
if [ ! -x "$python" ]; then
  python3 -m venv "$clients/venv"
  "$python" -m pip --disable-pip-version-check -q install torch 'transformers==5.24.*' jsonschema numpy cffi pydantic \
    sentencepiece protobuf
fi
# Installs packages into a folder once, without what they depend on.
add() {
  folder=$clients/$1
  shift
  [ ! -e "$folder/.done" ] || return 0
  echo "== ${folder##*/}"
  "$python" -m pip --disable-pip-version-check -q install --no-deps --target "$folder" "$@" 2>&1 | grep -v WARNING || true
  touch "$folder/.done"
}

# --- the two libraries

add original xgrammar==0.2.9 apache-tvm-ffi
add needs -r "$here/needs.txt"
if [ -n "${XGR_LIBRARY:-}" ]; then
  ours=$clients/ours-from-source
  mkdir -p "$ours/xgr-0.dist-info"
  printf 'Metadata-Version: 2.1\nName: xgr\nVersion: 0\n' >"$ours/xgr-0.dist-info/METADATA"
  sed -n 's/^\[project.entry-points."\(.*\)"\]$/[\1]/p; s/^xgr = "\(.*:activate\)"$/xgr = \1/p' pyproject.toml \
    >"$ours/xgr-0.dist-info/entry_points.txt"
  ours=$root/bindings/python/src:$ours
else
  wheel=$(ls -t "$build"/python/wheels/xgr-*.whl 2>/dev/null | head -1)
  [ -n "$wheel" ] || { echo "no wheel in $build/python/wheels; run sh tests/run.sh python, or set XGR_LIBRARY" >&2; exit 1; }
  ours=$clients/ours-$(cksum <"$wheel" | cut -d' ' -f1)
  add "${ours##*/}" "$wheel"
fi

# --- clients: what is installed, the script, the sides

needs() {
  case $1 in
    vllm | vllm-logits)
      if [ ! -e "$clients/vllm/.done" ]; then # its Python files are enough
        echo "== vllm"
        "$python" -m pip --disable-pip-version-check -q download --no-deps -d "$clients" vllm==0.33.0
        "$python" -m zipfile -e "$clients"/vllm-0.33.0-*.whl "$clients/vllm"
        find "$clients/vllm" -name '*.so' -delete
        rm "$clients"/vllm-0.33.0-*.whl
        touch "$clients/vllm/.done"
      fi
      path=$clients/vllm
      script=vllm_backend.py sides="drop-in plug-in"
      [ "$1" = vllm ] || script=vllm_logits.py sides="plug-in plug-in-v2"
      ;;
    sglang)
      add sglang sglang==0.5.23
      path=$clients/sglang
      script=sglang_backend.py sides="drop-in plug-in"
      ;;
    lmdeploy)
      add lmdeploy lmdeploy==0.18.0
      path=$clients/lmdeploy
      script=lmdeploy_guided.py sides="drop-in plug-in"
      ;;
    outlines)
      add outlines outlines==1.3.3
      path=$clients/outlines
      script=outlines_generator.py sides="drop-in plug-in"
      ;;
    mlx)
      add mlx mlx==0.32.4 mlx-cpu==0.32.4 mlx-lm==0.32.2
      path=$clients/mlx
      script=mlx_generate.py sides="drop-in plug-in"
      ;;
    transformers)
      path=$clients/original
      script=transformers_generate.py sides="drop-in plug-in"
      ;;
    *)
      echo "no client is called $1" >&2
      exit 1
      ;;
  esac
}

export PYTHONDONTWRITEBYTECODE=1 VLLM_TARGET_DEVICE=cpu VLLM_LOGGING_LEVEL=CRITICAL TOKENIZERS_PARALLELISM=false
passed=0 failed=0
# Adds what the last line of a text says: "N passed, M failed".
count() {
  last=$(echo "$1" | tail -1)
  passed=$((passed + ${last%% passed*}))
  last=${last##*passed, }
  failed=$((failed + ${last%% failed*}))
}
for client; do
  if [ "$client" = xgrammar-tests ]; then
    result=$(PYTHONPATH=$ours sh tests/clients/xgrammar_tests.sh "$python") || true
    echo "$result"
    count "$result"
    continue
  fi
  needs "$client"
  out=$clients/out/$client
  rm -rf "$out"
  mkdir -p "$out"
  files= replay=
  for side in original $sides; do
    log=$out/$side.log
    if ! PYTHONPATH=$ours:$path:$clients/needs:$clients/original nice "$python" -W ignore "$here/$script" "$side" "$out/$side.json" $replay \
      >"$log" 2>&1; then
      tail -25 "$log"
      echo "$client, $side: the client failed"
      failed=$((failed + 1))
      break
    fi
    [ "$side" = original ] && replay=$out/original.json || files="$files $out/$side.json"
  done
  [ -n "$files" ] || continue
  result=$("$python" "$here/compare.py" "$client" "$out/original.json" $files) || true
  echo "$result"
  count "$result"
done
trap - EXIT
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
