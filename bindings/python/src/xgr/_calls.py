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


def printed(call: Call, handle: Any) -> str:
    """The text that call(handle, memory, size, out_size, out_error) writes."""
    size, error, memory, room = ffi.new("size_t *"), ffi.new("xgr_error_t **"), NULL, 0
    while True:
        status = call(handle, memory, room, size, error)
        if status:
            raise_error(status, error[0])
        if room > size[0]:
            return str(ffi.buffer(memory, size[0])[:], "utf-8")
        room = size[0] + 1
        memory = ffi.new("char[]", room)


def written(call: Call, handle: Any) -> bytes:
    """The bytes that call(handle, memory, size, out_size, out_error) writes."""
    size, error, memory, room = ffi.new("size_t *"), ffi.new("xgr_error_t **"), NULL, 0
    while True:
        status = call(handle, memory, room, size, error)
        if status:
            raise_error(status, error[0])
        if room >= size[0]:
            return bytes(ffi.buffer(memory, size[0]))
        room = size[0]
        memory = ffi.new("uint8_t[]", room)
