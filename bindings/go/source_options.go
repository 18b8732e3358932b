package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// EBNFOptions is how a grammar in EBNF is read. Zero in any field means its default.
type EBNFOptions struct {
	// RootRule is the name of the rule to match; default "root".
	RootRule string
	// Dialect is the notation.
	Dialect EBNFDialect
	// Deferred: the text is read when the source is first compiled, checked or printed. Default: when
	// the source is made.
	Deferred bool
}

func (o *EBNFOptions) toC(a *arena) *raw.EbnfOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.EbnfOptionsT{Dialect: int32(o.Dialect), Deferred: flag(o.Deferred)}
	options.StructSize = unsafe.Sizeof(*options)
	options.RootRule, options.RootRuleSize = a.text(o.RootRule)
	return options
}

// RegexOptions is how a regular expression is read. Zero in any field means its default.
type RegexOptions struct {
	// Search: texts that contain a match. Default: the whole text is one.
	Search bool
	// Dialect is whose regular expressions the pattern is one of.
	Dialect RegexDialect
	// Flags are combined by |.
	Flags RegexFlags
	// Deferred: the text is read when the source is first compiled, checked or printed. Default: when
	// the source is made.
	Deferred bool
}

func (o *RegexOptions) toC() *raw.RegexOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.RegexOptionsT{
		Search: flag(o.Search), Dialect: int32(o.Dialect), Flags: int32(o.Flags),
		Deferred: flag(o.Deferred)}
	options.StructSize = unsafe.Sizeof(*options)
	return options
}

// NamedGrammar is a grammar that a Lark text may name: @name. Either a text or a source.
type NamedGrammar struct {
	// Name is the name, without @.
	Name string
	// Text is Lark; it may name others of the list.
	Text string
	// Source is what the name means when there is no text.
	Source *GrammarSource
}

// LarkOptions is how a Lark text is read. Zero in any field means its default.
type LarkOptions struct {
	// Named are grammars that the text may name.
	Named []NamedGrammar
	// Deferred: the text is read when the source is first compiled, checked or printed. Default: when
	// the source is made.
	Deferred bool
}

func (o *LarkOptions) toC(a *arena) (*raw.LarkOptionsT, error) {
	if o == nil {
		return nil, nil
	}
	named := make([]raw.NamedGrammarT, len(o.Named))
	for i, grammar := range o.Named {
		item := &named[i]
		item.StructSize = unsafe.Sizeof(*item)
		item.Name, item.NameSize = a.givenText(grammar.Name)
		if grammar.Source == nil {
			item.Text, item.TextSize = a.givenText(grammar.Text)
			continue
		}
		item.Text, item.TextSize = a.text(grammar.Text)
		if item.Source = a.source(grammar.Source); item.Source == nil {
			return nil, ErrClosed
		}
	}
	options := &raw.LarkOptionsT{Deferred: flag(o.Deferred)}
	options.StructSize = unsafe.Sizeof(*options)
	options.Named, options.NamedCount = slice(a, named)
	return options, nil
}

// StructuralTagOptions is how a structural tag is read. Zero in any field means its default.
type StructuralTagOptions struct {
	// OpenSchemas: objects and arrays of the schemas inside are open as the standard says. Default: they
	// have only the members and items that a schema describes, unless it opens them itself.
	OpenSchemas bool
	// Formats is what "format" means in the schemas inside.
	Formats Formats
	// Lenient: keywords of the schemas inside that cannot be enforced are left out. Default: they are
	// refused.
	Lenient bool
	// Deferred: the text is read when the source is first compiled, checked or printed. Default: when
	// the source is made.
	Deferred bool
}

func (o *StructuralTagOptions) toC() *raw.StructuralTagOptionsT {
	if o == nil {
		return nil
	}
	options := &raw.StructuralTagOptionsT{
		OpenSchemas: flag(o.OpenSchemas), Formats: int32(o.Formats), Lenient: flag(o.Lenient),
		Deferred: flag(o.Deferred)}
	options.StructSize = unsafe.Sizeof(*options)
	return options
}
