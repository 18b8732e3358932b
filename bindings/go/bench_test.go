package xgr_test

import "testing"

// What a call costs beyond C: tests/overhead.sh subtracts the same loop in C.
func BenchmarkFillBitmask(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	mask := make([]uint32, matcher.MaskWords())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := matcher.FillBitmask(mask); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIsTokenAllowed(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := matcher.IsTokenAllowed('a'); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAcceptAndRollback(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := matcher.AcceptToken('a'); err != nil {
			b.Fatal(err)
		}
		if err := matcher.Rollback(1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIsTerminated(b *testing.B) {
	matcher := newMatcher(b, "[a-z]*", nil)
	b.ReportAllocs()
	for b.Loop() {
		matcher.IsTerminated()
	}
}
