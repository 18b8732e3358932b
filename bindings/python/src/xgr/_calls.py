"""Calls of the C API that create objects, and the errors that they raise."""
from __future__ import annotations

from typing import Any, Callable

from ._library import NULL, ffi, lib, struct
from .error import check, raise_error

Call = Callable[..., Any]  # a function of the C API

DESTROY = {
    "batch": lib.xgr_batch_destroy,
    "cancel": lib.xgr_cancel_destroy,
    "captures": lib.xgr_captures_destroy,
    "compile_job": lib.xgr_compile_job_destroy,
    "compiler": lib.xgr_compiler_destroy,
    "diagnostics": lib.xgr_diagnostics_destroy,
    "explanation": lib.xgr_explanation_destroy,
    "grammar": lib.xgr_grammar_destroy,
    "grammar_source": lib.xgr_grammar_source_destroy,
    "json_schema_report": lib.xgr_json_schema_report_destroy,
    "matcher": lib.xgr_matcher_destroy,
    "reply_reader": lib.xgr_reply_reader_destroy,
    "tokenizer": lib.xgr_tokenizer_destroy,
}


def owned(kind: str, call: Call, *arguments: Any) -> Any:
    """The handle that call(*arguments, out, out_error) creates; raises what it reports."""
    out = ffi.new(f"xgr_{kind}_t **")
    error = ffi.new("xgr_error_t **")
    status = call(*arguments, out, error)
    if status:
        raise_error(status, error[0])
    return ffi.gc(out[0], DESTROY[kind])


def got(kind: str, call: Call, *arguments: Any) -> Any:
    """The handle that call(*arguments, out) creates; raises its status."""
    out = ffi.new(f"xgr_{kind}_t **")
    check(call(*arguments, out))
    return ffi.gc(out[0], DESTROY[kind])


def stats(kind: str, call: Call, handle: Any) -> dict[str, int]:
    """A dict of the numbers that call(handle, xgr_<kind>_stats_t *) writes."""
    out = struct(f"xgr_{kind}_stats_t")
    check(call(handle, out))
    names = (name for name, _ in ffi.typeof(out[0]).fields)
    return {name: getattr(out, name) for name in names if name != "struct_size"}


def _filled(call: Call, handle: Any, items: str, beyond: int = 0) -> Any:
    """(memory, count) of what call(handle, memory, room, out_count, out_error) writes, which needs `beyond` more."""
    count, error, memory, room = ffi.new("size_t *"), ffi.new("xgr_error_t **"), NULL, 0
    while True:
        status = call(handle, memory, room, count, error)
        if status:
            raise_error(status, error[0])
        if room >= count[0] + beyond:
            return memory, count[0]
        room = count[0] + beyond
        memory = ffi.new(items, room)


def printed(call: Call, handle: Any) -> str:
    """The text that call(handle, memory, size, out_size, out_error) writes with a NUL behind it."""
    return str(ffi.buffer(*_filled(call, handle, "char[]", 1))[:], "utf-8")


def written(call: Call, handle: Any) -> bytes:
    """The bytes that call(handle, memory, size, out_size, out_error) writes."""
    memory, size = _filled(call, handle, "uint8_t[]")
    return bytes(ffi.buffer(memory, size)) if size else b""


def counted(call: Call, handle: Any) -> list[int]:
    """The ids that call(handle, memory, room, out_count, out_error) writes."""
    memory, count = _filled(call, handle, "int32_t[]")
    return ffi.unpack(memory, count) if count else []
