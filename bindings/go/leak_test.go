package xgr_test

import (
	"context"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	xgr "libxgr/bindings/go"
)

// residentKilobytes is the memory of this process.
func residentKilobytes(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("needs /proc")
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	return must(strconv.Atoi(strings.Fields(rest)[0]))
}

// usedBatch is a batch whose threads have had something to do.
func usedBatch(matcher *xgr.Matcher) *xgr.Batch {
	batch := must(xgr.NewBatch(&xgr.BatchOptions{Threads: 2}))
	matchers := make([]*xgr.Matcher, 8)
	for i := range matchers {
		matchers[i] = must(matcher.Clone())
		defer matchers[i].Close()
	}
	words := matcher.MaskWords()
	_, failures, err := batch.FillBitmask(matchers, make([]uint32, words*len(matchers)), words, nil)
	must(failures == nil, err)
	return batch
}

// churn creates and destroys objects in random order; some are left to the garbage collector.
func churn(rounds int, random *rand.Rand) {
	tokenizer := must(xgr.NewTokenizer([]string{"a", "b", ""}, &xgr.TokenizerOptions{StopTokens: []int32{2}}))
	defer tokenizer.Close()
	ctx, cancel := context.WithCancel(context.Background()) // outlives all that watch it
	defer cancel()
	var kept []io.Closer
	keep := func(object io.Closer) { kept = append(kept, object) }
	for count := 0; count < rounds; count += 8 {
		if count%1600 == 0 {
			runtime.GC() // it does not see the memory of C, so that it would wait long
		}
		compiler := must(xgr.NewCompiler(tokenizer, nil))
		source := must(xgr.GrammarSourceFromRegex("a|b", nil))
		grammar := must(compiler.CompileSource(context.Background(), source))
		matcher := must(xgr.NewMatcher(grammar, nil))
		clone := must(matcher.Clone())
		_, err := compiler.CompileRegex(ctx, "(")
		if err == nil {
			panic("compiled (")
		}
		job := must(compiler.StartJob(ctx, source))
		if count%80 == 0 {
			keep(usedBatch(clone))
			tag := must(xgr.FamilyStructuralTag("hermes", request, tokenizer))
			keep(must(xgr.GrammarSourceFromStructuralTag(tag, nil)))
			reader := must(xgr.NewReplyReader("hermes", request, tokenizer, &xgr.ReplyReaderOptions{Begin: xgr.ReplyBeginOutside}))
			must(0, reader.Feed([]byte(`a<tool_call>{"name": "f", "arguments": {`)))
			must(reader.NextEvent())
			keep(reader)
			starts := []xgr.StartSequence{{Bytes: []byte("b")}}
			keep(must(xgr.NewMatcher(grammar, &xgr.MatcherOptions{Starts: starts})))
		}
		for _, object := range []io.Closer{compiler, source, grammar, matcher, clone, job, must(matcher.Captures(false))} {
			keep(object)
		}
		for len(kept) > 50 {
			i := random.Intn(len(kept))
			if random.Intn(10) > 0 {
				kept[i].Close()
			}
			kept[i] = kept[len(kept)-1]
			kept = kept[:len(kept)-1]
		}
	}
}

// TestChurnKeepsMemoryFlat runs XGR_LEAK_ROUNDS creations (default 20,000) twice, after some that
// nobody counts: the second half of them takes no more memory than the first. It has a process of
// its own, without what other tests left behind. With "go test -asan" the process fails if anything
// that C allocated is left without an owner.
func TestChurnKeepsMemoryFlat(t *testing.T) {
	if os.Getenv("XGR_LEAK_ALONE") == "" {
		command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		command.Env = append(os.Environ(), "XGR_LEAK_ALONE=1")
		output, err := command.CombinedOutput()
		t.Logf("%s", output)
		wantEqual(t, err, nil)
		return
	}
	rounds := 20000
	if text := os.Getenv("XGR_LEAK_ROUNDS"); text != "" {
		rounds = must(strconv.Atoi(text))
	}
	random := rand.New(rand.NewSource(1))
	churn(20000, random)
	var resident [2]int
	for half := range resident {
		churn(rounds/2, random)
		runtime.GC()
		time.Sleep(50 * time.Millisecond) // cleanups run beside
		resident[half] = residentKilobytes(t)
	}
	t.Logf("%d created and destroyed: %d kB, then %d kB", rounds, resident[0], resident[1])
	if growth := resident[1] - resident[0]; growth > 8192 && !withLeakChecker {
		t.Errorf("memory grew by %d kB", growth)
	}
}
