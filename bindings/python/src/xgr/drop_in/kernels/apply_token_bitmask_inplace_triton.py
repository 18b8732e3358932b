"""Logits on a GPU: a Triton kernel."""
from __future__ import annotations

import typing

from . import apply


def apply_token_bitmask_inplace_triton(logits: typing.Any, bitmask: typing.Any, vocab_size: int | None = None,
                                       indices: typing.Any = None) -> None:
    """xgrammar.apply_token_bitmask_inplace with the backend "triton"."""
    apply(logits, bitmask, vocab_size, indices, "triton")
