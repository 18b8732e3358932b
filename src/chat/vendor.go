//go:build xgr_vendor

// Package chat holds no Go; see src/vendor.go.
package chat
