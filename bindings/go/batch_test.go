package xgr_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	xgr "libxgr/bindings/go"
)

func newBatch(t testing.TB, options *xgr.BatchOptions) *xgr.Batch {
	t.Helper()
	batch := must(xgr.NewBatch(options))
	t.Cleanup(func() { batch.Close() })
	return batch
}

// newMatchers makes matchers of the languages "a", "aa", "aaa" and so on.
func newMatchers(t testing.TB, count int) []*xgr.Matcher {
	t.Helper()
	compiler := newCompiler(t, nil)
	matchers := make([]*xgr.Matcher, count)
	for i := range matchers {
		grammar := must(compiler.CompileRegex(context.Background(), fmt.Sprintf("a{%d}", i+1)))
		matchers[i] = must(xgr.NewMatcher(grammar, nil))
		grammar.Close()
		t.Cleanup(func() { matchers[i].Close() })
	}
	return matchers
}

// allowed are the tokens that a mask allows, ascending.
func allowed(mask []uint32) []int32 {
	tokens := make([]int32, xgr.BitmaskCount(mask))
	must(xgr.BitmaskTokens(mask, tokens))
	return tokens
}

func repeated[T any](item T, count int) []T { return slices.Repeat([]T{item}, count) }

func TestThreadsOfABatch(t *testing.T) {
	wantEqual(t, newBatch(t, nil).Threads() >= 0, true)
	wantEqual(t, newBatch(t, &xgr.BatchOptions{Threads: 3}).Threads(), 3)
	wantEqual(t, newBatch(t, &xgr.BatchOptions{NoThreads: true}).Threads(), 0)
	for _, options := range []xgr.BatchOptions{{Threads: -1}, {Threads: 257}, {Threads: 1, NoThreads: true}} {
		_, err := xgr.NewBatch(&options)
		wantStatus(t, err, xgr.ErrInvalidArgument)
	}
}

func TestAnEngineWithABatch(t *testing.T) {
	const count = 20
	for _, options := range []*xgr.BatchOptions{nil, {Threads: 2}, {NoThreads: true}} {
		batch, matchers := newBatch(t, options), newMatchers(t, count)
		words := matchers[0].MaskWords()
		masks := make([]uint32, words*count)
		tokens := make([]int32, count)
		for step := range count + 1 {
			kinds, failures, err := batch.FillBitmask(matchers, masks, words, nil)
			wantEqual(t, err == nil && failures == nil, true)
			for row, kind := range kinds {
				tokens[row] = 'a'
				if step > row {
					tokens[row] = stop
				}
				wantEqual(t, kind == xgr.MaskKindTerminated, step > row+1)
				if step <= row+1 {
					wantEqual(t, slices.Equal(allowed(masks[row*words:][:words]), tokens[row:row+1]), true)
				}
			}
			accepted, failures, err := batch.AcceptToken(matchers, tokens)
			wantEqual(t, err == nil && failures == nil, true)
			for row, accepted := range accepted {
				wantEqual(t, accepted, step <= row+1)
			}
		}
		failures, err := batch.Rollback(matchers, repeated(1, count))
		wantEqual(t, err == nil && failures == nil, true)
		for _, matcher := range matchers {
			wantEqual(t, matcher.IsAccepting() && !matcher.IsTerminated(), true)
		}
	}
}

func TestSomeMatchersAndRows(t *testing.T) {
	batch, matchers := newBatch(t, nil), newMatchers(t, 3)
	words := matchers[0].MaskWords() + 1
	masks := repeated(uint32(7), words*4)
	kinds, failures, err := batch.FillBitmask(
		[]*xgr.Matcher{matchers[2], matchers[0]}, masks, words, []int32{3, 1})
	wantEqual(t, err == nil && failures == nil, true)
	wantEqual(t, slices.Equal(kinds, repeated(xgr.MaskKindSome, 2)), true)
	for row := range 4 {
		mask := masks[row*words:][:words]
		wantEqual(t, mask[words-1], 7)
		if row%2 == 0 {
			wantEqual(t, slices.Equal(mask, repeated(uint32(7), words)), true)
		} else {
			wantEqual(t, slices.Equal(allowed(mask[:words-1]), []int32{'a'}), true)
		}
	}
	for _, nobody := range [][]*xgr.Matcher{nil, {}} {
		kinds, failures, err = batch.FillBitmask(nobody, masks, words, nil)
		wantEqual(t, err == nil && failures == nil && len(kinds) == 0, true)
		accepted, failures, err := batch.AcceptToken(nobody, nil)
		wantEqual(t, err == nil && failures == nil && len(accepted) == 0, true)
	}
}

func TestTextsOfMany(t *testing.T) {
	batch, matchers := newBatch(t, nil), newMatchers(t, 4)
	texts := [][]byte{[]byte("a"), nil, []byte("aab"), []byte("aaaa")}
	accepted, failures, err := batch.AcceptBytes(matchers, texts)
	wantEqual(t, err == nil && failures == nil, true)
	wantEqual(t, slices.Equal(accepted, []bool{true, true, false, true}), true)
	for i, size := range []int{1, 1, 0, 1} {
		wantEqual(t, matchers[i].HistorySize(), size)
	}
}

// What fails for one does not touch the others.
func TestAStatusForEachMatcher(t *testing.T) {
	batch := newBatch(t, &xgr.BatchOptions{Threads: 1})
	checked := newMatcher(t, "a+", &xgr.MatcherOptions{CheckTokenIDs: true})
	matchers := []*xgr.Matcher{newMatcher(t, "a+", nil), checked, newMatcher(t, "a+", nil)}
	accepted, failures, err := batch.AcceptToken(matchers, []int32{999, 999, 'a'})
	wantEqual(t, err, nil)
	wantEqual(t, slices.Equal(accepted, []bool{false, false, true}), true)
	wantEqual(t, len(failures) == 3 && failures[0] == nil && failures[2] == nil, true)
	wantMistake(t, failures[1], "token id 999 is outside the vocabulary; expected 0 or more, below 257")
	failures, err = batch.Rollback(matchers, []int{0, 2, 1})
	wantEqual(t, err == nil && failures[0] == nil && failures[2] == nil, true)
	wantMistake(t, failures[1], "cannot undo 2 steps: there are 0")
	failures, err = batch.Rollback(matchers, []int{0, -1, 0})
	wantEqual(t, err, nil)
	wantMistake(t, failures[1], "cannot undo -1 steps: there are 0")
	wantEqual(t, matchers[2].HistorySize(), 0)

	narrow := newCompiler(t, &xgr.CompilerOptions{MaxWorkPerCall: 1000})
	grammar := must(narrow.CompileRegex(context.Background(), "a*"))
	defer grammar.Close()
	matchers[1] = must(xgr.NewMatcher(grammar, nil))
	defer matchers[1].Close()
	accepted, failures, err = batch.AcceptBytes(matchers, repeated(bytes.Repeat([]byte("a"), 100_000), 3))
	wantEqual(t, err == nil && failures[0] == nil && failures[2] == nil, true)
	wantEqual(t, slices.Equal(accepted, []bool{true, false, true}), true)
	wantStatus(t, failures[1], xgr.ErrLimitExceeded)
}

func TestContextStopsABatch(t *testing.T) {
	batch, matchers := newBatch(t, nil), newMatchers(t, 3)
	ctx, cancel := context.WithCancel(context.Background())
	wantEqual(t, batch.SetContext(ctx), nil)
	_, failures, err := batch.AcceptToken(matchers, repeated(int32('a'), 3))
	wantEqual(t, err == nil && failures == nil, true)
	cancel()
	time.Sleep(20 * time.Millisecond) // the request is made beside
	_, failures, err = batch.AcceptToken(matchers, repeated(int32('a'), 3))
	wantEqual(t, err, nil)
	for i, failure := range failures {
		wantStopped(t, failure, context.Canceled)
		wantEqual(t, matchers[i].HistorySize(), 1)
	}
	wantEqual(t, len(failures), 3)
	words := matchers[0].MaskWords()
	_, failures, err = batch.FillBitmask(matchers, make([]uint32, 3*words), words, nil)
	wantEqual(t, err, nil)
	wantStopped(t, failures[2], context.Canceled)

	wantEqual(t, batch.SetContext(context.Background()), nil)
	wantEqual(t, matchers[1].SetContext(ctx), nil)
	_, failures, err = batch.AcceptBytes(matchers, make([][]byte, 3))
	wantEqual(t, err == nil && failures[0] == nil && failures[2] == nil, true)
	wantStopped(t, failures[1], context.Canceled)
}

func TestMistakesWithABatch(t *testing.T) {
	batch, matchers := newBatch(t, nil), newMatchers(t, 2)
	masks := repeated(uint32(5), 18)
	fill := func(size, words int, rows ...int32) error {
		_, _, err := batch.FillBitmask(matchers, masks[:size], words, rows)
		return err
	}
	wantMistake(t, fill(18, 8), "a row has 8 words; expected at least 9, for matcher 0")
	wantMistake(t, fill(18, -9), "a row has -9 words; expected at least 9, for matcher 0")
	wantMistake(t, fill(17, 9), "the masks have 17 words; expected 2 rows of 9, each for one matcher")
	wantMistake(t, fill(18, 9, 0, 2), "rows[1] is 2; expected 0 or more, below 2, as many as there are")
	wantMistake(t, fill(18, 9, -1, 0), "rows[0] is -1; expected 0 or more, below 2, as many as there are")
	wantMistake(t, fill(18, 9, 1, 1), "rows[0] and rows[1] are both 1; expected each row once")
	wantMistake(t, fill(18, 9, 1), "rows has 1 elements; expected 2, one for each matcher")
	_, _, err := batch.AcceptToken(matchers, []int32{'a'})
	wantMistake(t, err, "tokens has 1 elements; expected 2, one for each matcher")
	_, _, err = batch.AcceptBytes(matchers, make([][]byte, 3))
	wantMistake(t, err, "texts has 3 elements; expected 2, one for each matcher")
	_, err = batch.Rollback(matchers, nil)
	wantMistake(t, err, "stepCounts has 0 elements; expected 2, one for each matcher")

	twice := []*xgr.Matcher{matchers[0], matchers[1], matchers[0]}
	_, _, err = batch.AcceptToken(twice, repeated(int32('a'), 3))
	wantMistake(t, err, "matchers 0 and 2 are the same; expected each once")
	_, _, err = batch.AcceptToken([]*xgr.Matcher{matchers[0], nil}, repeated(int32('a'), 2))
	wantMistake(t, err, "matcher 1 is nil")
	wantEqual(t, matchers[1].LendBitmask(func([]uint32, xgr.MaskKind) {
		_, _, err := batch.AcceptToken(matchers, repeated(int32('a'), 2))
		wantError(t, err, xgr.ErrBusy)
	}), nil)
	closed := must(matchers[0].Clone())
	closed.Close()
	_, err = batch.Rollback([]*xgr.Matcher{matchers[0], closed}, []int{0, 0})
	wantError(t, err, xgr.ErrClosed)
	wantEqual(t, err.Error(), "xgr: matcher 1: used after Close")
	wantEqual(t, slices.Equal(masks, repeated(uint32(5), 18)), true)
	for _, matcher := range matchers { // nobody has them, and nothing has changed
		wantEqual(t, matcher.HistorySize(), 0)
		wantEqual(t, must(matcher.AcceptToken('a')), true)
	}
}

// Rows over the threads say what they say on one.
func TestLogitsOfManyRows(t *testing.T) {
	const rows, columns = 64, 1000
	batch, options := newBatch(t, &xgr.BatchOptions{Threads: 1}), &xgr.ApplyOptions{RowCount: rows}
	masks, logits := make([]uint32, rows*32), make([]float32, rows*columns)
	for i := range masks {
		masks[i] = uint32(i) * 2654435761
	}
	isAllowed := func(i int) bool {
		return masks[i/columns*32+i%columns/32]>>(i%columns%32)&1 == 1
	}
	halves, brains := repeated(uint16(0x3C00), len(logits)), repeated(uint16(0x3F80), len(logits))
	wantEqual(t, batch.ApplyF32(logits, masks, options), nil)
	wantEqual(t, batch.ApplyF16(halves, masks, options), nil)
	wantEqual(t, batch.ApplyBF16(brains, masks, options), nil)
	for i := range logits {
		if isAllowed(i) != (logits[i] == 0) || isAllowed(i) == (logits[i] == minusInfinity) ||
			isAllowed(i) != (halves[i] == 0x3C00) || isAllowed(i) == (halves[i] == 0xFC00) ||
			isAllowed(i) != (brains[i] == 0x3F80) || isAllowed(i) == (brains[i] == 0xFF80) {
			t.Fatalf("row %d, column %d: %v, %x, %x", i/columns, i%columns, logits[i], halves[i], brains[i])
		}
	}
	twice := &xgr.ApplyOptions{Columns: columns, MaskWords: 32, LogitRows: []int32{3, 3}}
	for _, err := range []error{batch.ApplyF32(logits, masks, twice), batch.ApplyF16(halves, masks, twice),
		batch.ApplyBF16(brains, masks, twice)} {
		wantMistake(t, err, "LogitRows[0] and LogitRows[1] are both 3; expected each row once")
	}
	wantStatus(t, batch.ApplyF32(logits, masks, &xgr.ApplyOptions{Columns: -1}), xgr.ErrInvalidArgument)
	wantEqual(t, batch.ApplyF32(logits[:1], masks[:1], nil), nil)
}

func TestABatchIsForOneGoroutineAtATime(t *testing.T) {
	batch, matchers := newBatch(t, nil), newMatchers(t, 40)
	var group sync.WaitGroup
	for i := range 4 {
		own := matchers[i*10 : i*10+10]
		inBackground(&group, func() {
			for range 100 {
				_, _, err := batch.AcceptBytes(own, make([][]byte, 10))
				if err != nil && !errors.Is(err, xgr.ErrBusy) {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	wantEqual(t, batch.Close(), nil)
	wantEqual(t, batch.Close(), nil)
	_, _, err := batch.AcceptToken(nil, nil)
	wantError(t, err, xgr.ErrClosed)
	_, _, err = batch.FillBitmask(nil, nil, 0, nil)
	wantError(t, err, xgr.ErrClosed)
	_, _, err = batch.AcceptBytes(nil, nil)
	wantError(t, err, xgr.ErrClosed)
	_, err = batch.Rollback(nil, nil)
	wantError(t, err, xgr.ErrClosed)
	wantError(t, batch.SetContext(context.Background()), xgr.ErrClosed)
	wantError(t, batch.ApplyF32(nil, nil, nil), xgr.ErrClosed)
	wantError(t, batch.ApplyF16(nil, nil, nil), xgr.ErrClosed)
	wantError(t, batch.ApplyBF16(nil, nil, nil), xgr.ErrClosed)
	wantEqual(t, batch.Threads(), 0)
	(&xgr.Batch{}).Close()
	wantError(t, (&xgr.Batch{}).ApplyF32(nil, nil, nil), xgr.ErrClosed)
}

func TestABatchDoesNotAllocateAgain(t *testing.T) {
	if withoutCgo || withLeakChecker {
		t.Skip("calls by address allocate, and so do checked ones")
	}
	const count = 8
	batch := newBatch(t, nil)
	matchers := make([]*xgr.Matcher, count)
	for i := range matchers {
		matchers[i] = newMatcher(t, "[a-z]*", nil)
	}
	words := matchers[0].MaskWords()
	masks, logits := make([]uint32, words*count), make([]float32, words*32*count)
	rows := []int32{7, 6, 5, 4, 3, 2, 1, 0}
	tokens, texts := repeated(int32('a'), count), repeated([]byte("ab"), count)
	steps := repeated(2, count)
	options := &xgr.ApplyOptions{Columns: words * 32, MaskWords: words, LogitRows: rows, MaskRows: rows}
	allocations := testing.AllocsPerRun(100, func() {
		_, failures, err := batch.FillBitmask(matchers, masks, words, rows)
		must(failures == nil, err)
		must(0, batch.ApplyF32(logits, masks, options))
		_, failures, err = batch.AcceptToken(matchers, tokens)
		must(failures == nil, err)
		_, failures, err = batch.AcceptBytes(matchers, texts)
		must(failures == nil, err)
		must(batch.Rollback(matchers, steps))
	})
	wantEqual(t, allocations, 0)
}
