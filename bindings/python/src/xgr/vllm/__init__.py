"""vLLM: its structured outputs by this library, in three ways.

  XGR_VLLM=1 vllm serve MODEL         the entry point of the group vllm.general_plugins puts Backend and
                                      validate_grammar in the places of those named "xgrammar"
  LLM(MODEL, logits_processors=["xgr.vllm:LogitsProcessor"])
                                      for requests with SamplingParams(extra_args={"xgr": {"json": schema}});
                                      no part of vLLM is replaced
  Backend                             a vllm.v1.structured_output.backend_types.StructuredOutputBackend

Without XGR_VLLM=1 the installed package does nothing to vLLM. This module imports neither vLLM nor torch
until one of the classes is asked for.
"""
from __future__ import annotations

import os
from typing import Any

__all__ = ["Backend", "Grammar", "LogitsProcessor", "activate", "validate_grammar"]

_BACKEND_NAMES = ("Backend", "Grammar", "validate_grammar")


def activate() -> None:
    """The entry point. With XGR_VLLM=1, requests for the back end "xgrammar", and for "auto", get Backend in this
    process. Calling it again does nothing more."""
    if os.environ.get("XGR_VLLM") != "1":
        return
    import vllm.v1.structured_output as manager
    from vllm.v1.structured_output import backend_xgrammar

    from .backend import Backend, validate_grammar

    # Both names are looked up when a request comes.
    manager.XgrammarBackend = Backend
    backend_xgrammar.XgrammarBackend = Backend
    backend_xgrammar.validate_xgrammar_grammar = validate_grammar


def __getattr__(name: str) -> Any:
    if name in _BACKEND_NAMES:
        from . import backend

        return getattr(backend, name)
    if name == "LogitsProcessor":
        from .logits import LogitsProcessor

        return LogitsProcessor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
