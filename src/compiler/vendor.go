//go:build xgr_vendor

// Package compiler holds no Go; see src/vendor.go.
package compiler
