# Sourced by the scripts of this folder, in the root of the repository: installs what Rust needs, finds the
# library.
#
#   $work               folder for what is built
#
# Environment: as in bindings/environment.sh.

. bindings/environment.sh
work=$PWD/${XGR_BUILD:-build}/rust
mkdir -p "$work"

# Names the Debian packages whose parts are not on this machine.
missing_packages() {
  # Debian 12 has a present compiler under these names, and an old one under the usual.
  command -v cargo >/dev/null || { apt-cache show cargo-web >/dev/null 2>&1 && echo cargo-web rustc-web; } || echo cargo rustc
  command -v pkg-config >/dev/null || echo pkg-config
  command -v c++ >/dev/null || echo g++
}

[ ! -d "${CARGO_HOME:-$HOME/.cargo}/bin" ] || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
# shellcheck disable=SC2046
install_packages $(missing_packages)
find_library
export CARGO_TARGET_DIR="$work/target"
