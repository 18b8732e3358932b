# Sourced by the scripts of this folder, in the root of the repository: installs what Go needs, finds the
# library. Environment: as in bindings/environment.sh, which has to be sourced before.

# Go 1.21 and newer fetch the toolchain that go.mod asks for; an older one fetches it as a module.
install_go() {
  command -v go >/dev/null && command -v pkg-config >/dev/null || install_packages golang-go pkg-config
  (cd / && go version) | grep -Eq 'go1\.(2[1-9]|[3-9][0-9])' && return 0
  toolchain=golang.org/toolchain@v0.0.1-go$(sed -n 's/^go //p' go.mod).$(go env GOOS)-$(go env GOARCH)
  (cd / && go mod download "$toolchain")
  GOROOT=$(go env GOMODCACHE)/$toolchain
  chmod -R u+wx "$GOROOT/bin" "$GOROOT/pkg/tool"
  PATH=$GOROOT/bin:$PATH
  export PATH GOROOT
}

install_go
find_library
# Go remembers what pkg-config said once, whatever it says later; these flags tell installations apart.
CGO_LDFLAGS="-O2 -g -L$library_folder"
export CGO_LDFLAGS
