"""libxgr: which tokens may come next, so that a model's output matches a schema or a grammar.

  info = xgr.TokenizerInfo(tokens, stop_token_ids=[2])
  compiled = xgr.GrammarCompiler(info).compile_json_schema(schema)
  matcher = xgr.GrammarMatcher(compiled)
  mask = xgr.allocate_token_bitmask(1, info.vocab_size)
  while not matcher.is_terminated():
      matcher.fill_next_token_bitmask(mask)
      matcher.accept_token(sample(logits, mask))
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _cdef
from ._library import version
from ._options import RegexFlags
from .batch import BatchError, BatchGrammarMatcher
from .bitmask import (allocate_token_bitmask, bitmask_and, bitmask_and_not, bitmask_apply_candidates,
                      bitmask_count, bitmask_filter_tokens, bitmask_or, bitmask_set_tokens, bitmask_tokens,
                      get_bitmask_shape, reset_token_bitmask)
from .cancel import Cancel
from .compiler import CompiledGrammar, GrammarCompiler
from .error import (DeserializeFormatError, DeserializeVersionError, ErrorCode, InvalidJSONError,
                    InvalidStructuralTagError, XgrError)
from .family import families, family_structural_tag, family_text
from .grammar import Grammar
from .install import install_as_xgrammar
from .logits import apply_token_bitmask, apply_token_bitmask_inplace
from .matcher import GrammarMatcher
from .start import StartSequence
from .tokenizer import TokenizerFormat, TokenizerInfo, TokenKind, VocabType

if TYPE_CHECKING:
    from . import structural_tag
    from .diagnostics import Diagnostic
    from .explanation import Explanation
    from .futures import CompileFuture
    from .model_tags import (get_builtin_structural_tag, get_model_structural_tag, normalize_tool_choice,
                             register_model_structural_tag)
    from .reply_reader import ReplyEvent, ReplyEventKind, ReplyReader
    from .schema_report import SchemaEntry, check_json_schema
    from .structural_tag import StructuralTag, StructuralTagItem

__version__ = ".".join(map(str, _cdef.VERSION))
# Imported when somebody first asks for them, so that `import xgr` takes little time: names and their modules.
_LAZY = {
    "CompileFuture": "futures",
    "Diagnostic": "diagnostics",
    "Explanation": "explanation",
    "ReplyEvent": "reply_reader",
    "ReplyEventKind": "reply_reader",
    "ReplyReader": "reply_reader",
    "SchemaEntry": "schema_report",
    "StructuralTag": "structural_tag",
    "StructuralTagItem": "structural_tag",
    "check_json_schema": "schema_report",
    "get_builtin_structural_tag": "model_tags",
    "get_model_structural_tag": "model_tags",
    "normalize_tool_choice": "model_tags",
    "register_model_structural_tag": "model_tags",
}
# The same, as xgr.NAME: those that need no other package.
_MODULES = frozenset({"backend", "diagnostics", "futures", "llama_cpp", "lmdeploy", "mlx", "model_tags", "openai_tools",
                      "reply_reader", "schema_report", "structural_tag", "tensorrt_llm"})
__all__ = [
    "BatchError",
    "BatchGrammarMatcher",
    "Cancel",
    "CompileFuture",
    "CompiledGrammar",
    "DeserializeFormatError",
    "DeserializeVersionError",
    "Diagnostic",
    "ErrorCode",
    "Explanation",
    "Grammar",
    "GrammarCompiler",
    "GrammarMatcher",
    "InvalidJSONError",
    "InvalidStructuralTagError",
    "RegexFlags",
    "ReplyEvent",
    "ReplyEventKind",
    "ReplyReader",
    "SchemaEntry",
    "StartSequence",
    "StructuralTag",
    "StructuralTagItem",
    "TokenKind",
    "TokenizerFormat",
    "TokenizerInfo",
    "VocabType",
    "XgrError",
    "allocate_token_bitmask",
    "apply_token_bitmask",
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
    "get_builtin_structural_tag",
    "get_model_structural_tag",
    "install_as_xgrammar",
    "normalize_tool_choice",
    "register_model_structural_tag",
    "reset_token_bitmask",
    "structural_tag",
    "version",
]


def __getattr__(name: str) -> Any:
    """Python comes here for names that are not there yet: those of _LAZY, and modules of the package."""
    import importlib

    if name.startswith("__") or name not in _LAZY and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f".{_LAZY.get(name, name)}", __name__)
    found = module if name in _MODULES else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_MODULES})
