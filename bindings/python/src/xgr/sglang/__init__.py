"""SGLang: a grammar back end of this library.

  python -m sglang.launch_server --model-path MODEL --grammar-backend xgr

The entry point of the group sglang.srt.plugins, activate(), makes the name known; it changes nothing else.
Reasoning is deferred by the matcher itself. This module imports neither sglang nor torch until the back end is
asked for.
"""
from __future__ import annotations

from typing import Any

__all__ = ["Backend", "Grammar", "activate", "create_backend"]


def activate() -> None:
    """The entry point: registers the grammar back end "xgr". Calling it again does nothing more."""
    from sglang.srt.constrained.base_grammar_backend import register_grammar_backend
    from sglang.srt.server_args import GRAMMAR_BACKEND_CHOICES, add_grammar_backend_choices

    if "xgr" not in GRAMMAR_BACKEND_CHOICES:
        add_grammar_backend_choices(["xgr"])
    register_grammar_backend("xgr", create_backend)


def create_backend(server_args: Any, tokenizer: Any, vocab_size: int, eos_token_ids: Any = None) -> Any:
    """The back end of a server, as its arguments say; what SGLang calls."""
    from .reasoning import backend_of

    return backend_of(server_args, tokenizer, vocab_size, eos_token_ids)


def __getattr__(name: str) -> Any:
    if name == "Backend":
        from .backend import Backend

        return Backend
    if name == "Grammar":
        from .grammar import Grammar

        return Grammar
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
