package xgr

import (
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// Close of every object returns nil, also when it was closed before.
var _ = []io.Closer{
	(*Batch)(nil), (*Captures)(nil), (*CompileJob)(nil), (*Compiler)(nil), (*Diagnostics)(nil), (*Grammar)(nil),
	(*GrammarSource)(nil), (*JSONSchemaReport)(nil), (*Matcher)(nil), (*ReplyReader)(nil), (*Tokenizer)(nil),
}

// shared is a C object that any goroutines use at once. Close takes effect when the last of them is
// done with it, so nobody ever waits and nothing is used after it was destroyed.
type shared[T any] struct {
	mutex  sync.Mutex
	object *T
	users  int
	closed bool
	end    func(*T)
}

// newShared keeps an object; it is destroyed by close, or when owner is garbage.
func newShared[O, T any](owner *O, object *T, end func(*T)) *shared[T] {
	handle := &shared[T]{object: object, end: end}
	runtime.AddCleanup(owner, (*shared[T]).close, handle)
	return handle
}

// acquire lends the object until release; nil after close.
func (h *shared[T]) acquire() *T {
	if h == nil {
		return nil
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed {
		return nil
	}
	h.users++
	return h.object
}

func (h *shared[T]) release() {
	h.mutex.Lock()
	h.users--
	last := h.closed && h.users == 0
	h.mutex.Unlock()
	if last {
		h.end(h.object)
	}
}

func (h *shared[T]) close() {
	if h == nil {
		return
	}
	h.mutex.Lock()
	last := !h.closed && h.users == 0
	h.closed = true
	h.mutex.Unlock()
	if last {
		h.end(h.object)
	}
}

// confined is a C object that one goroutine changes at a time, or several ask. Who comes at the wrong
// time is told so. Close takes effect when nobody is inside a call.
type confined[T any] struct {
	object *T
	state  atomic.Uint32 // how many are asking, and the bits below
	end    func(*T)
}

const (
	changing = 1 << 31 // a goroutine is inside a call that changes the object
	closed   = 1 << 30 // Close was called
)

func newConfined[O, T any](owner *O, object *T, end func(*T)) *confined[T] {
	handle := &confined[T]{object: object, end: end}
	runtime.AddCleanup(owner, (*confined[T]).close, handle)
	return handle
}

// acquire takes the object, to change it, until release; or says why it cannot be had.
func (h *confined[T]) acquire() error {
	switch {
	case h == nil:
		return ErrClosed
	case h.state.CompareAndSwap(0, changing):
		return nil
	case h.state.Load()&closed != 0:
		return ErrClosed
	}
	return ErrBusy
}

func (h *confined[T]) release() {
	if h.state.Add(changing) == closed { // adding the highest bit again takes it off
		h.end(h.object)
	}
}

// share takes the object, to ask it beside others, until unshare; or says why it cannot be had.
func (h *confined[T]) share() error {
	if h == nil {
		return ErrClosed
	}
	for {
		switch state := h.state.Load(); {
		case state&closed != 0:
			return ErrClosed
		case state&changing != 0:
			return ErrBusy
		case h.state.CompareAndSwap(state, state+1):
			return nil
		}
	}
}

func (h *confined[T]) unshare() {
	if h.state.Add(^uint32(0)) == closed {
		h.end(h.object)
	}
}

func (h *confined[T]) close() {
	if h != nil && h.state.Or(closed) == 0 {
		h.end(h.object)
	}
}
