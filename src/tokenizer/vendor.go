//go:build xgr_vendor

// Package tokenizer holds no Go; see src/vendor.go.
package tokenizer
