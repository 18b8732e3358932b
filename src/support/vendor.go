//go:build xgr_vendor

// Package support holds no Go; see src/vendor.go.
package support
