"""Memory of the caller: bitmasks, logits, candidates, token ids.

Anything with a buffer will do (NumPy arrays, array.array, bytearray, memoryview), and so do torch tensors
on the CPU. Neither NumPy nor torch is imported: a tensor has a buffer by way of its own numpy(), and
where it has none, as with bfloat16, it says by data_ptr() where its elements are.
"""
from __future__ import annotations

import sys
from typing import Any, Sequence

from ._library import ffi
from ._types import TokenIds

_ORDERS = "@=<" if sys.byteorder == "little" else "@=>"
_NAMES = {"e": "float16", "f": "float32", "d": "float64", "b": "bytes", "B": "bytes", "c": "bytes"}
_SIZES = {"int32": 4, "uint32": 4, "int16": 2, "uint16": 2, "uint8": 1, "int8": 1, "float16": 2,
          "bfloat16": 2, "float32": 4, "float64": 8, "int64": 8}


class Memory:
    """Where the elements of something are, as rows of equal length.

    address     of the first element
    dtype       "int32", "float32", "bytes" and so on; else what the object itself says
    shape       as the object has it, empty for one number
    stride      elements from one row to the next
    pinned      the object cannot give up the memory while this is there
    """

    __slots__ = ("address", "dtype", "item_size", "keep", "pinned", "shape", "stride")
    address: Any
    dtype: str
    item_size: int
    keep: Any
    pinned: bool
    shape: tuple[int, ...]
    stride: int

    @property
    def columns(self) -> int:
        return self.shape[-1] if self.shape else 1

    @property
    def rows(self) -> int:
        rows = 1
        for length in self.shape[:-1]:
            rows *= length
        return rows

    @property
    def count(self) -> int:
        """Elements from the first to the last one, those between the rows included."""
        return (self.rows - 1) * self.stride + self.columns if self.rows else 0


def _integer(size: int) -> str:
    return f"int{8 * size}"


def _of_buffer(view: memoryview, thing: Any, writable: bool) -> Memory:
    out = Memory()
    code = view.format[1:] if view.format[:1] in _ORDERS else view.format
    out.dtype = _integer(view.itemsize) if code in "hHiIlLqQ" else _NAMES.get(code, view.format)
    out.item_size, out.shape, out.pinned = view.itemsize, view.shape or (), True
    if view.c_contiguous:
        out.stride = out.columns
        buffer = ffi.from_buffer("uint8_t[]", view, require_writable=writable)
        out.address = ffi.cast("uint8_t *", buffer)
        out.keep, out.pinned = _pinned(view)
        return out
    if writable and view.readonly:
        raise BufferError("it is read-only")
    interface = getattr(thing, "__array_interface__", None)
    if interface is None:
        raise ValueError("it is not contiguous")
    out.stride = _row_stride(out.shape, [step // view.itemsize for step in view.strides or ()])
    out.keep, out.address = view, ffi.cast("uint8_t *", interface["data"][0])
    return out


def _pinned(view: memoryview) -> tuple[Any, bool]:
    """What holds the memory of a view, and whether nobody can resize that meanwhile.

    It is not the view: where that is collected as part of a cycle, Python takes it apart before what cffi has
    made of it, which crashes then.
    """
    try:
        return ffi.from_buffer(view.obj), True
    except (TypeError, ValueError, BufferError):  # contiguous itself, but not the whole of it
        return view.obj, False


def _row_stride(shape: Sequence[int], strides: Sequence[int]) -> int:
    """Elements from one row to the next, of memory whose rows are contiguous."""
    if shape[-1] > 1 and strides[-1] != 1:
        raise ValueError("the elements of a row are not contiguous")
    stride = strides[-2] if len(shape) > 1 else shape[-1]
    for i in range(len(shape) - 2):  # of more than two dimensions the rows have to be evenly apart
        if strides[i] != strides[i + 1] * shape[i + 1]:
            raise ValueError("its rows are not evenly apart")
    if len(shape) > 1 and shape[-2] <= 1:
        return max(stride, shape[-1])
    if stride < shape[-1]:
        raise ValueError("its rows overlap")
    return stride


def _of_tensor(tensor: Any) -> Memory:
    """What has data_ptr(), dtype, shape and stride(), as torch tensors do."""
    if any(getattr(tensor, name, bool)() for name in ("is_neg", "is_conj")):
        raise TypeError("a tensor whose memory has other values than itself; expected what its resolve_neg() or "
                        "resolve_conj() returns")
    out = Memory()
    name = str(tensor.dtype).rpartition(".")[2]
    out.item_size = _SIZES.get(name, 0)
    out.dtype = {"uint32": "int32", "uint16": "int16", "uint8": "bytes", "int8": "bytes"}.get(name, name)
    out.shape = tuple(tensor.shape)
    out.stride = _row_stride(out.shape, tuple(tensor.stride())) if out.shape else 1
    out.address = ffi.cast("uint8_t *", tensor.data_ptr())
    out.keep, out.pinned = tensor, False
    return out


def _of_array(array: Any, writable: bool) -> Memory:
    """A NumPy array whose elements have no buffer, such as bfloat16 of ml_dtypes."""
    interface, out = array.__array_interface__, Memory()
    address, readonly = interface["data"]
    if writable and readonly:
        raise BufferError("it is read-only")
    out.dtype, out.item_size, out.shape = array.dtype.name, array.itemsize, array.shape
    out.stride = (_row_stride(out.shape, [step // array.itemsize for step in array.strides])
                  if out.shape else 1)
    out.address, out.keep, out.pinned = ffi.cast("uint8_t *", address), array, False
    return out


def _find(thing: Any, writable: bool) -> Memory:
    try:
        return _of_buffer(memoryview(thing), thing, writable)
    except TypeError:
        device = getattr(getattr(thing, "device", None), "type", "cpu")
        if device != "cpu" or not (hasattr(thing, "numpy") or hasattr(thing, "data_ptr")):
            place = "" if device == "cpu" else f" on {device}"
            raise TypeError(f"{type(thing).__name__}{place}; expected memory on the CPU, such as that of "
                            "a NumPy array, a torch tensor or a bytearray") from None
    except ValueError:  # what NumPy says where there is a buffer, but no format for it
        if not hasattr(thing, "__array_interface__") or thing.dtype.kind != "V":
            raise
        return _of_array(thing, writable)
    try:
        array = thing.numpy()
        return _of_buffer(memoryview(array), array, writable)
    except (AttributeError, RuntimeError, TypeError):  # bfloat16, a gradient, or there is no NumPy
        if not hasattr(thing, "data_ptr"):
            raise
        return _of_tensor(thing)


def of(thing: Any, name: str, writable: bool = True) -> Memory:
    """The Memory of an argument called name. Whoever holds it holds the memory."""
    try:
        return _find(thing, writable)
    except TypeError as error:
        raise TypeError(f"{name} is {error}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}; expected rows that are contiguous, one behind the "
                         "other") from None
    except BufferError as error:
        raise BufferError(f"{name}: {error}; expected writable memory") from None


def _no_integer(values: Sequence[Any]) -> str:
    found = next((value for value in values if not hasattr(value, "__index__")), None)
    return repr(found) if isinstance(found, (str, float)) else type(found).__name__


def int32s(values: TokenIds, name: str, clamp: bool = False) -> tuple[Any, int]:
    """(int32_t array of cffi, its length) of ids: a list, an array, a tensor. clamp: what is no int32_t
    becomes -1, which is no id either."""
    if not isinstance(values, (list, tuple)):
        try:
            memory = of(values, name, writable=False)
            if memory.dtype == "int32" and len(memory.shape) == 1 and memory.stride == memory.columns:
                # A copy: what a call writes, or another thread, may be the same memory.
                copy = ffi.new("int32_t[]", memory.columns)
                ffi.memmove(copy, memory.address, 4 * memory.columns)
                return copy, memory.columns
        except (TypeError, ValueError, BufferError):
            pass
        try:
            values = values.tolist() if hasattr(values, "tolist") else list(values)
        except TypeError:
            raise TypeError(f"{name} is {type(values).__name__}; expected several integers") from None
        if not isinstance(values, list):
            raise TypeError(f"{name} is one number; expected several integers")
    try:
        return ffi.new("int32_t[]", values), len(values)
    except TypeError:
        raise TypeError(f"{name} holds {_no_integer(values)}; expected integers") from None
    except OverflowError:
        if not clamp:
            raise OverflowError(f"{name} holds a number of more than 32 bits; expected token ids or rows") from None
    return int32s([value if -2**31 <= value < 2**31 else -1 for value in values], name)


def floats(values: Any, name: str) -> tuple[Any, int]:
    """(float pointer of cffi, number) of memory of float32 of the caller that has one dimension."""
    memory = of(values, name)
    if memory.dtype != "float32" or len(memory.shape) != 1:
        raise ValueError(f"{name} has {len(memory.shape)} dimensions of {memory.dtype}; expected one of float32")
    return ffi.gc(ffi.cast("float *", memory.address), lambda _: memory), memory.columns
