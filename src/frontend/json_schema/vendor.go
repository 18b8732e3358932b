//go:build xgr_vendor

// Package json_schema holds no Go; see src/vendor.go.
package json_schema
