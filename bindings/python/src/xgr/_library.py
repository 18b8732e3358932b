"""Finds the C library and gives access to it as `ffi` and `lib`.

Usually that is the extension module beside this file, which has the library inside. The environment
variable XGR_LIBRARY names a shared library to use instead; then cffi reads the same declarations at
run time, and calls cost about twice as much.
"""
import os

from . import _cdef


def _open():
    path = os.environ.get("XGR_LIBRARY")
    if path:
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(_cdef.CDEF)
        return ffi, ffi.dlopen(path)
    from ._xgr_cffi import ffi, lib

    return ffi, lib


def version():
    """The version of the library that is loaded: 1002003 is 1.2.3."""
    return lib.xgr_version()


def _check_version():
    major, minor = version() // 1000000, version() // 1000 % 1000
    if major != _cdef.VERSION[0] or minor < _cdef.VERSION[1]:
        wanted = ".".join(map(str, _cdef.VERSION[:2]))
        raise ImportError(f"the library is version {major}.{minor}; this package needs {wanted}")


ffi, lib = _open()
_check_version()
NULL = ffi.NULL

DESTROY = {
    "batch": lib.xgr_batch_destroy,
    "cancel": lib.xgr_cancel_destroy,
    "captures": lib.xgr_captures_destroy,
    "compile_job": lib.xgr_compile_job_destroy,
    "compiler": lib.xgr_compiler_destroy,
    "diagnostics": lib.xgr_diagnostics_destroy,
    "grammar": lib.xgr_grammar_destroy,
    "grammar_source": lib.xgr_grammar_source_destroy,
    "json_schema_report": lib.xgr_json_schema_report_destroy,
    "matcher": lib.xgr_matcher_destroy,
    "reply_reader": lib.xgr_reply_reader_destroy,
    "tokenizer": lib.xgr_tokenizer_destroy,
}


def struct(name, **fields):
    """A struct of the C API that begins with its own size."""
    return ffi.new(f"{name} *", {"struct_size": ffi.sizeof(name), **fields})


def array(element, values):
    """An array in C, and how long it is; NULL without values."""
    values = list(values)
    return (ffi.new(f"{element}[]", values) if values else NULL), len(values)


def utf8(text):
    """The bytes of a text that is str, or bytes already."""
    if isinstance(text, str):
        return text.encode()
    if isinstance(text, (bytes, bytearray, memoryview)):
        return bytes(text)
    if isinstance(text, os.PathLike):
        raise TypeError(f"{text!r} is a path; expected what the file holds: pass its read_text()")
    raise TypeError(f"{type(text).__name__} is no text; expected str, or bytes in UTF-8")


def text(pointer, size):
    """str of a text that a getter returned."""
    return ffi.buffer(pointer, size)[:].decode("utf-8", "replace")


def owned(kind, call, *arguments):
    """The handle that call(*arguments, out, out_error) creates; raises what it reports."""
    from .error import raise_error

    out = ffi.new(f"xgr_{kind}_t **")
    error = ffi.new("xgr_error_t **")
    status = call(*arguments, out, error)
    if status:
        raise_error(status, error[0])
    return ffi.gc(out[0], DESTROY[kind])


def got(kind, call, *arguments):
    """The handle that call(*arguments, out) creates; raises its status."""
    from .error import check

    out = ffi.new(f"xgr_{kind}_t **")
    check(call(*arguments, out))
    return ffi.gc(out[0], DESTROY[kind])


def stats(kind, call, handle):
    """A dict of the numbers that call(handle, xgr_<kind>_stats_t *) writes."""
    from .error import check

    out = struct(f"xgr_{kind}_stats_t")
    check(call(handle, out))
    names = (name for name, _ in ffi.typeof(out[0]).fields)
    return {name: getattr(out, name) for name in names if name != "struct_size"}


def printed(call, handle):
    """The text that call(handle, memory, size, out_size, out_error) writes."""
    from .error import raise_error

    size, error, memory, room = ffi.new("size_t *"), ffi.new("xgr_error_t **"), NULL, 0
    while True:
        status = call(handle, memory, room, size, error)
        if status:
            raise_error(status, error[0])
        if room > size[0]:
            return ffi.buffer(memory, size[0])[:].decode()
        room = size[0] + 1
        memory = ffi.new("char[]", room)
