package xgr

import (
	"fmt"
	"sync"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Error says why a call failed and, for source texts, where.
//
// errors.Is compares it with a Status, errors.Is(err, xgr.ErrInvalidSource), and with ErrClosed, ErrBusy and
// ErrNoLibrary.
type Error struct {
	// Code is what went wrong, to act upon.
	Code Status
	// Message is one line that says what was wrong, where, and what would be accepted.
	Message string
	// ByteOffset is the place in the source text; -1 when unknown.
	ByteOffset int64
	// Line is the line of that place, the first is 1; 0 when unknown.
	Line int32
	// Column is the column of that place in code points, the first is 1; 0 when unknown.
	Column int32
	// JSONPointer is the place inside a JSON source; that of the document itself is "".
	JSONPointer string
	// HasJSONPointer tells whether there is such a place.
	HasJSONPointer bool
	// cause is the error of the context that stopped the call, or one of the errors below.
	cause error
}

// Error returns the message.
func (e *Error) Error() string { return "xgr: " + e.Message }

// Is reports whether target is the status of this error.
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && status == e.Code
}

// Unwrap returns the error of the context that stopped the call, so that errors.Is(err, context.Canceled), or
// ErrClosed, ErrBusy or ErrNoLibrary with more to tell.
func (e *Error) Unwrap() error { return e.cause }

// Error returns a short English sentence, so that a status is itself an error to compare with.
func (s Status) Error() string { return StatusMessage(s) }

// StatusMessage returns a short English sentence for a status, also an unknown one.
func StatusMessage(status Status) string {
	if raw.Load() != nil {
		return fmt.Sprintf("status %d", int32(status))
	}
	return nulTerminated(raw.StatusMessage(int32(status)))
}

// Version returns the version of the library: 1002003 is 1.2.3. It is 0 when there is no library.
func Version() int32 {
	if raw.Load() != nil {
		return 0
	}
	return raw.Version()
}

// Errors to compare with by errors.Is, beside each Status. All of them are ErrInvalidState, too.
var (
	// ErrClosed: a call after Close, or with an object that no function of this package made.
	ErrClosed error = invalidState("used after Close", nil)
	// ErrBusy: a call while another goroutine was inside one with the same object.
	ErrBusy error = invalidState("in use by another goroutine; give each goroutine a matcher of its own, as by Clone", nil)
	// ErrNoLibrary: the library was not found, or does not fit this package. Without cgo it is looked for
	// when it is first needed.
	ErrNoLibrary error = invalidState("no library", nil)
)

// invalidState is an error of this package; cause is what it is a case of, or nil.
func invalidState(message string, cause error) *Error {
	return &Error{Code: ErrInvalidState, Message: message, ByteOffset: -1, cause: cause}
}

// ready says whether the library is there and fits this package.
var ready = sync.OnceValue(func() error {
	if err := raw.Load(); err != nil {
		return invalidState(err.Error(), ErrNoLibrary)
	}
	const million, thousand = 1000000, 1000
	version := raw.Version()
	if version/million != raw.HeaderVersion/million || version/thousand < raw.HeaderVersion/thousand {
		message := fmt.Sprintf("the library has version number %d; this package needs the same major"+
			" version and at least %d", version, raw.HeaderVersion)
		return invalidState(message, ErrNoLibrary)
	}
	return nil
})

// statusError is the error of functions that report only a status.
func statusError(status int32) error {
	if status == int32(OK) {
		return nil
	}
	return &Error{Code: Status(status), Message: StatusMessage(Status(status)), ByteOffset: -1}
}

// invalidArgument is the error of functions that report only a status, when there is more to tell.
func invalidArgument(format string, values ...any) error {
	return &Error{Code: ErrInvalidArgument, Message: fmt.Sprintf(format, values...), ByteOffset: -1}
}

// sourceError takes over what a function wrote to its last parameter.
func sourceError(status int32, cause *raw.ErrorT) error {
	if status == int32(OK) || cause == nil {
		return statusError(status)
	}
	defer raw.ErrorDestroy(cause)
	var size uintptr
	message := copyText(raw.ErrorMessage(cause, &size), size)
	pointer := raw.ErrorJsonPointer(cause, &size)
	return &Error{
		Code:           Status(raw.ErrorStatus(cause)),
		Message:        message,
		ByteOffset:     raw.ErrorByteOffset(cause),
		Line:           raw.ErrorLine(cause),
		Column:         raw.ErrorColumn(cause),
		JSONPointer:    copyText(pointer, size),
		HasJSONPointer: pointer != nil,
	}
}

// copyText copies memory of the library; nil is "".
func copyText(data *byte, size uintptr) string {
	if data == nil {
		return ""
	}
	return string(unsafe.Slice(data, size))
}

func copyBytes(data *byte, size uintptr) []byte {
	if data == nil {
		return nil
	}
	return append([]byte{}, unsafe.Slice(data, size)...)
}

func copyIDs(data *int32, count uintptr) []int32 {
	if data == nil {
		return nil
	}
	return append([]int32{}, unsafe.Slice(data, count)...)
}

func nulTerminated(data *byte) string {
	if data == nil {
		return ""
	}
	size := uintptr(0)
	for *(*byte)(unsafe.Add(unsafe.Pointer(data), size)) != 0 {
		size++
	}
	return string(unsafe.Slice(data, size))
}
