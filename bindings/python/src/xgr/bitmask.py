"""Bitmasks of tokens, and what they do to logits: bit i % 32 of word i // 32 is 1 when token i may come
next.

A bitmask is any writable, contiguous memory of 32-bit integers with one row an output: what
allocate_token_bitmask gives, a NumPy array, a torch tensor on the CPU, an array.array, a bytearray. What
has one dimension only is one row, unless a matcher says how long its rows are. Neither NumPy nor torch
is imported.
"""
from __future__ import annotations

from typing import Any

from . import _memory
from ._library import NULL, ffi, lib, struct
from ._types import Memory, TokenIds
from ._values import flag, whole
from .error import ErrorCode, XgrError, check

_APPLY = {"float32": (lib.xgr_bitmask_apply_f32, "float *"),
          "float16": (lib.xgr_bitmask_apply_f16, "uint16_t *"),
          "bfloat16": (lib.xgr_bitmask_apply_bf16, "uint16_t *")}


def get_bitmask_shape(batch_size: int, vocab_size: int) -> tuple[int, int]:
    """(rows, words a row)."""
    words: int = lib.xgr_bitmask_words(whole("vocab_size", vocab_size, most=2**31 - 1))
    return whole("batch_size", batch_size), words


def allocate_token_bitmask(batch_size: int, vocab_size: int) -> memoryview:
    """A memoryview of int32 with the shape above that allows every token.

    numpy.asarray(mask) and torch.frombuffer(mask, dtype=torch.int32) share its memory.
    """
    rows, words = get_bitmask_shape(batch_size, vocab_size)
    if rows * words == 0:
        raise ValueError(f"an empty bitmask: batch_size {batch_size}, vocab_size {vocab_size}")
    return memoryview(bytearray(b"\xff") * (rows * words * 4)).cast("i", shape=[rows, words])


class Rows:
    """The rows of a bitmask.

    first   uint32_t pointer to the first word
    count   how many words there are
    words   how many a row has; known says whether the bitmask itself tells
    """

    __slots__ = ("count", "first", "keep", "known", "pinned", "words")
    count: int
    first: Any
    keep: Any
    known: bool
    pinned: bool
    words: int

    @property
    def rows(self) -> int:
        return self.count // self.words if self.words else 0

    def row(self, index: int) -> Any:
        """Pointer to row `index`."""
        if not 0 <= whole("index", index, -2**63) < self.rows:
            raise ValueError(f"index is {index}; the bitmask has {self.rows} rows")
        return self.first + index * self.words


def rows_of(bitmask: Memory, name: str = "bitmask", writable: bool = True) -> Rows:
    """The Rows of a bitmask."""
    memory = _memory.of(bitmask, name, writable)
    if memory.dtype in ("float16", "bfloat16", "float32", "float64"):
        raise TypeError(f"{name} has floating-point values, as logits have; expected 32-bit integers: "
                        "fill the mask of allocate_token_bitmask, then set the logits of tokens "
                        "that it forbids to -inf")
    if memory.dtype not in ("int32", "bytes"):
        raise ValueError(f"{name} has elements of {memory.dtype}; expected 32-bit integers")
    if memory.stride != memory.columns:
        raise ValueError(f"{name} has rows of {memory.columns}, {memory.stride} apart; expected one behind the "
                         "other")
    out = Rows()
    size = memory.count * memory.item_size
    out.first, out.count = ffi.cast("uint32_t *", memory.address), size // 4
    out.known = len(memory.shape) > 1 and memory.dtype == "int32"
    out.words = memory.columns if out.known else out.count
    out.keep, out.pinned = memory, memory.pinned
    return out


def rows_for(bitmask: Memory, row_words: int, exact: bool = False) -> Rows:
    """The same for matchers whose rows have row_words words; where the bitmask tells how many a row has,
    it may have more, unless they have to be exactly those."""
    out = rows_of(bitmask)
    if out.known:
        if out.words < row_words or exact and out.words != row_words:
            raise ValueError(f"the mask has {out.words} words a row; expected {row_words}")
        return out
    if not out.count or out.count % row_words:
        raise ValueError(f"the mask has {out.count} words; expected at least {row_words}, a multiple of it")
    out.words = row_words
    return out


def reset_token_bitmask(bitmask: Memory) -> None:
    """Sets all bits to 1, which allows every token."""
    mask = rows_of(bitmask)
    check(lib.xgr_bitmask_reset(mask.first, mask.count))


def bitmask_count(bitmask: Memory, index: int = 0) -> int:
    """How many tokens row `index` allows."""
    mask = rows_of(bitmask, writable=False)
    count: int = lib.xgr_bitmask_count(mask.row(index), mask.words)
    return count


def bitmask_tokens(bitmask: Memory, index: int = 0) -> list[int]:
    """The tokens that row `index` allows, ascending, as a list."""
    mask = rows_of(bitmask, writable=False)
    row, count = mask.row(index), ffi.new("size_t *")
    capacity = lib.xgr_bitmask_count(row, mask.words)
    tokens = ffi.new("int32_t[]", capacity)
    check(lib.xgr_bitmask_tokens(row, mask.words, tokens, capacity, count))
    return list(ffi.unpack(tokens, min(capacity, count[0])))


def bitmask_set_tokens(bitmask: Memory, token_ids: TokenIds, allowed: bool = True, index: int = 0) -> None:
    """Sets the bits of some tokens in row `index`: to 1, or with allowed=False to 0."""
    mask = rows_of(bitmask)
    row = mask.row(index)
    tokens, count = _memory.int32s(token_ids, "token_ids", clamp=True)
    status = lib.xgr_bitmask_set_tokens(row, mask.words, tokens, count, flag("allowed", allowed))
    if status == ErrorCode.INVALID_ARGUMENT:
        bits = 32 * mask.words
        wrong = next((token for token in ffi.unpack(tokens, count) if not 0 <= token < bits), None)
        raise XgrError(f"token id {wrong} has no bit in the mask; expected 0 or more, below {bits}",
                       ErrorCode.INVALID_ARGUMENT)
    check(status)


def bitmask_filter_tokens(bitmask: Memory, token_ids: TokenIds, index: int = 0) -> list[int]:
    """Those of some tokens that row `index` allows, in their order, as a new list; ids that it has no bit
    for are dropped."""
    mask = rows_of(bitmask, writable=False)
    row, kept = mask.row(index), ffi.new("size_t *")
    given, count = _memory.int32s(token_ids, "token_ids", clamp=True)
    tokens = ffi.new("int32_t[]", count)
    ffi.memmove(tokens, given, 4 * count)
    check(lib.xgr_bitmask_filter_tokens(row, mask.words, tokens, count, kept))
    return list(ffi.unpack(tokens, kept[0]))


def _combine(call: Any, bitmask: Memory, other: Memory) -> None:
    mask, operand = rows_of(bitmask), rows_of(other, "other", writable=False)
    if mask.count != operand.count:
        raise ValueError(f"bitmask has {mask.count} words, other {operand.count}; expected as many")
    check(call(mask.first, operand.first, mask.count))


def bitmask_and(bitmask: Memory, other: Memory) -> None:
    """Keeps in a bitmask, in all its rows, the tokens that another one allows too."""
    _combine(lib.xgr_bitmask_and, bitmask, other)


def bitmask_or(bitmask: Memory, other: Memory) -> None:
    """Adds to a bitmask, in all its rows, the tokens that another one allows."""
    _combine(lib.xgr_bitmask_or, bitmask, other)


def bitmask_and_not(bitmask: Memory, other: Memory) -> None:
    """Takes out of a bitmask, in all its rows, the tokens that another one allows."""
    _combine(lib.xgr_bitmask_and_not, bitmask, other)


def apply_memory(logits: Memory, bitmask: Memory, vocab_size: int | None, indices: TokenIds | None,
                 mask_indices: TokenIds | None, dtype: str | None) -> None:
    """xgr.apply_token_bitmask_inplace for memory on the CPU."""
    apply_rows(_APPLY, (), logits, bitmask, vocab_size, indices, mask_indices, dtype)


def _logits_of(logits: Memory, dtype: str | None,
               calls: dict[str, tuple[Any, str]]) -> tuple[_memory.Memory, Any, Any]:
    """(Memory with its shape in logits, function, pointer)"""
    memory = _memory.of(logits, "logits")
    kind = dtype or memory.dtype
    if kind not in calls:
        raise TypeError(f"logits are {kind}; expected one of {', '.join(calls)}")
    call, pointer = calls[kind]
    size = 4 if kind == "float32" else 2
    if memory.item_size != size:
        if memory.item_size != 1 or memory.columns % size or memory.stride % size:
            raise ValueError(f"logits are elements of {memory.item_size} bytes; {kind} has {size}")
        memory.shape = memory.shape[:-1] + (memory.columns // size,)
        memory.stride //= size
    return memory, call, ffi.cast(pointer, memory.address)


def apply_rows(calls: dict[str, tuple[Any, str]], subject: tuple[Any, ...], logits: Memory, bitmask: Memory,
               vocab_size: int | None, indices: TokenIds | None, mask_indices: TokenIds | None,
               dtype: str | None) -> None:
    """apply_token_bitmask_inplace by one of calls, which takes the arguments in subject first."""
    memory, call, pointer = _logits_of(logits, dtype, calls)
    masks = rows_of(bitmask, writable=False)
    columns = memory.columns if vocab_size is None else whole("vocab_size", vocab_size, -2**63)
    if not 0 < columns <= memory.columns:
        raise ValueError(f"a row of the logits has {memory.columns}; expected vocab_size of 1 to that, "
                         f"found {columns}")
    logit_rows, count = NULL, memory.rows
    if indices is not None:
        logit_rows, count = _memory.int32s(indices, "indices")
    mask_rows, mask_row_count = logit_rows, count
    if mask_indices is not None:
        mask_rows, mask_row_count = _memory.int32s(mask_indices, "mask_indices")
    elif indices is None:
        mask_row_count = masks.rows
    if count != mask_row_count:
        raise ValueError(f"logits have {count} rows, bitmask {mask_row_count}; expected as many, or "
                         "indices and mask_indices that say which belong together")
    if not count:
        return
    options = struct("xgr_apply_options_t", row_count=count, columns=columns,
                     stride=max(memory.stride, memory.columns), mask_words=masks.words,
                     logit_rows=logit_rows, logit_row_count=0 if indices is None else count,
                     mask_rows=mask_rows, mask_row_count=0 if mask_rows == NULL else count)
    status = call(*subject, pointer, memory.count, masks.first, masks.count, options)
    if status == ErrorCode.INVALID_ARGUMENT:
        _explain(options, memory.rows, masks.rows)
    check(status)


def _explain(options: Any, logit_rows: int, mask_rows: int) -> None:
    """Raises what is wrong with the rows, which is all that can be."""
    for name, rows, count, size in (
            ("indices", options.logit_rows, options.logit_row_count, logit_rows),
            ("mask_indices", options.mask_rows, options.mask_row_count, mask_rows)):
        for i in range(count):
            if not 0 <= rows[i] < size:
                raise XgrError(f"{name}[{i}] is {rows[i]}; there are {size} rows",
                               ErrorCode.INVALID_ARGUMENT)
    seen: dict[int, int] = {}
    for i in range(options.logit_row_count):
        first = seen.setdefault(options.logit_rows[i], i)
        if first != i:
            raise XgrError(f"indices[{first}] and indices[{i}] are {options.logit_rows[i]}; expected no row "
                           "twice", ErrorCode.INVALID_ARGUMENT)


def bitmask_apply_candidates(bitmask: Memory, candidates: Memory, *, candidate_size: int | None = None,
                             id_offset: int = 0, logit_offset: int = 4, index: int = 0) -> None:
    """Sets the logits of those candidates that row `index` does not allow to minus infinity.

    candidates is memory of structs with an id (int32) and a logit (float32) somewhere; nothing else of
    them is read or written. Their size in bytes, and where in them the two begin, are those of
    llama_token_data of llama.cpp unless said otherwise: 12, 0 and 4. None: the size of an element, where
    that is a struct, as in structured arrays of NumPy. Ids that the mask has no bit for are not allowed.
    """
    mask, memory = rows_of(bitmask, writable=False), _memory.of(candidates, "candidates")
    if memory.stride != memory.columns:
        raise ValueError("candidates are not contiguous; expected structs one behind the other")
    if candidate_size is None:
        candidate_size = memory.item_size if memory.dtype.startswith("T{") else 12
    size = memory.count * memory.item_size
    status = lib.xgr_bitmask_apply_candidates(
        mask.row(index), mask.words, memory.address, size, whole("candidate_size", candidate_size),
        whole("id_offset", id_offset), whole("logit_offset", logit_offset))
    if status == ErrorCode.INVALID_ARGUMENT:
        raise XgrError(f"candidates have {size} bytes, of {candidate_size} each with the id at {id_offset} "
                       f"and the logit at {logit_offset}; expected a multiple, and both inside, apart",
                       ErrorCode.INVALID_ARGUMENT)
    check(status)
