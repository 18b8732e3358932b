package xgr_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	xgr "libxgr/bindings/go"
)

// slowSource is a source whose text is read when it is compiled.
func slowSource(t *testing.T) *xgr.GrammarSource {
	t.Helper()
	source := must(xgr.GrammarSourceFromEBNF(slowGrammar(), &xgr.EBNFOptions{Deferred: true}))
	t.Cleanup(func() { source.Close() })
	return source
}

func TestJobGivesItsResultAgainAndAgain(t *testing.T) {
	compiler := newCompiler(t, nil)
	source := must(xgr.GrammarSourceFromChoices("yes", "no"))
	job := must(compiler.StartJob(context.Background(), source))
	defer job.Close()
	source.Close()
	compiler.Close()
	wantEqual(t, job.Wait(-1) && job.IsDone() && job.Wait(0), true)
	for range 2 {
		grammar := must(job.Result())
		matcher := must(xgr.NewMatcher(grammar, nil))
		wantEqual(t, takes(matcher, "yes"), true)
		matcher.Close()
		grammar.Close()
	}
	job.Cancel() // too late
	must(job.Result()).Close()
}

func TestJobOfWhatIsInTheCacheIsDone(t *testing.T) {
	compiler := newCompiler(t, nil)
	must(compiler.CompileRegex(context.Background(), "a+")).Close()
	source := must(xgr.GrammarSourceFromRegex("a+", &xgr.RegexOptions{Deferred: true}))
	defer source.Close()
	job := must(compiler.StartJob(context.Background(), source))
	defer job.Close()
	wantEqual(t, job.IsDone(), true)
	wantEqual(t, must(compiler.CacheStats()).Hits, 1)
}

func TestJobStops(t *testing.T) {
	compiler, before := newCompiler(t, nil), runtime.NumGoroutine()
	source := slowSource(t)
	job := must(compiler.StartJob(context.Background(), source))
	defer job.Close()
	wantEqual(t, job.IsDone() || job.Wait(time.Microsecond), false)
	_, err := job.Result()
	wantStatus(t, err, xgr.ErrInvalidState)
	job.Cancel()
	wantEqual(t, job.IsDone(), true)
	_, err = job.Result()
	wantStatus(t, err, xgr.ErrCancelled)

	ctx, cancel := context.WithCancel(context.Background())
	other := must(compiler.StartJob(ctx, source))
	defer other.Close()
	cancel()
	begin := time.Now()
	wantEqual(t, other.Wait(-1), true)
	wantSoon(t, begin)
	_, err = other.Result()
	wantStopped(t, err, context.Canceled)

	late := must(compiler.StartJob(context.Background(), source, xgr.CompileOptions{Timeout: time.Millisecond}))
	defer late.Close()
	wantEqual(t, late.Wait(-1), true)
	_, err = late.Result()
	wantStatus(t, err, xgr.ErrLimitExceeded)
	wantGoroutines(t, before)
}

func TestCloseOfAJobEndsWhoWaitsForIt(t *testing.T) {
	job := must(newCompiler(t, nil).StartJob(context.Background(), slowSource(t)))
	done := make(chan bool)
	go func() { done <- job.Wait(-1) }()
	time.Sleep(20 * time.Millisecond)
	begin := time.Now()
	job.Close()
	wantEqual(t, <-done, true)
	wantSoon(t, begin)
}

func TestDeferredSourcesAreReadWhenTheyAreCompiled(t *testing.T) {
	compiler := newCompiler(t, nil)
	wrong := []*xgr.GrammarSource{
		must(xgr.GrammarSourceFromEBNF("root ::= (", &xgr.EBNFOptions{Deferred: true})),
		must(xgr.GrammarSourceFromRegex("(", &xgr.RegexOptions{Deferred: true})),
		must(xgr.GrammarSourceFromLark("start: (", &xgr.LarkOptions{Deferred: true})),
		must(xgr.GrammarSourceFromJSONSchema("{", nil, &xgr.JSONSchemaOptions{Deferred: true})),
	}
	for _, source := range wrong {
		job := must(compiler.StartJob(context.Background(), source))
		job.Wait(-1)
		_, err := job.Result()
		wantStatus(t, err, xgr.ErrInvalidSource)
		job.Close()
		source.Close()
	}
}

func TestCompileLark(t *testing.T) {
	named := []xgr.NamedGrammar{{Name: "digit", Text: "start: /[0-9]/"}}
	grammar := must(newCompiler(t, nil).CompileLark(
		context.Background(), `start: "a" @digit+`, &xgr.LarkOptions{Named: named}))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, nil))
	defer matcher.Close()
	wantEqual(t, takes(matcher, "a12") && matcher.IsAccepting(), true)
	wantEqual(t, takes(matcher, "b"), false)
	closed := must(xgr.GrammarSourceFromChoices("a"))
	closed.Close()
	_, err := newCompiler(t, nil).CompileLark(context.Background(), "start: @x",
		&xgr.LarkOptions{Named: []xgr.NamedGrammar{{Name: "x", Source: closed}}})
	wantStatus(t, err, xgr.ErrInvalidState)
}
