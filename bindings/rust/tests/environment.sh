# Sourced by the scripts of this folder, in the root of the repository: installs what Rust needs, finds the
# library.
#
#   $work               folder for what is built
#
# Environment: XGR_PREFIX names an installation of the library; otherwise it is the one that Meson built in
# build/, or in the folder that XGR_BUILD names.

work=$PWD/${XGR_BUILD:-build}/rust
mkdir -p "$work"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Names the Debian packages whose parts are not on this machine.
missing_packages() {
  # Debian 12 has a present compiler under these names, and an old one under the usual.
  command -v cargo >/dev/null || { apt-cache show cargo-web >/dev/null 2>&1 && echo cargo-web rustc-web; } || echo cargo rustc
  command -v pkg-config >/dev/null || echo pkg-config
  command -v c++ >/dev/null || echo g++
}

[ ! -d "${CARGO_HOME:-$HOME/.cargo}/bin" ] || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
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
library_folder=$(pkg-config --libs-only-L xgr | sed 's/^-L//; s/ .*//')
export LD_LIBRARY_PATH="$library_folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export CARGO_TARGET_DIR="$work/target"
