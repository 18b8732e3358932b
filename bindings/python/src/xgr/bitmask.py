"""Bitmasks of tokens: bit i % 32 of word i // 32 is 1 when token i may come next.

A bitmask is any writable, contiguous memory of 32-bit integers with one row an output: what
allocate_token_bitmask gives, a NumPy array, a torch tensor on the CPU, an array.array, a bytearray.
Neither NumPy nor torch is imported.
"""
from ._library import ffi, lib
from .error import check


def get_bitmask_shape(batch_size, vocab_size):
    """(rows, words a row)."""
    return batch_size, lib.xgr_bitmask_words(vocab_size)


def allocate_token_bitmask(batch_size, vocab_size):
    """A memoryview of int32 with the shape above that allows every token.

    numpy.asarray(mask) and torch.frombuffer(mask, dtype=torch.int32) share its memory.
    """
    rows, words = get_bitmask_shape(batch_size, vocab_size)
    if rows * words == 0:
        raise ValueError(f"an empty bitmask: batch_size {batch_size}, vocab_size {vocab_size}")
    return memoryview(bytearray(b"\xff") * (rows * words * 4)).cast("i", shape=[rows, words])


def _memory(bitmask):
    """A memoryview of it; torch tensors have one by way of NumPy, which shares their memory."""
    try:
        return memoryview(bitmask)
    except TypeError:
        device = getattr(getattr(bitmask, "device", None), "type", "cpu")
        if device != "cpu" or not hasattr(bitmask, "numpy"):
            raise TypeError(f"bitmask is {type(bitmask).__name__} on {device}; expected writable "
                            "memory of 32-bit integers on the CPU") from None
        return memoryview(bitmask.numpy())


def words_of(bitmask):
    """(uint32_t array of cffi over the whole memory, number of words). Keeps the memory alive."""
    view = _memory(bitmask)
    if view.format in ("e", "f", "d"):
        raise TypeError("bitmask has floating-point values, as logits have; expected 32-bit integers: "
                        "fill the mask of allocate_token_bitmask, then set the logits of tokens "
                        "that it forbids to -inf")
    if not view.c_contiguous or view.format not in ("i", "I", "l", "L", "B", "b") or (
            view.itemsize not in (1, 4)):
        raise ValueError(f"bitmask has format {view.format!r}, item size {view.itemsize}; expected "
                         "contiguous 32-bit integers")
    words = ffi.from_buffer("uint32_t[]", view, require_writable=True)
    return words, len(words)


def row_of(bitmask, index, row_words):
    """Pointer to row `index` of a bitmask whose rows have `row_words` words."""
    view = _memory(bitmask)
    if view.itemsize == 4 and view.shape[-1] != row_words and view.ndim > 1:
        if view.format not in ("e", "f", "d"):
            raise ValueError(f"the mask has {view.shape[-1]} words a row; expected {row_words}")
    words, count = words_of(bitmask)
    if count % row_words:
        raise ValueError(f"the mask has {count} words; expected at least {row_words}, a multiple of it")
    if not 0 <= index < count // row_words:
        raise ValueError(f"index is {index}; the bitmask has {count // row_words} rows")
    return words, words + index * row_words


def reset_token_bitmask(bitmask):
    """Sets all bits to 1, which allows every token."""
    words, count = words_of(bitmask)
    check(lib.xgr_bitmask_reset(words, count))
