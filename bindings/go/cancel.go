package xgr

import (
	"context"
	"fmt"
	"time"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// CompileOptions is how one compile goes about it. Zero in any field means its default. A context
// stops a compile, so that there is no option for that.
type CompileOptions struct {
	// Timeout is how long this caller waits at most, in whole milliseconds: then the error is
	// ErrLimitExceeded. Default: as long as the context lives.
	Timeout time.Duration
	// BypassCache: neither takes the grammar from the cache nor leaves it there.
	BypassCache bool
}

// toC has the request of a context, which may be nil; of several options one is too many.
func (w *watch) toC(given []CompileOptions) (*raw.CompileOptionsT, error) {
	if len(given) > 1 {
		return nil, invalidArgument("%d CompileOptions; expected at most one", len(given))
	}
	if len(given) == 0 && w == nil {
		return nil, nil
	}
	options := &raw.CompileOptionsT{Cancel: w.request()}
	options.StructSize = unsafe.Sizeof(*options)
	for _, own := range given {
		if own.Timeout < 0 {
			return nil, invalidArgument("Timeout is negative; expected 0 for none, or a duration")
		}
		options.TimeoutMilliseconds = uint64(milliseconds(own.Timeout))
		options.BypassCache = flag(own.BypassCache)
	}
	return options, nil
}

// milliseconds rounds up, so that no wait is shorter than it should be.
func milliseconds(d time.Duration) int64 {
	whole := int64(d / time.Millisecond)
	if d%time.Millisecond > 0 {
		whole++
	}
	return whole
}

// watch makes a request of C when a context ends. A nil one watches nothing.
type watch struct {
	ctx    context.Context
	cancel *shared[raw.CancelT]
	stop   func() bool
}

// newWatch begins to watch; nil for a context that never ends.
func newWatch(ctx context.Context) (*watch, error) {
	if ctx == nil || ctx.Done() == nil {
		return nil, nil
	}
	var object *raw.CancelT
	if err := statusError(raw.CancelCreate(&object)); err != nil {
		return nil, err
	}
	cancel := &shared[raw.CancelT]{object: object, end: raw.CancelDestroy}
	if ctx.Err() != nil {
		raw.CancelRequest(object)
	}
	stop := context.AfterFunc(ctx, func() {
		if object := cancel.acquire(); object != nil {
			raw.CancelRequest(object)
			cancel.release()
		}
	})
	return &watch{ctx, cancel, stop}, nil
}

// request is what C watches; it is valid until end.
func (w *watch) request() *raw.CancelT {
	if w == nil {
		return nil
	}
	return w.cancel.object
}

// end stops watching.
func (w *watch) end() {
	if w != nil {
		w.stop()
		w.cancel.close()
	}
}

// explain gives an error that is due to the context the error of the context, too.
func (w *watch) explain(err error) error {
	failure, ok := err.(*Error)
	if !ok || w == nil || failure.Code != ErrCancelled || raw.CancelIsRequested(w.request()) == 0 {
		return err
	}
	return contextError(w.ctx)
}

// contextError is the error of a call whose context has ended.
func contextError(ctx context.Context) error {
	return &Error{Code: ErrCancelled, Message: fmt.Sprintf("stopped: %v", context.Cause(ctx)),
		ByteOffset: -1, cause: ctx.Err()}
}
