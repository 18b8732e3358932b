"""An engine's back-end for structured outputs: one object that compiles what requests ask for, hands out bitmasks
and counts what that has cost.

  backend = xgr.backend.XGrammarBackend(tokenizer, vocab_size=config.vocab_size, num_speculative_tokens=3)
  grammar = backend.compile_grammar(GrammarType.JSON, schema)
  bitmask = backend.allocate_token_bitmask(max_num_seqs=8)
  grammar.fill_next_token_bitmask(bitmask, index=0)
  grammar.accept_token(token)

The classes stand on those of xgr and have the names of an engine's module: CompiledGrammar and GrammarMatcher have
the state of one output, GrammarCompiler and XGrammarBackend belong to all requests and may be used by any thread.
"""
from __future__ import annotations

from ..tokenizer import VocabType
from .async_backend import AsyncXGrammarBackend, GrammarFuture
from .backend import XGrammarBackend
from .compiled_grammar import CompiledGrammar
from .compiler import GrammarCompiler
from .composite import CompositeGrammar
from .grammar_type import GrammarType
from .matcher import GrammarMatcher
from .tokenizer import TokenizerInfo
from .wrapper import XGrammarGrammar

__all__ = [
    "AsyncXGrammarBackend",
    "CompiledGrammar",
    "CompositeGrammar",
    "GrammarCompiler",
    "GrammarFuture",
    "GrammarMatcher",
    "GrammarType",
    "TokenizerInfo",
    "VocabType",
    "XGrammarBackend",
    "XGrammarGrammar",
]
