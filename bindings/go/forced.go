package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// ForcedBytes writes the bytes that every continuation of the output begins with, as many as there is
// room for, and returns how many. They end where there is a choice, where the output may end and where a
// token is named by its id; with wholeCharacters at the end of a UTF-8 character. What only the values so
// far forbid (unique items, budgets of tokens) counts as a choice.
func (m *Matcher) ForcedBytes(wholeCharacters bool, bytes []byte) (int, error) {
	if err := m.handle.share(); err != nil {
		return 0, err
	}
	var size uintptr
	status := raw.MatcherForcedBytes(m.handle.object, flag(wholeCharacters),
		unsafe.SliceData(bytes), uintptr(len(bytes)), &size)
	err := m.explain(status)
	m.handle.unshare()
	return int(size), err
}

// ForcedTokens writes the tokens that the output goes on with where the grammar forces its bytes, as many
// as there is room for, and returns how many. All of them are accepted in this order.
//
// tokens is the model's own tokenization of what ForcedBytes gives; nil: each is the longest token that
// fits. They end at the last place that text behind them cannot change: from there on some ordinary token
// begins with all that is left and is longer. Where the mask allows one token only, that one is forced.
func (m *Matcher) ForcedTokens(tokens, forced []int32) (int, error) {
	if err := m.handle.share(); err != nil {
		return 0, err
	}
	var count uintptr
	status := raw.MatcherForcedTokens(m.handle.object, unsafe.SliceData(tokens), uintptr(len(tokens)),
		unsafe.SliceData(forced), uintptr(len(forced)), &count)
	err := m.explain(status)
	m.handle.unshare()
	if status == int32(ErrInvalidArgument) {
		err = invalidArgument("the %d tokens do not spell a beginning of what the grammar forces", len(tokens))
	}
	return int(count), err
}

// ForcedTokensWith is ForcedTokens with the model's tokenizer: tokenize gets the forced bytes, at most
// maxBytes of them and to the end of a character, and is not called when there are none. Its error is
// returned as it is. tokenize may ask the matcher, as it is not in a call meanwhile.
func (m *Matcher) ForcedTokensWith(maxBytes int, tokenize func(text []byte) ([]int32, error)) ([]int32, error) {
	if maxBytes < 0 {
		return nil, invalidArgument("maxBytes is %d; expected 0 or more", maxBytes)
	}
	bytes := make([]byte, maxBytes)
	size, err := m.ForcedBytes(true, bytes)
	if err != nil {
		return nil, err
	}
	var tokens []int32
	if size > 0 {
		if tokens, err = tokenize(bytes[:size]); err != nil {
			return nil, err
		}
		if tokens == nil {
			tokens = []int32{}
		}
	}
	forced := make([]int32, maxBytes) // a token has a byte at least
	count, err := m.ForcedTokens(tokens, forced)
	if err != nil {
		return nil, err
	}
	return forced[:count], nil
}
