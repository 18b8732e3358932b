//go:build xgr_vendor

// Package frontend holds no Go; see src/vendor.go.
package frontend
