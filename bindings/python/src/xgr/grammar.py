"""Grammar: a language as a value, before any tokenizer."""
from __future__ import annotations

from ._handle import Handle
from ._library import ffi, lib, owned, printed, utf8
from ._options import (ebnf_options, json_format, lark_options, regex_options, schema_options,
                       schema_text)
from .error import raise_error
from .structural_tag import structural_tag_options, structural_tag_text


def _made(call, *arguments):
    return Grammar(owned("grammar_source", call, *arguments))


def _join(texts):
    """All texts end to end, their sizes, and how many there are."""
    parts = [utf8(text) for text in texts]
    data = b"".join(parts)
    sizes = ffi.new("uint32_t[]", [len(part) for part in parts])
    return data, len(data), sizes, len(parts)


def _handle_of(grammar):
    if not isinstance(grammar, Grammar):
        raise TypeError(f"{type(grammar).__name__} is no Grammar")
    return grammar._handle


def _made_of(call, grammars):
    handles = [_handle_of(grammar) for grammar in grammars]
    return _made(call, ffi.new("xgr_grammar_source_t *[]", handles), len(handles))


class Grammar(Handle):
    """A language that is not tied to a tokenizer. Made by the from_ methods and from other grammars;
    GrammarCompiler.compile_grammar compiles it. Immutable; any number of threads share it.

      greeting = Grammar.from_choices(["hello ", "good morning "]) + Grammar.from_regex("[A-Z][a-z]*")
      str(greeting)       # EBNF

    deferred    the text is read when the grammar is compiled, checked, printed or intersected, and what
                is wrong with it shows there; otherwise when the Grammar is made
    """

    __slots__ = ()

    def __init__(self, handle):
        self._handle = handle

    @staticmethod
    def from_ebnf(text: str | bytes, *, root_rule_name="root", dialect="auto",
                  deferred=False) -> Grammar:
        """From EBNF or GBNF. dialect: "auto", "ebnf" or "gbnf"."""
        data = utf8(text)
        options, keep = ebnf_options(root_rule_name, dialect, deferred)
        grammar = _made(lib.xgr_grammar_source_from_ebnf, data, len(data), options)
        del keep
        return grammar

    @staticmethod
    def from_regex(regex: str | bytes, *, search=False, dialect="pcre", flags=0,
                   deferred=False) -> Grammar:
        """From a regular expression: texts that match as a whole, or with search contain a match.
        dialect: "pcre" or "ecma". flags: RegexFlags, combined by |."""
        data = utf8(regex)
        return _made(lib.xgr_grammar_source_from_regex, data, len(data),
                     regex_options(search, dialect, flags, deferred))

    @staticmethod
    def from_lark(text: str | bytes, *, named_grammars=None, deferred=False) -> Grammar:
        """From a Lark grammar.

        named_grammars   what @name in it stands for: a Grammar, or Lark text, which may name the others
        """
        data = utf8(text)
        options, keep = lark_options(named_grammars, deferred)
        grammar = _made(lib.xgr_grammar_source_from_lark, data, len(data), options)
        del keep
        return grammar

    @staticmethod
    def from_json_schema(schema, *, any_whitespace=True, indent=None, separators=None,
                         strict_mode=False, max_whitespace_cnt=None, formats="enforce", draft=None,
                         remotes=None, any_order=False, unique_names=False,
                         lenient=False, escapes="any",
                         unknown_keywords="ignore", deferred=False) -> Grammar:
        """From a JSON Schema; see GrammarCompiler.compile_json_schema."""
        source = schema_text(schema)
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes)
        options, keep_too = schema_options(
            strict_mode=strict_mode, formats=formats, draft=draft, remotes=remotes,
            any_order=any_order, unique_names=unique_names, lenient=lenient,
            unknown_keywords=unknown_keywords, deferred=deferred)
        grammar = _made(lib.xgr_grammar_source_from_json_schema, source, len(source), layout, options)
        del keep, keep_too
        return grammar

    @staticmethod
    def from_structural_tag(structural_tag=None, triggers=None, *, tags=None, open_schemas=False,
                            formats="enforce", lenient=False, deferred=False) -> Grammar:
        """From a structural tag; see GrammarCompiler.compile_structural_tag. Tokens that it names by their
        text are looked up when it is compiled."""
        data = structural_tag_text(structural_tag, triggers, tags)
        return _made(lib.xgr_grammar_source_from_structural_tag, data, len(data),
                     structural_tag_options(open_schemas=open_schemas, formats=formats, lenient=lenient,
                                            deferred=deferred))

    @staticmethod
    def builtin_json_grammar(*, any_whitespace=True, indent=None, separators=None,
                             max_whitespace_cnt=None, escapes="any") -> Grammar:
        """All JSON documents, laid out as GrammarCompiler.compile_json_schema says."""
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes)
        grammar = _made(lib.xgr_grammar_source_from_json, layout)
        del keep
        return grammar

    @staticmethod
    def from_choices(texts) -> Grammar:
        """One of the texts; a million of them are fine."""
        return _made(lib.xgr_grammar_source_from_choices, *_join(texts))

    @staticmethod
    def from_substring(chunks) -> Grammar:
        """Any run of neighbouring chunks, and the empty text. A str stands for its characters."""
        return _made(lib.xgr_grammar_source_from_substring, *_join(chunks))

    @staticmethod
    def union(*grammars: Grammar) -> Grammar:
        """The texts of at least one of the grammars."""
        return _made_of(lib.xgr_grammar_source_union, grammars)

    @staticmethod
    def concat(*grammars: Grammar) -> Grammar:
        """A text of the first grammar, then one of the second, and so on."""
        return _made_of(lib.xgr_grammar_source_concat, grammars)

    def intersection(self, other: Grammar) -> Grammar:
        """The texts of both; at least one of them has to be regular."""
        return _made(lib.xgr_grammar_source_intersection, self._handle, _handle_of(other))

    def repeat(self, min=0, max=None) -> Grammar:
        """min to max texts, one behind the other; max None: any number of them."""
        return _made(lib.xgr_grammar_source_repeat, self._handle, min, -1 if max is None else max)

    def optional(self) -> Grammar:
        return self.repeat(0, 1)

    def __or__(self, other):
        return Grammar.union(self, other) if isinstance(other, Grammar) else NotImplemented

    def __add__(self, other):
        return Grammar.concat(self, other) if isinstance(other, Grammar) else NotImplemented

    def __and__(self, other):
        return self.intersection(other) if isinstance(other, Grammar) else NotImplemented

    def check(self) -> None:
        """Raises XgrError if no text belongs to it."""
        error = ffi.new("xgr_error_t **")
        status = lib.xgr_grammar_source_check(self._handle, error)
        if status:
            raise_error(status, error[0])

    def __str__(self):
        return self.to_ebnf()

    def to_ebnf(self, *, simplify=False) -> str:
        """EBNF of the same language; with simplify, of fewer and shorter rules where possible."""
        def call(handle, *arguments):
            return lib.xgr_grammar_source_print(handle, simplify, *arguments)

        return printed(call, self._handle)
