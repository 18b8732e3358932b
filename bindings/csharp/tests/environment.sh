# Sourced by the scripts of this folder, in the root of the repository: installs what C# needs, finds the
# library.
#
#   compile ARGUMENTS   the compiler, with the options of the project file
#   build_binding       $work/Xgr.dll
#   $work               folder for what is built
#
# Environment: XGR_PREFIX names an installation of the library; otherwise it is the one that Meson built in
# build/, or in the folder that XGR_BUILD names.

work=$PWD/${XGR_BUILD:-build}/csharp
mkdir -p "$work"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Names the Debian packages whose parts are not on this machine.
missing_packages() {
  command -v mcs >/dev/null || echo mono-mcs
  command -v mono >/dev/null || echo mono-runtime
  [ -f /usr/lib/mono/4.5/System.Core.dll ] || echo libmono-system-core4.0-cil
  [ -f /usr/lib/mono/4.5/System.dll ] || echo libmono-system4.0-cil
  command -v pkg-config >/dev/null || echo pkg-config
  command -v cc >/dev/null || echo gcc
}

wanted=$(missing_packages | tr '\n' ' ')
if [ -n "$wanted" ]; then
  echo "installing $wanted"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c "
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null"
fi

if [ -n "${XGR_PREFIX:-}" ]; then
  export PKG_CONFIG_PATH="$XGR_PREFIX/lib/pkgconfig"
else
  export PKG_CONFIG_PATH="$PWD/${XGR_BUILD:-build}/meson-uninstalled"
fi
if ! pkg-config --exists --print-errors xgr; then
  echo "no library: build it with meson compile -C ${XGR_BUILD:-build}, or set XGR_PREFIX"
  echo "0 passed, 1 failed"
  exit 1
fi
library_folder=$(pkg-config --libs-only-L xgr | sed 's/^-L//; s/ .*//')
export LD_LIBRARY_PATH="$library_folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

compile() {
  mcs -unsafe -langversion:7.2 -optimize+ -warnaserror+ "$@"
}

build_binding() {
  compile -target:library -out:"$work/Xgr.dll" -doc:"$work/Xgr.xml" bindings/csharp/Xgr/*.cs
}
