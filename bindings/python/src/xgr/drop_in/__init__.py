"""xgr under the names of the package xgrammar, with its defaults and its contracts.

`xgr.install_as_xgrammar()` makes `import xgrammar` mean this package. Its modules have the names of the
original's; their classes are those of xgr and differ only where docs/drop-in.md says so. Everything loads
when it is first used.
"""
from __future__ import annotations

import importlib
import typing

from ._version import __version__

if typing.TYPE_CHECKING:
    from .compiler import CompiledGrammar, GrammarCompiler
    from .config import (get_max_recursion_depth, get_serialization_version, max_recursion_depth,
                         set_max_recursion_depth)
    from .exception import (DeserializeFormatError, DeserializeVersionError, InvalidJSONError,
                            InvalidStructuralTagError)
    from .grammar import Grammar
    from .matcher import (BatchGrammarMatcher, GrammarMatcher, allocate_token_bitmask,
                          apply_token_bitmask_inplace, bitmask_dtype, get_bitmask_shape,
                          reset_token_bitmask)
    from .tokenizer_info import TokenizerInfo, VocabType

_MODULES = {"builtin_structural_tag", "compiler", "config", "contrib", "exception", "grammar", "kernels",
            "matcher", "openai_tool_call_schema", "structural_tag", "testing", "tokenizer_info"}
_NAMES = {
    "CompiledGrammar": "compiler",
    "GrammarCompiler": "compiler",
    "get_max_recursion_depth": "config",
    "get_serialization_version": "config",
    "max_recursion_depth": "config",
    "set_max_recursion_depth": "config",
    "DeserializeFormatError": "exception",
    "DeserializeVersionError": "exception",
    "InvalidJSONError": "exception",
    "InvalidStructuralTagError": "exception",
    "Grammar": "grammar",
    "BatchGrammarMatcher": "matcher",
    "GrammarMatcher": "matcher",
    "allocate_token_bitmask": "matcher",
    "apply_token_bitmask_inplace": "matcher",
    "bitmask_dtype": "matcher",
    "get_bitmask_shape": "matcher",
    "reset_token_bitmask": "matcher",
    "StructuralTag": "structural_tag",
    "StructuralTagItem": "structural_tag",
    "TokenizerInfo": "tokenizer_info",
    "VocabType": "tokenizer_info",
    "get_builtin_structural_tag": "builtin_structural_tag",
    "get_model_structural_tag": "builtin_structural_tag",
    "normalize_tool_choice": "builtin_structural_tag",
    "register_model_structural_tag": "builtin_structural_tag",
}

__all__ = sorted([*_NAMES, "exception", "hf", "structural_tag", "testing"])


def __getattr__(name: str) -> typing.Any:
    """Loads what is asked for the first time, and keeps it here."""
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name == "hf":
        value = importlib.import_module(f"{__name__}.contrib.hf")
    elif name in _NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *__all__})
