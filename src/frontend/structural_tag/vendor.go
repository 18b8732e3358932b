//go:build xgr_vendor

// Package structural_tag holds no Go; see src/vendor.go.
package structural_tag
