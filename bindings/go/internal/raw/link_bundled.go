//go:build cgo && !xgr_system && !xgr_purego

package raw

// #cgo CFLAGS: -I${SRCDIR}/../../../../include -DXGR_STATIC
import "C"

import (
	_ "libxgr/include/xgr" // the headers
	_ "libxgr/src"         // the library itself
)

// Load has nothing to do: the library is compiled and linked into the program.
func Load() error { return nil }
