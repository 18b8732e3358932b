"""GrammarCompiler and CompiledGrammar, as the original has them."""
from __future__ import annotations

import functools
import json
import typing

from .. import compiler
from ..error import DeserializeFormatError, ErrorCode, XgrError
from . import _schemas, _serialization
from ._captures import marker_names
from ._contract import ArgumentError, contract
from ._regex import with_unicode_spaces, with_unicode_spaces_in_macros
from .grammar import Grammar, check_named, layout_of, schema_of, tag_errors, tag_text, tried
from .tokenizer_info import TokenizerInfo

_NO_LIMIT = 2**63 - 1
_METADATA = ("vocab_type", "vocab_size", "add_prefix_space", "stop_token_ids")


class CompiledGrammar(compiler.CompiledGrammar):
    """A language, compiled for one tokenizer."""

    __slots__ = ("_markers", "_remade")
    _markers: set[tuple[str, str]]
    _remade: typing.Callable[[], Grammar]  # one that can be printed, where this one may not be

    def _marker_names(self) -> set[tuple[str, str]]:
        """What get_captures needs, found when there are captures first."""
        try:
            return self._markers
        except AttributeError:
            text = self._ebnf()
            self._markers = marker_names(text) if "stop_capture" in text else set()
            return self._markers

    @property
    def tokenizer_info(self) -> TokenizerInfo:
        """The tokenizer it was compiled for."""
        return typing.cast(TokenizerInfo, self._tokenizer_info)

    @property
    def grammar(self) -> Grammar:
        """The grammar; str() of it is EBNF, in which tokens that a source named by their text have ids."""
        return Grammar.from_ebnf(self._ebnf())

    def _ebnf(self) -> str:
        try:
            return super().grammar
        except XgrError as error:
            if error.code != ErrorCode.LIMIT_EXCEEDED or not hasattr(self, "_remade"):
                raise
            return str(self._remade())

    def serialize_json(self) -> str:
        """JSON text that deserialize_json makes the same grammar of, for the same tokenizer."""
        metadata = json.loads(self.tokenizer_info.dump_metadata())
        return _serialization.write("compiled_grammar", ebnf=super().grammar, tokenizer_metadata=metadata)

    @staticmethod
    def deserialize_json(json_str: str, tokenizer_info: TokenizerInfo) -> CompiledGrammar:
        """The grammar that serialize_json has written, compiled again. The tokenizer has to agree with the one
        that it was compiled for in all but the tokens themselves."""
        data = _serialization.read(json_str, "compiled_grammar", ebnf=str, tokenizer_metadata=dict)
        theirs, ours = data["tokenizer_metadata"], json.loads(tokenizer_info.dump_metadata())
        for name in _METADATA:
            if theirs.get(name) != ours[name]:
                raise DeserializeFormatError(f"it was compiled for a tokenizer whose {name} is {theirs.get(name)}; "
                                             f"tokenizer_info has {ours[name]}")
        try:
            return GrammarCompiler(tokenizer_info, max_threads=1, cache_enabled=False,
                                   enable_dynamic_compilation=True).compile_grammar(data["ebnf"])
        except XgrError as error:
            raise DeserializeFormatError(f"the grammar is malformed: {error}") from None


def _own(compiled: compiler.CompiledGrammar) -> CompiledGrammar:
    """What compiling gives is of the class that `_result` names."""
    return typing.cast(CompiledGrammar, compiled)


class GrammarCompiler(compiler.GrammarCompiler):
    """Compiles sources for one tokenizer. Safe to use from many threads.

    max_threads         threads that may work at once, the calling one included
    cache_enabled, cache_limit_bytes
                        whether grammars are kept for later requests, and how many bytes they may keep alive;
                        -1: any number. 0 keeps none
    enable_dynamic_compilation
                        masks are computed when they are first needed only; otherwise threads compute the
                        likeliest ones as soon as a grammar is compiled
    """

    __slots__ = ("_limit",)
    _result = CompiledGrammar

    @contract
    def __init__(self, tokenizer_info: TokenizerInfo, *, max_threads: int = 8, cache_enabled: bool = True,
                 cache_limit_bytes: int = -1, enable_dynamic_compilation: bool = False) -> None:
        if cache_limit_bytes < -1:
            raise ArgumentError(f"cache_limit_bytes is {cache_limit_bytes}; expected -1, for no limit, or more")
        if max_threads < 1:
            raise ArgumentError(f"max_threads is {max_threads}; expected 1 or more")
        self._limit = cache_limit_bytes
        super().__init__(tokenizer_info, max_threads=max_threads,
                         cache_enabled=bool(cache_enabled and cache_limit_bytes),
                         cache_limit_bytes=_NO_LIMIT if cache_limit_bytes == -1 else cache_limit_bytes,
                         warm_up="none" if enable_dynamic_compilation or max_threads == 1 else "bounded")

    @property
    def cache_limit_bytes(self) -> int:
        """How many bytes the cache may keep alive; -1: any number."""
        return self._limit

    @contract
    def compile_json_schema(self, schema: typing.Any, *, any_whitespace: bool = True, indent: int | None = None,
                            separators: tuple[str, str] | None = None, strict_mode: bool = True,
                            max_whitespace_cnt: int | None = None, any_order: bool = False) -> CompiledGrammar:
        """Compiles a JSON Schema; see Grammar.from_json_schema."""
        layout = layout_of(any_whitespace, indent, separators, max_whitespace_cnt)
        text, compile_schema = schema_of(schema), super().compile_json_schema
        compiled = _own(tried(text, strict_mode, lambda given, strict: compile_schema(
            given, strict_mode=strict, any_order=any_order, lenient=True, **layout)))
        printable = _schemas.printable(text)
        if printable is not None:
            compiled._remade = functools.partial(
                Grammar.from_json_schema, printable, any_whitespace=any_whitespace, indent=indent,
                separators=separators, strict_mode=strict_mode, max_whitespace_cnt=max_whitespace_cnt,
                any_order=any_order)
        return compiled

    def compile_builtin_json_grammar(self) -> CompiledGrammar:
        """Compiles the language of all JSON objects and arrays."""
        return _own(super().compile_grammar(Grammar.builtin_json_grammar()))

    @contract
    def compile_regex(self, regex: str) -> CompiledGrammar:
        """Compiles a regular expression that the whole output has to match."""
        return _own(super().compile_regex(with_unicode_spaces(regex)))

    @contract
    def compile_lark(self, lark_string: str, *,
                     named_grammars: dict[str, Grammar | str] | None = None) -> CompiledGrammar:
        """Compiles a Lark grammar."""
        check_named(named_grammars)
        return _own(super().compile_lark(lark_string, named_grammars=named_grammars))

    @contract
    def compile_structural_tag(self, structural_tag: typing.Any = None, triggers: typing.Any = None, *,
                               tags: typing.Any = None) -> CompiledGrammar:
        """Compiles a structural tag: a StructuralTag, a dict, JSON text; or tags and triggers."""
        compile_tag = super().compile_structural_tag
        return _own(tag_errors(tag_text(structural_tag, tags, triggers), lambda text, strict: compile_tag(
            text, lenient=True, open_schemas=not strict)))

    @contract
    def compile_grammar(self, grammar: str | Grammar, *, root_rule_name: str = "root") -> CompiledGrammar:
        """Compiles a Grammar, or EBNF."""
        if isinstance(grammar, str):
            grammar = with_unicode_spaces_in_macros(grammar)
        return _own(super().compile_grammar(grammar, root_rule_name=root_rule_name))
