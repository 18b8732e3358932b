package xgr

import (
	"runtime"
	"sync"
	"sync/atomic"
)

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

// States of a confined object.
const (
	idle    = iota
	busy    // a goroutine is inside a call
	closing // a goroutine is inside a call, and Close was called
	closed
)

// confined is a C object that one goroutine uses at a time. A second one is told so.
type confined[T any] struct {
	object *T
	state  atomic.Uint32
	end    func(*T)
}

func newConfined[O, T any](owner *O, object *T, end func(*T)) *confined[T] {
	handle := &confined[T]{object: object, end: end}
	runtime.AddCleanup(owner, (*confined[T]).close, handle)
	return handle
}

// acquire takes the object until release, or says why it cannot be had.
func (h *confined[T]) acquire() error {
	if h == nil {
		return errClosed
	}
	if h.state.CompareAndSwap(idle, busy) {
		return nil
	}
	if h.state.Load() == busy {
		return errBusy
	}
	return errClosed
}

func (h *confined[T]) release() {
	if !h.state.CompareAndSwap(busy, idle) {
		h.state.Store(closed)
		h.end(h.object)
	}
}

func (h *confined[T]) close() {
	for h != nil {
		switch {
		case h.state.CompareAndSwap(idle, closed):
			h.end(h.object)
			return
		case h.state.CompareAndSwap(busy, closing) || h.state.Load() >= closing:
			return
		}
	}
}
