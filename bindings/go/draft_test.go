package xgr_test

import (
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

// ids are the tokens that spell a text.
func ids(text string) []int32 {
	tokens := make([]int32, len(text))
	for i := range tokens {
		tokens[i] = int32(text[i])
	}
	return tokens
}

func TestDraftChain(t *testing.T) {
	matcher := newMatcher(t, "abc|abd", nil)
	words := matcher.MaskWords()
	masks, kinds := make([]uint32, 5*words), repeated(xgr.MaskKindNone, 5)
	wantEqual(t, must(matcher.FillDraft(ids("abxd"), masks, words, kinds)), 2)
	for row, text := range []string{"a", "b", "cd"} {
		wantEqual(t, slices.Equal(allowed(masks[row*words:][:words]), ids(text)), true)
		wantEqual(t, kinds[row], xgr.MaskKindSome)
	}
	for row := 3; row < 5; row++ {
		wantEqual(t, xgr.BitmaskCount(masks[row*words:][:words]), stop+1)
		wantEqual(t, kinds[row], xgr.MaskKindTerminated)
	}
	wantEqual(t, matcher.HistorySize(), 0)
	wantEqual(t, must(matcher.FillDraft(nil, masks, words, nil)), 0)

	_, err := matcher.FillDraft(ids("a"), masks, words-1, nil)
	wantMistake(t, err, "a row has 8 words; expected at least 9")
	_, err = matcher.FillDraft(ids("a"), masks, -1, nil)
	wantMistake(t, err, "a row has -1 words; expected at least 9")
	_, err = matcher.FillDraft(ids("a"), masks[:17], words, nil)
	wantMistake(t, err, "the masks have 17 words; expected at least 18, 2 rows of 9")
	_, err = matcher.FillDraft(ids("a"), masks, words, kinds[:1])
	wantMistake(t, err, "kinds has 1 elements; expected none or at least 2")
	matcher.Close()
	_, err = matcher.FillDraft(ids("a"), masks, words, nil)
	wantStatus(t, err, xgr.ErrInvalidState)
}

func TestDraftTree(t *testing.T) {
	matcher := newMatcher(t, "ab|ac", nil)
	words := matcher.MaskWords()
	// The root; "x" and "a" behind it; "b" and "a" behind "a"; the stop token behind "b".
	tokens := []int32{-1, 'x', 'a', 'b', 'a', stop}
	for _, tree := range []*xgr.DraftTree{
		{Tokens: tokens, Parents: []int32{-1, 0, 0, 2, 2, 3}},
		{Tokens: tokens, FirstChildren: []int32{1, -1, 3, 5, -1, -1}, NextSiblings: []int32{-1, 2, -1, 4, -1, -1}},
	} {
		masks, kinds, valid := make([]uint32, 6*words), repeated(xgr.MaskKindNone, 6), make([]int32, 6)
		wantEqual(t, matcher.FillDraftTree(tree, masks, words, kinds, valid), nil)
		wantEqual(t, slices.Equal(valid, []int32{1, 0, 1, 1, 0, 1}), true)
		for row, tokens := range map[int][]int32{0: ids("a"), 2: ids("bc"), 3: {stop}} {
			wantEqual(t, slices.Equal(allowed(masks[row*words:][:words]), tokens), true)
			wantEqual(t, kinds[row], xgr.MaskKindSome)
		}
		for _, row := range []int{1, 4, 5} {
			wantEqual(t, xgr.BitmaskCount(masks[row*words:][:words]), stop+1)
			wantEqual(t, kinds[row], xgr.MaskKindTerminated)
		}
		wantEqual(t, matcher.HistorySize(), 0)
		wantEqual(t, matcher.FillDraftTree(tree, masks, words, nil, nil), nil)
		wantEqual(t, matcher.FillDraftTree(tree, masks, words, nil, valid), nil)
	}
}

func TestTreesThatAreNone(t *testing.T) {
	matcher := newMatcher(t, "a+", nil)
	words := matcher.MaskWords()
	masks, tokens := make([]uint32, 3*words), ids("aaa")
	for i, tree := range []*xgr.DraftTree{
		nil,
		{},
		{Tokens: tokens},
		{Tokens: tokens, Parents: []int32{0, 0, 0}},
		{Tokens: tokens, Parents: []int32{-1, 2, 1}},
		{Tokens: tokens, Parents: []int32{-1, 1, 0}},
		{Tokens: tokens, Parents: []int32{-1, 3, 0}},
		{Tokens: tokens, Parents: []int32{-1, -1, 0}},
		{Tokens: tokens, FirstChildren: []int32{1, 2, 0}, NextSiblings: []int32{-1, -1, -1}},
		{Tokens: tokens, FirstChildren: []int32{1, -1, -1}, NextSiblings: []int32{-1, -1, -1}},
		{Tokens: tokens, FirstChildren: []int32{1, 2, -1}, NextSiblings: []int32{-1, 2, -1}},
		{Tokens: tokens, FirstChildren: []int32{1, -1, -1}, NextSiblings: []int32{-1, 3, -1}},
		{Tokens: tokens, FirstChildren: []int32{1, 2, -1}},
	} {
		err := matcher.FillDraftTree(tree, masks, words, nil, nil)
		wantStatus(t, err, xgr.ErrInvalidArgument)
		if err != nil && !strings.Contains(err.Error(), "the links are no tree") {
			t.Errorf("tree %d: %v", i, err)
		}
	}
	for name, tree := range map[string]*xgr.DraftTree{
		"Parents has 2":       {Tokens: tokens, Parents: []int32{-1, 0}},
		"FirstChildren has 2": {Tokens: tokens, FirstChildren: []int32{1, 2}, NextSiblings: []int32{-1, -1, -1}},
		"NextSiblings has 4":  {Tokens: tokens, FirstChildren: []int32{1, 2, -1}, NextSiblings: []int32{-1, -1, -1, -1}},
	} {
		wantMistake(t, matcher.FillDraftTree(tree, masks, words, nil, nil),
			name+" elements; expected none or 3, one for each node")
	}
	fill := func(size, words, kinds, valid int) error {
		tree := &xgr.DraftTree{Tokens: tokens, Parents: []int32{-1, 0, 1}}
		return matcher.FillDraftTree(tree, masks[:size], words, make([]xgr.MaskKind, kinds), make([]int32, valid))
	}
	wantMistake(t, fill(27, 8, 0, 0), "a row has 8 words; expected at least 9")
	wantMistake(t, fill(26, 9, 0, 0), "the masks have 26 words; expected at least 27, 3 rows of 9")
	wantMistake(t, fill(27, 9, 2, 3), "kinds has 2 elements; expected none or at least 3")
	wantMistake(t, fill(27, 9, 3, 2), "valid has 2 elements; expected none or at least 3")
	wantEqual(t, fill(27, 9, 3, 4), nil)
	wantEqual(t, matcher.HistorySize(), 0)
	matcher.Close()
	wantStatus(t, fill(27, 9, 0, 0), xgr.ErrInvalidState)
}
