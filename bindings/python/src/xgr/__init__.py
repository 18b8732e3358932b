"""libxgr: which tokens may come next, so that a model's output matches a schema or a grammar.

  info = xgr.TokenizerInfo(tokens, stop_token_ids=[2])
  compiled = xgr.GrammarCompiler(info).compile_json_schema(schema)
  matcher = xgr.GrammarMatcher(compiled)
  mask = xgr.allocate_token_bitmask(1, info.vocab_size)
  while not matcher.is_terminated():
      matcher.fill_next_token_bitmask(mask)
      matcher.accept_token(sample(logits, mask))
"""
from . import _cdef
from .batch import BatchError, BatchGrammarMatcher
from .bitmask import (allocate_token_bitmask, apply_token_bitmask_inplace, bitmask_and, bitmask_and_not,
                      bitmask_apply_candidates, bitmask_count, bitmask_filter_tokens, bitmask_or,
                      bitmask_set_tokens, bitmask_tokens, get_bitmask_shape, reset_token_bitmask)
from ._library import version
from ._options import RegexFlags
from .cancel import Cancel
from .compiler import CompiledGrammar, GrammarCompiler
from .diagnostics import Diagnostic
from .error import ErrorCode, XgrError
from .family import families, family_structural_tag, family_text
from .futures import CompileFuture
from .grammar import Grammar
from .matcher import GrammarMatcher
from .reply_reader import ReplyEvent, ReplyEventKind, ReplyReader
from .schema_report import SchemaEntry, check_json_schema
from .start import StartSequence
from .structural_tag import StructuralTagItem
from .tokenizer import TokenizerInfo, TokenKind, VocabType

__version__ = ".".join(map(str, _cdef.VERSION))
__all__ = [
    "BatchError",
    "BatchGrammarMatcher",
    "Cancel",
    "CompileFuture",
    "CompiledGrammar",
    "Diagnostic",
    "ErrorCode",
    "Grammar",
    "GrammarCompiler",
    "GrammarMatcher",
    "RegexFlags",
    "ReplyEvent",
    "ReplyEventKind",
    "ReplyReader",
    "SchemaEntry",
    "StartSequence",
    "StructuralTagItem",
    "TokenKind",
    "TokenizerInfo",
    "VocabType",
    "XgrError",
    "allocate_token_bitmask",
    "apply_token_bitmask_inplace",
    "bitmask_and",
    "bitmask_and_not",
    "bitmask_apply_candidates",
    "bitmask_count",
    "bitmask_filter_tokens",
    "bitmask_or",
    "bitmask_set_tokens",
    "bitmask_tokens",
    "check_json_schema",
    "families",
    "family_structural_tag",
    "family_text",
    "get_bitmask_shape",
    "reset_token_bitmask",
    "version",
]
