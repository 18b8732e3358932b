#!/bin/sh
# What the nullable annotations say, checked by the compiler of .NET (Roslyn), without a .NET SDK: the binding compiles
# without a warning, and users get the warnings that tests/nullable/Uses.cs expects, and no others.
#
#   sh bindings/csharp/tests/nullable.sh PYTHON
#
# Roslyn comes with the npm package of a code generator, the runtime (3.1) with the Python package dotnetcore2, and
# the OpenSSL 1.1 that this runtime asks for with an old wheel of psycopg2-binary. The last line is "N passed, M failed".
# Environment: XGR_BUILD, the build folder.
set -eu
cd "$(dirname "$0")/../../.."
work=$PWD/${XGR_BUILD:-build}/csharp/nullable
generator=@autorest/csharp@3.0.0-beta.20210608.1
mkdir -p "$work/openssl"
[ -x "$work/venv/bin/python" ] || "$1" -m venv "$work/venv"
python=$work/venv/bin/python
"$python" -m pip install -q --disable-pip-version-check dotnetcore2
if [ ! -d "$work/package" ]; then
  (cd "$work" && tar -xzf "$(npm pack --silent $generator)")
fi
if [ ! -e "$work/openssl/libssl.so.1.1" ]; then
  "$python" -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: --python-version 3.8 \
    -d "$work/openssl" psycopg2-binary==2.9.5
  "$python" -m zipfile -e "$work"/openssl/*.whl "$work/openssl"
  for library in ssl crypto; do
    ln -sf "$work"/openssl/psycopg2_binary.libs/lib$library-*.so.1.1 "$work/openssl/lib$library.so.1.1"
  done
fi
runtime=$("$python" -c 'import dotnetcore2, os; print(os.path.dirname(dotnetcore2.__file__) + "/bin")')
chmod +x "$runtime/dotnet"
framework=$(ls -d "$runtime"/shared/Microsoft.NETCore.App/*)

references=
for name in netstandard System.Private.CoreLib System.Runtime System.Runtime.Extensions System.Linq System.Collections \
  System.Console System.IO.FileSystem; do
  references="$references -r:$framework/$name.dll"
done
for name in System.Collections.Immutable Microsoft.CodeAnalysis Microsoft.CodeAnalysis.CSharp; do
  references="$references -r:$work/package/$name.dll"
done
# shellcheck disable=SC2086
mcs -langversion:7.2 -nostdlib -noconfig -nowarn:1701,1702 $references -out:"$work/package/check.dll" \
  bindings/csharp/tests/nullable/Check.cs
printf '{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "%s"},
 "configProperties": {"System.Globalization.Invariant": true}}}\n' "$(basename "$framework")" >"$work/check.runtimeconfig.json"
LD_LIBRARY_PATH=$work/openssl:$work/openssl/psycopg2_binary.libs exec "$runtime/dotnet" exec \
  --depsfile "$work/package/AutoRest.CSharp.deps.json" --runtimeconfig "$work/check.runtimeconfig.json" \
  "$work/package/check.dll" "$framework" bindings/csharp/Xgr bindings/csharp/tests/nullable/Uses.cs examples/csharp/Minimal.cs \
  examples/csharp/Sampler.cs
