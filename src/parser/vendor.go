//go:build xgr_vendor

// Package parser holds no Go; see src/vendor.go.
package parser
