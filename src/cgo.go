//go:build !xgr_system && !xgr_purego

// Package core holds no Go: through it the Go tools compile the library, which is one C++ file.
package core

/*
#cgo CXXFLAGS: -std=c++20 -O2 -DNDEBUG -DXGR_STATIC -I${SRCDIR} -I${SRCDIR}/../include
#cgo LDFLAGS: -pthread
#cgo pkg-config: libpcre2-8
*/
import "C"
