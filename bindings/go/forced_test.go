package xgr_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	xgr "libxgr/bindings/go"
)

// newWordMatcher makes a matcher over a vocabulary of "a" to "z" and some words.
func newWordMatcher(t *testing.T, pattern string) *xgr.Matcher {
	t.Helper()
	var texts []string
	for letter := 'a'; letter <= 'z'; letter++ {
		texts = append(texts, string(letter))
	}
	texts = append(texts, "he", "hello", "wor", "ld", "world", "\u20AC", "")
	tokenizer := must(xgr.NewTokenizer(texts, &xgr.TokenizerOptions{StopTokens: []int32{32}}))
	defer tokenizer.Close()
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	defer compiler.Close()
	grammar := must(compiler.CompileRegex(context.Background(), pattern))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, nil))
	t.Cleanup(func() { matcher.Close() })
	return matcher
}

func TestForcedBytes(t *testing.T) {
	matcher := newMatcher(t, "hello(a|\u20AC|\u20AB)", nil)
	bytes := make([]byte, 16)
	size := must(matcher.ForcedBytes(false, bytes))
	wantEqual(t, string(bytes[:size]), "hello")
	wantEqual(t, must(matcher.ForcedBytes(false, bytes[:3])), 3)
	wantEqual(t, must(matcher.ForcedBytes(false, nil)), 0)
	wantEqual(t, must(matcher.AcceptBytes([]byte("hello\xE2"))), true)
	size = must(matcher.ForcedBytes(false, bytes))
	wantEqual(t, string(bytes[:size]), "\x82")
	wantEqual(t, must(matcher.ForcedBytes(true, bytes)), 0)
	wantEqual(t, matcher.HistorySize(), 1)
	matcher.Close()
	_, err := matcher.ForcedBytes(true, bytes)
	wantStatus(t, err, xgr.ErrInvalidState)
}

func TestForcedTokens(t *testing.T) {
	matcher := newWordMatcher(t, "helloworld(a|b)")
	forced := make([]int32, 16)
	count := must(matcher.ForcedTokens(nil, forced))
	wantEqual(t, slices.Equal(forced[:count], []int32{27, 30}), true)
	wantEqual(t, must(matcher.ForcedTokens(nil, forced[:1])), 1)
	wantEqual(t, must(matcher.ForcedTokens(nil, nil)), 0)
	own := []int32{7, 4, 11, 11, 14, 28, 29}
	count = must(matcher.ForcedTokens(own, forced))
	wantEqual(t, slices.Equal(forced[:count], own), true)
	_, err := matcher.ForcedTokens([]int32{27, 0}, forced)
	wantMistake(t, err, "the 2 tokens do not spell a beginning of what the grammar forces")
	_, err = matcher.ForcedTokens([]int32{-1}, forced)
	wantMistake(t, err, "the 1 tokens do not spell a beginning of what the grammar forces")
	wantEqual(t, matcher.HistorySize(), 0)
	wantEqual(t, must(matcher.AcceptTokens(forced[:count])), count)
	matcher.Close()
	_, err = matcher.ForcedTokens(nil, forced)
	wantStatus(t, err, xgr.ErrInvalidState)
}

func TestForcedTokensWithATokenizer(t *testing.T) {
	matcher := newWordMatcher(t, "helloworld(a|b)")
	tokens := must(matcher.ForcedTokensWith(100, func(text []byte) ([]int32, error) {
		wantEqual(t, string(text), "helloworld")
		wantEqual(t, must(matcher.IsTokenAllowed(7)), true)
		return []int32{27, 28, 29}, nil
	}))
	wantEqual(t, slices.Equal(tokens, []int32{27, 28, 29}), true)
	wantEqual(t, must(matcher.AcceptTokens(tokens)), 3)
	tokens = must(matcher.ForcedTokensWith(100, func([]byte) ([]int32, error) {
		t.Error("nothing is forced")
		return nil, nil
	}))
	wantEqual(t, len(tokens), 0)

	wantEqual(t, matcher.Reset(), nil)
	failure := errors.New("no tokenizer")
	_, err := matcher.ForcedTokensWith(100, func([]byte) ([]int32, error) { return nil, failure })
	wantEqual(t, err, failure)
	_, err = matcher.ForcedTokensWith(100, func([]byte) ([]int32, error) { return []int32{0}, nil })
	wantStatus(t, err, xgr.ErrInvalidArgument)
	wantEqual(t, len(must(matcher.ForcedTokensWith(100, func([]byte) ([]int32, error) { return nil, nil }))), 0)
	must(matcher.ForcedTokensWith(3, func(text []byte) ([]int32, error) {
		wantEqual(t, string(text), "hel")
		return []int32{26, 11}, nil
	}))
	_, err = matcher.ForcedTokensWith(-1, nil)
	wantMistake(t, err, "maxBytes is -1; expected 0 or more")
	wantEqual(t, matcher.HistorySize(), 0)
}
