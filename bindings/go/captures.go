package xgr

import (
	"iter"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// MatcherStats is what the masks of one matcher have cost, since it was created or cloned.
type MatcherStats struct {
	// Fills counts the masks that were filled or lent.
	Fills uint64
	// Hits counts the masks for which nothing had to be computed but their union.
	Hits uint64
	// PartsBuilt counts the mask parts that were computed for the others.
	PartsBuilt uint64
	// NodesVisited counts the nodes of the token trie that were visited for that.
	NodesVisited uint64
	// WalkNanoseconds is the time that took.
	WalkNanoseconds uint64
	// Prefetches counts the steps after which a thread was asked to prefetch.
	Prefetches uint64
}

// Stats returns what the masks of the matcher have cost.
func (m *Matcher) Stats() (MatcherStats, error) {
	if err := m.handle.share(); err != nil {
		return MatcherStats{}, err
	}
	defer m.handle.unshare()
	stats := raw.MatcherStatsT{StructSize: unsafe.Sizeof(raw.MatcherStatsT{})}
	err := statusError(raw.MatcherStats(m.handle.object, &stats))
	return MatcherStats{
		Fills: stats.Fills, Hits: stats.Hits, PartsBuilt: stats.PartsBuilt,
		NodesVisited: stats.NodesVisited, WalkNanoseconds: stats.WalkNanoseconds,
		Prefetches: stats.Prefetches,
	}, err
}

// Captures are the texts of those rules that the grammar gives a name, at one place of an output.
// They never change, and need neither the matcher nor the grammar.
type Captures struct{ handle *shared[raw.CapturesT] }

// Capture is one of the captures.
type Capture struct {
	// Name is the name that the grammar gives.
	Name string
	// Text is bytes of the output; it may begin or end inside a character.
	Text []byte
}

// Captures returns the texts of rules with a name in the output so far, in the order in which they
// were completed: the longest text each, or with allEvents one every time that a rule was complete.
func (m *Matcher) Captures(allEvents bool) (*Captures, error) {
	if err := m.handle.acquire(); err != nil {
		return nil, err
	}
	defer m.handle.release()
	var object *raw.CapturesT
	status := raw.MatcherCaptures(m.handle.object, flag(allEvents), &object)
	if err := m.explain(status); err != nil {
		return nil, err
	}
	captures := &Captures{}
	captures.handle = newShared(captures, object, raw.CapturesDestroy)
	return captures, nil
}

// Close destroys the captures. Closing twice does nothing.
func (c *Captures) Close() error {
	c.handle.close()
	return nil
}

// Size returns the number of captures; 0 after Close.
func (c *Captures) Size() int { return int(ask(c.handle, raw.CapturesSize)) }

// Get returns a copy of one of the captures; the first is 0.
func (c *Captures) Get(index int) (Capture, error) {
	object := c.handle.acquire()
	if object == nil {
		return Capture{}, ErrClosed
	}
	defer c.handle.release()
	capture := raw.CaptureT{StructSize: unsafe.Sizeof(raw.CaptureT{})}
	if err := statusError(raw.CapturesGet(object, uintptr(index), &capture)); err != nil {
		return Capture{}, err
	}
	return Capture{
		Name: copyText(capture.Name, capture.NameSize),
		Text: copyBytes(capture.Text, capture.TextSize),
	}, nil
}

// All goes through all captures.
func (c *Captures) All() iter.Seq[Capture] { return all(c.Size, c.Get) }

// all goes through what a size and a getter describe.
func all[T any](size func() int, get func(int) (T, error)) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range size() {
			item, err := get(i)
			if err != nil || !yield(item) {
				return
			}
		}
	}
}
