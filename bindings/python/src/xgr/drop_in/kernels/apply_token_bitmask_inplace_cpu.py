"""Logits on the CPU: the loops of the library."""
from __future__ import annotations

import typing

from . import apply


def apply_token_bitmask_inplace_cpu(logits: typing.Any, bitmask: typing.Any, vocab_size: int | None = None,
                                    indices: typing.Any = None) -> None:
    """xgrammar.apply_token_bitmask_inplace with the backend "cpu"."""
    apply(logits, bitmask, vocab_size, indices, "cpu")
