"""Logits on a CUDA device: the Triton kernel, where the original compiles one when it is first used."""
from __future__ import annotations

import typing

from . import apply


def apply_token_bitmask_inplace_cuda(logits: typing.Any, bitmask: typing.Any, indices: typing.Any = None) -> None:
    """xgrammar.apply_token_bitmask_inplace with the backend "cuda"."""
    apply(logits, bitmask, None, indices, "cuda")
