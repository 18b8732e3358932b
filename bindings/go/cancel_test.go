package xgr_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	xgr "libxgr/bindings/go"
)

// slowGrammar takes about a second to compile, so that what ends it early shows.
var slowGrammar = sync.OnceValue(func() string {
	const rules = 60000
	var text strings.Builder
	text.WriteString("root ::= r0\n")
	for i := range rules {
		fmt.Fprintf(&text, "r%d ::= \"a%d\" r%d | \"x\" | [a-z%d]\n", i, i, (i+1)%rules, i%10)
	}
	return text.String()
})

// wantSoon checks that a call did not go on; it takes milliseconds, unless the machine is busy.
func wantSoon(t *testing.T, begin time.Time) {
	t.Helper()
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("returned after %v", took)
	}
}

// wantStopped checks that a call ended because of its context.
func wantStopped(t *testing.T, err, cause error) {
	t.Helper()
	wantStatus(t, err, xgr.ErrCancelled)
	if !errors.Is(err, cause) {
		t.Errorf("error is %v; want %v", err, cause)
	}
}

// wantGoroutines waits until there are no more goroutines than before.
func wantGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines; %d before", runtime.NumGoroutine(), before)
}

func TestContextThatHasEndedStopsEveryCompile(t *testing.T) {
	compiler := newCompiler(t, nil)
	source := must(xgr.GrammarSourceFromChoices("a"))
	defer source.Close()
	ctx, cancel := context.WithCancel(context.Background())
	must(compiler.CompileRegex(ctx, "abc")).Close()
	cancel()
	var failures []error
	add := func(_ *xgr.Grammar, err error) { failures = append(failures, err) }
	add(compiler.CompileJSONSchema(ctx, "{}", nil, nil))
	add(compiler.CompileJSON(ctx, nil))
	add(compiler.CompileEBNF(ctx, `root ::= "a"`, ""))
	add(compiler.CompileRegex(ctx, "abc")) // in the cache
	add(compiler.CompileLark(ctx, `start: "a"`, nil))
	add(compiler.CompileStructuralTag(ctx, `{"format": {"type": "any_text"}}`, nil))
	add(compiler.CompileSource(ctx, source))
	for _, err := range failures {
		wantStopped(t, err, context.Canceled)
	}
	reason := errors.New("the client hung up")
	because, stop := context.WithCancelCause(context.Background())
	stop(reason)
	_, err := compiler.CompileJSON(because, nil)
	wantEqual(t, strings.Contains(err.Error(), reason.Error()), true)
}

func TestContextStopsACompileThatRuns(t *testing.T) {
	compiler, before := newCompiler(t, nil), runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := compiler.CompileEBNF(ctx, slowGrammar(), "")
	deadline, _ := ctx.Deadline()
	wantSoon(t, deadline)
	wantStopped(t, err, context.DeadlineExceeded)

	ctx, cancel = context.WithCancel(context.Background())
	var cancelled time.Time
	time.AfterFunc(20*time.Millisecond, func() {
		cancelled = time.Now()
		cancel()
	})
	_, err = compiler.CompileEBNF(ctx, slowGrammar(), "")
	wantSoon(t, cancelled)
	wantStopped(t, err, context.Canceled)
	wantGoroutines(t, before)
	compiler.Close()
}

func TestOneContextDoesNotStopTheOthers(t *testing.T) {
	compiler := newCompiler(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	inBackground(&group, func() {
		_, err := compiler.CompileEBNF(ctx, slowGrammar(), "")
		wantStopped(t, err, context.Canceled)
	})
	inBackground(&group, func() {
		time.Sleep(50 * time.Millisecond)
		cancel()
	})
	must(compiler.CompileEBNF(context.Background(), slowGrammar(), "")).Close()
	group.Wait()
	wantEqual(t, must(compiler.CacheStats()).Misses, 1)
}

func TestTimeout(t *testing.T) {
	compiler, ctx := newCompiler(t, nil), context.Background()
	begin := time.Now()
	_, err := compiler.CompileEBNF(ctx, slowGrammar(), "", xgr.CompileOptions{Timeout: time.Microsecond})
	wantSoon(t, begin)
	wantStatus(t, err, xgr.ErrLimitExceeded)
	wantEqual(t, strings.Contains(err.Error(), "timeout_milliseconds = 1"), true)
	must(compiler.CompileRegex(ctx, "a", xgr.CompileOptions{Timeout: time.Hour})).Close()
	_, err = compiler.CompileRegex(ctx, "a", xgr.CompileOptions{Timeout: -1})
	wantStatus(t, err, xgr.ErrInvalidArgument)
	_, err = compiler.CompileRegex(ctx, "a", xgr.CompileOptions{}, xgr.CompileOptions{})
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestSimultaneousRequestsCompileOnce(t *testing.T) {
	const requests = 8
	compiler := newCompiler(t, nil)
	var group sync.WaitGroup
	for range requests {
		inBackground(&group, func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			must(compiler.CompileJSONSchema(ctx, `{"enum": ["a", 1]}`, nil, nil)).Close()
		})
	}
	group.Wait()
	stats := must(compiler.CacheStats())
	wantEqual(t, stats.Misses, 1)
	wantEqual(t, stats.Hits+stats.Shared, requests-1)
	wantEqual(t, stats.Entries, 1)
	wantEqual(t, stats.MemorySize > 0 && stats.CompileNanoseconds > 0, true)
	wantEqual(t, stats.MemoryLimit, 256<<20)
}

func TestCompileCache(t *testing.T) {
	ctx := context.Background()
	compiler := newCompiler(t, &xgr.CompilerOptions{CacheLimit: 1 << 20, CanonicalSchemas: true})
	compile := func(schema string, options ...xgr.CompileOptions) xgr.CacheStats {
		must(compiler.CompileJSONSchema(ctx, schema, nil, nil, options...)).Close()
		return must(compiler.CacheStats())
	}
	compile(`{"const": "a"}`)
	stats := compile(`{ "const" : "\u0061" }`)
	wantEqual(t, stats.Hits == 1 && stats.Misses == 1 && stats.MemoryLimit == 1<<20, true)
	stats = compile(`{"const": "a"}`, xgr.CompileOptions{BypassCache: true})
	wantEqual(t, stats.Misses == 2 && stats.Entries == 1, true)
	compiler.ClearCache()
	stats = compile(`{"const": "a"}`)
	wantEqual(t, stats.Misses, 3)
	for i := range 500 {
		stats = compile(fmt.Sprintf(`{"const": %d}`, i))
	}
	wantEqual(t, stats.Evictions > 0 && stats.MemorySize <= stats.MemoryLimit, true)

	without := newCompiler(t, &xgr.CompilerOptions{NoCache: true})
	for range 2 {
		must(without.CompileRegex(ctx, "a")).Close()
	}
	wantEqual(t, must(without.CacheStats()).Entries, 0)
	_, err := xgr.NewCompiler(newTokenizer(t), &xgr.CompilerOptions{CacheLimit: -1})
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

// slowWarmUp is a grammar with so many positions that a full warm-up takes some time.
func slowWarmUp(t *testing.T) *xgr.Grammar {
	t.Helper()
	words := make([]string, 100000)
	for i := range words {
		words[i] = fmt.Sprint(i * 7919)
	}
	source := must(xgr.GrammarSourceFromChoices(words...))
	defer source.Close()
	grammar := must(newCompiler(t, nil).CompileSource(context.Background(), source))
	t.Cleanup(func() { grammar.Close() })
	return grammar
}

func TestContextStopsAWarmUp(t *testing.T) {
	grammar := slowWarmUp(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err := grammar.WarmUp(ctx, xgr.WarmUpFull)
	deadline, _ := ctx.Deadline()
	wantSoon(t, deadline)
	wantStopped(t, err, context.DeadlineExceeded)
}

// stepsOf calls everything that the context of a matcher stops.
func stepsOf(matcher *xgr.Matcher) []error {
	var failures []error
	add := func(_ any, err error) { failures = append(failures, err) }
	add(matcher.FillBitmask(make([]uint32, 9)))
	add(0, matcher.LendBitmask(func([]uint32, xgr.MaskKind) {}))
	add(matcher.IsTokenAllowed('a'))
	add(matcher.AcceptToken('a'))
	add(matcher.AcceptBytes([]byte("a")))
	add(matcher.Captures(false))
	add(matcher.ValidateTokens(ids("a")))
	add(matcher.AcceptTokens(ids("a")))
	add(matcher.FillDraft(ids("a"), make([]uint32, 18), 9, nil))
	add(0, matcher.FillDraftTree(&xgr.DraftTree{Tokens: ids("a"), Parents: []int32{-1}}, make([]uint32, 9), 9, nil, nil))
	add(matcher.ForcedBytes(true, make([]byte, 9)))
	add(matcher.ForcedTokens(nil, make([]int32, 9)))
	return failures
}

func TestContextStopsAMatcher(t *testing.T) {
	grammar := must(newCompiler(t, nil).CompileLark(
		context.Background(), "start: word\nword[capture=\"w\"]: /[a-z]{9}/\n", nil))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, nil))
	ctx, cancel := context.WithCancel(context.Background())
	wantEqual(t, matcher.SetContext(ctx), nil)
	wantEqual(t, takes(matcher, "ab"), true)
	clone := must(matcher.Clone())
	defer clone.Close()
	cancel()
	time.Sleep(20 * time.Millisecond) // the request is made beside
	for _, stopped := range []*xgr.Matcher{matcher, clone, must(matcher.Clone())} {
		for _, err := range stepsOf(stopped) {
			wantStopped(t, err, context.Canceled)
		}
		wantEqual(t, stopped.HistorySize(), 2)
	}
	wantEqual(t, matcher.SetContext(context.Background()), nil)
	for _, err := range stepsOf(matcher) {
		wantEqual(t, err, nil)
	}
	wantEqual(t, matcher.HistorySize(), 5)

	ended, cancel := context.WithCancel(context.Background())
	cancel()
	wantEqual(t, matcher.SetContext(ended), nil)
	_, err := matcher.AcceptToken('a')
	wantStopped(t, err, context.Canceled)
	matcher.Close()
	wantStatus(t, matcher.SetContext(ctx), xgr.ErrInvalidState)
}

func TestContextForgetsClosedMatchers(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	matcher, before := newMatcher(t, "a*", nil), runtime.NumGoroutine()
	for range 1000 {
		clone := must(matcher.Clone())
		wantEqual(t, clone.SetContext(ctx), nil)
		wantEqual(t, clone.SetContext(ctx), nil)
		clone.Close()
	}
	wantGoroutines(t, before)
	cancel()
	wantGoroutines(t, before)
}

func TestLimitsOfACompile(t *testing.T) {
	for name, options := range map[string]xgr.CompilerOptions{
		"max_compile_work = 1000": {MaxCompileWork: 1000}, "max_compile_memory = 1000": {MaxCompileMemory: 1000},
	} {
		_, err := newCompiler(t, &options).CompileEBNF(context.Background(), slowGrammar(), "")
		wantStatus(t, err, xgr.ErrLimitExceeded)
		if err != nil && !strings.Contains(strings.ReplaceAll(err.Error(), ",", ""), name) {
			t.Errorf("%v does not tell %s", err, name)
		}
	}
}

func TestContextStopsAMatcherFromWithin(t *testing.T) {
	matcher := newMatcher(t, "a[a-z]*", nil)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	wantEqual(t, matcher.SetContext(ctx), nil)
	accepted, err := matcher.AcceptBytes(bytes.Repeat([]byte("a"), 50_000_000)) // some seconds
	deadline, _ := ctx.Deadline()
	wantSoon(t, deadline)
	wantStopped(t, err, context.DeadlineExceeded)
	wantEqual(t, accepted, false)
	wantEqual(t, matcher.SetContext(context.Background()), nil)
	wantEqual(t, matcher.HistorySize() == 0 && takes(matcher, "ab"), true)
}
