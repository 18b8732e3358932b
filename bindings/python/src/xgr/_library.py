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


def _check_version(version):
    major, minor = version // 1000000, version // 1000 % 1000
    if major != _cdef.VERSION[0] or minor < _cdef.VERSION[1]:
        wanted = ".".join(map(str, _cdef.VERSION[:2]))
        raise ImportError(f"the library is version {major}.{minor}; this package needs {wanted}")


ffi, lib = _open()
_check_version(lib.xgr_version())
NULL = ffi.NULL


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
    return ffi.gc(out[0], getattr(lib, f"xgr_{kind}_destroy"))


def stats(kind, call, handle):
    """A dict of the numbers that call(handle, xgr_<kind>_stats_t *) writes."""
    from .error import raise_status

    out = ffi.new(f"xgr_{kind}_stats_t *")
    out.struct_size = ffi.sizeof(out[0])
    status = call(handle, out)
    if status:
        raise_status(status)
    names = (name for name, _ in ffi.typeof(out[0]).fields)
    return {name: getattr(out, name) for name in names if name != "struct_size"}


def printed(call, handle):
    """The text that call(handle, memory, size, out_size, out_error) writes."""
    from .error import raise_error

    size, error, memory, room = ffi.new("size_t *"), ffi.new("xgr_error_t **"), ffi.NULL, 0
    while True:
        status = call(handle, memory, room, size, error)
        if status:
            raise_error(status, error[0])
        if room > size[0]:
            return ffi.buffer(memory, size[0])[:].decode()
        room = size[0] + 1
        memory = ffi.new("char[]", room)
