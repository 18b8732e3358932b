package xgr

import (
	"context"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Matcher is one output being generated: it says which tokens may come next and takes the chosen
// one. One goroutine changes it at a time, or several ask it at once: Clone, FillBitmask, IsTokenAllowed,
// ValidateTokens, ForcedBytes, ForcedTokens, Temperature, Stats and the getters change nothing. Who comes
// meanwhile gets an ErrInvalidState, and so does everybody after Close.
type Matcher struct {
	handle *confined[raw.MatcherT]
	watch  *objectWatch
}

// objectWatch holds the context of a matcher or a batch, if there is one: what destroys the object ends
// it, too.
type objectWatch struct{ now *watch }

// StartSequence is what the text of a grammar begins behind, or with: bytes, or tokens in a row.
type StartSequence struct {
	// Bytes are found in the text of tokens, also across them; a token without text (a control token)
	// comes between. nil: tokens.
	Bytes []byte
	// Tokens are token ids; control tokens, too. nil: bytes.
	Tokens []int32
	// IsImplicit: the text of the grammar begins with the sequence; several tokens are then handed over
	// as their text. Default: it begins behind it.
	IsImplicit bool
}

// MatcherOptions are those of NewMatcher. Zero in any field means its default.
type MatcherOptions struct {
	// StopTokens are the stop tokens instead of the tokenizer's; nil: those.
	StopTokens []int32
	// Prefix is what the tokens spell before the text of the output begins: the end of a prompt whose last
	// tokens were taken back (token healing).
	Prefix []byte
	// Starts are sequences that the text of the grammar begins behind, or with; default: none, the output
	// begins with its text. Until one of them is complete the output is waiting: every token is allowed
	// but stop tokens, unused and forbidden ones, and those that would start the text in a way that the
	// grammar refuses. The sequence that is complete first counts. Not together with Prefix.
	Starts []StartSequence
	// ForbiddenTokens are refused while the output is waiting; default: none.
	ForbiddenTokens []int32
	// HasMaxWaitingTokens: MaxWaitingTokens counts. Default: the output may wait for ever.
	HasMaxWaitingTokens bool
	// MaxWaitingTokens is after how many tokens, bytes not counted, a waiting output allows only those that
	// go on with what is left of ForcedStart; its tokens come on top. 0: it is forced at once.
	MaxWaitingTokens uint32
	// ForcedStart is the index of the sequence that is then forced; default: the first.
	ForcedStart uint32
	// MayEndWaiting: a waiting output may end by a stop token, and counts as complete, unless a sequence
	// is forced.
	MayEndWaiting bool
	// TerminateWithoutStopToken: no stop token is ever allowed, and the output counts as ended
	// whenever it is complete; it may go on where the language does. Has to be set where there is no
	// stop token.
	TerminateWithoutStopToken bool
	// Prefetch: after each accepted step a thread of the compiler computes what the next mask needs.
	Prefetch bool
	// HasDefaultTemperature: DefaultTemperature counts.
	HasDefaultTemperature bool
	// DefaultTemperature is the sampling temperature where no rule of the grammar asks for one.
	DefaultTemperature float32
	// CheckTokenIDs: a token id outside the vocabulary is an ErrInvalidArgument instead of a token
	// that is rejected.
	CheckTokenIDs bool
}

func (o *MatcherOptions) toC(a *arena) *raw.MatcherOptionsT {
	if o == nil {
		return nil
	}
	starts := make([]raw.StartSequenceT, len(o.Starts))
	for i, start := range o.Starts {
		item := &starts[i]
		item.StructSize = unsafe.Sizeof(*item)
		item.Bytes, item.ByteCount = slice(a, start.Bytes)
		item.Tokens, item.TokenCount = slice(a, start.Tokens)
		item.IsImplicit = flag(start.IsImplicit)
	}
	options := &raw.MatcherOptionsT{
		HasMaxWaitingTokens: flag(o.HasMaxWaitingTokens), MaxWaitingTokens: o.MaxWaitingTokens,
		ForcedStart: o.ForcedStart, MayEndWaiting: flag(o.MayEndWaiting),
		TerminateWithoutStopToken: flag(o.TerminateWithoutStopToken), Prefetch: flag(o.Prefetch),
		HasDefaultTemperature: flag(o.HasDefaultTemperature), DefaultTemperature: o.DefaultTemperature,
		CheckTokenIds: flag(o.CheckTokenIDs)}
	options.StructSize = unsafe.Sizeof(*options)
	options.StopTokens, options.StopTokenCount = list(a, o.StopTokens)
	options.Prefix, options.PrefixSize = slice(a, o.Prefix)
	options.Starts, options.StartCount = slice(a, starts)
	options.ForbiddenTokens, options.ForbiddenTokenCount = slice(a, o.ForbiddenTokens)
	return options
}

func newMatcher(object *raw.MatcherT) *Matcher {
	watch := &objectWatch{}
	matcher := &Matcher{watch: watch}
	matcher.handle = newConfined(matcher, object, func(object *raw.MatcherT) {
		raw.MatcherDestroy(object)
		watch.now.end()
	})
	return matcher
}

// NewMatcher makes a matcher at the start of an output; it keeps its grammar alive. options may be nil.
// Without any stop token it is an error, unless TerminateWithoutStopToken is set.
func NewMatcher(grammar *Grammar, options *MatcherOptions) (*Matcher, error) {
	if grammar == nil {
		grammar = &Grammar{}
	}
	language := grammar.handle.acquire()
	if language == nil {
		return nil, ErrClosed
	}
	defer grammar.handle.release()
	var memory arena
	defer memory.free()
	var object *raw.MatcherT
	var cause *raw.ErrorT
	status := raw.MatcherCreate(language, options.toC(&memory), &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	return newMatcher(object), nil
}

// Close destroys the matcher; its clones stay valid. Closing twice does nothing.
func (m *Matcher) Close() error {
	m.handle.close()
	return nil
}

// SetContext gives the matcher a context: when that ends, accepting, filling, lending, drafts, forced
// text and captures fail, also from within, and leave the matcher as it was. The error is ErrCancelled
// and the error of the context, as errors.Is tells. Clones made afterwards have the same context. It
// replaces an earlier one; one that never ends, such as context.Background, takes it back.
func (m *Matcher) SetContext(ctx context.Context) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	return m.setContext(ctx)
}

// setContext is for who has the matcher.
func (m *Matcher) setContext(ctx context.Context) error {
	watch, err := newWatch(ctx)
	if err != nil {
		return err
	}
	if err := statusError(raw.MatcherSetCancel(m.handle.object, watch.request())); err != nil {
		watch.end()
		return err
	}
	m.watch.now.end()
	m.watch.now = watch
	return nil
}

// Clone makes an independent matcher in the same state, history included.
func (m *Matcher) Clone() (*Matcher, error) {
	if err := m.handle.share(); err != nil {
		return nil, err
	}
	defer m.handle.unshare()
	var object *raw.MatcherT
	if err := statusError(raw.MatcherClone(m.handle.object, &object)); err != nil {
		return nil, err
	}
	clone := newMatcher(object)
	if m.watch.now != nil {
		if err := clone.setContext(m.watch.now.ctx); err != nil {
			clone.Close()
			return nil, err
		}
	}
	return clone, nil
}

// explain is statusError for who has the matcher, with the error of its context.
func (m *Matcher) explain(status int32) error {
	if status == int32(OK) {
		return nil
	}
	return m.watch.now.explain(statusError(status))
}

// explainIDs is explain for a call with token ids, which are all that can be wrong with its arguments.
func (m *Matcher) explainIDs(status int32, tokens ...int32) error {
	if status == int32(ErrInvalidArgument) {
		size := raw.MatcherVocabSize(m.handle.object)
		for _, token := range tokens {
			if token < 0 || token >= size {
				return invalidArgument("token id %d is outside the vocabulary; expected 0 or more, below %d",
					token, size)
			}
		}
	}
	return m.explain(status)
}

// explainSteps is explain for a call that undoes steps.
func (m *Matcher) explainSteps(status int32, stepCount int) error {
	if status == int32(ErrInvalidArgument) {
		return invalidArgument("cannot undo %d steps: there are %d",
			stepCount, raw.MatcherHistorySize(m.handle.object))
	}
	return m.explain(status)
}

// AcceptToken takes the token that was chosen. Refusing it, which is no error, changes nothing.
func (m *Matcher) AcceptToken(token int32) (bool, error) {
	if err := m.handle.acquire(); err != nil {
		return false, err
	}
	var accepted int32
	status := raw.MatcherAcceptToken(m.handle.object, token, &accepted)
	err := m.explainIDs(status, token)
	m.handle.release()
	return accepted != 0, err
}

// AcceptTokens takes several tokens, up to the first that is rejected, and returns how many were
// accepted. Each is one step of the history. After an error none is.
func (m *Matcher) AcceptTokens(tokens []int32) (int, error) {
	if err := m.handle.acquire(); err != nil {
		return 0, err
	}
	var count uintptr
	status := raw.MatcherAcceptTokens(
		m.handle.object, unsafe.SliceData(tokens), uintptr(len(tokens)), &count)
	err := m.explainIDs(status, tokens...)
	m.handle.release()
	return int(count), err
}

// ValidateTokens returns how many of several tokens AcceptTokens would accept.
func (m *Matcher) ValidateTokens(tokens []int32) (int, error) {
	if err := m.handle.share(); err != nil {
		return 0, err
	}
	var count uintptr
	status := raw.MatcherValidateTokens(
		m.handle.object, unsafe.SliceData(tokens), uintptr(len(tokens)), &count)
	err := m.explainIDs(status, tokens...)
	m.handle.unshare()
	return int(count), err
}

// AcceptBytes takes bytes of the output, all or none of them, as one step of the history.
func (m *Matcher) AcceptBytes(bytes []byte) (bool, error) {
	if err := m.handle.acquire(); err != nil {
		return false, err
	}
	var accepted int32
	status := raw.MatcherAcceptBytes(
		m.handle.object, unsafe.SliceData(bytes), uintptr(len(bytes)), &accepted)
	err := m.explain(status)
	m.handle.release()
	return accepted != 0, err
}

// IsTokenAllowed tells whether one token may come next, without a whole mask.
func (m *Matcher) IsTokenAllowed(token int32) (bool, error) {
	if err := m.handle.share(); err != nil {
		return false, err
	}
	var allowed int32
	status := raw.MatcherIsTokenAllowed(m.handle.object, token, &allowed)
	err := m.explainIDs(status, token)
	m.handle.unshare()
	return allowed != 0, err
}

// FillBitmask writes which tokens may come next: bit t % 32 of mask[t / 32] is 1 exactly when token
// t may. mask has at least MaskWords words. When the kind is MaskKindTerminated, the bits of all tokens
// are 1, so that applying the row of an ended output in a batch does no harm.
func (m *Matcher) FillBitmask(mask []uint32) (MaskKind, error) {
	if err := m.handle.share(); err != nil {
		return 0, err
	}
	var kind int32
	status := raw.MatcherFillBitmask(
		m.handle.object, unsafe.SliceData(mask), uintptr(len(mask)), &kind)
	err := m.explain(status)
	if status == int32(ErrInvalidArgument) {
		err = invalidArgument("the mask has %d words; expected at least %d",
			len(mask), raw.MatcherMaskWords(m.handle.object))
	}
	m.handle.unshare()
	return MaskKind(kind), err
}

// LendBitmask lends the mask that FillBitmask would write, without a copy where that is possible.
// The mask is nil when the output has ended. It is valid only inside use, must not be written to,
// and the matcher cannot be used there.
func (m *Matcher) LendBitmask(use func(mask []uint32, kind MaskKind)) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	var mask *uint32
	var words uintptr
	var kind int32
	err := m.explain(raw.MatcherLendBitmask(m.handle.object, &mask, &words, &kind))
	if err == nil {
		use(unsafe.Slice(mask, words), MaskKind(kind))
	}
	return err
}

// Rollback undoes the last steps. A token is one step, and so is one AcceptBytes.
func (m *Matcher) Rollback(stepCount int) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	err := m.explainSteps(raw.MatcherRollback(m.handle.object, uintptr(stepCount)), stepCount)
	m.handle.release()
	return err
}

// Reset goes back to the start of the output and forgets the history.
func (m *Matcher) Reset() error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	return statusError(raw.MatcherReset(m.handle.object))
}

// SetFilter lays a filter over the output from here on: of the tokens that the grammar allows, only
// those in a mask of MaskWords words, stop tokens too; nil takes it away. It holds for all that is about
// tokens; bytes pass it. It belongs to the place in the output: undoing steps brings back the filter of
// before, and a clone has it as well. Where it leaves no token, a mask is MaskKindNone.
func (m *Matcher) SetFilter(mask []uint32) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	status := raw.MatcherSetFilter(m.handle.object, unsafe.SliceData(mask), uintptr(len(mask)))
	if status == int32(ErrInvalidArgument) {
		return invalidArgument("the filter has %d words; expected %d",
			len(mask), raw.MatcherMaskWords(m.handle.object))
	}
	return m.explain(status)
}

// SetTokenLimit limits how many tokens the output may still have; negative: no limit. A token is then allowed
// only if the output can be complete within what is left, so an output that is cut off by a limit is
// complete all the same. Stop tokens are not counted. A limit that cannot be kept, see MinTokensToFinish,
// makes the output end as soon as it can.
func (m *Matcher) SetTokenLimit(tokens int) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	return statusError(raw.MatcherSetTokenLimit(m.handle.object, int64(tokens)))
}

// SetClosing makes the output end as soon as it can: only tokens on a shortest way to a complete output
// are allowed.
func (m *Matcher) SetClosing(closing bool) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	return statusError(raw.MatcherSetClosing(m.handle.object, flag(closing)))
}

// MinTokensToFinish returns the fewest tokens that complete the output, the stop token not counted, and
// whether that is exact; where it is not, so many are enough.
func (m *Matcher) MinTokensToFinish() (tokens int, exact bool, err error) {
	if err := m.handle.share(); err != nil {
		return 0, false, err
	}
	var count uint64
	var known int32
	status := raw.MatcherMinTokensToFinish(m.handle.object, &count, &known)
	err = m.explain(status)
	m.handle.unshare()
	return int(count), known != 0, err
}

// get calls a getter; a matcher that cannot be used now is NULL to it.
func get[R any](m *Matcher, getter func(*raw.MatcherT) R) R {
	if m.handle.share() != nil {
		return *new(R)
	}
	result := getter(m.handle.object)
	m.handle.unshare()
	return result
}

// IsTerminated tells whether the output has ended. It is false after Close, as are IsAccepting and
// IsWaiting; the numbers are 0.
func (m *Matcher) IsTerminated() bool { return get(m, raw.MatcherIsTerminated) != 0 }

// IsAccepting tells whether the output so far is a complete string of the language.
func (m *Matcher) IsAccepting() bool { return get(m, raw.MatcherIsAccepting) != 0 }

// IsWaiting tells whether the output waits for one of the sequences that its text begins behind, or with.
func (m *Matcher) IsWaiting() bool { return get(m, raw.MatcherIsWaiting) != 0 }

// HistorySize returns the number of steps that can be undone.
func (m *Matcher) HistorySize() int { return int(get(m, raw.MatcherHistorySize)) }

// StopTokens returns the stop tokens in force.
func (m *Matcher) StopTokens() []int32 {
	return get(m, func(object *raw.MatcherT) []int32 {
		var count uintptr
		data := raw.MatcherStopTokens(object, &count)
		return copyIDs(data, count)
	})
}

// MaskWords returns the number of 32-bit words that FillBitmask writes.
func (m *Matcher) MaskWords() int { return int(get(m, raw.MatcherMaskWords)) }

// VocabSize returns the number of token ids, which is the number of bits of a mask that count.
func (m *Matcher) VocabSize() int32 { return get(m, raw.MatcherVocabSize) }

// MemorySize returns about how many bytes the matcher occupies, its grammar not included.
func (m *Matcher) MemorySize() int { return int(get(m, raw.MatcherMemorySize)) }

// Temperature returns the sampling temperature that the grammar asks for at this place of the
// output; known is false when neither a rule nor the options say one.
func (m *Matcher) Temperature() (temperature float32, known bool, err error) {
	if err := m.handle.share(); err != nil {
		return 0, false, err
	}
	defer m.handle.unshare()
	var isKnown int32
	status := raw.MatcherTemperature(m.handle.object, &isKnown, &temperature)
	return temperature, isKnown != 0, statusError(status)
}
