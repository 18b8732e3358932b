//go:build cgo && xgr_system && !xgr_purego

package raw

// #cgo pkg-config: xgr
import "C"

// Load has nothing to do: the library of the system is linked, as pkg-config finds it.
func Load() error { return nil }
