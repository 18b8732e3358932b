//go:build cgo && !xgr_purego

package xgr_test

const withoutCgo = false
