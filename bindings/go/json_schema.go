package xgr

import (
	"iter"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// JSONSchemaReport tells what becomes of the keywords of a JSON Schema. It is immutable: any
// goroutines use it at once.
type JSONSchemaReport struct {
	handle *shared[raw.JsonSchemaReportT]
}

// JSONSchemaEntry tells what becomes of one keyword.
type JSONSchemaEntry struct {
	// Keyword is its name.
	Keyword string
	// Pointer is its place as a JSON Pointer; in a schema that a reference led to, its URI, "#" and
	// the pointer there.
	Pointer string
	// Reason is why the keyword is not enforced; "" when it is.
	Reason string
	// Outcome is what becomes of it.
	Outcome KeywordOutcome
}

// JSONSchemaCheck finds out what becomes of each keyword of a JSON Schema. options may be nil.
func JSONSchemaCheck(schema string, options *JSONSchemaOptions) (*JSONSchemaReport, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var memory arena
	defer memory.free()
	data, size := text(schema)
	var object *raw.JsonSchemaReportT
	var cause *raw.ErrorT
	status := raw.JsonSchemaCheck(data, size, options.toC(&memory), &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	report := &JSONSchemaReport{}
	report.handle = newShared(report, object, raw.JsonSchemaReportDestroy)
	return report, nil
}

// Close destroys the report. Closing twice does nothing.
func (r *JSONSchemaReport) Close() error {
	r.handle.close()
	return nil
}

// Size returns the number of entries; 0 after Close.
func (r *JSONSchemaReport) Size() int { return int(ask(r.handle, raw.JsonSchemaReportSize)) }

// Entry returns a copy of an entry; the first is 0.
func (r *JSONSchemaReport) Entry(index int) (JSONSchemaEntry, error) {
	object := r.handle.acquire()
	if object == nil {
		return JSONSchemaEntry{}, ErrClosed
	}
	defer r.handle.release()
	entry := raw.JsonSchemaEntryT{StructSize: unsafe.Sizeof(raw.JsonSchemaEntryT{})}
	if err := statusError(raw.JsonSchemaReportEntry(object, uintptr(index), &entry)); err != nil {
		return JSONSchemaEntry{}, err
	}
	return JSONSchemaEntry{
		Keyword: copyText(entry.Keyword, entry.KeywordSize),
		Pointer: copyText(entry.Pointer, entry.PointerSize),
		Reason:  copyText(entry.Reason, entry.ReasonSize),
		Outcome: KeywordOutcome(entry.Outcome),
	}, nil
}

// All goes through all entries, in the order of the document.
func (r *JSONSchemaReport) All() iter.Seq[JSONSchemaEntry] { return all(r.Size, r.Entry) }
