package xgr_test

import "testing"

// What a call costs beyond C: tests/overhead.sh subtracts the same loop in C.
func BenchmarkFillBitmask(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	mask := make([]uint32, matcher.MaskWords())
	b.ReportAllocs()
	for b.Loop() {
		must(matcher.FillBitmask(mask))
	}
}

func BenchmarkIsTokenAllowed(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		must(matcher.IsTokenAllowed('a'))
	}
}

func BenchmarkAcceptAndRollback(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		must(matcher.AcceptToken('a'))
		must(0, matcher.Rollback(1))
	}
}

func BenchmarkIsTerminated(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		matcher.IsTerminated()
	}
}
