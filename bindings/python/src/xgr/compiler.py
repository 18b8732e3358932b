"""GrammarCompiler and CompiledGrammar."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ._calls import Call, got, owned, printed, stats
from ._handle import Handle
from ._library import lib, struct, utf8
from ._options import (WARM_UP, compile_options, ebnf_options, json_format, lark_options,
                       regex_options, schema_options, schema_text)
from ._tag_text import structural_tag_options, structural_tag_text
from ._types import Json, Schema, Separators, Text
from ._values import choice, flag, whole
from .cancel import Cancel, handle_of
from .error import ErrorCode, XgrError, check
from .grammar import Grammar
from .tokenizer import TokenizerInfo

if TYPE_CHECKING:
    from .diagnostics import Diagnostic
    from .futures import CompileFuture


class CompiledGrammar(Handle):
    """A language, compiled for one tokenizer. Made by GrammarCompiler. Immutable; any number of
    matchers and threads share it."""

    __slots__ = ("_tokenizer_info",)
    _tokenizer_info: TokenizerInfo

    def __init__(self, handle: Any, tokenizer_info: TokenizerInfo) -> None:
        self._handle = handle
        self._tokenizer_info = tokenizer_info

    @property
    def tokenizer_info(self) -> TokenizerInfo:
        """The tokenizer it was compiled for; another object of the same one if that was closed."""
        if self._tokenizer_info.closed:
            self._tokenizer_info = TokenizerInfo._of(
                got("tokenizer", lib.xgr_grammar_tokenizer, self._handle))
        return self._tokenizer_info

    @property
    def grammar(self) -> str:
        """EBNF text of the same language."""
        return printed(lib.xgr_grammar_print_ebnf, self._handle)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What compiling has noticed, in the order of the source; mostly nothing. No errors: the
        grammar is exactly what its source says."""
        from .diagnostics import diagnostics_of  # seldom asked for, and dataclasses take time to import

        return diagnostics_of(self._handle)

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory it occupies; grows as masks are computed."""
        return int(lib.xgr_grammar_memory_size(self._handle))

    def warm_up(self, level: str = "bounded", *, cancel: Cancel | None = None) -> None:
        """Computes ahead what masks consist of; returns when done. The threads of the compiler help.

        level   "bounded": the likeliest positions of an output; "full": all, within the memory budget
        cancel  a Cancel that stops it, with an XgrError with CANCELLED; what is computed is kept
        """
        check(lib.xgr_grammar_warm_up(self._handle, choice("level", level, WARM_UP), handle_of(cancel)))

    def stats(self) -> dict[str, int]:
        """What it holds by itself and what that has cost, as a dict; see xgr_compiled_stats_t."""
        return stats("compiled", lib.xgr_grammar_stats, self._handle)


class GrammarCompiler(Handle):
    """Compiles sources for one tokenizer. Safe to use from many threads.

    max_threads     threads that may work at once, the calling one included; they start when there is
                    work for them
    warm_up         "none"; or what is computed ahead for every grammar, in the background if there
                    are threads: "bounded" (the likeliest positions of an output) or "full"
    memory_budget   bytes that automata and masks of all its grammars may take; 0: 512 MiB. Masks
                    beyond that are evicted, unused ones first, and computed again when needed
    max_source_size, max_nesting, max_expressions, max_states, max_work_per_call,
    max_compile_work, max_compile_memory
                    limits, 0: the defaults; beyond them a source is refused with LIMIT_EXCEEDED
    cache_enabled, cache_limit_bytes
                    whether grammars are kept for later requests, and how many bytes they may keep
                    alive then; 0: 256 MiB. The least recently used ones are evicted first
    canonical_schemas
                    JSON Schemas that differ only in white space and in how strings are escaped are one
                    to the cache; otherwise every byte counts

    Compiling blocks, and lets other threads run. Each compile_... takes these, too:

    cancel          a Cancel that stops it, with an XgrError with CANCELLED
    timeout         seconds after which it raises XgrError with LIMIT_EXCEEDED
    bypass_cache    neither takes the grammar from the cache nor leaves it there

    The same source with the same options is compiled once, also for callers that ask at the same time;
    cancel and timeout of one do not fail the others.

    Each compile_... has a compile_..._async, which returns a CompileFuture at once: a future of
    concurrent.futures that can be awaited, too. Threads of the compiler compile then, max_threads less
    one at once, at least one, the others in the order of the calls.
    """

    __slots__ = ("_process", "_tokenizer_info")
    _tokenizer_info: TokenizerInfo
    _result = CompiledGrammar  # what compiling gives

    def __init__(self, tokenizer_info: TokenizerInfo, *, max_threads: int = 1, warm_up: str = "none",
                 memory_budget: int = 0, max_source_size: int = 0, max_nesting: int = 0,
                 max_expressions: int = 0, max_states: int = 0, max_work_per_call: int = 0,
                 max_compile_work: int = 0, max_compile_memory: int = 0, cache_enabled: bool = True,
                 cache_limit_bytes: int = 0, canonical_schemas: bool = False) -> None:
        if not isinstance(tokenizer_info, TokenizerInfo):
            raise TypeError(f"tokenizer_info is {type(tokenizer_info).__name__}; "
                            "expected TokenizerInfo")
        options = struct("xgr_compiler_options_t", threads=whole("max_threads", max_threads, -2**31, 2**31 - 1),
                         warm_up=choice("warm_up", warm_up, WARM_UP),
                         memory_budget=whole("memory_budget", memory_budget),
                         max_source_size=whole("max_source_size", max_source_size),
                         max_nesting=whole("max_nesting", max_nesting),
                         max_expressions=whole("max_expressions", max_expressions),
                         max_states=whole("max_states", max_states),
                         max_work_per_call=whole("max_work_per_call", max_work_per_call),
                         max_compile_work=whole("max_compile_work", max_compile_work),
                         max_compile_memory=whole("max_compile_memory", max_compile_memory),
                         no_cache=not flag("cache_enabled", cache_enabled),
                         cache_limit=whole("cache_limit_bytes", cache_limit_bytes),
                         canonical_schemas=flag("canonical_schemas", canonical_schemas))
        self._process, self._tokenizer_info = os.getpid(), tokenizer_info
        self._handle = owned("compiler", lib.xgr_compiler_create, tokenizer_info._handle, options)

    @property
    def tokenizer_info(self) -> TokenizerInfo:
        """The tokenizer that it compiles for."""
        return self._tokenizer_info

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory its caches occupy, its grammars included."""
        return int(lib.xgr_compiler_memory_size(self._handle))

    def stats(self) -> dict[str, int]:
        """What it and its living grammars hold, and what that has cost, as a dict."""
        return stats("compiled", lib.xgr_compiler_stats, self._handle)

    def cache_stats(self) -> dict[str, int]:
        """What its cache holds and has saved, as a dict; see xgr_cache_stats_t."""
        return stats("cache", lib.xgr_compiler_cache_stats, self._handle)

    def get_cache_size_bytes(self) -> int:
        """How many bytes its cache keeps alive."""
        return self.cache_stats()["memory_size"]

    @property
    def cache_limit_bytes(self) -> int:
        """How many bytes its cache may keep alive."""
        return self.cache_stats()["memory_limit"]

    def clear_cache(self) -> None:
        """Gives up all that its cache holds; grammars that somebody uses are not affected."""
        lib.xgr_compiler_clear_cache(self._handle)

    def _compile(self, call: Call, *arguments: Any, **how: Any) -> CompiledGrammar:
        options, keep = compile_options(**how)
        handle = owned("grammar", call, self._handle, *arguments, options)
        del keep
        return self._result(handle, self._tokenizer_info)

    def compile_json_schema(self, schema: Schema, *, any_whitespace: bool = True, indent: int | None = None,
                            separators: Separators = None, strict_mode: bool = False,
                            max_whitespace_cnt: int | None = None, formats: str = "enforce",
                            draft: int | None = None, remotes: Mapping[str, Schema] | None = None,
                            any_order: bool = False, unique_names: bool = False, lenient: bool = False,
                            escapes: str = "any", unknown_keywords: str = "ignore",
                            max_digits: int | None = None, cancel: Cancel | None = None,
                            timeout: float | None = None, bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles a JSON Schema: its text, a dict, True (any JSON), or a class of pydantic's models.

        any_whitespace      any white space between the parts, at most max_whitespace_cnt characters
                            in one place; otherwise the layout of json.dumps(indent=, separators=).
                            What means nothing with the other layout is a ValueError
        max_digits          most digits in a row of numbers that the schema does not list, so that none goes on
                            for ever; no limit for numbers with a bound of as many digits
        escapes             of strings: "any" that JSON has, or the "minimal" ones that it requires
        strict_mode         objects and arrays hold only what the schema describes; otherwise what the
                            standard says: anything else, too, unless the schema forbids it
        formats             "enforce": those of the standard, other names are ignored;
                            "refuse_unknown": other names are refused; "ignore": all are annotations
        draft               of schemas without $schema: 4, 6, 7, 2019 or 2020; None: 2020, and keywords
                            of other drafts count as well
        remotes             schemas that references may lead to, by URI; nothing is ever fetched
        any_order           properties come in any order; otherwise as the schema declares them
        unique_names        names that the schema does not declare differ within an object, too,
                            also in objects that it does not describe
        lenient             keywords that cannot be enforced are left out; otherwise they are refused.
                            check_json_schema lists them
        unknown_keywords    names that no draft defines, keywords of other drafts and an unknown
                            $schema: "ignore", which check_json_schema and diagnostics list, or
                            "refuse", all but names that begin with x-
        """
        source = schema_text(schema)
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes,
                                   max_digits)
        options, keep_too = schema_options(
            strict_mode=strict_mode, formats=formats, draft=draft, remotes=remotes,
            any_order=any_order, unique_names=unique_names, lenient=lenient,
            unknown_keywords=unknown_keywords)
        compiled = self._compile(lib.xgr_compiler_compile_json_schema, source, len(source),
                                 layout, options, cancel=cancel, timeout=timeout,
                                 bypass_cache=bypass_cache)
        del keep, keep_too
        return compiled

    def compile_builtin_json_grammar(self, *, any_whitespace: bool = True, indent: int | None = None,
                                     separators: Separators = None, max_whitespace_cnt: int | None = None,
                                     escapes: str = "any", max_digits: int | None = None,
                                     cancel: Cancel | None = None, timeout: float | None = None,
                                     bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles the language of all JSON documents, laid out as compile_json_schema says; with
        indent they stand on one line, as their levels have no bound."""
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt, escapes,
                                   max_digits)
        compiled = self._compile(lib.xgr_compiler_compile_json, layout, cancel=cancel,
                                 timeout=timeout, bypass_cache=bypass_cache)
        del keep
        return compiled

    def compile_grammar(self, grammar: Grammar | Text, *, root_rule_name: str = "root",
                        cancel: Cancel | None = None, timeout: float | None = None,
                        bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles a Grammar, or a grammar in EBNF or GBNF; then root_rule_name is the rule to match."""
        how: dict[str, Any] = {"cancel": cancel, "timeout": timeout, "bypass_cache": bypass_cache}
        if isinstance(grammar, Grammar):
            return self._compile(lib.xgr_compiler_compile_source, grammar._handle, **how)
        text = utf8(grammar)
        options, keep = ebnf_options(root_rule_name, "auto")
        compiled = self._compile(lib.xgr_compiler_compile_ebnf, text, len(text), options, **how)
        del keep
        return compiled

    def compile_regex(self, regex: Text, *, search: bool = False, dialect: str = "pcre", flags: int = 0,
                      cancel: Cancel | None = None, timeout: float | None = None,
                      bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles a regular expression that the whole output has to match, or with search contain
        a match of. dialect and flags as in Grammar.from_regex."""
        text = utf8(regex)
        return self._compile(lib.xgr_compiler_compile_regex, text, len(text),
                             regex_options(search, dialect, flags), cancel=cancel,
                             timeout=timeout, bypass_cache=bypass_cache)

    def compile_lark(self, text: Text, *, named_grammars: Mapping[str, Grammar | Text] | None = None,
                     cancel: Cancel | None = None, timeout: float | None = None,
                     bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles a Lark grammar; see Grammar.from_lark."""
        data = utf8(text)
        options, keep = lark_options(named_grammars)
        compiled = self._compile(lib.xgr_compiler_compile_lark, data, len(data), options,
                                 cancel=cancel, timeout=timeout, bypass_cache=bypass_cache)
        del keep
        return compiled

    def compile_structural_tag(self, structural_tag: Json | Iterable[Any] | None = None,
                               triggers: Iterable[str] | None = None, *,
                               tags: Iterable[Any] | None = None, open_schemas: bool = False,
                               formats: str = "enforce", lenient: bool = False,
                               cancel: Cancel | None = None, timeout: float | None = None,
                               bypass_cache: bool = False) -> CompiledGrammar:
        """Compiles a structural tag: free text, and tags in it whose content has a grammar. JSON text, a dict,
        or a model of pydantic; or a list of StructuralTagItem objects, by position or as tags, with the
        triggers that their beginnings start with.

        open_schemas        objects and arrays of the schemas inside hold anything else, too, as the standard
                            says; otherwise only what a schema describes
        formats, lenient    of the schemas inside, as in compile_json_schema
        """
        data = structural_tag_text(structural_tag, triggers, tags)
        options = structural_tag_options(open_schemas=open_schemas, formats=formats, lenient=lenient)
        return self._compile(lib.xgr_compiler_compile_structural_tag, data, len(data), options,
                             cancel=cancel, timeout=timeout, bypass_cache=bypass_cache)

    def _start(self, source: Grammar, cancel: Cancel | None, timeout: float | None,
               bypass_cache: bool) -> CompileFuture:
        if os.getpid() != self._process:
            raise XgrError("this GrammarCompiler was made before the process was forked, and its threads are in the "
                           "parent; expected one made here", ErrorCode.INVALID_STATE)
        from .futures import start  # with concurrent.futures, which takes time to import

        options, keep = compile_options(cancel, timeout, bypass_cache)
        result, info = self._result, self._tokenizer_info
        future = start(self._handle, source._handle, options, lambda handle: result(handle, info))
        del keep
        return future

    def compile_json_schema_async(self, schema: Schema, *, cancel: Cancel | None = None,
                                  timeout: float | None = None, bypass_cache: bool = False,
                                  **options: Any) -> CompileFuture:
        """compile_json_schema in a thread."""
        source = Grammar.from_json_schema(schema, deferred=True, **options)
        return self._start(source, cancel, timeout, bypass_cache)

    def compile_builtin_json_grammar_async(self, *, cancel: Cancel | None = None,
                                           timeout: float | None = None, bypass_cache: bool = False,
                                           **options: Any) -> CompileFuture:
        """compile_builtin_json_grammar in a thread."""
        return self._start(Grammar.builtin_json_grammar(**options), cancel, timeout, bypass_cache)

    def compile_grammar_async(self, grammar: Grammar | Text, *, root_rule_name: str = "root",
                              cancel: Cancel | None = None, timeout: float | None = None,
                              bypass_cache: bool = False) -> CompileFuture:
        """compile_grammar in a thread."""
        if not isinstance(grammar, Grammar):
            grammar = Grammar.from_ebnf(grammar, root_rule_name=root_rule_name, deferred=True)
        return self._start(grammar, cancel, timeout, bypass_cache)

    def compile_regex_async(self, regex: Text, *, cancel: Cancel | None = None,
                            timeout: float | None = None, bypass_cache: bool = False,
                            **options: Any) -> CompileFuture:
        """compile_regex in a thread."""
        source = Grammar.from_regex(regex, deferred=True, **options)
        return self._start(source, cancel, timeout, bypass_cache)

    def compile_lark_async(self, text: Text, *, cancel: Cancel | None = None, timeout: float | None = None,
                           bypass_cache: bool = False, **options: Any) -> CompileFuture:
        """compile_lark in a thread."""
        source = Grammar.from_lark(text, deferred=True, **options)
        return self._start(source, cancel, timeout, bypass_cache)

    def compile_structural_tag_async(self, structural_tag: Json | Iterable[Any] | None = None,
                                     triggers: Iterable[str] | None = None, *, cancel: Cancel | None = None,
                                     timeout: float | None = None, bypass_cache: bool = False,
                                     **options: Any) -> CompileFuture:
        """compile_structural_tag in a thread."""
        source = Grammar.from_structural_tag(structural_tag, triggers, deferred=True, **options)
        return self._start(source, cancel, timeout, bypass_cache)
