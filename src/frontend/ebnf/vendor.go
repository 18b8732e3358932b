//go:build xgr_vendor

// Package ebnf holds no Go; see src/vendor.go.
package ebnf
