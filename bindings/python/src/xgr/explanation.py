"""What may come next in an output, and why something may not."""
from __future__ import annotations

import json
from typing import Any, NamedTuple

from ._calls import owned
from ._library import NULL, ffi, lib, text


class Explanation(NamedTuple):
    """An explanation as text for people, and as JSON whose members docs/explain.md lists."""

    text: str
    json: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON, read."""
        found: dict[str, Any] = json.loads(self.json)
        return found

    def __str__(self) -> str:
        return self.text


def _read(get: Any, handle: Any) -> str:
    size = ffi.new("size_t *")
    found = get(handle, size)
    return text(found, size[0])


def _explained(call: Any, matcher: Any, output: bytes | None, *arguments: Any) -> Explanation:
    known = NULL if output is None else output
    handle = owned("explanation", call, matcher, known, len(output or b""), *arguments)
    return Explanation(_read(lib.xgr_explanation_text, handle),
                       _read(lib.xgr_explanation_json, handle))


def explain_bytes(matcher: Any, output: bytes | None, data: bytes) -> Explanation:
    """For a handle of xgr_matcher_t."""
    return _explained(lib.xgr_matcher_explain_bytes, matcher, output, data, len(data))


def explain_token(matcher: Any, output: bytes | None, token: int) -> Explanation:
    """For a handle of xgr_matcher_t."""
    return _explained(lib.xgr_matcher_explain_token, matcher, output, token)
