//go:build xgr_vendor

// Package capi holds no Go; see src/vendor.go.
package capi
