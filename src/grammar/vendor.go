//go:build xgr_vendor

// Package grammar holds no Go; see src/vendor.go.
package grammar
