"""Deferred starts: an output is free until the text of its grammar begins."""
from __future__ import annotations

from typing import Any, Iterable, List, NamedTuple, Union

from ._library import NULL, array, ffi, utf8
from ._options import token_array
from ._types import SomeTokenIds
from ._values import flag, whole


class StartSequence(NamedTuple):
    """What the text of a grammar begins behind, or with."""

    sequence: Union[str, bytes, int, List[int]]  # text, found also across tokens; or token ids, control tokens, too
    is_implicit: bool = False  # the text begins with the sequence; otherwise behind it


Starts = Union[str, bytes, int, StartSequence, Iterable[Any], None]


def _sequence(start: Any) -> tuple[tuple[Any, ...], Any]:
    """What the members of xgr_start_sequence_t are, and what they point to."""
    if not isinstance(start, StartSequence):
        start = StartSequence(start)
    if isinstance(start.sequence, (str, bytes)):
        data = utf8(start.sequence)
        kept, pieces = ffi.from_buffer("uint8_t[]", data), (len(data), NULL, 0)
        return (kept, *pieces, flag("is_implicit", start.is_implicit), 0), kept
    if start.sequence is None:
        raise TypeError("a sequence of starts is None; expected text or token ids")
    tokens, count = token_array(start.sequence, "starts")
    return (NULL, 0, tokens, count, flag("is_implicit", start.is_implicit), 0), tokens


def start_fields(starts: Starts, forbidden_tokens: SomeTokenIds, max_waiting_tokens: int | None,
                 forced_start: int, may_end_waiting: bool) -> tuple[dict[str, Any], Any]:
    """The members of xgr_matcher_options_t, and what they point to."""
    if isinstance(starts, (str, bytes, int, StartSequence)):
        starts = [starts]
    if starts is not None and not hasattr(starts, "__iter__"):
        raise TypeError(f"starts is {type(starts).__name__}; expected a text, a token id, a StartSequence, or "
                        "several of these")
    if max_waiting_tokens is not None and whole("max_waiting_tokens", max_waiting_tokens, -2**63) < 0:
        raise ValueError(f"max_waiting_tokens is {max_waiting_tokens}; expected None, or 0 or more")
    if whole("forced_start", forced_start, -2**63) < 0:
        raise ValueError(f"forced_start is {forced_start}; expected the index of one of starts")
    size, found = ffi.sizeof("xgr_start_sequence_t"), [_sequence(start) for start in starts or ()]
    sequences, count = array("xgr_start_sequence_t", [(size, *members) for members, _ in found])
    forbidden, forbidden_count = token_array(forbidden_tokens, "forbidden_tokens")
    fields = {"starts": sequences, "start_count": count, "forbidden_tokens": forbidden,
              "forbidden_token_count": forbidden_count,
              "has_max_waiting_tokens": max_waiting_tokens is not None,
              "max_waiting_tokens": max_waiting_tokens or 0, "forced_start": forced_start,
              "may_end_waiting": flag("may_end_waiting", may_end_waiting)}
    return fields, (found, sequences, forbidden)
