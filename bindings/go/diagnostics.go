package xgr

import (
	"iter"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Diagnostics tell what the author of a source may want to know although it compiles. They are no
// errors. They never change, and need no grammar.
type Diagnostics struct {
	handle *shared[raw.DiagnosticsT]
}

// Diagnostic is one of them.
type Diagnostic struct {
	// Code is what it is about.
	Code DiagnosticCode
	// Message is one line: what does not do what it seems to, and what to write instead.
	Message string
	// Subject is the keyword or special token that it is about.
	Subject string
	// Pointer is the place in a JSON source as a JSON Pointer, in a schema that a reference led to
	// after its URI and "#"; HasPointer tells it from the pointer of a whole document, which is "".
	Pointer    string
	HasPointer bool
	// ByteOffset is the place in the source text; -1 when unknown.
	ByteOffset int64
	// Line and Column, in code points, begin at 1; 0 when unknown.
	Line, Column int32
}

// Diagnostics returns what compiling the grammar has noticed; most grammars have none.
func (g *Grammar) Diagnostics() (*Diagnostics, error) {
	grammar := g.handle.acquire()
	if grammar == nil {
		return nil, ErrClosed
	}
	defer g.handle.release()
	var object *raw.DiagnosticsT
	if err := statusError(raw.GrammarDiagnostics(grammar, &object)); err != nil {
		return nil, err
	}
	diagnostics := &Diagnostics{}
	diagnostics.handle = newShared(diagnostics, object, raw.DiagnosticsDestroy)
	return diagnostics, nil
}

// Close destroys the diagnostics. Closing twice does nothing.
func (d *Diagnostics) Close() error {
	d.handle.close()
	return nil
}

// Size returns the number of diagnostics; 0 after Close.
func (d *Diagnostics) Size() int { return int(ask(d.handle, raw.DiagnosticsSize)) }

// Get returns a copy of one of the diagnostics; the first is 0.
func (d *Diagnostics) Get(index int) (Diagnostic, error) {
	object := d.handle.acquire()
	if object == nil {
		return Diagnostic{}, ErrClosed
	}
	defer d.handle.release()
	found := raw.DiagnosticT{StructSize: unsafe.Sizeof(raw.DiagnosticT{})}
	if err := statusError(raw.DiagnosticsGet(object, uintptr(index), &found)); err != nil {
		return Diagnostic{}, err
	}
	return Diagnostic{
		Code:       DiagnosticCode(found.Code),
		Message:    copyText(found.Message, found.MessageSize),
		Subject:    copyText(found.Subject, found.SubjectSize),
		Pointer:    copyText(found.Pointer, found.PointerSize),
		HasPointer: found.Pointer != nil,
		ByteOffset: found.ByteOffset, Line: found.Line, Column: found.Column,
	}, nil
}

// All goes through all diagnostics, in the order of the source.
func (d *Diagnostics) All() iter.Seq[Diagnostic] { return all(d.Size, d.Get) }
