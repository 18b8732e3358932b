package xgr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"

	xgr "libxgr/bindings/go"
)

func TestUseAfterCloseIsAnError(t *testing.T) {
	ctx := context.Background()
	tokenizer := must(xgr.NewTokenizer(byteTokens(), &xgr.TokenizerOptions{StopTokens: []int32{stop}}))
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	grammar := must(compiler.CompileRegex(ctx, "a"))
	matcher := must(xgr.NewMatcher(grammar, nil))
	source := must(xgr.GrammarSourceFromJSON(nil))
	job := must(compiler.StartJob(ctx, source))
	captures := must(matcher.Captures(false))
	report := must(xgr.JSONSchemaCheck("{}", nil))
	diagnostics := must(grammar.Diagnostics())
	reader := must(xgr.NewReplyReader("hermes", "", tokenizer, nil))
	for range 2 {
		for _, object := range []io.Closer{tokenizer, compiler, grammar, matcher, source, job, captures, report, diagnostics, reader} {
			object.Close()
		}
	}
	var failures []error
	add := func(_ any, err error) { failures = append(failures, err) }
	add(xgr.NewCompiler(tokenizer, nil))
	add(compiler.CompileJSON(ctx, nil))
	add(compiler.CompileSource(ctx, source))
	add(compiler.Stats())
	add(compiler.CacheStats())
	add(compiler.StartJob(ctx, source))
	add(job.Result())
	add(grammar.Tokenizer())
	add(grammar.PrintEBNF())
	add(grammar.Stats())
	add(0, grammar.WarmUp(ctx, xgr.WarmUpFull))
	add(xgr.NewMatcher(grammar, nil))
	add(matcher.AcceptToken(1))
	add(matcher.AcceptBytes([]byte("a")))
	add(matcher.IsTokenAllowed(1))
	add(matcher.FillBitmask(make([]uint32, 9)))
	add(0, matcher.LendBitmask(func([]uint32, xgr.MaskKind) { t.Error("lent") }))
	add(0, matcher.Rollback(0))
	add(0, matcher.Reset())
	add(matcher.Clone())
	add(matcher.Captures(true))
	add(matcher.Stats())
	add(matcher.AcceptTokens(nil))
	add(matcher.ValidateTokens(nil))
	add(0, matcher.SetFilter(nil))
	add(matcher.FillDraft(nil, nil, 9, nil))
	add(0, matcher.FillDraftTree(nil, nil, 9, nil, nil))
	add(matcher.ForcedBytes(true, nil))
	add(matcher.ForcedTokens(nil, nil))
	add(matcher.ForcedTokensWith(1, nil))
	_, _, err := matcher.Temperature()
	add(0, err)
	add(source.Repeat(0, 1))
	add(source.Intersection(source))
	add(xgr.GrammarSourceConcat(source))
	add(source.Print(false))
	add(0, source.Check())
	add(captures.Get(0))
	add(report.Entry(0))
	add(diagnostics.Get(0))
	add(grammar.Diagnostics())
	add(0, reader.Feed(nil))
	add(0, reader.Finish())
	add(reader.NextEvent())
	for i, err := range failures {
		if !errors.Is(err, xgr.ErrClosed) || !errors.Is(err, xgr.ErrInvalidState) || errors.Is(err, xgr.ErrBusy) {
			t.Errorf("call %d: got %v", i, err)
		}
	}
	sizes := tokenizer.MaskWords() + compiler.MemorySize() + grammar.MemorySize() + matcher.HistorySize() +
		matcher.MaskWords() + matcher.MemorySize() + captures.Size() + report.Size() + len(tokenizer.StopTokens())
	wantEqual(t, sizes, 0)
	wantEqual(t, matcher.IsAccepting() || matcher.IsTerminated(), false)
	job.Cancel()
	compiler.ClearCache()
	wantEqual(t, job.IsDone() && job.Wait(-1), true)
}

func TestZeroValuesAreClosed(t *testing.T) {
	_, err := xgr.NewCompiler(&xgr.Tokenizer{}, nil)
	wantError(t, err, xgr.ErrClosed)
	_, err = xgr.NewCompiler(nil, nil)
	wantError(t, err, xgr.ErrClosed)
	_, err = xgr.NewMatcher(nil, nil)
	wantError(t, err, xgr.ErrClosed)
	_, err = (&xgr.Matcher{}).AcceptToken(1)
	wantError(t, err, xgr.ErrClosed)
	_, err = xgr.GrammarSourceUnion(nil)
	wantError(t, err, xgr.ErrClosed)
	wantEqual(t, (&xgr.Matcher{}).Close(), nil)
	wantEqual(t, (&xgr.Grammar{}).Close(), nil)
	wantEqual(t, (&xgr.Tokenizer{}).VocabSize(), 0)
}

func TestObjectsKeepWhatTheyNeed(t *testing.T) {
	tokenizer := must(xgr.NewTokenizer(byteTokens(), &xgr.TokenizerOptions{StopTokens: []int32{stop}}))
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	tokenizer.Close()
	grammar := must(compiler.CompileRegex(context.Background(), "a+"))
	compiler.Close()
	matcher := must(xgr.NewMatcher(grammar, nil))
	grammar.Close()
	clone := must(matcher.Clone())
	matcher.Close()
	wantEqual(t, takes(clone, "aaa"), true)
	clone.Close()
}

func TestManyGoroutinesShareACompiler(t *testing.T) {
	compiler := newCompiler(t, &xgr.CompilerOptions{Threads: 2})
	var group sync.WaitGroup
	for i := range 8 {
		inBackground(&group, func() {
			for round := range 20 {
				text := fmt.Sprintf("%d-%d", i, round%5)
				grammar := must(compiler.CompileRegex(context.Background(), "[0-9]-"+text[2:]))
				matcher := must(xgr.NewMatcher(grammar, nil))
				grammar.Close()
				if !takes(matcher, text) || !matcher.IsAccepting() {
					t.Errorf("%s is refused", text)
				}
				matcher.Close()
			}
		})
	}
	group.Wait()
}

func TestCloseWhileOthersUseIt(t *testing.T) {
	for range 20 {
		tokenizer := must(xgr.NewTokenizer(byteTokens(), &xgr.TokenizerOptions{StopTokens: []int32{stop}}))
		compiler := must(xgr.NewCompiler(tokenizer, nil))
		grammar := must(compiler.CompileRegex(context.Background(), "a*"))
		matcher := must(xgr.NewMatcher(grammar, nil))
		var group sync.WaitGroup
		for range 4 {
			inBackground(&group, func() {
				for range 50 {
					_, err := matcher.AcceptToken('a')
					grammar.MemorySize()
					other, created := xgr.NewMatcher(grammar, nil)
					if created == nil {
						other.Close()
					}
					for _, err := range []error{err, created} {
						if err != nil && !errors.Is(err, xgr.ErrClosed) && !errors.Is(err, xgr.ErrBusy) {
							t.Error(err)
						}
					}
				}
			})
		}
		inBackground(&group, func() {
			for _, object := range []io.Closer{matcher, grammar, compiler, tokenizer} {
				object.Close()
			}
		})
		group.Wait()
	}
}

func TestMatcherMovesBetweenThreads(t *testing.T) {
	matcher := newMatcher(t, "a{40}", nil)
	for range 40 {
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // the thread ends with the goroutine, so that each has its own
			done <- must(matcher.AcceptToken('a'))
		}()
		wantEqual(t, <-done, true)
	}
	wantEqual(t, matcher.IsAccepting(), true)
}
