"""apply_token_bitmask_inplace by the way it is done: modules with the names of the original's.

Each has one function, and all of them are xgr.logits with the words of the original.
"""
from __future__ import annotations

import typing
import warnings

from .._contract import ArgumentError

_BACKENDS = {"auto": "auto", "cpu": "cpu", "triton": "triton", "cuda": "triton", "torch_compile": "torch",
             "torch_native": "torch"}


def apply(logits: typing.Any, bitmask: typing.Any, vocab_size: int | None, indices: typing.Any,
          backend: str) -> None:
    """apply_token_bitmask_inplace by a way that the original names."""
    from ...logits import apply_token_bitmask_inplace as apply_ours

    if backend not in _BACKENDS:
        raise ArgumentError(f"backend is {backend!r}; expected one of {', '.join(map(repr, _BACKENDS))}")
    here, there = getattr(logits, "device", None), getattr(bitmask, "device", None)
    for name, given in (("logits", logits), ("bitmask", bitmask)):
        if not hasattr(given, "shape"):
            raise ArgumentError(f"{name} is {type(given).__name__}; expected a tensor or an array")
    if str(here) != str(there) and here is not None and there is not None:
        raise ArgumentError(f"logits are on {here}, bitmask is on {there}; expected both on one device")
    width, covered = logits.shape[-1], bitmask.shape[-1] * 32
    if vocab_size is None:
        if covered < width:
            warnings.warn(f"the bitmask covers {covered} tokens, a row of logits has {width}: those behind are left "
                          "unmasked, and may be chosen. Expected a bitmask for all logits, or vocab_size",
                          stacklevel=4)
        vocab_size = min(width, covered)
    elif not 0 < vocab_size <= min(width, covered):
        raise ArgumentError(f"vocab_size is {vocab_size}; expected 1 to {min(width, covered)}, which logits and "
                            "bitmask both have")
    apply_ours(logits, bitmask, vocab_size=vocab_size, indices=indices, backend=_BACKENDS[backend])
