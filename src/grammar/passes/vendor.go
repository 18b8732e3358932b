//go:build xgr_vendor

// Package passes holds no Go; see src/vendor.go.
package passes
