//go:build xgr_vendor

// Package macros holds no Go; see src/vendor.go.
package macros
