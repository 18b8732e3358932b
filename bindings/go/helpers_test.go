package xgr_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	xgr "libxgr/bindings/go"
)

const stop = 256

// must fails the test that is running when something failed.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// inBackground is WaitGroup.Go, which Go 1.24 does not have.
func inBackground(group *sync.WaitGroup, run func()) {
	group.Add(1)
	go func() {
		defer group.Done()
		run()
	}()
}

// byteTokens is a vocabulary of the 256 single bytes and a stop token.
func byteTokens() [][]byte {
	tokens := make([][]byte, stop+1)
	for i := range stop {
		tokens[i] = []byte{byte(i)}
	}
	return tokens
}

func newTokenizer(t testing.TB) *xgr.Tokenizer {
	t.Helper()
	tokenizer := must(xgr.NewTokenizer(byteTokens(), &xgr.TokenizerOptions{StopTokens: []int32{stop}}))
	t.Cleanup(func() { tokenizer.Close() })
	return tokenizer
}

func newCompiler(t testing.TB, options *xgr.CompilerOptions) *xgr.Compiler {
	t.Helper()
	compiler := must(xgr.NewCompiler(newTokenizer(t), options))
	t.Cleanup(func() { compiler.Close() })
	return compiler
}

func newMatcher(t testing.TB, pattern string, options *xgr.MatcherOptions) *xgr.Matcher {
	t.Helper()
	grammar := must(newCompiler(t, nil).CompileRegex(context.Background(), pattern))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, options))
	t.Cleanup(func() { matcher.Close() })
	return matcher
}

// takes says whether the matcher accepts all bytes of a text as tokens.
func takes(matcher *xgr.Matcher, text string) bool {
	for _, token := range []byte(text) {
		if !must(matcher.AcceptToken(int32(token))) {
			return false
		}
	}
	return true
}

// wantStatus checks that an error has a status.
func wantStatus(t *testing.T, err error, status xgr.Status) {
	t.Helper()
	if !errors.Is(err, status) {
		t.Errorf("error is %v; want status %d", err, status)
	}
}

// wantError checks that an error is one of those to compare with, with the status that all of them have.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	wantStatus(t, err, xgr.ErrInvalidState)
	if !errors.Is(err, want) {
		t.Errorf("error is %v; want %v", err, want)
	}
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v; want %v", got, want)
	}
}
