"""find_jump_forward_tokens as the original does it: the longest token each time, whatever may follow.

xgr's forced_tokens knows what may follow the forced bytes and goes on as far as that cannot change how they
are written. Here the last token is given up wherever the vocabulary has a longer one that begins with it.
"""
from __future__ import annotations

import bisect
import typing


class Jumps:
    """The texts of a vocabulary, in their order, and the ids of the tokens that have them."""

    def __init__(self, texts: typing.Iterable[bytes]) -> None:
        self._ids: dict[bytes, list[int]] = {}
        for i, text in enumerate(texts):
            if text:
                self._ids.setdefault(text, []).append(i)
        self._sorted = sorted(self._ids)
        self._longest = max(map(len, self._sorted), default=0)

    def tokens(self, forced: bytes, stop: typing.Collection[int]) -> list[int]:
        """The tokens that a forced text is written with, for as long as there are any."""
        out, at, text = [], 0, b""
        while at < len(forced):
            found = self._token_at(forced, at, stop)
            if found is None:
                break
            text, token = found
            out.append(token)
            at += len(text)
        if out and self._is_begun(text, stop):
            out.pop()
        return out

    def _token_of(self, text: bytes, stop: typing.Collection[int]) -> int | None:
        return next((i for i in self._ids.get(text, ()) if i not in stop), None)

    def _token_at(self, forced: bytes, at: int, stop: typing.Collection[int]) -> tuple[bytes, int] | None:
        for size in range(min(self._longest, len(forced) - at), 0, -1):
            text = forced[at:at + size]
            token = self._token_of(text, stop)
            if token is not None:
                return text, token
        return None

    def _is_begun(self, text: bytes, stop: typing.Collection[int]) -> bool:
        """Whether a longer token begins with a text."""
        for i in range(bisect.bisect_right(self._sorted, text), len(self._sorted)):
            if not self._sorted[i].startswith(text):
                return False
            if self._token_of(self._sorted[i], stop) is not None:
                return True
        return False
