package xgr_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

var minusInfinity = float32(math.Inf(-1))

// wantMistake checks that a call was wrong, and what it was told.
func wantMistake(t *testing.T, err error, message string) {
	t.Helper()
	wantStatus(t, err, xgr.ErrInvalidArgument)
	if err == nil || err.Error() != "xgr: "+message {
		t.Errorf("got %v; want %s", err, message)
	}
}

func TestBitmaskWordsAndReset(t *testing.T) {
	wantEqual(t, xgr.BitmaskWords(33), 2)
	wantEqual(t, xgr.BitmaskWords(-1), 0)
	mask := make([]uint32, 2)
	wantEqual(t, xgr.BitmaskReset(mask), nil)
	wantEqual(t, mask[0]&mask[1], ^uint32(0))
	wantEqual(t, xgr.BitmaskCount(mask), 64)
	wantEqual(t, xgr.BitmaskCount(nil), 0)
	wantStatus(t, xgr.BitmaskReset(nil), xgr.ErrInvalidArgument)
}

func TestBitmaskTokens(t *testing.T) {
	mask := make([]uint32, 2)
	wantEqual(t, xgr.BitmaskSetTokens(mask, []int32{1, 31, 32, 63}, true), nil)
	wantEqual(t, xgr.BitmaskSetTokens(mask, []int32{31}, false), nil)
	wantEqual(t, xgr.BitmaskSetTokens(mask, nil, true), nil)
	wantEqual(t, xgr.BitmaskCount(mask), 3)
	tokens := []int32{-1, -1, -1, -1}
	wantEqual(t, must(xgr.BitmaskTokens(mask, tokens)), 3)
	wantEqual(t, slices.Equal(tokens, []int32{1, 32, 63, -1}), true)
	wantEqual(t, must(xgr.BitmaskTokens(mask, nil)), 3)
	wantEqual(t, must(xgr.BitmaskTokens(mask, tokens[:1])), 3)
	for text, token := range map[string]int32{"64": 64, "-1": -1} {
		wantMistake(t, xgr.BitmaskSetTokens(mask, []int32{5, token}, true),
			"a mask of 2 words has no bit for token id "+text+"; expected 0 or more, below 64")
	}
	wantEqual(t, slices.Equal(mask, []uint32{2, 1<<31 | 1}), true)
	wantStatus(t, xgr.BitmaskSetTokens(nil, nil, true), xgr.ErrInvalidArgument)
	_, err := xgr.BitmaskTokens(nil, tokens)
	wantStatus(t, err, xgr.ErrInvalidArgument)

	kept := must(xgr.BitmaskFilterTokens(mask, []int32{63, 2, -7, 1, 64, 1}))
	wantEqual(t, slices.Equal(kept, []int32{63, 1, 1}), true)
	wantEqual(t, len(must(xgr.BitmaskFilterTokens(mask, nil))), 0)
	_, err = xgr.BitmaskFilterTokens(nil, kept)
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestBitmasksAreSets(t *testing.T) {
	mask, other := []uint32{3, 7}, []uint32{6, ^uint32(0)}
	wantEqual(t, xgr.BitmaskAnd(mask, other), nil)
	wantEqual(t, slices.Equal(mask, []uint32{2, 7}), true)
	wantEqual(t, xgr.BitmaskOr(mask, other), nil)
	wantEqual(t, slices.Equal(mask, []uint32{6, ^uint32(0)}), true)
	wantEqual(t, xgr.BitmaskAndNot(mask, []uint32{4, 1}), nil)
	wantEqual(t, slices.Equal(mask, []uint32{2, ^uint32(1)}), true)
	for _, combine := range []func(_, _ []uint32) error{xgr.BitmaskAnd, xgr.BitmaskOr, xgr.BitmaskAndNot} {
		wantMistake(t, combine(mask, other[:1]), "the other mask has 1 words; expected 2, as the first has")
		wantStatus(t, combine(nil, nil), xgr.ErrInvalidArgument)
	}
}

func TestLogitsKeepTheirBits(t *testing.T) {
	odd := math.Float32frombits(0x7FC01234)
	zero := math.Float32frombits(1 << 31)
	logits := []float32{odd, 1, float32(math.Inf(1)), zero, 5, odd}
	wantEqual(t, xgr.BitmaskApplyF32(logits, []uint32{0b001101}, nil), nil)
	for i, kept := range []float32{odd, minusInfinity, float32(math.Inf(1)), zero, minusInfinity, minusInfinity} {
		wantEqual(t, math.Float32bits(logits[i]), math.Float32bits(kept))
	}
	halves := []uint16{0x7E01, 0x7C00, 0x8000, 1}
	wantEqual(t, xgr.BitmaskApplyF16(halves, []uint32{3}, nil), nil)
	wantEqual(t, slices.Equal(halves, []uint16{0x7E01, 0x7C00, 0xFC00, 0xFC00}), true)
	halves = []uint16{0x7FC1, 0x7F80, 0x8000, 1}
	wantEqual(t, xgr.BitmaskApplyBF16(halves, []uint32{3}, nil), nil)
	wantEqual(t, slices.Equal(halves, []uint16{0x7FC1, 0x7F80, 0xFF80, 0xFF80}), true)
	more := make([]float32, 40)
	wantEqual(t, xgr.BitmaskApplyF32(more, []uint32{^uint32(0)}, &xgr.ApplyOptions{}), nil)
	wantEqual(t, more[31], 0)
	wantEqual(t, more[32], minusInfinity) // the mask has no bit for it
}

func TestRowsOfLogits(t *testing.T) {
	logits := []float32{1, 1, 1, 1, 1, 1, 1, 1}
	options := &xgr.ApplyOptions{Columns: 2, Stride: 3, MaskWords: 1,
		LogitRows: []int32{2, 0}, MaskRows: []int32{1, 1}}
	wantEqual(t, xgr.BitmaskApplyF32(logits, []uint32{0, 1}, options), nil)
	wantEqual(t, slices.Equal(logits, []float32{1, minusInfinity, 1, 1, 1, 1, 1, minusInfinity}), true)
}

func TestMistakesWithRows(t *testing.T) {
	logits, masks := make([]float32, 8), make([]uint32, 2)
	for message, change := range map[string]func(*xgr.ApplyOptions){
		"LogitRows[0] and LogitRows[1] are both 1; expected each row once": func(o *xgr.ApplyOptions) {
			o.LogitRows = []int32{1, 1}
		},
		"LogitRows[1] is 2; expected 0 or more, below 2, as many as there are": func(o *xgr.ApplyOptions) {
			o.LogitRows = []int32{1, 2}
		},
		"MaskRows[0] is -1; expected 0 or more, below 2, as many as there are": func(o *xgr.ApplyOptions) {
			o.MaskRows = []int32{-1, 0}
		},
		"MaskRows has 3 rows; expected none or 2": func(o *xgr.ApplyOptions) {
			o.MaskRows = make([]int32, 3)
		},
		"Stride is 3; expected at least the 4 columns": func(o *xgr.ApplyOptions) { o.Stride = 3 },
		"RowCount is 2, Columns 4, Stride -4, MaskWords 1; expected 0 for the default, or more": func(o *xgr.ApplyOptions) {
			o.Stride = -4
		},
		"8 logits are no 3 rows of 4 with 4 from one to the next, or 2 words no 3 masks of 1": func(o *xgr.ApplyOptions) {
			o.RowCount = 3
		},
		"Columns is 0; expected the logits of a row, as there are LogitRows": func(o *xgr.ApplyOptions) {
			o.Columns, o.LogitRows = 0, []int32{0, 1}
		},
		"MaskWords is 0; expected the words of a mask, as there are MaskRows": func(o *xgr.ApplyOptions) {
			o.MaskWords, o.MaskRows = 0, []int32{0, 1}
		},
	} {
		options := &xgr.ApplyOptions{RowCount: 2, Columns: 4, MaskWords: 1}
		change(options)
		wantMistake(t, xgr.BitmaskApplyF32(logits, masks, options), message)
		wantMistake(t, xgr.BitmaskApplyF16(make([]uint16, 8), masks, options), message)
		wantMistake(t, xgr.BitmaskApplyBF16(make([]uint16, 8), masks, options), message)
	}
	wantEqual(t, slices.Max(logits) == 0 && slices.Min(logits) == 0, true)
	wantStatus(t, xgr.BitmaskApplyF32(nil, nil, nil), xgr.ErrInvalidArgument)
}

func TestCandidates(t *testing.T) {
	candidate := func(id uint32, logit float32) []byte {
		bytes := binary.NativeEndian.AppendUint32(nil, id)
		bytes = binary.NativeEndian.AppendUint32(bytes, math.Float32bits(logit))
		return append(bytes, "more"...)
	}
	data := slices.Concat(candidate(1, 0.5), candidate(0, 1.5), candidate(99, 2.5))
	wantEqual(t, xgr.BitmaskApplyCandidates([]uint32{2}, data, 12, 0, 4), nil)
	kept := slices.Concat(candidate(1, 0.5), candidate(0, minusInfinity), candidate(99, minusInfinity))
	wantEqual(t, string(data), string(kept))
	for _, wrong := range [][3]int{{0, 0, 4}, {7, 0, 3}, {12, 0, 3}, {12, 9, 4}, {12, 4, -4}} {
		err := xgr.BitmaskApplyCandidates([]uint32{0}, data, wrong[0], wrong[1], wrong[2])
		wantStatus(t, err, xgr.ErrInvalidArgument)
		wantEqual(t, strings.Contains(err.Error(), "36 bytes are no candidates of"), true)
	}
	wantEqual(t, string(data), string(kept))
	wantEqual(t, xgr.BitmaskApplyCandidates([]uint32{0}, nil, 12, 0, 4), nil)
	wantStatus(t, xgr.BitmaskApplyCandidates(nil, data, 12, 0, 4), xgr.ErrInvalidArgument)
}
