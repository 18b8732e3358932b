#!/bin/sh
# The tests, the examples and the overhead on CoreCLR, the runtime of .NET, without a .NET SDK: the compiler is
# Mono's, the runtime (3.1) and the class library that it compiles against come from the Python package
# dotnetcore2.
#
#   sh bindings/csharp/tests/coreclr.sh PYTHON
#
# The last line is "N passed, M failed". Environment: as in run.sh.
set -eu
cd "$(dirname "$0")/../../.."
. bindings/csharp/tests/environment.sh
clr=$work/coreclr
[ -x "$clr/bin/python" ] || "$1" -m venv "$clr"
"$clr/bin/python" -m pip install -q --disable-pip-version-check dotnetcore2
runtime=$("$clr/bin/python" -c 'import dotnetcore2, os; print(os.path.dirname(dotnetcore2.__file__) + "/bin")')
chmod +x "$runtime/dotnet"
framework=$(ls -d "$runtime"/shared/Microsoft.NETCore.App/*)
version=$(basename "$framework")

references=
for name in System.Private.CoreLib System.Runtime System.Runtime.Extensions System.Linq System.Collections \
  System.Console System.Memory System.Threading System.Threading.Tasks.Parallel System.IO.FileSystem \
  System.Diagnostics.Process System.ComponentModel.Primitives; do
  references="$references -r:$framework/$name.dll"
done

# build NAME ARGUMENT...: NAME.dll; 1702 is about references that differ in nothing.
build() {
  name=$1
  shift
  # shellcheck disable=SC2086
  compile -nostdlib -noconfig -nowarn:1702 $references -out:"$clr/$name.dll" "$@"
  printf '{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "%s"},
 "configProperties": {"System.Globalization.Invariant": true}}}\n' "$version" >"$clr/$name.runtimeconfig.json"
}

build Xgr -target:library "$work"/sources/*.cs
build tests -r:"$clr/Xgr.dll" bindings/csharp/tests/*.cs
build overhead -r:"$clr/Xgr.dll" bindings/csharp/tests/overhead/Overhead.cs
for example in Minimal Batch; do
  build "$example" -r:"$clr/Xgr.dll" "examples/csharp/$example.cs"
  "$runtime/dotnet" "$clr/$example.dll" |
    diff "examples/expected/$(echo "$example" | tr MB mb).txt" - || { echo "0 passed, 1 failed"; exit 1; }
done
"$runtime/dotnet" "$clr/overhead.dll"
exec "$runtime/dotnet" "$clr/tests.dll" tests/cases
