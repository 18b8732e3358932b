package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// JSONFormat is how JSON documents are laid out. Zero in any field means its default.
type JSONFormat struct {
	// ItemSeparator stands between items and between members; default ", " on one line, "," with
	// indentation. Must be "" with JSONLayoutFree.
	ItemSeparator string
	// KeySeparator stands between key and value; default ": ". Must be "" with JSONLayoutFree.
	KeySeparator string
	// Layout is where white space stands.
	Layout JSONLayout
	// Indent is the number of spaces a level, with JSONLayoutIndent.
	Indent int32
	// MaxWhitespace is the most white-space characters in one place, with JSONLayoutFree; default
	// no bound.
	MaxWhitespace int32
	// MaxDigits is the most digits in a row of numbers that the schema does not list; no limit for
	// numbers with a bound of as many digits; default no bound.
	MaxDigits int32
	// Escapes is which escapes strings and names have.
	Escapes JSONEscapes
}

func (f *JSONFormat) toC(a *arena) *raw.JsonFormatT {
	if f == nil {
		return nil
	}
	format := &raw.JsonFormatT{
		Layout: int32(f.Layout), Indent: f.Indent, MaxWhitespace: f.MaxWhitespace,
		MaxDigits: f.MaxDigits, Escapes: int32(f.Escapes)}
	format.StructSize = unsafe.Sizeof(*format)
	format.ItemSeparator, format.ItemSeparatorSize = a.text(f.ItemSeparator)
	format.KeySeparator, format.KeySeparatorSize = a.text(f.KeySeparator)
	return format
}

// RemoteSchema is a schema that references in another schema may lead to.
type RemoteSchema struct {
	// URI is what references name it by; a fragment is ignored.
	URI string
	// Text is the schema; it is read when a reference leads to it.
	Text string
}

// JSONSchemaOptions is how a JSON Schema is read. Zero in any field means its default.
type JSONSchemaOptions struct {
	// Remotes are schemas outside the document that references may lead to. Nothing is fetched.
	Remotes []RemoteSchema
	// Strict: objects and arrays have only the members and items that the schema describes, unless
	// it opens them itself.
	Strict bool
	// Formats is what "format" means.
	Formats Formats
	// Draft of schemas without $schema: 4, 6, 7, 2019 or 2020; default 2020.
	Draft int32
	// AnyOrder: the properties of an object come in any order. Default: as the schema declares them.
	AnyOrder bool
	// Lenient: keywords that cannot be enforced are left out. Default: they are refused.
	Lenient bool
	// UniqueNames: undeclared names of an object differ from each other, too, also in objects that
	// the schema does not describe.
	UniqueNames bool
	// UnknownKeywords is whether names that no draft defines, keywords of other drafts and a $schema
	// that names no known draft are refused.
	UnknownKeywords UnknownKeywords
	// Deferred: the text is read when the source is first compiled, checked or printed. Default: when
	// the source is made.
	Deferred bool
}

func (o *JSONSchemaOptions) toC(a *arena) *raw.JsonSchemaOptionsT {
	if o == nil {
		return nil
	}
	remotes := make([]raw.RemoteSchemaT, len(o.Remotes))
	for i, remote := range o.Remotes {
		remotes[i].StructSize = unsafe.Sizeof(remotes[i])
		remotes[i].Uri, remotes[i].UriSize = a.givenText(remote.URI)
		remotes[i].Text, remotes[i].TextSize = a.givenText(remote.Text)
	}
	options := &raw.JsonSchemaOptionsT{
		Strict: flag(o.Strict), Formats: int32(o.Formats), Draft: o.Draft,
		AnyOrder: flag(o.AnyOrder), Lenient: flag(o.Lenient), UniqueNames: flag(o.UniqueNames),
		UnknownKeywords: int32(o.UnknownKeywords), Deferred: flag(o.Deferred)}
	options.StructSize = unsafe.Sizeof(*options)
	options.Remotes, options.RemoteCount = slice(a, remotes)
	return options
}
