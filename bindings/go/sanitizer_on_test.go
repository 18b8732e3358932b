//go:build asan

package xgr_test

// withLeakChecker: what C allocated is looked for at the end of the process; memory is not flat.
const withLeakChecker = true
