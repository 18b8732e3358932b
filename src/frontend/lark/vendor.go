//go:build xgr_vendor

// Package lark holds no Go; see src/vendor.go.
package lark
