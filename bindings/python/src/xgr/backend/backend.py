"""XGrammarBackend: what all requests of an engine share."""
from __future__ import annotations

import threading
from typing import Any, Iterable

from .._types import Json, Schema, Text
from .._values import flag, whole
from ..error import ErrorCode, XgrError
from ..grammar import Grammar
from ..tokenizer import TokenizerInfo
from .bitmask_pool import BitmaskPool
from .compiled_grammar import CompiledGrammar
from .compiler import (GrammarCompiler, Request, grammar_request, json_object_request, json_schema_request,
                       regex_request, structural_tag_request)
from .grammar_type import GrammarType
from .matcher import GrammarMatcher
from .tokenizer import TokenizerInfo as _TokenizerInfo
from .wrapper import XGrammarGrammar


class XGrammarBackend:
    """Compiles grammars and hands out bitmasks for the requests of one engine. Any thread may use it.

    tokenizer               that of the model: of the packages transformers or tokenizers, a list of token texts, or
                            a TokenizerInfo
    vocab_size              size of the logits; None: as many as there are tokens
    disable_any_whitespace  JSON is laid out as json.dumps does; otherwise with any white space between its parts
    num_speculative_tokens  the longest draft of a step: bitmasks have so many rows and one more for each sequence
    max_threads             how many threads may compile at once, for each tokenizer
    cache_limit_mb          MiB of grammars that are kept for later requests, for each tokenizer; 0: none

    compile_grammar also takes another tokenizer, such as that of a draft model. Each has its own compiler and cache,
    made when it is first named and kept until destroy().
    """

    def __init__(self, tokenizer: Any, vocab_size: int | None = None, disable_any_whitespace: bool = False,
                 num_speculative_tokens: int = 0, max_threads: int = 8, cache_limit_mb: int = 512) -> None:
        self.disable_any_whitespace = flag("disable_any_whitespace", disable_any_whitespace)
        self.num_speculative_tokens = whole("num_speculative_tokens", num_speculative_tokens, most=1 << 20)
        self.max_threads = whole("max_threads", max_threads, 1, 256)
        self.cache_limit_mb = whole("cache_limit_mb", cache_limit_mb, most=1 << 40)
        self._lock = threading.Lock()
        self._compilers: dict[int, tuple[Any, GrammarCompiler, BitmaskPool]] = {}  # by id of the tokenizer
        self._is_destroyed = False
        self.tokenizer = tokenizer
        self.tokenizer_info = self._served(tokenizer, vocab_size)[0].tokenizer_info
        self.vocab_size = self.tokenizer_info.vocab_size

    def _served(self, tokenizer: Any, vocab_size: int | None) -> tuple[GrammarCompiler, BitmaskPool]:
        """The compiler and the bitmasks of a tokenizer; None: its own."""
        tokenizer = self.tokenizer if tokenizer is None else tokenizer
        with self._lock:
            if self._is_destroyed:
                raise XgrError("this back-end is destroyed; expected one that is not", ErrorCode.INVALID_STATE)
            if id(tokenizer) not in self._compilers:
                info = _TokenizerInfo.from_tokenizer(tokenizer, vocab_size)
                compiler = GrammarCompiler(info, self.max_threads, self.cache_limit_mb > 0,
                                           self.cache_limit_mb << 20)
                # The tokenizer is kept as well, so that no other object has its id.
                self._compilers[id(tokenizer)] = tokenizer, compiler, BitmaskPool(info.vocab_size)
            _, compiler, pool = self._compilers[id(tokenizer)]
        if vocab_size is not None and vocab_size != pool.vocab_size:
            raise ValueError(f"vocab_size is {vocab_size}, but this tokenizer is served with {pool.vocab_size}; "
                             "expected the same, or None")
        return compiler, pool

    def _request(self, grammar_type: GrammarType | str, grammar_spec: Any) -> Request:
        """What compile_grammar is asked for."""
        kind = GrammarType.of(grammar_type)
        if kind is GrammarType.JSON:
            return json_schema_request(grammar_spec, not self.disable_any_whitespace)
        if kind is GrammarType.JSON_OBJECT:
            if grammar_spec not in (None, "", "{}", {}):
                raise ValueError("a grammar_spec with json_object, which has nothing to specify; expected None, or "
                                 "the type json")
            return json_object_request(not self.disable_any_whitespace)
        if kind is GrammarType.REGEX:
            return regex_request(grammar_spec)
        if kind is GrammarType.GRAMMAR:
            return grammar_request(grammar_spec)
        return structural_tag_request(grammar_spec, None)

    def _grammar(self, ctx: CompiledGrammar) -> XGrammarGrammar:
        return XGrammarGrammar(GrammarMatcher(ctx, self.num_speculative_tokens), ctx.vocab_size, ctx)

    def compile_grammar(self, grammar_type: GrammarType | str,
                        grammar_spec: Schema | Text | Json | Grammar | Iterable[Any] | None = None, *,
                        tokenizer: Any = None, vocab_size: int | None = None) -> XGrammarGrammar:
        """The grammar of a request, at the start of its output. Blocks while it is compiled, and lets other threads
        run.

        grammar_type    a GrammarType, or its value
        grammar_spec    what there is to say: a schema, a pattern, a grammar, a structural tag; of json_object None
        tokenizer, vocab_size
                        another tokenizer than that of the back-end, and the size of its logits
        """
        compiler, _ = self._served(tokenizer, vocab_size)
        return self._grammar(compiler.compile(self._request(grammar_type, grammar_spec)))

    def allocate_token_bitmask(self, max_num_seqs: int, *, tokenizer: Any = None) -> memoryview:
        """A bitmask for so many sequences, that allows every token: int32, for each sequence
        num_speculative_tokens + 1 rows. Sequence i has the rows from i * (num_speculative_tokens + 1) on. Released
        ones are handed out again.

        numpy.asarray(mask) and torch.frombuffer(mask, dtype=torch.int32) share its memory.
        """
        rows = whole("max_num_seqs", max_num_seqs, 1, 2**31 - 1) * (self.num_speculative_tokens + 1)
        return self._served(tokenizer, None)[1].allocate(rows)

    def release_token_bitmask(self, bitmask: memoryview) -> None:
        """Takes back a bitmask of allocate_token_bitmask, which nobody may use any more."""
        with self._lock:
            pools = [pool for _, _, pool in self._compilers.values()]
        for pool in pools:
            if pool.owns(bitmask):
                pool.release(bitmask)
                return
        raise ValueError("this bitmask is not lent; expected one of allocate_token_bitmask that was not released "
                         "before")

    def _convert_lark_to_ebnf(self, lark_grammar: Text) -> str:
        """EBNF of the language of a Lark grammar. compile_grammar does without: it reads Lark itself."""
        return str(Grammar.from_lark(lark_grammar))

    def get_stats(self) -> dict[str, Any]:
        """Figures of the back-end's own tokenizer, see GrammarCompiler.get_stats; of its bitmasks; and for each
        tokenizer the same under "tokenizers", in the order in which they were named."""
        with self._lock:
            served = [(compiler, pool) for _, compiler, pool in self._compilers.values()]
        figures = [{"vocab_size": pool.vocab_size, **compiler.get_stats(), **pool.stats()}
                   for compiler, pool in served]
        return {**(figures[0] if figures else {}), "tokenizers": figures}

    def destroy(self) -> None:
        """Gives up compilers, caches and bitmasks that are not lent. Grammars in use stay valid; whatever asks for
        another one raises XgrError with INVALID_STATE. Doing so again does nothing."""
        with self._lock:
            self._is_destroyed = True
            served = list(self._compilers.values())
            self._compilers.clear()
        for _, compiler, pool in served:
            compiler.close()
            pool.clear()
