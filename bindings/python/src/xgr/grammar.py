"""Grammar: a language as a value, before any tokenizer."""
from __future__ import annotations

from typing import Any, Iterable, Mapping

from ._calls import Call, owned, printed
from ._handle import Handle
from ._library import ffi, lib, utf8
from ._options import (ebnf_options, json_format, lark_options, regex_options, schema_options,
                       schema_text)
from ._tag_text import structural_tag_options, structural_tag_text
from ._types import Json, Schema, Separators, Text
from ._values import flag, whole
from .error import raise_error


def _made(call: Call, *arguments: Any) -> Grammar:
    return Grammar(owned("grammar_source", call, *arguments))


def _join(texts: Iterable[Text], name: str) -> tuple[bytes, int, Any, int]:
    """All texts end to end, their sizes, and how many there are."""
    if not hasattr(texts, "__iter__"):
        raise TypeError(f"{name} is {type(texts).__name__}; expected several texts")
    parts = [utf8(text) for text in texts]
    data = b"".join(parts)
    sizes = ffi.new("uint32_t[]", [len(part) for part in parts])
    return data, len(data), sizes, len(parts)


def _handle_of(grammar: Grammar) -> Any:
    if not isinstance(grammar, Grammar):
        raise TypeError(f"{type(grammar).__name__} is no Grammar; expected one, such as Grammar.from_ebnf(text)")
    return grammar._handle


def _made_of(call: Call, grammars: Iterable[Grammar]) -> Grammar:
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

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    @staticmethod
    def from_ebnf(text: Text, *, root_rule_name: str = "root", dialect: str = "auto",
                  deferred: bool = False) -> Grammar:
        """From EBNF or GBNF. dialect: "auto", "ebnf" or "gbnf"."""
        data = utf8(text)
        options, keep = ebnf_options(root_rule_name, dialect, deferred)
        grammar = _made(lib.xgr_grammar_source_from_ebnf, data, len(data), options)
        del keep
        return grammar

    @staticmethod
    def from_regex(regex: Text, *, search: bool = False, dialect: str = "pcre", flags: int = 0,
                   deferred: bool = False) -> Grammar:
        """From a regular expression: texts that match as a whole, or with search contain a match.
        dialect: "pcre" or "ecma". flags: RegexFlags, combined by |."""
        data = utf8(regex)
        return _made(lib.xgr_grammar_source_from_regex, data, len(data),
                     regex_options(search, dialect, flags, deferred))

    @staticmethod
    def from_lark(text: Text, *, named_grammars: Mapping[str, Grammar | Text] | None = None,
                  deferred: bool = False) -> Grammar:
        """From a Lark grammar.

        named_grammars   what @name in it stands for: a Grammar, or Lark text, which may name the others
        """
        data = utf8(text)
        options, keep = lark_options(named_grammars, deferred)
        grammar = _made(lib.xgr_grammar_source_from_lark, data, len(data), options)
        del keep
        return grammar

    @staticmethod
    def from_json_schema(schema: Schema, *, any_whitespace: bool = True, indent: int | None = None,
                         separators: Separators = None, strict_mode: bool = False,
                         max_whitespace_cnt: int | None = None, formats: str = "enforce",
                         draft: int | None = None, remotes: Mapping[str, Schema] | None = None,
                         any_order: bool = False, unique_names: bool = False, lenient: bool = False,
                         escapes: str = "any", unknown_keywords: str = "ignore",
                         max_digits: int | None = None, deferred: bool = False) -> Grammar:
        """From a JSON Schema; see GrammarCompiler.compile_json_schema."""
        source = schema_text(schema)
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes,
                                   max_digits)
        options, keep_too = schema_options(
            strict_mode=strict_mode, formats=formats, draft=draft, remotes=remotes,
            any_order=any_order, unique_names=unique_names, lenient=lenient,
            unknown_keywords=unknown_keywords, deferred=deferred)
        grammar = _made(lib.xgr_grammar_source_from_json_schema, source, len(source), layout, options)
        del keep, keep_too
        return grammar

    @staticmethod
    def from_structural_tag(structural_tag: Json | Iterable[Any] | None = None,
                            triggers: Iterable[str] | None = None, *, tags: Iterable[Any] | None = None,
                            open_schemas: bool = False, formats: str = "enforce", lenient: bool = False,
                            deferred: bool = False) -> Grammar:
        """From a structural tag; see GrammarCompiler.compile_structural_tag. Tokens that it names by their
        text are looked up when it is compiled."""
        data = structural_tag_text(structural_tag, triggers, tags)
        return _made(lib.xgr_grammar_source_from_structural_tag, data, len(data),
                     structural_tag_options(open_schemas=open_schemas, formats=formats, lenient=lenient,
                                            deferred=deferred))

    @staticmethod
    def builtin_json_grammar(*, any_whitespace: bool = True, indent: int | None = None,
                             separators: Separators = None, max_whitespace_cnt: int | None = None,
                             escapes: str = "any", max_digits: int | None = None) -> Grammar:
        """All JSON documents, laid out as GrammarCompiler.compile_json_schema says."""
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes,
                                   max_digits)
        grammar = _made(lib.xgr_grammar_source_from_json, layout)
        del keep
        return grammar

    @staticmethod
    def from_choices(texts: Iterable[Text]) -> Grammar:
        """One of the texts; a million of them are fine."""
        return _made(lib.xgr_grammar_source_from_choices, *_join(texts, "texts"))

    @staticmethod
    def from_substring(chunks: Iterable[Text]) -> Grammar:
        """Any run of neighbouring chunks, and the empty text. A str stands for its characters."""
        return _made(lib.xgr_grammar_source_from_substring, *_join(chunks, "chunks"))

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

    def repeat(self, min: int = 0, max: int | None = None) -> Grammar:
        """min to max texts, one behind the other; max None: any number of them."""
        return _made(lib.xgr_grammar_source_repeat, self._handle, whole("min", min),
                     -1 if max is None else whole("max", max))

    def optional(self) -> Grammar:
        """One text, or none."""
        return self.repeat(0, 1)

    def __or__(self, other: Grammar) -> Grammar:
        return self.union(self, other) if isinstance(other, Grammar) else NotImplemented

    def __add__(self, other: Grammar) -> Grammar:
        return self.concat(self, other) if isinstance(other, Grammar) else NotImplemented

    def __and__(self, other: Grammar) -> Grammar:
        return self.intersection(other) if isinstance(other, Grammar) else NotImplemented

    def check(self) -> None:
        """Raises XgrError if no text belongs to it."""
        error = ffi.new("xgr_error_t **")
        status = lib.xgr_grammar_source_check(self._handle, error)
        if status:
            raise_error(status, error[0])

    def __str__(self) -> str:
        return self.to_ebnf()

    def to_ebnf(self, *, simplify: bool = False) -> str:
        """EBNF of the same language; with simplify, of fewer and shorter rules where possible."""
        shorter = flag("simplify", simplify)

        def call(handle: Any, *arguments: Any) -> Any:
            return lib.xgr_grammar_source_print(handle, shorter, *arguments)

        return printed(call, self._handle)
