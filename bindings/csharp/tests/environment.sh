# Sourced by the scripts of this folder, in the root of the repository: installs what C# needs, finds the
# library.
#
#   compile ARGUMENTS   the compiler, with the options of the project file
#   build_binding       $work/Xgr.dll
#   $work               folder for what is built; $work/sources has the binding as mcs takes it
#
# Environment: as in bindings/environment.sh.

. bindings/environment.sh
work=$PWD/${XGR_BUILD:-build}/csharp
mkdir -p "$work"

# Names the Debian packages whose parts are not on this machine.
missing_packages() {
  command -v mcs >/dev/null || echo mono-mcs
  command -v mono >/dev/null || echo mono-runtime
  [ -f /usr/lib/mono/4.5/System.Core.dll ] || echo libmono-system-core4.0-cil
  [ -f /usr/lib/mono/4.5/System.dll ] || echo libmono-system4.0-cil
  command -v pkg-config >/dev/null || echo pkg-config
  command -v cc >/dev/null || echo gcc
}

# shellcheck disable=SC2046
install_packages $(missing_packages)
find_library

"${python:-python3}" bindings/csharp/for_mcs.py "$work/sources"

compile() {
  mcs -unsafe -langversion:7.2 -optimize+ -warnaserror+ "$@"
}

build_binding() {
  compile -target:library -out:"$work/Xgr.dll" -doc:"$work/Xgr.xml" "$work"/sources/*.cs
}
