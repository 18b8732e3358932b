package xgr_test

import (
	"testing"

	xgr "libxgr/bindings/go"
)

func TestClosingTakesTheShortestWay(t *testing.T) {
	matcher := newMatcher(t, "[0-9]{3,}x", nil)
	tokens, exact, err := matcher.MinTokensToFinish()
	wantEqual(t, tokens == 4 && exact && err == nil, true)
	wantEqual(t, takes(matcher, "1234"), true)
	wantEqual(t, matcher.SetClosing(true), nil)
	wantAllowed(t, matcher, xgr.MaskKindSome, 'x')
	wantEqual(t, must(matcher.AcceptToken('5')), false)
	wantEqual(t, must(matcher.AcceptToken('x')), true)
	wantEqual(t, matcher.Rollback(1), nil)
	wantEqual(t, matcher.SetClosing(false), nil)
	wantEqual(t, must(matcher.AcceptToken('5')), true)
}

func TestALimitOfTokensIsKept(t *testing.T) {
	matcher := newMatcher(t, "[0-9]{3,}x", nil)
	wantEqual(t, matcher.SetTokenLimit(5), nil)
	wantEqual(t, takes(matcher, "1234"), true)
	wantAllowed(t, matcher, xgr.MaskKindSome, 'x')
	wantEqual(t, matcher.SetTokenLimit(-1), nil)
	wantEqual(t, must(matcher.AcceptToken('5')), true)
	matcher.Close()
	if _, _, err := matcher.MinTokensToFinish(); err == nil {
		t.Error("a closed matcher answers")
	}
}
