"""Finds the C library and gives access to it as `ffi` and `lib`.

Usually that is the extension module beside this file, which has the library inside. The environment
variable XGR_LIBRARY names a shared library to use instead; then cffi reads the same declarations at
run time, and calls cost about twice as much.
"""
from __future__ import annotations

import os
from typing import Any, Iterable

from . import _cdef
from ._types import Text


def _open() -> tuple[Any, Any]:
    path = os.environ.get("XGR_LIBRARY")
    if path:
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(_cdef.CDEF)
        return ffi, ffi.dlopen(path)
    from ._xgr_cffi import ffi, lib

    return ffi, lib


def version() -> int:
    """The version of the library that is loaded: 1002003 is 1.2.3."""
    return int(lib.xgr_version())


def _check_version() -> None:
    major, minor = version() // 1000000, version() // 1000 % 1000
    if major != _cdef.VERSION[0] or minor < _cdef.VERSION[1]:
        wanted = ".".join(map(str, _cdef.VERSION[:2]))
        raise ImportError(f"the library is version {major}.{minor}; this package needs {wanted}")


ffi, lib = _open()  # without types, as _cdef.py is generated: Any
_check_version()
NULL: Any = ffi.NULL


def struct(name: str, **fields: Any) -> Any:
    """A struct of the C API that begins with its own size."""
    return ffi.new(f"{name} *", {"struct_size": ffi.sizeof(name), **fields})


def array(element: str, values: Iterable[Any]) -> tuple[Any, int]:
    """An array in C, and how long it is; NULL without values."""
    values = list(values)
    return (ffi.new(f"{element}[]", values) if values else NULL), len(values)


def utf8(text: Text | os.PathLike[str]) -> bytes:
    """The bytes of a text that is str, or bytes already."""
    if isinstance(text, str):
        return text.encode()
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    if isinstance(text, os.PathLike):
        raise TypeError(f"{text!r} is a path; expected what the file holds: pass its read_text()")
    raise TypeError(f"{type(text).__name__} is no text; expected str, or bytes in UTF-8")


def text(pointer: Any, size: int) -> str:
    """str of a text that a getter returned."""
    return str(ffi.buffer(pointer, size)[:], "utf-8", "replace")
