"""Bitmasks and logits that are torch tensors, on any device."""
from __future__ import annotations

from typing import Any

import torch

from . import logits as places
from .bitmask import rows_of


def bitmask_tensor(bitmask: Any, device: torch.device) -> torch.Tensor:
    """The words of a bitmask as an int32 tensor with two dimensions on a device. Copies only what is not there
    yet, without waiting where the memory is pinned."""
    if not isinstance(bitmask, torch.Tensor):
        found = rows_of(bitmask, writable=False)
        rows = memoryview(bitmask) if not hasattr(bitmask, "__array__") else bitmask
        if isinstance(rows, memoryview):
            tensor = torch.frombuffer(bytearray(rows) if rows.readonly else rows, dtype=torch.int32)
        else:
            tensor = torch.as_tensor(rows).view(torch.int32)
        bitmask = tensor.reshape(found.rows, found.words)
    elif bitmask.dtype not in (torch.int32, torch.uint32):
        raise TypeError(f"bitmask has elements of {bitmask.dtype}; expected 32-bit integers")
    words = bitmask.view(torch.int32)
    words = words.reshape(1, -1) if words.dim() == 1 else words
    return words.to(device, non_blocking=True)


def _row_numbers(given: Any, count: int, device: torch.device) -> torch.Tensor:
    if given is None:
        return torch.arange(count, dtype=torch.int32, device=device)
    if isinstance(given, torch.Tensor) and given.device.type != "cpu":
        return given.to(device)  # not looked at: that would wait for the device
    return torch.tensor(places.ids_list(given), dtype=torch.int32, device=device)


def apply(logits: torch.Tensor, bitmask: Any, vocab_size: int | None, indices: Any, mask_indices: Any,
          by_triton: bool) -> None:
    """xgr.apply_token_bitmask_inplace by a Triton kernel, or by operations of torch. Row numbers that are
    tensors on a device are not checked."""
    if logits.dim() not in (1, 2):
        raise ValueError(f"logits have {logits.dim()} dimensions; expected one or two")
    if not logits.is_floating_point():
        raise TypeError(f"logits are {logits.dtype}; expected a floating-point type")
    rows = logits.unsqueeze(0) if logits.dim() == 1 else logits
    columns = rows.shape[1] if vocab_size is None else vocab_size
    if not 0 < columns <= rows.shape[1]:
        raise ValueError(f"a row of the logits has {rows.shape[1]}; expected vocab_size of 1 to that, found "
                         f"{columns}")
    words = bitmask_tensor(bitmask, logits.device)
    on_device = any(isinstance(given, torch.Tensor) and given.device.type != "cpu"
                    for given in (indices, mask_indices))
    if not on_device:
        lists = [None if given is None else places.ids_list(given) for given in (indices, mask_indices)]
        places.pairs(rows.shape[0], words.shape[0], *lists)
    logit_rows = _row_numbers(indices, rows.shape[0], logits.device)
    mask_rows = logit_rows if mask_indices is None else _row_numbers(mask_indices, 0, logits.device)
    if not len(logit_rows):
        return
    if by_triton:
        from ._triton_logits import apply as apply_kernel

        apply_kernel(rows, words, logit_rows, mask_rows, columns)
    else:
        _by_operations(rows, words, None if indices is None else logit_rows, mask_rows, columns)


def _by_operations(rows: torch.Tensor, words: torch.Tensor, logit_rows: torch.Tensor | None,
                   mask_rows: torch.Tensor, columns: int) -> None:
    """logit_rows None: all rows."""
    chosen = words[mask_rows.long()][:, :(columns + 31) // 32]
    bits = torch.arange(32, dtype=torch.int32, device=words.device)
    forbidden = ((chosen.unsqueeze(-1) >> bits) & 1).eq(0).flatten(1)
    missing = columns - forbidden.shape[1]  # logits without a bit
    if missing > 0:
        forbidden = torch.nn.functional.pad(forbidden, (0, missing), value=True)
    forbidden = forbidden[:, :columns]
    if logit_rows is None:
        rows[:, :columns].masked_fill_(forbidden, float("-inf"))
        return
    wanted = logit_rows.long()
    rows[wanted, :columns] = rows[wanted, :columns].masked_fill(forbidden, float("-inf"))
