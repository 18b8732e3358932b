"""Logits of torch on any device: operations of torch."""
from __future__ import annotations

import typing

from . import apply


def apply_token_bitmask_inplace_torch_compile(logits: typing.Any, bitmask: typing.Any, vocab_size: int | None = None,
                                              indices: typing.Any = None) -> None:
    """xgrammar.apply_token_bitmask_inplace with the backend "torch_compile"."""
    apply(logits, bitmask, vocab_size, indices, "torch_compile")
