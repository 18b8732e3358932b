package xgr

import (
	"iter"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// ReplyReader reads one reply of a chat model back, as it comes in. Bytes go in, cut anywhere, and events
// come out as soon as they are certain. It needs neither a grammar nor a matcher. One goroutine uses a
// reader at a time.
type ReplyReader struct {
	handle *confined[raw.ReplyReaderT]
}

// ReplyReaderOptions are the options of NewReplyReader; nil means the defaults.
type ReplyReaderOptions struct {
	// Begin says where the reply begins. Default: ReplyBeginAuto.
	Begin ReplyBegin
}

// ReplyEvent is what a reader found.
type ReplyEvent struct {
	// Kind is what was found; ReplyEventNone: nothing until more bytes come.
	Kind ReplyEventKind
	// Text of the event. It never ends inside of a character that goes on.
	Text string
	// ID of a call that begins, "" when it has none.
	ID string
	// Problem is one line: what is wrong or missing; "" when nothing is.
	Problem string
	// ByteOffset is the place in the reply; where a call is malformed, of the first byte that does not fit.
	ByteOffset uint64
	// Call is the number of the call, the first is 0; 0 for events of other kinds.
	Call int32
}

// NewReplyReader makes a reader of a reply.
//
// family is the name or an alias of a family of the library, the text of a family file, or a response
// template: the member response_template of a tokenizer_config.json, or that whole file. request is the
// JSON text of the request that is answered; it tells whether the reply begins inside of the reasoning, and
// by its tools the types of arguments where the family does not write them. Where it is "", no request is
// known: every name is one of a function, and such arguments are strings, arrays or objects. The tokenizer,
// which may be nil, tells the suffix of markers where a family has one.
func NewReplyReader(family, request string, tokenizer *Tokenizer, options *ReplyReaderOptions) (*ReplyReader, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var vocabulary *raw.TokenizerT
	if tokenizer != nil {
		if vocabulary = tokenizer.handle.acquire(); vocabulary == nil {
			return nil, ErrClosed
		}
		defer tokenizer.handle.release()
	}
	name, nameSize := text(family)
	var asked *byte
	var askedSize uintptr
	if request != "" {
		asked, askedSize = text(request)
	}
	var object *raw.ReplyReaderT
	var cause *raw.ErrorT
	status := raw.ReplyReaderCreate(
		name, nameSize, asked, askedSize, vocabulary, options.toC(), &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	reader := &ReplyReader{}
	reader.handle = newConfined(reader, object, raw.ReplyReaderDestroy)
	return reader, nil
}

func (o *ReplyReaderOptions) toC() *raw.ReplyReaderOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.ReplyReaderOptionsT{Begin: int32(o.Begin)}
	options.StructSize = unsafe.Sizeof(*options)
	return options
}

// Close destroys the reader; events stay valid. Closing twice does nothing.
func (r *ReplyReader) Close() error {
	r.handle.close()
	return nil
}

var (
	errReaderBusy = invalidState("in use by another goroutine; give each reply a reader of its own", ErrBusy)
	errReplyOver  = invalidState("the reply is over; expected a reader that is not finished", nil)
)

func (r *ReplyReader) acquire() error {
	err := r.handle.acquire()
	if err == ErrBusy {
		return errReaderBusy
	}
	return err
}

// Feed gives the reader the next bytes of its reply; they may end anywhere. Special tokens count with the
// text of their names; tokens that end the reply may be left out. What may still become a marker is held
// back; events of all else are ready when this returns. After ErrOutOfMemory a reader can only be closed.
func (r *ReplyReader) Feed(bytes []byte) error {
	if err := r.acquire(); err != nil {
		return err
	}
	defer r.handle.release()
	status := raw.ReplyReaderFeed(r.handle.object, unsafe.SliceData(bytes), uintptr(len(bytes)))
	return readerError(status)
}

// Finish tells the reader that its reply is over. Its last event will be ReplyEventEnd.
func (r *ReplyReader) Finish() error {
	if err := r.acquire(); err != nil {
		return err
	}
	defer r.handle.release()
	return readerError(raw.ReplyReaderFinish(r.handle.object))
}

// readerError says what C does not: why the state is wrong.
func readerError(status int32) error {
	if status == int32(ErrInvalidState) {
		return errReplyOver
	}
	return statusError(status)
}

// NextEvent takes the next event, as a copy; its kind is ReplyEventNone when there is none.
func (r *ReplyReader) NextEvent() (ReplyEvent, error) {
	if err := r.acquire(); err != nil {
		return ReplyEvent{}, err
	}
	defer r.handle.release()
	found := raw.ReplyEventT{StructSize: unsafe.Sizeof(raw.ReplyEventT{})}
	if err := statusError(raw.ReplyReaderNextEvent(r.handle.object, &found)); err != nil {
		return ReplyEvent{}, err
	}
	return ReplyEvent{
		Kind:       ReplyEventKind(found.Kind),
		Text:       copyText(found.Text, found.TextSize),
		ID:         copyText(found.Id, found.IdSize),
		Problem:    copyText(found.Problem, found.ProblemSize),
		ByteOffset: found.ByteOffset, Call: found.Call,
	}, nil
}

// Events goes through the events that are there, and takes each; none after Close.
func (r *ReplyReader) Events() iter.Seq[ReplyEvent] {
	return func(yield func(ReplyEvent) bool) {
		for {
			event, err := r.NextEvent()
			if err != nil || event.Kind == ReplyEventNone || !yield(event) {
				return
			}
		}
	}
}
