//go:build xgr_vendor

// Package automata holds no Go; see src/vendor.go.
package automata
