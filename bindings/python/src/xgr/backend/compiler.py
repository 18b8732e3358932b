"""GrammarCompiler of a back-end: grammars with the state of an output, kept for later requests, and what that has
taken."""
from __future__ import annotations

import json
from typing import Any, Callable, Iterable

from .._library import utf8
from .._types import Json, Schema, Text
from .._values import flag, whole
from ..cancel import Cancel
from ..compiler import CompiledGrammar as _CompiledGrammar
from ..compiler import GrammarCompiler as _GrammarCompiler
from ..grammar import Grammar
from ..tokenizer import TokenizerInfo
from .cache import GrammarCache
from .compiled_grammar import CompiledGrammar, cache_key
from .grammar_type import GrammarType, is_lark
from .timings import Timings


class Request:
    """Something to compile: what it is, and how it is read. Text is read when it is compiled."""

    def __init__(self, grammar_type: GrammarType, spec: Any, options: dict[str, Any],
                 read: Callable[[], Grammar]) -> None:
        self.grammar_type, self.spec, self.options, self.read = grammar_type, spec, options, read
        self.key = cache_key(grammar_type, spec, options)


def json_schema_request(schema: Schema, any_whitespace: bool) -> Request:
    """A JSON Schema."""
    options: dict[str, Any] = {"any_whitespace": flag("any_whitespace", any_whitespace)}
    return Request(GrammarType.JSON, schema, options,
                   lambda: Grammar.from_json_schema(schema, deferred=True, **options))


def json_object_request(any_whitespace: bool) -> Request:
    """Any JSON object."""
    options: dict[str, Any] = {"any_whitespace": flag("any_whitespace", any_whitespace)}
    return Request(GrammarType.JSON_OBJECT, "", options,
                   lambda: Grammar.from_json_schema({"type": "object"}, deferred=True, **options))


def regex_request(pattern: Text) -> Request:
    """A regular expression."""
    return Request(GrammarType.REGEX, pattern, {}, lambda: Grammar.from_regex(pattern, deferred=True))


def grammar_request(text: Text | Grammar) -> Request:
    """EBNF, GBNF or Lark; or a Grammar, whose EBNF is the key."""
    if isinstance(text, Grammar):
        made = text
        return Request(GrammarType.GRAMMAR, str(text), {}, lambda: made)
    source = text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")
    read = Grammar.from_lark if is_lark(source) else Grammar.from_ebnf
    return Request(GrammarType.GRAMMAR, text, {}, lambda: read(text, deferred=True))


def _apart(spec: Any) -> tuple[Any, Any]:
    """(tags, triggers) of a dict, or JSON text of one, with the members structures and triggers; else spec and None."""
    found = spec
    if isinstance(spec, (str, bytes)) and b"structures" in utf8(spec):
        try:
            found = json.loads(spec)
        except ValueError:
            return spec, None  # compiling it tells what is wrong
    if isinstance(found, dict) and found.keys() >= {"structures", "triggers"}:
        return found["structures"], found["triggers"]
    return spec, None


def structural_tag_request(spec: Json | Iterable[Any], triggers: Iterable[str] | None) -> Request:
    """A structural tag; or tags and triggers, apart or as members of one object."""
    tags, words = _apart(spec) if triggers is None else (spec, triggers)
    if isinstance(words, (str, bytes)) or words is not None and not hasattr(words, "__iter__"):
        raise TypeError(f"triggers is {words!r}; expected a list of texts")
    texts = None if words is None else list(words)
    if texts is not None:
        tags = list(tags)
    return Request(GrammarType.STRUCTURAL_TAG, tags, {"triggers": texts},
                   lambda: Grammar.from_structural_tag(tags, texts, deferred=True))


class GrammarCompiler:
    """Compiles for one tokenizer. Any thread may use it.

    max_threads         how many threads may compile at once, the calling one included
    cache_enabled       whether grammars are kept for later requests
    cache_limit_bytes   how many bytes the kept ones may occupy; the least recently used ones go first

    Whether it is kept or not, each request has a CompiledGrammar of its own, at the start of an output. The same
    source is compiled once, also for threads that ask at the same time.
    """

    def __init__(self, tokenizer_info: TokenizerInfo, max_threads: int = 8, cache_enabled: bool = True,
                 cache_limit_bytes: int = 512 << 20) -> None:
        self.max_threads = whole("max_threads", max_threads, 1, 2**31 - 1)
        self.cache_enabled = flag("cache_enabled", cache_enabled)
        self._cache = GrammarCache(whole("cache_limit_bytes", cache_limit_bytes))
        # What is compiled is kept here; the compiler below only joins requests for the same that overlap.
        self.engine = _GrammarCompiler(tokenizer_info, max_threads=max_threads, cache_enabled=self.cache_enabled,
                                       cache_limit_bytes=1)
        self._compile_times = Timings()
        self.fill_times = Timings()

    @property
    def tokenizer_info(self) -> TokenizerInfo:
        """The tokenizer that it compiles for."""
        return self.engine.tokenizer_info

    @property
    def cache_limit_bytes(self) -> int:
        """How many bytes the kept grammars may occupy."""
        return self._cache.limit_bytes

    def compile_json_schema(self, schema: Schema, any_whitespace: bool = True) -> CompiledGrammar:
        """Compiles a JSON Schema: its text, a dict, True, or a class of pydantic's models. any_whitespace: any white
        space between the parts; otherwise the layout of json.dumps."""
        return self.compile(json_schema_request(schema, any_whitespace))

    def compile_json_object(self, any_whitespace: bool = True) -> CompiledGrammar:
        """Compiles the language of all JSON objects."""
        return self.compile(json_object_request(any_whitespace))

    def compile_regex(self, pattern: Text) -> CompiledGrammar:
        """Compiles a regular expression that the whole output matches."""
        return self.compile(regex_request(pattern))

    def compile_grammar(self, ebnf: Text | Grammar) -> CompiledGrammar:
        """Compiles a grammar in EBNF or GBNF, or one in Lark: how its rules begin tells which. Or a Grammar."""
        return self.compile(grammar_request(ebnf))

    def compile_structural_tag(self, spec: Json | Iterable[Any],
                               triggers: Iterable[str] | None = None) -> CompiledGrammar:
        """Compiles a structural tag: its JSON text, a dict, or a model; or a list of tags (begin, schema, end) with
        the triggers that their beginnings start with, which may also be the members `structures` and `triggers` of a
        dict or of its text."""
        return self.compile(structural_tag_request(spec, triggers))

    def compile(self, request: Request, cancel: Cancel | None = None,
                timeout: float | None = None) -> CompiledGrammar:
        """What was asked for, kept or compiled now. timeout: seconds."""
        found = self._get_cached(request.key)
        if found is not None:
            return found
        source = request.read()
        with self._compile_times.measure():
            compiled = self.engine.compile_grammar(source, cancel=cancel, timeout=timeout)
        return self.finished(request, source, compiled)

    def finished(self, request: Request, source: Grammar, compiled: _CompiledGrammar,
                 seconds: float | None = None) -> CompiledGrammar:
        """A grammar that was compiled for a request, and kept for the next one."""
        if seconds is not None:
            self._compile_times.add(seconds)
        grammar = CompiledGrammar(request.grammar_type, request.spec, source, compiled, self, request.options,
                                  request.key)
        self._put_cached(request.key, grammar)
        return grammar

    def _get_cached(self, key: str) -> CompiledGrammar | None:
        """What is kept for a key, at the start of an output of its own."""
        return self._cache.get(key) if self.cache_enabled else None

    def _put_cached(self, key: str, grammar: CompiledGrammar) -> None:
        """Keeps a grammar for a key."""
        if self.cache_enabled:
            self._cache.put(key, grammar)

    def get_stats(self) -> dict[str, float]:
        """Compiles and their seconds, from the request to the grammar; masks filled and theirs; what is kept and
        what that has saved; and the memory of all living grammars."""
        return {**self._compile_times.stats("compile"), **self.fill_times.stats("fill"), **self._cache.stats(),
                "memory_size_bytes": self.engine.memory_size_bytes}

    def clear_cache(self) -> None:
        """Gives up all grammars that are kept; those in use are not affected."""
        self._cache.clear()
        self.engine.clear_cache()

    def close(self) -> None:
        """Gives up what it holds. Grammars in use stay valid; compiling raises XgrError with INVALID_STATE."""
        if not self.engine.closed:
            self.clear_cache()
            self.engine.close()
