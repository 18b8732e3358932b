package xgr

import (
	"runtime"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Tokenizer is a vocabulary, decoded and indexed for fast masks. It is immutable: any goroutines
// use it at once.
type Tokenizer struct{ handle *shared[raw.TokenizerT] }

// TokenizerOptions are those of NewTokenizer. Zero in any field means its default.
type TokenizerOptions struct {
	// TokenKinds has the kind of each token; nil: all are normal.
	TokenKinds []TokenKind
	// StopTokens are stop tokens beside those of that kind, in any order. With neither, tokens with a
	// well-known name are taken; see NoStopDetection.
	StopTokens []int32
	// VocabType is how the token texts spell bytes.
	VocabType VocabType
	// VocabSize is the size of the logits; default the number of tokens.
	VocabSize int32
	// AddPrefixSpace: the tokenizer puts a space before the text it encodes. Reported, not used.
	AddPrefixSpace bool
	// NoStopDetection: without stop tokens there are none. Default: a token whose whole text is the
	// name of a well-known stop token, such as "<|im_end|>", becomes one; with TokenKinds only control
	// tokens do.
	NoStopDetection bool
	// CutExcessTokens: tokens with ids of VocabSize or more are left out, instead of refused.
	CutExcessTokens bool
}

// TokenizerJSONOptions are those of NewTokenizerFromJSON. Zero in any field means its default.
type TokenizerJSONOptions struct {
	// StopTokens are the stop tokens; nil: those with a well-known name, special tokens before others.
	StopTokens []int32
	// VocabSize is the size of the logits; default the greatest token id plus one.
	VocabSize int32
	// NoStopDetection: without StopTokens there are none, instead of those found by their names.
	NoStopDetection bool
	// CutExcessTokens: tokens with ids of VocabSize or more are left out, instead of refused.
	CutExcessTokens bool
}

// TokenizerFileOptions are those of NewTokenizerFromFile. Zero in any field means its default.
type TokenizerFileOptions struct {
	// StopTokens are the stop tokens; nil: those that the file names, else those with a well-known name.
	StopTokens []int32
	// Format of the file; by default its contents tell.
	Format TokenizerFormat
	// VocabSize is the size of the logits; default the greatest token id plus one.
	VocabSize int32
	// NoStopDetection: without StopTokens there are none, instead of those found in the file.
	NoStopDetection bool
	// CutExcessTokens: tokens with ids of VocabSize or more are left out, instead of refused.
	CutExcessTokens bool
}

// TokenizerSavedOptions are those of OpenTokenizer and NewTokenizerFromSaved.
type TokenizerSavedOptions struct {
	// Verify: also check that the tables are those of the tokens, at the cost of creating the
	// tokenizer. Default: only that they can do no harm, which is enough for files of one's own.
	Verify bool
}

func (o *TokenizerSavedOptions) toC() *raw.TokenizerSavedOptionsT {
	if o == nil {
		return nil
	}
	// Go may move memory, so C may not borrow it.
	options := &raw.TokenizerSavedOptionsT{Borrow: 0, Verify: flag(o.Verify)}
	options.StructSize = unsafe.Sizeof(*options)
	return options
}

func (o *TokenizerOptions) toC(a *arena) *raw.TokenizerOptionsT {
	if o == nil {
		return nil
	}
	kinds := make([]byte, len(o.TokenKinds))
	for i, kind := range o.TokenKinds {
		kinds[i] = byte(kind)
		if kind < 0 || kind > 255 {
			kinds[i] = 255 // no kind, so that C refuses it
		}
	}
	options := &raw.TokenizerOptionsT{
		VocabType: int32(o.VocabType), VocabSize: o.VocabSize, AddPrefixSpace: flag(o.AddPrefixSpace),
		NoStopDetection: flag(o.NoStopDetection), CutExcessTokens: flag(o.CutExcessTokens)}
	options.StructSize = unsafe.Sizeof(*options)
	options.TokenKinds, options.TokenKindCount = slice(a, kinds)
	options.StopTokens, options.StopTokenCount = slice(a, o.StopTokens)
	return options
}

func (o *TokenizerJSONOptions) toC(a *arena) *raw.TokenizerJsonOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.TokenizerJsonOptionsT{
		VocabSize: o.VocabSize, NoStopDetection: flag(o.NoStopDetection),
		CutExcessTokens: flag(o.CutExcessTokens)}
	options.StructSize = unsafe.Sizeof(*options)
	options.StopTokens, options.StopTokenCount = list(a, o.StopTokens)
	return options
}

func (o *TokenizerFileOptions) toC(a *arena) *raw.TokenizerFileOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.TokenizerFileOptionsT{
		Format: int32(o.Format), VocabSize: o.VocabSize, NoStopDetection: flag(o.NoStopDetection),
		CutExcessTokens: flag(o.CutExcessTokens)}
	options.StructSize = unsafe.Sizeof(*options)
	options.StopTokens, options.StopTokenCount = list(a, o.StopTokens)
	return options
}

func newTokenizer(object *raw.TokenizerT) *Tokenizer {
	tokenizer := &Tokenizer{}
	tokenizer.handle = newShared(tokenizer, object, raw.TokenizerDestroy)
	return tokenizer
}

// createTokenizer calls what makes one; the library is there then.
func createTokenizer(create func(*arena, **raw.TokenizerT, **raw.ErrorT) int32) (*Tokenizer, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var memory arena
	defer memory.free()
	var object *raw.TokenizerT
	var cause *raw.ErrorT
	if err := sourceError(create(&memory, &object, &cause), cause); err != nil {
		return nil, err
	}
	return newTokenizer(object), nil
}

// NewTokenizer makes a tokenizer from the texts of its tokens, in the order of their ids. They may
// hold any byte, be empty (such a token is never allowed), and be equal. options may be nil.
func NewTokenizer[T ~string | ~[]byte](tokens []T, options *TokenizerOptions) (*Tokenizer, error) {
	bytes, sizes := joined(tokens)
	return createTokenizer(func(memory *arena, object **raw.TokenizerT, cause **raw.ErrorT) int32 {
		return raw.TokenizerCreate(unsafe.SliceData(bytes), uintptr(len(bytes)),
			unsafe.SliceData(sizes), uintptr(len(sizes)), options.toC(memory), object, cause)
	})
}

// NewTokenizerFromJSON makes a tokenizer from the text of a Hugging Face tokenizer.json file.
// Vocabulary type, stop tokens and prefix space are detected. options may be nil.
func NewTokenizerFromJSON(json string, options *TokenizerJSONOptions) (*Tokenizer, error) {
	data, size := text(json)
	defer runtime.KeepAlive(json)
	return createTokenizer(func(memory *arena, object **raw.TokenizerT, cause **raw.ErrorT) int32 {
		return raw.TokenizerCreateFromJson(data, size, options.toC(memory), object, cause)
	})
}

// NewTokenizerFromFile makes a tokenizer from the contents of a tokenizer's file, whose format is
// detected. What is not understood is an error that names it. options may be nil.
func NewTokenizerFromFile(contents []byte, options *TokenizerFileOptions) (*Tokenizer, error) {
	data, size := contentsOf(contents)
	defer runtime.KeepAlive(contents)
	return createTokenizer(func(memory *arena, object **raw.TokenizerT, cause **raw.ErrorT) int32 {
		return raw.TokenizerCreateFromFile(data, size, options.toC(memory), object, cause)
	})
}

// OpenTokenizer opens a file that holds what Save wrote, and uses it where it lies: the file is mapped
// for reading, and must not be changed or shortened while it is open. options may be nil.
func OpenTokenizer(path string, options *TokenizerSavedOptions) (*Tokenizer, error) {
	data, size := text(path)
	defer runtime.KeepAlive(path)
	return createTokenizer(func(_ *arena, object **raw.TokenizerT, cause **raw.ErrorT) int32 {
		return raw.TokenizerOpen(data, size, options.toC(), object, cause)
	})
}

// NewTokenizerFromSaved makes a tokenizer from a copy of what Save wrote. options may be nil.
func NewTokenizerFromSaved(saved []byte, options *TokenizerSavedOptions) (*Tokenizer, error) {
	data, size := contentsOf(saved)
	defer runtime.KeepAlive(saved)
	return createTokenizer(func(_ *arena, object **raw.TokenizerT, cause **raw.ErrorT) int32 {
		return raw.TokenizerCreateFromSaved(data, size, options.toC(), object, cause)
	})
}

// Save returns the tokenizer with all that creating it has computed, to be opened without that work.
func (t *Tokenizer) Save() ([]byte, error) {
	return counted(t.handle, raw.TokenizerSave)
}

// Close destroys the tokenizer; what was made from it stays valid. Closing twice does nothing.
func (t *Tokenizer) Close() error {
	t.handle.close()
	return nil
}

// ask calls a getter; a closed tokenizer is NULL to it.
func ask[T, R any](handle *shared[T], getter func(*T) R) R {
	object := handle.acquire()
	if object != nil {
		defer handle.release()
	} else if raw.Load() != nil {
		return *new(R)
	}
	return getter(object)
}

// VocabSize returns the size of the logits: the number of token ids, padding included. It is 0
// after Close, as are the other numbers.
func (t *Tokenizer) VocabSize() int32 { return ask(t.handle, raw.TokenizerVocabSize) }

// TokenCount returns the number of tokens that were given, without padding.
func (t *Tokenizer) TokenCount() int32 { return ask(t.handle, raw.TokenizerTokenCount) }

// MaskWords returns the number of 32-bit words of a mask.
func (t *Tokenizer) MaskWords() int { return int(ask(t.handle, raw.TokenizerMaskWords)) }

// TokenBytes returns the bytes that a token adds to the output; nil when it is out of range.
func (t *Tokenizer) TokenBytes(token int32) []byte {
	return ask(t.handle, func(object *raw.TokenizerT) []byte {
		var size uintptr
		data := raw.TokenizerTokenBytes(object, token, &size)
		return copyBytes(data, size)
	})
}

// TokenName returns how the vocabulary spells a control or stop token; nil when it is out of range.
func (t *Tokenizer) TokenName(token int32) []byte {
	return ask(t.handle, func(object *raw.TokenizerT) []byte {
		var size uintptr
		data := raw.TokenizerTokenName(object, token, &size)
		return copyBytes(data, size)
	})
}

// TokenKind returns what a token is for; TokenKindUnused when it is out of range.
func (t *Tokenizer) TokenKind(token int32) TokenKind {
	return ask(t.handle, func(object *raw.TokenizerT) TokenKind {
		return TokenKind(raw.TokenizerTokenKind(object, token))
	})
}

// StopTokens returns the stop tokens, ascending.
func (t *Tokenizer) StopTokens() []int32 {
	return ask(t.handle, func(object *raw.TokenizerT) []int32 {
		var count uintptr
		data := raw.TokenizerStopTokens(object, &count)
		return copyIDs(data, count)
	})
}

// VocabType returns how the token texts spelled bytes: as given, or as detected.
func (t *Tokenizer) VocabType() VocabType {
	return VocabType(ask(t.handle, raw.TokenizerVocabType))
}

// AddPrefixSpace tells whether the tokenizer puts a space before the text it encodes.
func (t *Tokenizer) AddPrefixSpace() bool {
	return ask(t.handle, raw.TokenizerAddPrefixSpace) != 0
}

// ModelType returns the kind of model that a tokenizer.json describes, such as "BPE", or "".
func (t *Tokenizer) ModelType() string {
	return ask(t.handle, func(object *raw.TokenizerT) string {
		return nulTerminated(raw.TokenizerModelType(object))
	})
}

// DetectedBy returns what decided the vocabulary type: "decoder", "vocabulary", or "".
func (t *Tokenizer) DetectedBy() string {
	return ask(t.handle, func(object *raw.TokenizerT) string {
		return nulTerminated(raw.TokenizerDetectedBy(object))
	})
}

// Fingerprint returns what tells vocabularies apart: a SHA-256 of the sizes, texts and kinds of all tokens, as
// 64 hexadecimal digits.
func (t *Tokenizer) Fingerprint() string {
	return ask(t.handle, func(object *raw.TokenizerT) string {
		return nulTerminated(raw.TokenizerFingerprint(object))
	})
}

// Findings tells what was found in a tokenizer's file and why, as JSON.
func (t *Tokenizer) Findings() (string, error) {
	tokenizer := t.handle.acquire()
	if tokenizer == nil {
		return "", ErrClosed
	}
	defer t.handle.release()
	return printed(func(data *byte, capacity uintptr, size *uintptr, cause **raw.ErrorT) int32 {
		return raw.TokenizerFindings(tokenizer, data, capacity, size, cause)
	})
}

// Encode writes text as tokens, each the longest that fits; the model's own tokenizer would mostly write it in
// others. Names of special tokens are text like any other.
func (t *Tokenizer) Encode(text []byte) ([]int32, error) {
	return counted[int32](t.handle, func(object *raw.TokenizerT, data *int32, room uintptr, count *uintptr, cause **raw.ErrorT) int32 {
		return raw.TokenizerEncode(object, unsafe.SliceData(text), uintptr(len(text)), data, room, count, cause)
	})
}

// Decode returns the bytes that tokens add to the output. Control and stop tokens add nothing; with
// specialNames they are written as their names.
func (t *Tokenizer) Decode(tokens []int32, specialNames bool) ([]byte, error) {
	names := flag(specialNames)
	return counted[byte](t.handle, func(object *raw.TokenizerT, data *byte, room uintptr, count *uintptr, cause **raw.ErrorT) int32 {
		return raw.TokenizerDecode(object, unsafe.SliceData(tokens), uintptr(len(tokens)), names, data, room, count, cause)
	})
}

// counted asks for the number of items, then for the items.
func counted[T any](handle *shared[raw.TokenizerT], call func(*raw.TokenizerT, *T, uintptr, *uintptr, **raw.ErrorT) int32) ([]T, error) {
	object := handle.acquire()
	if object == nil {
		return nil, ErrClosed
	}
	defer handle.release()
	var count uintptr
	var cause *raw.ErrorT
	if err := sourceError(call(object, nil, 0, &count, &cause), cause); err != nil {
		return nil, err
	}
	items := make([]T, count)
	if count == 0 {
		return items, nil
	}
	return items, sourceError(call(object, unsafe.SliceData(items), count, &count, &cause), cause)
}

// MemorySize returns about how many bytes the tokenizer occupies.
func (t *Tokenizer) MemorySize() int { return int(ask(t.handle, raw.TokenizerMemorySize)) }
