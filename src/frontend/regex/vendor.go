//go:build xgr_vendor

// Package regex holds no Go; see src/vendor.go.
package regex
