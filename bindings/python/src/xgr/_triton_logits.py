"""The kernel that applies bitmasks on GPUs, in Triton: for NVIDIA, AMD and Intel.

It only writes where a token is forbidden and reads no logits, so that a mask that allows much costs little.
"""
from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl

BLOCK_WORDS = 32  # words of a mask that one program looks at: 1,024 logits


@triton.jit
def _forbid(logits: Any, words: Any, logit_rows: Any, mask_rows: Any, logit_stride: Any, word_stride: Any, columns: Any,
            word_count: Any, BLOCK_WORDS: tl.constexpr) -> None:
    row = tl.load(logit_rows + tl.program_id(0)).to(tl.int64)
    mask_row = tl.load(mask_rows + tl.program_id(0)).to(tl.int64)
    word = tl.program_id(1) * BLOCK_WORDS + tl.arange(0, BLOCK_WORDS)
    # Words that the mask does not have are 0: logits without a bit are forbidden.
    value = tl.load(words + mask_row * word_stride + word, mask=word < word_count, other=0)
    bit = tl.arange(0, 32)
    column = word[:, None] * 32 + bit[None, :]
    forbidden = ((value[:, None] >> bit[None, :]) & 1) == 0
    place = logits + row * logit_stride + column
    tl.store(place, float("-inf"), mask=forbidden & (column < columns))


def apply(rows: torch.Tensor, words: torch.Tensor, logit_rows: torch.Tensor, mask_rows: torch.Tensor,
          columns: int) -> None:
    """Sets logits to minus infinity: in row logit_rows[i] of `rows`, by row mask_rows[i] of `words`, the first
    `columns` of each."""
    if rows.shape[1] > 1 and rows.stride(1) != 1:
        raise ValueError("logits: the elements of a row are not contiguous; expected rows that are")
    words = words if words.stride(1) == 1 else words.contiguous()
    grid = (len(logit_rows), triton.cdiv(columns, 32 * BLOCK_WORDS))
    _forbid[grid](rows, words, logit_rows, mask_rows, rows.stride(0), words.stride(0), columns, words.shape[1],
                  BLOCK_WORDS=BLOCK_WORDS)
