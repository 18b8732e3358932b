//go:build !asan

package xgr_test

const withLeakChecker = false
