"""What bitmasks do to logits, wherever these are.

  memory, torch on the CPU    the loops of the library, 16 or more logits at once
  torch on CUDA, ROCm, XPU    a Triton kernel (_triton_logits.py), where the package triton is installed
  torch elsewhere             operations of torch; also for element types that the library does not have
  JAX, MLX                    operations of theirs, which make a new array: these arrays do not change

None of these packages is imported unless logits of it are given.
"""
from __future__ import annotations

from typing import Any, Sequence

from . import _memory
from ._library import ffi
from ._values import choice
from .bitmask import apply_memory, rows_of
from .error import ErrorCode, XgrError

BACKENDS = {name: name for name in ("auto", "cpu", "triton", "torch")}
_NATIVE = ("torch.float32", "torch.float16", "torch.bfloat16")


def library_of(array: Any) -> str:
    """The package an array comes from: "torch", "jax", "mlx", or "" for memory."""
    for kind in type(array).__mro__:
        name = kind.__module__.partition(".")[0]
        if name in ("torch", "jax", "mlx"):
            return name
        if name == "jaxlib":
            return "jax"
    return ""


def apply_token_bitmask_inplace(logits: Any, bitmask: Any, *, vocab_size: int | None = None,
                                indices: Any = None, mask_indices: Any = None, dtype: str | None = None,
                                backend: str = "auto") -> None:
    """Sets the logits of all tokens that a bitmask does not allow to minus infinity.

    The others keep every bit, NaN and infinities too. Logits that the mask has no bit for count as not
    allowed.

    logits          one row, or rows that may be further apart: a NumPy array or other memory of float32,
                    float16 or bfloat16, or a torch tensor of any of its floating-point types on any device
    bitmask         as many rows. On the CPU, or on the device of the logits
    vocab_size      logits of a row that count; those behind keep their values; None: all
    indices         which rows of the logits; None: all. None of them twice
    mask_indices    which row of the bitmask each of them has; None: that of the same index
    dtype           "float32", "float16" or "bfloat16", of logits that are other memory; None: what
                    they say
    backend         how it is done: "auto", as this module says; "cpu": the library; "triton"; "torch"

    Arrays of JAX and MLX cannot be changed in place: apply_token_bitmask takes them.
    """
    choice("backend", backend, BACKENDS)
    library = library_of(logits)
    if library in ("jax", "mlx"):
        raise TypeError(f"logits are an array of {library}, which cannot be changed; expected memory or a "
                        "torch tensor: apply_token_bitmask returns a new array")
    if library == "torch":
        backend = _torch_backend(logits, backend)
    elif backend not in ("auto", "cpu"):
        raise TypeError(f"backend is {backend!r}, and logits are {type(logits).__name__}; expected a torch tensor")
    if backend in ("auto", "cpu"):
        apply_memory(logits, bitmask, vocab_size, indices, mask_indices, dtype)
    else:
        from ._torch_logits import apply

        apply(logits, bitmask, vocab_size, indices, mask_indices, backend == "triton")


def apply_token_bitmask(logits: Any, bitmask: Any, *, vocab_size: int | None = None, indices: Any = None,
                        mask_indices: Any = None) -> Any:
    """The logits with those of all tokens that a bitmask does not allow at minus infinity.

    Memory and torch tensors are changed in place and returned; of arrays of JAX and MLX, with one or two
    dimensions, a new one is made, on their device. The arguments are those of apply_token_bitmask_inplace;
    the bitmask has to be memory on the CPU for JAX and MLX.
    """
    library = library_of(logits)
    if library not in ("jax", "mlx"):
        apply_token_bitmask_inplace(logits, bitmask, vocab_size=vocab_size, indices=indices,
                                    mask_indices=mask_indices)
        return logits
    shape = tuple(logits.shape)
    if len(shape) not in (1, 2):
        raise ValueError(f"logits have {len(shape)} dimensions; expected one or two")
    rows = shape[0] if len(shape) == 2 else 1
    columns = _columns(shape[-1], vocab_size)
    words = _word_rows(bitmask, rows, columns, indices, mask_indices)
    return _of_jax(logits, words, columns) if library == "jax" else _of_mlx(logits, words, columns)


def _torch_backend(logits: Any, backend: str) -> str:
    """How logits of torch are served."""
    device = logits.device.type
    if backend == "cpu" and device != "cpu":
        raise TypeError(f"backend is 'cpu', and logits are on {device}; expected them on the CPU")
    if backend != "auto":
        return backend
    if device == "cpu":
        return "cpu" if str(logits.dtype) in _NATIVE else "torch"
    if device not in ("cuda", "xpu"):
        return "torch"
    try:
        from ._triton_logits import apply  # noqa: F401
    except ImportError:
        return "torch"
    return "triton"


def _columns(width: int, vocab_size: int | None) -> int:
    columns = width if vocab_size is None else vocab_size
    if not 0 < columns <= width:
        raise ValueError(f"a row of the logits has {width}; expected vocab_size of 1 to that, found {columns}")
    return columns


def pairs(rows: int, mask_rows: int, indices: Sequence[int] | None,
          mask_indices: Sequence[int] | None) -> list[tuple[int, int]]:
    """Which row of the logits goes with which row of the bitmask."""
    places = list(range(rows) if indices is None else indices)
    masks = list((range(mask_rows) if indices is None else places) if mask_indices is None else mask_indices)
    if len(places) != len(masks):
        raise ValueError(f"logits have {len(places)} rows, bitmask {len(masks)}; expected as many, or indices and "
                         "mask_indices that say which belong together")
    for name, given, count in (("indices", places, rows), ("mask_indices", masks, mask_rows)):
        wrong = next((i for i, row in enumerate(given) if not 0 <= row < count), None)
        if wrong is not None:
            raise XgrError(f"{name}[{wrong}] is {given[wrong]}; there are {count} rows",
                           ErrorCode.INVALID_ARGUMENT)
    if len(set(places)) != len(places):
        raise XgrError("indices name a row twice; expected no row twice", ErrorCode.INVALID_ARGUMENT)
    return list(zip(places, masks))


def _word_rows(bitmask: Any, rows: int, columns: int, indices: Any, mask_indices: Any) -> memoryview:
    """int32 words for every row of the logits, as many as its columns need: all ones where no mask applies,
    zero where the bitmask has none."""
    masks = rows_of(bitmask, writable=False)
    needed = (columns + 31) // 32
    words = memoryview(bytearray(b"\xff") * (rows * needed * 4)).cast("i", shape=[rows, needed])
    data = _memory.of(bitmask, "bitmask", writable=False)
    source = memoryview(ffi.buffer(data.address, masks.count * 4)).cast("B")
    flat, count = words.cast("B"), min(needed, masks.words) * 4
    lists = [None if ids is None else ids_list(ids) for ids in (indices, mask_indices)]
    for row, mask in pairs(rows, masks.rows, *lists):
        start, begin = row * needed * 4, mask * masks.words * 4
        flat[start:start + needed * 4] = bytes(needed * 4)
        flat[start:start + count] = source[begin:begin + count]
    return words


def ids_list(ids: Any) -> list[int]:
    """Row numbers as a list."""
    return list(ids.tolist() if hasattr(ids, "tolist") else ids)


def _where(np: Any, logits: Any, words: Any, columns: int) -> Any:
    """The same for jax.numpy and mlx.core: the bits of the words decide, behind `columns` nothing does."""
    bits = np.right_shift(np.repeat(words, 32, axis=1)[:, :columns], np.arange(columns) % 32) & 1
    allowed = (bits == 1).reshape(*logits.shape[:-1], columns)
    forbidden = np.array(float("-inf"), dtype=logits.dtype)
    if columns == logits.shape[-1]:
        return np.where(allowed, logits, forbidden)
    return np.concatenate([np.where(allowed, logits[..., :columns], forbidden), logits[..., columns:]], axis=-1)


def _of_jax(logits: Any, words: memoryview, columns: int) -> Any:
    import jax
    import jax.numpy
    import numpy  # which JAX needs

    return _where(jax.numpy, logits, jax.device_put(numpy.asarray(words), logits.sharding), columns)


def _of_mlx(logits: Any, words: memoryview, columns: int) -> Any:
    import mlx.core

    return _where(mlx.core, logits, mlx.core.array(words), columns)
