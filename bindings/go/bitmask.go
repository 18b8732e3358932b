package xgr

import (
	"fmt"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// BitmaskWords returns the number of 32-bit words of a mask for a number of tokens.
func BitmaskWords(vocabSize int32) int {
	if raw.Load() != nil {
		return 0
	}
	return int(raw.BitmaskWords(vocabSize))
}

// BitmaskReset sets all bits of a mask to 1, so that it allows every token.
func BitmaskReset(mask []uint32) error {
	if err := ready(); err != nil {
		return err
	}
	return statusError(raw.BitmaskReset(unsafe.SliceData(mask), uintptr(len(mask))))
}

// BitmaskCount returns how many tokens a mask allows.
func BitmaskCount(mask []uint32) int {
	if raw.Load() != nil {
		return 0
	}
	return int(raw.BitmaskCount(unsafe.SliceData(mask), uintptr(len(mask))))
}

// BitmaskTokens lists the tokens that a mask allows, ascending: it writes as many as there is room for,
// and returns how many there are.
func BitmaskTokens(mask []uint32, tokens []int32) (int, error) {
	if err := ready(); err != nil {
		return 0, err
	}
	var count uintptr
	status := raw.BitmaskTokens(unsafe.SliceData(mask), uintptr(len(mask)),
		unsafe.SliceData(tokens), uintptr(len(tokens)), &count)
	return int(count), statusError(status)
}

// BitmaskSetTokens sets the bits of some tokens in a mask to 1 if they are allowed, else to 0. After an
// error nothing has changed.
func BitmaskSetTokens(mask []uint32, tokens []int32, allowed bool) error {
	if err := ready(); err != nil {
		return err
	}
	status := raw.BitmaskSetTokens(unsafe.SliceData(mask), uintptr(len(mask)),
		unsafe.SliceData(tokens), uintptr(len(tokens)), flag(allowed))
	if status == int32(ErrInvalidArgument) {
		for _, token := range tokens {
			if token < 0 || int(token)/32 >= len(mask) {
				return invalidArgument("a mask of %d words has no bit for token id %d; expected 0 or more,"+
					" below %d", len(mask), token, len(mask)*32)
			}
		}
	}
	return statusError(status)
}

// BitmaskFilterTokens keeps of a list of tokens those that a mask allows, in their order and in their
// place. Ids that the mask has no bit for, negative ones too, are dropped.
func BitmaskFilterTokens(mask []uint32, tokens []int32) ([]int32, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var count uintptr
	status := raw.BitmaskFilterTokens(unsafe.SliceData(mask), uintptr(len(mask)),
		unsafe.SliceData(tokens), uintptr(len(tokens)), &count)
	if err := statusError(status); err != nil {
		return nil, err
	}
	return tokens[:count], nil
}

// BitmaskAnd keeps in a mask the tokens that another one of the same size allows too.
func BitmaskAnd(mask, other []uint32) error {
	if err := sameSize(mask, other); err != nil {
		return err
	}
	return statusError(raw.BitmaskAnd(
		unsafe.SliceData(mask), unsafe.SliceData(other), uintptr(len(mask))))
}

// BitmaskOr adds to a mask the tokens that another one of the same size allows.
func BitmaskOr(mask, other []uint32) error {
	if err := sameSize(mask, other); err != nil {
		return err
	}
	return statusError(raw.BitmaskOr(
		unsafe.SliceData(mask), unsafe.SliceData(other), uintptr(len(mask))))
}

// BitmaskAndNot takes out of a mask the tokens that another one of the same size allows.
func BitmaskAndNot(mask, other []uint32) error {
	if err := sameSize(mask, other); err != nil {
		return err
	}
	return statusError(raw.BitmaskAndNot(
		unsafe.SliceData(mask), unsafe.SliceData(other), uintptr(len(mask))))
}

func sameSize(mask, other []uint32) error {
	if err := ready(); err != nil {
		return err
	}
	if len(mask) != len(other) {
		return invalidArgument("the other mask has %d words; expected %d, as the first has",
			len(other), len(mask))
	}
	return nil
}

// ApplyOptions is how rows of logits and of masks lie in memory, and which belong together. Zero in any
// field means its default; nil instead of the struct: one row of each.
type ApplyOptions struct {
	// RowCount is how many pairs of a row of logits and a mask there are; default: as many as LogitRows
	// or MaskRows has, else 1.
	RowCount int
	// Columns is the number of logits of a row, that is the size of the vocabulary as the model has it;
	// default: as many as there are for RowCount rows of equal size.
	Columns int
	// Stride is the number of logits from the start of a row to that of the next, at least Columns;
	// default Columns.
	Stride int
	// MaskWords is the number of words from the start of a mask to that of the next; default: as many as
	// there are for RowCount masks of equal size.
	MaskWords int
	// LogitRows is which row of the logits each pair has, none of them twice; default: the first, the
	// second and so on. Needs Columns.
	LogitRows []int32
	// MaskRows is which mask each pair has; default: the first, the second and so on. Needs MaskWords.
	MaskRows []int32
}

// toC writes the options to out and returns that; nil for nil.
func (o *ApplyOptions) toC(a *arena, out *raw.ApplyOptionsT) (*raw.ApplyOptionsT, error) {
	if o == nil {
		return nil, nil
	}
	if min(o.RowCount, o.Columns, o.Stride, o.MaskWords) < 0 {
		return nil, invalidArgument("RowCount is %d, Columns %d, Stride %d, MaskWords %d; expected 0 for the"+
			" default, or more", o.RowCount, o.Columns, o.Stride, o.MaskWords)
	}
	*out = raw.ApplyOptionsT{RowCount: uintptr(o.RowCount), Columns: uintptr(o.Columns),
		Stride: uintptr(o.Stride), MaskWords: uintptr(o.MaskWords)}
	out.StructSize = unsafe.Sizeof(*out)
	out.LogitRows, out.LogitRowCount = slice(a, o.LogitRows)
	out.MaskRows, out.MaskRowCount = slice(a, o.MaskRows)
	return out, nil
}

// BitmaskApplyF32 sets the logits of all tokens that a mask does not allow to minus infinity. The others
// keep every bit, NaN and infinities too. Logits that the mask has no bit for count as not allowed; bits
// behind the last logit count for nothing. options may be nil: one row of logits and one mask;
// Batch.ApplyF32 divides many rows among threads.
func BitmaskApplyF32(logits []float32, masks []uint32, options *ApplyOptions) error {
	if err := ready(); err != nil {
		return err
	}
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BitmaskApplyF32(unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// BitmaskApplyF16 is BitmaskApplyF32 for logits of IEEE 754 binary16, as the bits of each.
func BitmaskApplyF16(logits []uint16, masks []uint32, options *ApplyOptions) error {
	if err := ready(); err != nil {
		return err
	}
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BitmaskApplyF16(unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// BitmaskApplyBF16 is BitmaskApplyF32 for logits of bfloat16, as the bits of each.
func BitmaskApplyBF16(logits []uint16, masks []uint32, options *ApplyOptions) error {
	if err := ready(); err != nil {
		return err
	}
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BitmaskApplyBf16(unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// BitmaskApplyCandidates sets the logits of those candidates that a mask does not allow to minus
// infinity. A candidate is candidateSize bytes with a token id (int32) at idOffset and a logit (float32)
// at logitOffset, such as llama_token_data of llama.cpp: 12, 0 and 4. Nothing else of it is read or
// written. Ids that the mask has no bit for are not allowed.
func BitmaskApplyCandidates(mask []uint32, candidates []byte, candidateSize, idOffset, logitOffset int) error {
	if err := ready(); err != nil {
		return err
	}
	status := raw.BitmaskApplyCandidates(unsafe.SliceData(mask), uintptr(len(mask)),
		unsafe.SliceData(candidates), uintptr(len(candidates)),
		uintptr(candidateSize), uintptr(idOffset), uintptr(logitOffset))
	if status == int32(ErrInvalidArgument) && mask != nil {
		return invalidArgument("%d bytes are no candidates of %d bytes with an id of 4 bytes at %d and a logit"+
			" of 4 bytes at %d; expected a multiple of the size, both inside, apart",
			len(candidates), candidateSize, idOffset, logitOffset)
	}
	return statusError(status)
}

// explain is the error of a call that applies masks to logits.
func (o *ApplyOptions) explain(status int32, logitCount, maskCount int) error {
	if status != int32(ErrInvalidArgument) {
		return statusError(status)
	}
	if o == nil {
		o = &ApplyOptions{}
	}
	return invalidArgument("%s", o.mistake(logitCount, maskCount))
}

// mistake is what is wrong with the rows; C only says that something is.
func (o *ApplyOptions) mistake(logitCount, maskCount int) string {
	first := func(given ...int) int { // that is not 0
		for _, number := range given {
			if number != 0 {
				return number
			}
		}
		return 0
	}
	rows := first(o.RowCount, len(o.LogitRows), len(o.MaskRows), 1)
	columns := first(o.Columns, logitCount/rows)
	stride, words := first(o.Stride, columns), first(o.MaskWords, maskCount/rows)
	switch {
	case len(o.LogitRows) != 0 && len(o.LogitRows) != rows:
		return fmt.Sprintf("LogitRows has %d rows; expected none or %d", len(o.LogitRows), rows)
	case len(o.MaskRows) != 0 && len(o.MaskRows) != rows:
		return fmt.Sprintf("MaskRows has %d rows; expected none or %d", len(o.MaskRows), rows)
	case stride < columns:
		return fmt.Sprintf("Stride is %d; expected at least the %d columns", stride, columns)
	case len(o.LogitRows) != 0 && o.Columns == 0:
		return "Columns is 0; expected the logits of a row, as there are LogitRows"
	case len(o.MaskRows) != 0 && o.MaskWords == 0:
		return "MaskWords is 0; expected the words of a mask, as there are MaskRows"
	}
	text := rowMistake("LogitRows", o.LogitRows, held(logitCount, stride, columns), true)
	if text == "" {
		text = rowMistake("MaskRows", o.MaskRows, held(maskCount, words, words), false)
	}
	if text == "" {
		text = fmt.Sprintf("%d logits are no %d rows of %d with %d from one to the next, or %d words no %d"+
			" masks of %d", logitCount, rows, columns, stride, maskCount, rows, words)
	}
	return text
}

// held is how many rows there are: each begins a step behind the one before, and has a size.
func held(total, step, size int) int {
	switch {
	case size > total:
		return 0
	case step == 0:
		return total
	}
	return (total-size)/step + 1
}

// rowMistake is what is wrong with numbers of rows, of which there are some; "" when nothing is.
func rowMistake(name string, rows []int32, count int, once bool) string {
	seen := map[int32]int{}
	for i, row := range rows {
		if row < 0 || int(row) >= count {
			return fmt.Sprintf("%s[%d] is %d; expected 0 or more, below %d, as many as there are",
				name, i, row, count)
		}
		if before, ok := seen[row]; ok && once {
			return fmt.Sprintf("%s[%d] and %s[%d] are both %d; expected each row once",
				name, before, name, i, row)
		}
		seen[row] = i
	}
	return ""
}
