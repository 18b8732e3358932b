package xgr_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	xgr "libxgr/bindings/go"
)

func TestMaskAndTokensAgree(t *testing.T) {
	matcher := newMatcher(t, "ab|ac", nil)
	mask := make([]uint32, matcher.MaskWords())
	wantEqual(t, must(matcher.FillBitmask(mask)), xgr.MaskKindSome)
	for token := range int32(stop + 1) {
		bit := mask[token/32]>>(token%32)&1 == 1
		wantEqual(t, must(matcher.IsTokenAllowed(token)), bit)
		wantEqual(t, bit, token == 'a')
	}
	wantEqual(t, must(matcher.AcceptToken('b')), false)
	wantEqual(t, takes(matcher, "ac"), true)
	wantEqual(t, matcher.IsAccepting(), true)
	wantEqual(t, matcher.IsTerminated(), false)
	wantEqual(t, must(matcher.AcceptToken(stop)), true)
	wantEqual(t, matcher.IsTerminated(), true)
	wantEqual(t, must(matcher.FillBitmask(mask)), xgr.MaskKindTerminated)
	for token := range int32(len(mask) * 32) { // applying its row in a batch does no harm
		wantEqual(t, mask[token/32]>>(token%32)&1 == 1, token <= stop)
	}
	wantEqual(t, must(matcher.AcceptToken('a')), false)
	wantEqual(t, matcher.LendBitmask(func(lent []uint32, kind xgr.MaskKind) {
		wantEqual(t, lent == nil && kind == xgr.MaskKindTerminated, true)
	}), nil)
}

func TestIDsOutsideTheVocabulary(t *testing.T) {
	plain, checked := newMatcher(t, "a+", nil), newMatcher(t, "a+", &xgr.MatcherOptions{CheckTokenIDs: true})
	wantEqual(t, checked.VocabSize(), int32(stop+1))
	for _, token := range []int32{-1, stop + 1, 1<<31 - 1} {
		wantEqual(t, must(plain.AcceptToken(token)), false)
		_, err := checked.IsTokenAllowed(token)
		wantStatus(t, err, xgr.ErrInvalidArgument)
		_, err = checked.AcceptToken(token)
		wantStatus(t, err, xgr.ErrInvalidArgument)
		wantEqual(t, err.Error(), fmt.Sprintf(
			"xgr: token id %d is outside the vocabulary; expected 0 or more, below %d", token, stop+1))
	}
	wantEqual(t, must(checked.AcceptToken('b')), false)
	wantEqual(t, must(checked.AcceptToken('a')), true)
}

func TestWithoutAnyStopTokenTheEndHasToBeChosen(t *testing.T) {
	tokenizer := must(xgr.NewTokenizer([]string{"1", "</s>"}, &xgr.TokenizerOptions{NoStopDetection: true}))
	defer tokenizer.Close()
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	defer compiler.Close()
	grammar := must(compiler.CompileRegex(context.Background(), "1{3,9}"))
	defer grammar.Close()
	_, err := xgr.NewMatcher(grammar, nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
	wantEqual(t, strings.Contains(err.Error(), "terminate_without_stop_token"), true)
	matcher := must(xgr.NewMatcher(grammar, &xgr.MatcherOptions{TerminateWithoutStopToken: true}))
	defer matcher.Close()
	wantEqual(t, must(matcher.AcceptBytes([]byte("111"))) && matcher.IsTerminated(), true)
}

func TestLentMaskIsTheFilledOne(t *testing.T) {
	matcher := newMatcher(t, "[a-z]+", nil)
	mask := make([]uint32, matcher.MaskWords())
	must(matcher.FillBitmask(mask))
	err := matcher.LendBitmask(func(lent []uint32, kind xgr.MaskKind) {
		wantEqual(t, kind, xgr.MaskKindSome)
		wantEqual(t, slices.Equal(lent, mask), true)
		_, err := matcher.AcceptToken('a')
		wantStatus(t, err, xgr.ErrInvalidState)
	})
	wantEqual(t, err, nil)
	wantEqual(t, takes(matcher, "a"), true)
}

func TestShortMaskIsRefused(t *testing.T) {
	_, err := newMatcher(t, "a", nil).FillBitmask(make([]uint32, 2))
	wantStatus(t, err, xgr.ErrInvalidArgument)
	_, err = newMatcher(t, "a", nil).FillBitmask(nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestRollbackResetClone(t *testing.T) {
	matcher := newMatcher(t, "abc|abd", nil)
	wantEqual(t, takes(matcher, "ab"), true)
	clone := must(matcher.Clone())
	defer clone.Close()
	wantEqual(t, takes(matcher, "c"), true)
	wantEqual(t, takes(clone, "d"), true)
	wantEqual(t, clone.HistorySize(), 3)
	wantEqual(t, clone.Rollback(2), nil)
	wantEqual(t, takes(clone, "bc"), true)
	wantStatus(t, clone.Rollback(9), xgr.ErrInvalidArgument)
	wantStatus(t, clone.Rollback(-1), xgr.ErrInvalidArgument)
	wantEqual(t, clone.Reset(), nil)
	wantEqual(t, clone.HistorySize(), 0)
	wantEqual(t, must(clone.AcceptBytes([]byte("ab"))), true)
	wantEqual(t, must(clone.AcceptBytes(nil)), true)
	wantEqual(t, must(clone.AcceptBytes([]byte("x"))), false)
	wantEqual(t, clone.HistorySize(), 2)
}

func TestMatcherOptions(t *testing.T) {
	matcher := newMatcher(t, "a*", &xgr.MatcherOptions{StopTokens: []int32{'z', 'y'}})
	wantEqual(t, slices.Equal(matcher.StopTokens(), []int32{'y', 'z'}), true)
	wantEqual(t, must(matcher.AcceptToken('z')), true)
	wantEqual(t, matcher.IsTerminated(), true)

	endless := newMatcher(t, "a*", &xgr.MatcherOptions{TerminateWithoutStopToken: true})
	wantEqual(t, endless.IsTerminated(), true)
	wantEqual(t, takes(endless, "aa"), true)

	healed := newMatcher(t, "a", &xgr.MatcherOptions{Prefix: []byte("xy")})
	wantEqual(t, takes(healed, "a"), false)
	wantEqual(t, takes(healed, "xya"), true)
}

func TestTemperature(t *testing.T) {
	_, known, err := newMatcher(t, "a", nil).Temperature()
	wantEqual(t, known || err != nil, false)
	options := &xgr.MatcherOptions{HasDefaultTemperature: true, DefaultTemperature: 0.5}
	temperature, known, err := newMatcher(t, "a", options).Temperature()
	wantEqual(t, known && err == nil, true)
	wantEqual(t, temperature, 0.5)
}

func TestCaptures(t *testing.T) {
	source := must(xgr.GrammarSourceFromLark(
		"start: word \" \" word\nword[capture=\"w\"]: /[a-z]+/\n", nil))
	defer source.Close()
	grammar := must(newCompiler(t, nil).CompileSource(context.Background(), source))
	matcher := must(xgr.NewMatcher(grammar, nil))
	defer matcher.Close()
	wantEqual(t, takes(matcher, "hello you"), true)
	captures := must(matcher.Captures(false))
	defer captures.Close()
	var texts []string
	for capture := range captures.All() {
		wantEqual(t, capture.Name, "w")
		texts = append(texts, string(capture.Text))
	}
	wantEqual(t, slices.Equal(texts, []string{"hello", "you"}), true)
	_, err := captures.Get(captures.Size())
	wantStatus(t, err, xgr.ErrInvalidArgument)
	events := must(matcher.Captures(true))
	defer events.Close()
	wantEqual(t, events.Size(), 8)
}

func TestStatsAndSizes(t *testing.T) {
	matcher := newMatcher(t, "[ab]+", nil)
	mask := make([]uint32, xgr.BitmaskWords(stop+1))
	wantEqual(t, len(mask), matcher.MaskWords())
	must(matcher.FillBitmask(mask))
	must(matcher.FillBitmask(mask))
	wantEqual(t, must(matcher.Stats()).Fills, 2)
	wantEqual(t, matcher.MemorySize() > 0, true)
}

func TestSeveralTokens(t *testing.T) {
	matcher := newMatcher(t, "abc|abd", nil)
	wantEqual(t, must(matcher.ValidateTokens(ids("abxd"))), 2)
	wantEqual(t, must(matcher.ValidateTokens(nil)), 0)
	wantEqual(t, matcher.HistorySize(), 0)
	wantEqual(t, must(matcher.AcceptTokens(ids("abxd"))), 2)
	wantEqual(t, must(matcher.AcceptTokens([]int32{'d', stop, 'a'})), 2)
	wantEqual(t, matcher.HistorySize() == 4 && matcher.IsTerminated(), true)
	wantEqual(t, matcher.Rollback(3), nil)
	wantEqual(t, must(matcher.ValidateTokens([]int32{'b', 'c', stop, stop})), 3)

	checked := newMatcher(t, "a+", &xgr.MatcherOptions{CheckTokenIDs: true})
	wantEqual(t, must(checked.AcceptTokens([]int32{'a', 'b', stop + 1})), 1) // what is behind is not looked at
	const message = "token id 257 is outside the vocabulary; expected 0 or more, below 257"
	_, err := checked.AcceptTokens([]int32{'a', stop + 1})
	wantMistake(t, err, message)
	_, err = checked.ValidateTokens([]int32{'a', stop + 1})
	wantMistake(t, err, message)
	wantEqual(t, checked.HistorySize(), 1)
}

func TestFilters(t *testing.T) {
	matcher := newMatcher(t, "[a-c]+", nil)
	filter, mask := make([]uint32, matcher.MaskWords()), make([]uint32, matcher.MaskWords())
	wantEqual(t, xgr.BitmaskSetTokens(filter, ids("bx"), true), nil)
	wantEqual(t, takes(matcher, "a"), true)
	wantEqual(t, matcher.SetFilter(filter), nil)
	wantEqual(t, must(matcher.FillBitmask(mask)), xgr.MaskKindSome)
	wantEqual(t, slices.Equal(allowed(mask), ids("b")), true)
	wantEqual(t, must(matcher.IsTokenAllowed('a')) || must(matcher.AcceptToken(stop)), false)
	clone := must(matcher.Clone())
	defer clone.Close()
	wantEqual(t, takes(matcher, "b") && !takes(clone, "a"), true)
	wantEqual(t, must(clone.AcceptBytes([]byte("a"))), true) // bytes pass it
	wantEqual(t, matcher.SetFilter(nil), nil)
	wantEqual(t, takes(matcher, "a"), true)
	wantEqual(t, matcher.Rollback(2), nil)
	wantEqual(t, takes(matcher, "a"), false) // the filter of before
	wantEqual(t, matcher.SetFilter(make([]uint32, len(mask))), nil)
	wantEqual(t, must(matcher.FillBitmask(mask)), xgr.MaskKindNone)
	wantEqual(t, xgr.BitmaskCount(mask), 0)
	wantEqual(t, matcher.Rollback(1), nil)
	wantEqual(t, takes(matcher, "c"), true)
	wantMistake(t, matcher.SetFilter(filter[:8]), "the filter has 8 words; expected 9")
	wantMistake(t, matcher.SetFilter([]uint32{}), "the filter has 0 words; expected 9")
}

// A matcher as a value: several goroutines ask one and clone it.
func TestManyGoroutinesAskOneMatcher(t *testing.T) {
	matcher := newMatcher(t, "abc(d|e)", nil)
	wantEqual(t, takes(matcher, "a"), true)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	wantEqual(t, matcher.SetContext(ctx), nil)
	var group sync.WaitGroup
	for range 8 {
		inBackground(&group, func() {
			mask, text, forced := make([]uint32, matcher.MaskWords()), make([]byte, 8), make([]int32, 8)
			for range 100 {
				wantEqual(t, must(matcher.FillBitmask(mask)), xgr.MaskKindSome)
				wantEqual(t, slices.Equal(allowed(mask), ids("b")), true)
				wantEqual(t, must(matcher.IsTokenAllowed('b')), true)
				wantEqual(t, must(matcher.ValidateTokens([]int32{'b', 'c', 'd', stop, 'a'})), 4)
				wantEqual(t, must(matcher.ForcedBytes(true, text)), 2)
				wantEqual(t, must(matcher.ForcedTokens(nil, forced)), 2)
				wantEqual(t, matcher.IsAccepting() || matcher.IsTerminated(), false)
				wantEqual(t, matcher.HistorySize() == 1 && matcher.VocabSize() == stop+1, true)
				wantEqual(t, len(matcher.StopTokens()) == 1 && matcher.MemorySize() > 0, true)
				must(matcher.Stats())
				_, _, err := matcher.Temperature()
				wantEqual(t, err, nil)
				clone := must(matcher.Clone())
				wantEqual(t, takes(clone, "bce") && clone.IsAccepting(), true)
				clone.Close()
			}
		})
	}
	group.Wait()
	wantEqual(t, takes(matcher, "bcd"), true) // nobody asks any more
}

func TestFillAndAcceptDoNotAllocate(t *testing.T) {
	if withoutCgo || withLeakChecker {
		t.Skip("calls by address allocate, and so do checked ones")
	}
	matcher := newMatcher(t, "[a-z]*", nil)
	mask := make([]uint32, matcher.MaskWords())
	masks, kinds, valid := make([]uint32, 4*len(mask)), make([]xgr.MaskKind, 4), make([]int32, 4)
	tokens, forced, text := ids("abc"), make([]int32, 4), make([]byte, 4)
	tree := &xgr.DraftTree{Tokens: ids("abcd"), Parents: []int32{-1, 0, 1, 1}}
	allocations := testing.AllocsPerRun(1000, func() {
		must(matcher.FillBitmask(mask))
		must(matcher.IsTokenAllowed('a'))
		must(matcher.AcceptToken('a'))
		must(0, matcher.Rollback(1))
		must(matcher.ValidateTokens(tokens))
		must(matcher.AcceptTokens(tokens))
		must(0, matcher.Rollback(3))
		must(matcher.FillDraft(tokens, masks, len(mask), kinds))
		must(0, matcher.FillDraftTree(tree, masks, len(mask), kinds, valid))
		must(matcher.ForcedBytes(true, text))
		must(matcher.ForcedTokens(nil, forced))
	})
	wantEqual(t, allocations, 0)
}
