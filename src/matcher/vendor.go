//go:build xgr_vendor

// Package matcher holds no Go; see src/vendor.go.
package matcher
