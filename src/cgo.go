//go:build !xgr_system && !xgr_purego

// Package core holds no Go: through it the Go tools compile the library, which is one C++ file. Go's
// own flags optimise it, -O2 unless CGO_CXXFLAGS says otherwise; debug information, which they ask for, would
// take half as much memory again.
package core

/*
#cgo CXXFLAGS: -std=c++20 -g0 -DNDEBUG -DXGR_STATIC -fvisibility=hidden -I${SRCDIR} -I${SRCDIR}/../include
#cgo LDFLAGS: -pthread
#cgo pkg-config: libpcre2-8
*/
import "C"
