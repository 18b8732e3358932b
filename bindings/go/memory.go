package xgr

import (
	"runtime"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// nothing is what an empty text points to: C tells "" from no text at all.
var nothing [1]byte

// text is the memory of a string, for the time of a call.
func text(s string) (*byte, uintptr) {
	if s == "" {
		return &nothing[0], 0
	}
	return unsafe.StringData(s), uintptr(len(s))
}

// contentsOf is the memory of bytes, for the time of a call.
func contentsOf(bytes []byte) (*byte, uintptr) {
	if len(bytes) == 0 {
		return &nothing[0], 0
	}
	return unsafe.SliceData(bytes), uintptr(len(bytes))
}

// arena holds what structs that C reads point to: memory of Go in place, sources in use.
type arena struct {
	pinner  runtime.Pinner
	sources []*GrammarSource
}

func (a *arena) free() {
	a.pinner.Unpin()
	for _, source := range a.sources {
		source.handle.release()
	}
}

// source is the object of a source, which stays until free; nil when it is closed.
func (a *arena) source(s *GrammarSource) *raw.GrammarSourceT {
	object := s.acquire()
	if object != nil {
		a.sources = append(a.sources, s)
	}
	return object
}

// text is the memory of a string; none for "", which means the default.
func (a *arena) text(s string) (*byte, uintptr) {
	if s == "" {
		return nil, 0
	}
	a.pinner.Pin(unsafe.StringData(s))
	return unsafe.StringData(s), uintptr(len(s))
}

// givenText is the same where "" is a value.
func (a *arena) givenText(s string) (*byte, uintptr) {
	if s != "" {
		return a.text(s)
	}
	a.pinner.Pin(&nothing[0])
	return &nothing[0], 0
}

// slice is the memory of a slice; none for an empty one.
func slice[T any](a *arena, items []T) (*T, uintptr) {
	if len(items) == 0 {
		return nil, 0
	}
	a.pinner.Pin(unsafe.SliceData(items))
	return unsafe.SliceData(items), uintptr(len(items))
}

// list is the memory of a list: nil is none at all, another empty one is one without items.
func list(a *arena, items []int32) (*int32, uintptr) {
	if items != nil && len(items) == 0 {
		items = make([]int32, 1)[:0]
		a.pinner.Pin(unsafe.SliceData(items))
		return unsafe.SliceData(items), 0
	}
	return slice(a, items)
}

// joined is all texts end to end, and the length of each.
func joined[T ~string | ~[]byte](texts []T) ([]byte, []uint32) {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	bytes, sizes := make([]byte, 0, size+1), make([]uint32, len(texts), len(texts)+1)
	for i, text := range texts {
		bytes = append(bytes, text...)
		sizes[i] = uint32(len(text))
	}
	return bytes, sizes
}

func flag(on bool) int32 {
	if on {
		return 1
	}
	return 0
}
