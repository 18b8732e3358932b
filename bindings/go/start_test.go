package xgr_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

// allowedTokens are those of the mask, ascending, and its kind.
func allowedTokens(matcher *xgr.Matcher) ([]int32, xgr.MaskKind) {
	mask := make([]uint32, matcher.MaskWords())
	kind := must(matcher.FillBitmask(mask))
	var tokens []int32
	for token := range matcher.VocabSize() {
		if mask[token/32]>>(token%32)&1 == 1 {
			tokens = append(tokens, token)
		}
	}
	return tokens, kind
}

func wantAllowed(t *testing.T, matcher *xgr.Matcher, kind xgr.MaskKind, tokens ...int32) {
	t.Helper()
	got, gotKind := allowedTokens(matcher)
	if gotKind != kind || !slices.Equal(got, tokens) {
		t.Errorf("got %v, kind %d; want %v, kind %d", got, gotKind, tokens, kind)
	}
}

func wantKind(t *testing.T, matcher *xgr.Matcher, kind xgr.MaskKind) {
	t.Helper()
	_, got := allowedTokens(matcher)
	wantEqual(t, got, kind)
}

func TestBytesEndTheThinking(t *testing.T) {
	matcher := newMatcher(t, "yes|no", &xgr.MatcherOptions{MayEndWaiting: true,
		Starts: []xgr.StartSequence{{Bytes: []byte("</t>")}, {Bytes: []byte("%%")}}})
	wantKind(t, matcher, xgr.MaskKindAll)
	wantEqual(t, matcher.IsWaiting() && matcher.IsAccepting(), true)
	wantEqual(t, takes(matcher, "hm </t") && matcher.IsWaiting(), true)
	wantKind(t, matcher, xgr.MaskKindAll)
	wantEqual(t, takes(matcher, ">"), true)
	wantEqual(t, matcher.IsWaiting() || matcher.IsAccepting(), false)
	wantAllowed(t, matcher, xgr.MaskKindSome, 'n', 'y')
	twin := must(matcher.Clone())
	defer twin.Close()
	wantEqual(t, twin.IsWaiting(), false)
	wantEqual(t, takes(matcher, "yes") && must(matcher.AcceptToken(stop)), true)
	wantEqual(t, matcher.IsTerminated() && !matcher.IsWaiting(), true)
	wantEqual(t, matcher.Rollback(5), nil)
	wantEqual(t, matcher.IsWaiting(), true)
	wantKind(t, matcher, xgr.MaskKindAll)
	wantEqual(t, takes(matcher, " %%no") && matcher.IsAccepting(), true)
	wantEqual(t, matcher.Reset(), nil)
	wantEqual(t, matcher.IsWaiting() && must(matcher.AcceptToken(stop)), true)
	wantEqual(t, matcher.IsTerminated() && matcher.IsWaiting(), true) // before its text began
	matcher.Close()
	wantEqual(t, matcher.IsWaiting(), false)
	wantEqual(t, newMatcher(t, "yes|no", nil).IsWaiting(), false)
}

func TestStopAndForbiddenTokensWhileItWaits(t *testing.T) {
	matcher := newMatcher(t, "yes|no", &xgr.MatcherOptions{ForbiddenTokens: []int32{'x', 'y'},
		Starts: []xgr.StartSequence{{Bytes: []byte("</t>")}}})
	var others []int32
	for token := range int32(stop) {
		if token != 'x' && token != 'y' {
			others = append(others, token)
		}
	}
	wantAllowed(t, matcher, xgr.MaskKindSome, others...)
	wantEqual(t, must(matcher.IsTokenAllowed(stop)) || takes(matcher, "x"), false)
	wantEqual(t, takes(matcher, "</t>yes"), true) // it is about thinking only
}

func TestBudgetForcesTheEnd(t *testing.T) {
	options := &xgr.MatcherOptions{HasMaxWaitingTokens: true, MaxWaitingTokens: 3, ForcedStart: 1,
		Starts: []xgr.StartSequence{{Bytes: []byte("##")}, {Bytes: []byte("</t>")}}}
	matcher := newMatcher(t, "yes|no", options)
	wantEqual(t, must(matcher.AcceptBytes([]byte("bytes do not count"))), true)
	wantEqual(t, takes(matcher, "ab<"), true)
	wantAllowed(t, matcher, xgr.MaskKindSome, '/')
	forced := make([]byte, 8)
	wantEqual(t, must(matcher.ForcedBytes(false, forced)), 3)
	wantEqual(t, string(forced[:3]), "/t>")
	wantEqual(t, takes(matcher, "/t>no") && matcher.IsAccepting(), true)
	options.MaxWaitingTokens = 0
	wantAllowed(t, newMatcher(t, "yes|no", options), xgr.MaskKindSome, '<')
	options.HasMaxWaitingTokens = false
	matcher = newMatcher(t, "yes|no", options)
	wantEqual(t, takes(matcher, strings.Repeat("z", 100)) && matcher.IsWaiting(), true)
	tokens, _ := allowedTokens(matcher)
	wantEqual(t, len(tokens), 256)
}

func TestTokensBeginTheTextBehindOrWithThem(t *testing.T) {
	kinds := []xgr.TokenKind{
		xgr.TokenKindNormal, xgr.TokenKindNormal, xgr.TokenKindControl, xgr.TokenKindStop}
	tokenizer := must(xgr.NewTokenizer([]string{"a", "(", "<call>", "<end>"},
		&xgr.TokenizerOptions{TokenKinds: kinds}))
	defer tokenizer.Close()
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	defer compiler.Close()
	grammar := must(compiler.CompileEBNF(context.Background(), `root ::= "("? "a"`, ""))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, &xgr.MatcherOptions{
		Starts: []xgr.StartSequence{{Tokens: []int32{1}, IsImplicit: true}, {Tokens: []int32{2}}}}))
	defer matcher.Close()
	wantAllowed(t, matcher, xgr.MaskKindSome, 0, 1, 2)
	wantEqual(t, must(matcher.AcceptTokens([]int32{0, 1})), 2)
	wantEqual(t, matcher.IsWaiting(), false)
	wantAllowed(t, matcher, xgr.MaskKindSome, 0)
	wantEqual(t, matcher.Rollback(1), nil)
	wantEqual(t, must(matcher.AcceptToken(2)), true)
	wantAllowed(t, matcher, xgr.MaskKindSome, 0, 1)
}

func TestWhatIsNoStartIsRefused(t *testing.T) {
	grammar := must(newCompiler(t, nil).CompileRegex(context.Background(), "yes|no"))
	defer grammar.Close()
	fails := func(options *xgr.MatcherOptions, says string) {
		t.Helper()
		_, err := xgr.NewMatcher(grammar, options)
		wantStatus(t, err, xgr.ErrInvalidArgument)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v; want %q", err, says)
		}
	}
	fails(&xgr.MatcherOptions{MayEndWaiting: true}, "need starts")
	fails(&xgr.MatcherOptions{Starts: make([]xgr.StartSequence, 1)}, "empty")
	fails(&xgr.MatcherOptions{Starts: []xgr.StartSequence{
		{Bytes: []byte("x"), Tokens: []int32{1}}}}, "bytes and tokens")
	fails(&xgr.MatcherOptions{Starts: []xgr.StartSequence{
		{Bytes: []byte("x")}, {Tokens: []int32{stop}}}}, "stop token")
	fails(&xgr.MatcherOptions{Starts: []xgr.StartSequence{
		{Bytes: []byte("maybe"), IsImplicit: true}}}, "no string of the grammar")
}
