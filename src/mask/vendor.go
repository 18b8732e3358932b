//go:build xgr_vendor

// Package mask holds no Go; see src/vendor.go.
package mask
