"""The calls that run for every token: fill(row), accept(matcher, token), allows(matcher, token).

Each returns the answer, or a negative status. The extension module has them in C (steps.c); with a
library that XGR_LIBRARY names they are made of the functions of the C API here.
"""
from __future__ import annotations

from typing import Any, Callable

from ._library import ffi, lib

Step = Callable[..., int]
CDEF = """
typedef struct { xgr_matcher_t* matcher; uint32_t* mask; size_t mask_words; } step_row_t;
int32_t step_fill(step_row_t* row);
int32_t step_accept(xgr_matcher_t* matcher, int32_t token);
int32_t step_allows(xgr_matcher_t* matcher, int32_t token);
"""


def _in_python() -> tuple[Step, Step, Step]:
    ffi.cdef(CDEF)
    fill_bitmask, accept_token = lib.xgr_matcher_fill_bitmask, lib.xgr_matcher_accept_token
    is_token_allowed, new = lib.xgr_matcher_is_token_allowed, ffi.new

    def fill(row: Any) -> int:
        kind = new("int32_t *")
        answer: int = -fill_bitmask(row.matcher, row.mask, row.mask_words, kind) or kind[0]
        return answer

    def accept(matcher: Any, token: int) -> int:
        accepted = new("int32_t *")
        answer: int = -accept_token(matcher, token, accepted) or accepted[0]
        return answer

    def allows(matcher: Any, token: int) -> int:
        allowed = new("int32_t *")
        answer: int = -is_token_allowed(matcher, token, allowed) or allowed[0]
        return answer

    return fill, accept, allows


def _found() -> tuple[Step, Step, Step]:
    if hasattr(lib, "step_fill"):
        return lib.step_fill, lib.step_accept, lib.step_allows
    return _in_python()


fill, accept, allows = _found()


def row(matcher: Any, words: Any, first: Any, count: int) -> Any:
    """What fill takes: `count` words from the pointer `first` on, inside `words`. Keeps both alive,
    also while a call is running and everybody else lets go."""
    out = ffi.new("step_row_t *", {"matcher": matcher, "mask": first, "mask_words": count})
    return ffi.gc(out, lambda _, keep=(matcher, words): None)
