package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// GrammarSource is a language that is not tied to a tokenizer: made from a text or from other
// sources. It is immutable: any goroutines use it at once.
type GrammarSource struct{ handle *shared[raw.GrammarSourceT] }

// acquire lends the object until release; nil when there is none any more.
func (s *GrammarSource) acquire() *raw.GrammarSourceT {
	if s == nil {
		return nil
	}
	return s.handle.acquire()
}

// newSource makes a source by one of the functions of C.
func newSource(call func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32) (*GrammarSource, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	var object *raw.GrammarSourceT
	var cause *raw.ErrorT
	status := call(&object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	source := &GrammarSource{}
	source.handle = newShared(source, object, raw.GrammarSourceDestroy)
	return source, nil
}

// GrammarSourceFromEBNF makes a source from a grammar in EBNF or GBNF. options may be nil.
func GrammarSourceFromEBNF(grammar string, options *EBNFOptions) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	data, size := text(grammar)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromEbnf(data, size, options.toC(&memory), out, cause)
	})
}

// GrammarSourceFromRegex makes a source from a regular expression. options may be nil.
func GrammarSourceFromRegex(pattern string, options *RegexOptions) (*GrammarSource, error) {
	data, size := text(pattern)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromRegex(data, size, options.toC(), out, cause)
	})
}

// GrammarSourceFromLark makes a source from a Lark text. options may be nil.
func GrammarSourceFromLark(grammar string, options *LarkOptions) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	settings, err := options.toC(&memory)
	if err != nil {
		return nil, err
	}
	data, size := text(grammar)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromLark(data, size, settings, out, cause)
	})
}

// GrammarSourceFromJSONSchema makes a source from a JSON Schema. format and options may be nil.
func GrammarSourceFromJSONSchema(schema string, format *JSONFormat,
	options *JSONSchemaOptions) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	data, size := text(schema)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromJsonSchema(data, size, format.toC(&memory),
			options.toC(&memory), out, cause)
	})
}

// GrammarSourceFromStructuralTag makes a source from a structural tag: free text, and tags in it whose
// content has a grammar. Tokens that it names by their text are looked up when it is compiled. options
// may be nil.
func GrammarSourceFromStructuralTag(tag string, options *StructuralTagOptions) (*GrammarSource, error) {
	data, size := text(tag)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromStructuralTag(data, size, options.toC(), out, cause)
	})
}

// GrammarSourceFromJSON makes a source for all JSON documents. format may be nil.
func GrammarSourceFromJSON(format *JSONFormat) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromJson(format.toC(&memory), out, cause)
	})
}

// GrammarSourceFromChoices makes a source for the texts of a list.
func GrammarSourceFromChoices(texts ...string) (*GrammarSource, error) {
	bytes, sizes := joined(texts)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromChoices(unsafe.SliceData(bytes), uintptr(len(bytes)),
			unsafe.SliceData(sizes), uintptr(len(sizes)), out, cause)
	})
}

// GrammarSourceFromSubstring makes a source for any run of neighbouring chunks of a text, and for
// the empty text.
func GrammarSourceFromSubstring(chunks ...string) (*GrammarSource, error) {
	bytes, sizes := joined(chunks)
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceFromSubstring(unsafe.SliceData(bytes), uintptr(len(bytes)),
			unsafe.SliceData(sizes), uintptr(len(sizes)), out, cause)
	})
}

// GrammarSourceUnion makes a source for the texts that belong to at least one of the sources.
func GrammarSourceUnion(sources ...*GrammarSource) (*GrammarSource, error) {
	return combined(sources, raw.GrammarSourceUnion)
}

// GrammarSourceConcat makes a source for a text of the first source, then one of the second, and so on.
func GrammarSourceConcat(sources ...*GrammarSource) (*GrammarSource, error) {
	return combined(sources, raw.GrammarSourceConcat)
}

// combined lends all sources to one function of C.
func combined(sources []*GrammarSource, combine func(**raw.GrammarSourceT, uintptr,
	**raw.GrammarSourceT, **raw.ErrorT) int32) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	objects := make([]*raw.GrammarSourceT, len(sources), len(sources)+1)
	for i, source := range sources {
		if objects[i] = memory.source(source); objects[i] == nil {
			return nil, ErrClosed
		}
	}
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return combine(unsafe.SliceData(objects), uintptr(len(objects)), out, cause)
	})
}

// Repeat makes a source for min to max texts of the source, one behind the other; max -1: no bound.
func (s *GrammarSource) Repeat(min, max int32) (*GrammarSource, error) {
	object := s.acquire()
	if object == nil {
		return nil, ErrClosed
	}
	defer s.handle.release()
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceRepeat(object, min, max, out, cause)
	})
}

// Intersection makes a source for the texts that belong to both sources. One of them is regular.
func (s *GrammarSource) Intersection(second *GrammarSource) (*GrammarSource, error) {
	var memory arena
	defer memory.free()
	object, other := memory.source(s), memory.source(second)
	if object == nil || other == nil {
		return nil, ErrClosed
	}
	return newSource(func(out **raw.GrammarSourceT, cause **raw.ErrorT) int32 {
		return raw.GrammarSourceIntersection(object, other, out, cause)
	})
}

// Close destroys the source; what was made from it stays valid. Closing twice does nothing.
func (s *GrammarSource) Close() error {
	s.handle.close()
	return nil
}

// Check finds out whether the source can be compiled, without compiling it; nil when it can.
func (s *GrammarSource) Check() error {
	object := s.acquire()
	if object == nil {
		return ErrClosed
	}
	defer s.handle.release()
	var cause *raw.ErrorT
	status := raw.GrammarSourceCheck(object, &cause)
	return sourceError(status, cause)
}

// Print prints the source as EBNF that compiles to the same language; simplify: with fewer and
// shorter rules, where that is possible.
func (s *GrammarSource) Print(simplify bool) (string, error) {
	object := s.acquire()
	if object == nil {
		return "", ErrClosed
	}
	defer s.handle.release()
	return printed(func(data *byte, capacity uintptr, size *uintptr, cause **raw.ErrorT) int32 {
		return raw.GrammarSourcePrint(object, flag(simplify), data, capacity, size, cause)
	})
}
