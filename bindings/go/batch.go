package xgr

import (
	"context"
	"fmt"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Batch is threads that serve many matchers at once. It has no list of matchers: each call names those
// that it is about, of any grammars and vocabularies, each of them once. The thread of the goroutine that
// calls takes part in the work; the batch's own threads start with the first call that has work for them,
// sleep between calls and end with Close. One goroutine uses a batch at a time.
//
// A call that was right returns what came of each matcher, in their order, and a nil error. What fails for
// one does not touch the others: failures then has an error for each that failed, and nil for the others;
// it is nil when none failed. What a call returns is the batch's memory, valid until the next call.
type Batch struct {
	handle *confined[raw.BatchT]
	watch  *objectWatch
	memory *batchMemory
}

// batchMemory is what calls need, kept for the next one, so that they allocate nothing.
type batchMemory struct {
	matchers []*Matcher // those that are taken
	objects  []*raw.MatcherT
	statuses []int32
	answers  []int32
	kinds    []MaskKind
	accepted []bool
	failures []error
	bytes    []byte
	sizes    []uintptr
}

// BatchOptions are those of NewBatch. Zero in any field means its default.
type BatchOptions struct {
	// Threads beside the one that calls, at most 256; default: half as many as the machine has.
	Threads int32
	// NoThreads: none, the thread that calls does all the work.
	NoThreads bool
}

func (o *BatchOptions) toC() *raw.BatchOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.BatchOptionsT{Threads: o.Threads, NoThreads: flag(o.NoThreads)}
	options.StructSize = unsafe.Sizeof(*options)
	return options
}

// NewBatch makes threads that serve many matchers; none is started yet. options may be nil.
func NewBatch(options *BatchOptions) (*Batch, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var object *raw.BatchT
	var cause *raw.ErrorT
	status := raw.BatchCreate(options.toC(), &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	watch := &objectWatch{}
	batch := &Batch{watch: watch, memory: &batchMemory{}}
	batch.handle = newConfined(batch, object, func(object *raw.BatchT) {
		raw.BatchDestroy(object)
		watch.now.end()
	})
	return batch, nil
}

// Close ends the threads; matchers stay as they are. Closing twice does nothing.
func (b *Batch) Close() error {
	b.handle.close()
	return nil
}

var errBatchBusy = invalidState("in use by another goroutine; give each goroutine a batch of its own", ErrBusy)

func (b *Batch) acquire() error {
	err := b.handle.acquire()
	if err == ErrBusy {
		return errBatchBusy
	}
	return err
}

// Threads returns how many threads the batch may have beside the one that calls; 0 after Close.
func (b *Batch) Threads() int {
	if b.handle.share() != nil {
		return 0
	}
	threads := raw.BatchThreads(b.handle.object)
	b.handle.unshare()
	return int(threads)
}

// SetContext gives the batch a context: when that ends, matchers that a call has not served yet fail and
// are as before, as if each had been given the context. It replaces an earlier one; one that never ends,
// such as context.Background, takes it back.
func (b *Batch) SetContext(ctx context.Context) error {
	if err := b.acquire(); err != nil {
		return err
	}
	defer b.handle.release()
	watch, err := newWatch(ctx)
	if err != nil {
		return err
	}
	if err := statusError(raw.BatchSetCancel(b.handle.object, watch.request())); err != nil {
		watch.end()
		return err
	}
	b.watch.now.end()
	b.watch.now = watch
	return nil
}

// FillBitmask fills the masks of many matchers: Matcher.FillBitmask for each. masks are rows of maskWords
// words, one behind the other; a matcher may have less, the rest of its row is not written. rows says which
// row each matcher fills, none of them twice; nil: the first, the second and so on. The row of a matcher
// that fails is unspecified.
func (b *Batch) FillBitmask(matchers []*Matcher, masks []uint32, maskWords int, rows []int32) (
	kinds []MaskKind, failures []error, err error) {
	if rows != nil {
		if err := sameCount("rows", len(rows), len(matchers)); err != nil {
			return nil, nil, err
		}
	}
	if err := b.begin(matchers); err != nil {
		return nil, nil, err
	}
	defer b.end()
	m := b.memory
	m.kinds = sized(m.kinds, len(matchers))
	status := raw.BatchFillBitmask(b.handle.object, unsafe.SliceData(m.objects), uintptr(len(matchers)),
		unsafe.SliceData(masks), uintptr(len(masks)), uintptr(maskWords), unsafe.SliceData(rows),
		(*int32)(unsafe.Pointer(unsafe.SliceData(m.kinds))), unsafe.SliceData(m.statuses))
	if status == int32(ErrInvalidArgument) {
		return nil, nil, fillMistake(matchers, len(masks), maskWords, rows)
	}
	if err := statusError(status); err != nil {
		return nil, nil, err
	}
	return m.kinds, b.failures(func(i int) error { return matchers[i].explain(m.statuses[i]) }), nil
}

// AcceptToken takes one token with each of many matchers: Matcher.AcceptToken for each.
func (b *Batch) AcceptToken(matchers []*Matcher, tokens []int32) (accepted []bool, failures []error, err error) {
	if err := sameCount("tokens", len(tokens), len(matchers)); err != nil {
		return nil, nil, err
	}
	if err := b.begin(matchers); err != nil {
		return nil, nil, err
	}
	defer b.end()
	m := b.memory
	status := raw.BatchAcceptToken(b.handle.object, unsafe.SliceData(m.objects), uintptr(len(matchers)),
		given(tokens), unsafe.SliceData(m.answers), unsafe.SliceData(m.statuses))
	if err := statusError(status); err != nil {
		return nil, nil, err
	}
	return m.answered(), b.failures(func(i int) error {
		return matchers[i].explainIDs(m.statuses[i], tokens[i])
	}), nil
}

// AcceptBytes takes bytes with each of many matchers: Matcher.AcceptBytes for each.
func (b *Batch) AcceptBytes(matchers []*Matcher, texts [][]byte) (accepted []bool, failures []error, err error) {
	if err := sameCount("texts", len(texts), len(matchers)); err != nil {
		return nil, nil, err
	}
	if err := b.begin(matchers); err != nil {
		return nil, nil, err
	}
	defer b.end()
	m := b.memory
	m.bytes, m.sizes = m.bytes[:0], m.sizes[:0]
	for _, text := range texts {
		m.bytes = append(m.bytes, text...)
		m.sizes = append(m.sizes, uintptr(len(text)))
	}
	status := raw.BatchAcceptBytes(b.handle.object, unsafe.SliceData(m.objects), uintptr(len(matchers)),
		unsafe.SliceData(m.bytes), uintptr(len(m.bytes)), given(m.sizes),
		unsafe.SliceData(m.answers), unsafe.SliceData(m.statuses))
	if err := statusError(status); err != nil {
		return nil, nil, err
	}
	return m.answered(), b.failures(func(i int) error { return matchers[i].explain(m.statuses[i]) }), nil
}

// Rollback undoes the last steps of each of many matchers: Matcher.Rollback for each.
func (b *Batch) Rollback(matchers []*Matcher, stepCounts []int) (failures []error, err error) {
	if err := sameCount("stepCounts", len(stepCounts), len(matchers)); err != nil {
		return nil, err
	}
	if err := b.begin(matchers); err != nil {
		return nil, err
	}
	defer b.end()
	m := b.memory
	m.sizes = m.sizes[:0]
	for _, count := range stepCounts {
		m.sizes = append(m.sizes, uintptr(count)) // a negative one is more than there are
	}
	status := raw.BatchRollback(b.handle.object, unsafe.SliceData(m.objects), uintptr(len(matchers)),
		given(m.sizes), unsafe.SliceData(m.statuses))
	if err := statusError(status); err != nil {
		return nil, err
	}
	return b.failures(func(i int) error {
		return matchers[i].explainSteps(m.statuses[i], stepCounts[i])
	}), nil
}

// ApplyF32 is BitmaskApplyF32 with the rows divided among the threads.
func (b *Batch) ApplyF32(logits []float32, masks []uint32, options *ApplyOptions) error {
	if err := b.acquire(); err != nil {
		return err
	}
	defer b.handle.release()
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BatchApplyF32(b.handle.object, unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// ApplyF16 is BitmaskApplyF16 with the rows divided among the threads.
func (b *Batch) ApplyF16(logits []uint16, masks []uint32, options *ApplyOptions) error {
	if err := b.acquire(); err != nil {
		return err
	}
	defer b.handle.release()
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BatchApplyF16(b.handle.object, unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// ApplyBF16 is BitmaskApplyBF16 with the rows divided among the threads.
func (b *Batch) ApplyBF16(logits []uint16, masks []uint32, options *ApplyOptions) error {
	if err := b.acquire(); err != nil {
		return err
	}
	defer b.handle.release()
	var memory arena
	var room raw.ApplyOptionsT
	rows, err := options.toC(&memory, &room)
	if err != nil {
		return err
	}
	status := raw.BatchApplyBf16(b.handle.object, unsafe.SliceData(logits), uintptr(len(logits)),
		unsafe.SliceData(masks), uintptr(len(masks)), rows)
	memory.free()
	return options.explain(status, len(logits), len(masks))
}

// begin takes the batch and the matchers of a call until end.
func (b *Batch) begin(matchers []*Matcher) error {
	if err := b.acquire(); err != nil {
		return err
	}
	m := b.memory
	m.matchers, m.objects = m.matchers[:0], m.objects[:0]
	for i, matcher := range matchers {
		if err := take(matchers, i); err != nil {
			b.end()
			return err
		}
		m.matchers = append(m.matchers, matcher)
		m.objects = append(m.objects, matcher.handle.object)
	}
	m.statuses, m.answers = sized(m.statuses, len(matchers)), sized(m.answers, len(matchers))
	if len(matchers) == 0 { // C tells no elements from no array
		m.objects = append(m.objects, nil)
	}
	return nil
}

func (b *Batch) end() {
	m := b.memory
	for _, matcher := range m.matchers {
		matcher.handle.release()
	}
	clear(m.matchers)
	clear(m.objects) // what is closed later is no pointer any more
	b.handle.release()
}

// take takes one of the matchers; those before it are taken.
func take(matchers []*Matcher, index int) error {
	matcher := matchers[index]
	if matcher == nil {
		return invalidArgument("matcher %d is nil", index)
	}
	err := matcher.handle.acquire()
	if err == nil {
		return nil
	}
	for i, before := range matchers[:index] {
		if before == matcher {
			return invalidArgument("matchers %d and %d are the same; expected each once", i, index)
		}
	}
	return invalidState(fmt.Sprintf("matcher %d: %s", index, err.(*Error).Message), err)
}

// failures are the errors of the matchers that failed; nil when none did.
func (b *Batch) failures(explain func(int) error) []error {
	m := b.memory
	failed := false
	for _, status := range m.statuses {
		failed = failed || status != int32(OK)
	}
	if !failed {
		return nil
	}
	m.failures = sized(m.failures, len(m.statuses))
	for i := range m.failures {
		m.failures[i] = nil
		if err := explain(i); err != nil {
			m.failures[i] = b.watch.now.explain(err)
		}
	}
	return m.failures
}

// answered are the answers of a call that accepts.
func (m *batchMemory) answered() []bool {
	m.accepted = sized(m.accepted, len(m.answers))
	for i, accepted := range m.answers {
		m.accepted[i] = accepted != 0
	}
	return m.accepted
}

// sized is a slice of some length, in the memory of an earlier one where that is large enough; never nil.
func sized[T any](items []T, size int) []T {
	if cap(items) < size || items == nil {
		return make([]T, size, max(size, 1))
	}
	return items[:size]
}

// given is where the items of a slice are, also of one without any.
func given[T any](items []T) *T {
	if items == nil {
		return new(T)
	}
	return unsafe.SliceData(items)
}

// sameCount is an error unless there is one for each matcher.
func sameCount(name string, count, wanted int) error {
	if count == wanted {
		return nil
	}
	return invalidArgument("%s has %d elements; expected %d, one for each matcher", name, count, wanted)
}

// fillMistake is what is wrong with the rows; C only says that something is.
func fillMistake(matchers []*Matcher, maskCount, maskWords int, rows []int32) error {
	for i, matcher := range matchers {
		if wanted := int(raw.MatcherMaskWords(matcher.handle.object)); maskWords < wanted {
			return invalidArgument("a row has %d words; expected at least %d, for matcher %d", maskWords, wanted, i)
		}
	}
	if text := rowMistake("rows", rows, held(maskCount, maskWords, maskWords), true); text != "" {
		return invalidArgument("%s", text)
	}
	return invalidArgument("the masks have %d words; expected %d rows of %d, each for one matcher",
		maskCount, len(matchers), maskWords)
}
