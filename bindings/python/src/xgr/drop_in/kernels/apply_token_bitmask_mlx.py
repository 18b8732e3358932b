"""Logits of MLX, which cannot be changed in place."""
from __future__ import annotations

import typing


def apply_token_bitmask_mlx(bitmask: typing.Any, logits: typing.Any, vocab_size: int) -> typing.Any:
    """The first vocab_size logits of each row, those of tokens that the bitmask does not allow at minus
    infinity. The bitmask is an array of MLX or memory on the CPU."""
    from ...logits import apply_token_bitmask

    return apply_token_bitmask(logits[..., :vocab_size], bitmask)
