"""Grammar, as the original has it."""
from __future__ import annotations

import functools
import json
import logging
import typing

from .. import grammar
from .._options import schema_text
from .._tag_text import structural_tag_text
from ..error import (DeserializeFormatError, ErrorCode, InvalidJSONError, InvalidStructuralTagError,
                     XgrError)
from . import _schemas, _serialization
from ._contract import ArgumentError, contract
from ._regex import with_unicode_spaces, with_unicode_spaces_in_macros
from ._serialization import check_nesting

if typing.TYPE_CHECKING:
    from .structural_tag import StructuralTagItem
    from .tokenizer_info import TokenizerInfo

__all__ = ["Grammar", "StructuralTagItem"]

_log = logging.getLogger("xgr")
_Result = typing.TypeVar("_Result")


def __getattr__(name: str) -> typing.Any:
    if name == "StructuralTagItem":
        from .structural_tag import StructuralTagItem

        return StructuralTagItem
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def layout_of(any_whitespace: bool, indent: int | None, separators: typing.Any,
              max_whitespace_cnt: int | None) -> dict[str, typing.Any]:
    """The layout in the arguments of xgr, which refuses those that mean nothing beside each other."""
    if max_whitespace_cnt is not None and max_whitespace_cnt < 1:
        raise ArgumentError(f"max_whitespace_cnt is {max_whitespace_cnt}; expected None or at least 1")
    if any_whitespace:
        return {"max_whitespace_cnt": max_whitespace_cnt}
    return {"any_whitespace": False, "indent": indent, "separators": separators}


def tag_text(structural_tag: typing.Any, tags: typing.Any, triggers: typing.Any) -> str:
    """JSON text of (structural_tag) or (tags, triggers), by position or by name."""
    if tags is not None and structural_tag is not None and triggers is None:
        structural_tag, triggers = None, structural_tag
    text = str(structural_tag_text(structural_tag, triggers, tags), "utf-8")
    check_nesting(text)
    return text


def schema_of(schema: typing.Any) -> str:
    """The text of a schema, which may not be nested deeper than set_max_recursion_depth says."""
    text = schema_text(schema).decode("utf-8", "replace")
    check_nesting(text)
    return text


def _strictly(text: str, strict: bool, call: typing.Callable[[str, bool], _Result]) -> _Result:
    """call(text, strict). Where strict mode leaves no value, as with a required name that is no property, what
    the schema says without it."""
    try:
        return call(text, bool(strict))
    except XgrError as error:
        if not strict or error.code != ErrorCode.INVALID_SOURCE:
            raise
        try:
            return call(text, False)
        except XgrError:
            raise error from None


def tried(text: str, strict: bool, call: typing.Callable[[str, bool], _Result]) -> _Result:
    """call(text, strict), or what comes nearest to it where the library refuses that and the original does
    not."""
    try:
        return _strictly(text, strict, call)
    except XgrError as error:
        if not _schemas.may_help(error, text):
            raise
        try:
            return _strictly(_schemas.as_any_of(text), strict, call)
        except XgrError:
            raise error from None


def tag_errors(text: str, call: typing.Callable[[str, bool], _Result]) -> _Result:
    """tried(text, True, call), whose errors about a structural tag are those that the original has for them."""
    try:
        return tried(text, True, call)
    except XgrError as error:
        kind = InvalidStructuralTagError if _is_json(text) else InvalidJSONError
        raise kind(error.message, error.code, error.offset, error.line, error.column,
                   error.json_pointer) from error


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def check_named(named_grammars: typing.Any) -> None:
    """Raises where they are no dict of names to grammars."""
    if named_grammars is None:
        return
    if not isinstance(named_grammars, dict):
        raise ArgumentError(f"named_grammars is {type(named_grammars).__name__}; expected a dict")
    for name, value in named_grammars.items():
        if not isinstance(name, str):
            raise ArgumentError(f"a name in named_grammars is {type(name).__name__}; expected str")
        if not isinstance(value, (str, grammar.Grammar)):
            raise ArgumentError(f"named_grammars[{name!r}] is {type(value).__name__}; expected a Grammar, or Lark "
                                "text")


class Grammar(grammar.Grammar):
    """A language that is not tied to a tokenizer."""

    __slots__ = ("_remade",)
    _remade: typing.Callable[[], Grammar]  # one that can be printed, where this one may not be

    @classmethod
    def _like(cls, other: grammar.Grammar) -> Grammar:
        return cls(other._handle)

    @staticmethod
    @contract
    def from_ebnf(ebnf_string: str, *, root_rule_name: str = "root") -> Grammar:
        """From EBNF."""
        return Grammar._like(grammar.Grammar.from_ebnf(with_unicode_spaces_in_macros(ebnf_string),
                                                       root_rule_name=root_rule_name))

    @staticmethod
    @contract
    def from_json_schema(schema: typing.Any, *, any_whitespace: bool = True, indent: int | None = None,
                         separators: tuple[str, str] | None = None, strict_mode: bool = True,
                         max_whitespace_cnt: int | None = None, print_converted_ebnf: bool = False,
                         any_order: bool = False) -> Grammar:
        """From a JSON Schema: text, a dict, True or False, or a class of pydantic. What cannot be enforced is
        left out; xgr.check_json_schema tells what that is."""
        layout, text = layout_of(any_whitespace, indent, separators, max_whitespace_cnt), schema_of(schema)
        def make(schema: str) -> Grammar:
            return Grammar._like(tried(schema, strict_mode, lambda given, strict: grammar.Grammar.from_json_schema(
                given, strict_mode=strict, any_order=any_order, lenient=True, **layout)))

        made, printable = make(text), _schemas.printable(text)
        if printable is not None:
            made._remade = functools.partial(make, printable)
        return made._printed(print_converted_ebnf)

    @staticmethod
    @contract
    def from_regex(regex_string: str, *, print_converted_ebnf: bool = False) -> Grammar:
        """From a regular expression that the whole text matches."""
        return Grammar._like(grammar.Grammar.from_regex(with_unicode_spaces(regex_string)))._printed(print_converted_ebnf)

    @staticmethod
    @contract
    def from_lark(lark_string: str, *, tokenizer_info: TokenizerInfo | None = None,
                  named_grammars: dict[str, Grammar | str] | None = None) -> Grammar:
        """From a Lark grammar. With a tokenizer_info, tokens that it names are looked up now; otherwise when
        it is compiled."""
        check_named(named_grammars)
        made = Grammar._like(grammar.Grammar.from_lark(lark_string, named_grammars=named_grammars))
        if tokenizer_info is None:
            return made
        from .compiler import GrammarCompiler

        return GrammarCompiler(tokenizer_info, cache_enabled=False).compile_grammar(made).grammar

    @staticmethod
    @contract
    def from_structural_tag(structural_tag: typing.Any = None, triggers: typing.Any = None, *,
                            tags: typing.Any = None) -> Grammar:
        """From a structural tag: a StructuralTag, a dict, JSON text; or tags and triggers."""
        return tag_errors(tag_text(structural_tag, tags, triggers), lambda text, strict: Grammar._like(
            grammar.Grammar.from_structural_tag(text, lenient=True, open_schemas=not strict)))

    @staticmethod
    def builtin_json_grammar() -> Grammar:
        """All JSON objects and arrays."""
        return Grammar._like(grammar.Grammar.from_json_schema({"type": ["object", "array"]}))

    @staticmethod
    @contract
    def concat(*grammars: grammar.Grammar) -> Grammar:
        """A text of the first grammar, then one of the second, and so on."""
        return Grammar._like(grammar.Grammar.concat(*grammars))

    @staticmethod
    @contract
    def union(*grammars: grammar.Grammar) -> Grammar:
        """The texts of at least one of the grammars."""
        return Grammar._like(grammar.Grammar.union(*grammars))

    def __str__(self) -> str:
        try:
            return super().__str__()
        except XgrError as error:
            if error.code != ErrorCode.LIMIT_EXCEEDED or not hasattr(self, "_remade"):
                raise
            return str(self._remade())

    def _printed(self, wanted: bool) -> Grammar:
        if wanted:
            _log.info("converted to EBNF:\n%s", self)
        return self

    def serialize_json(self) -> str:
        """JSON text that deserialize_json makes the same grammar of."""
        return _serialization.write("grammar", ebnf=super().__str__())

    @staticmethod
    def deserialize_json(json_string: str) -> Grammar:
        """The grammar that serialize_json has written."""
        data = _serialization.read(json_string, "grammar", ebnf=str)
        try:
            return Grammar.from_ebnf(data["ebnf"])
        except XgrError as error:
            raise DeserializeFormatError(f"the grammar is malformed: {error}") from None
