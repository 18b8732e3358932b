"""BitmaskPool: bitmasks that are handed out again."""
from __future__ import annotations

import collections
import threading

from ..bitmask import allocate_token_bitmask, reset_token_bitmask

_KEPT = 8  # of one shape


class BitmaskPool:
    """Bitmasks of one vocabulary. Any thread may use it."""

    def __init__(self, vocab_size: int) -> None:
        self.vocab_size = vocab_size
        self._lock = threading.Lock()
        self._free: dict[int, list[memoryview]] = collections.defaultdict(list)
        self._lent: dict[int, memoryview] = {}  # by id: memory has no hash
        self.allocated = self.reused = 0

    def allocate(self, rows: int) -> memoryview:
        """A bitmask of so many rows that allows every token."""
        with self._lock:
            kept = self._free[rows]
            bitmask = kept.pop() if kept else None
            self.reused += bitmask is not None
            self.allocated += bitmask is None
        if bitmask is None:
            bitmask = allocate_token_bitmask(rows, self.vocab_size)
        else:
            reset_token_bitmask(bitmask)
        with self._lock:
            self._lent[id(bitmask)] = bitmask
        return bitmask

    def owns(self, bitmask: memoryview) -> bool:
        """Whether the bitmask is lent by this pool."""
        with self._lock:
            return bitmask is not None and self._lent.get(id(bitmask)) is bitmask

    def release(self, bitmask: memoryview) -> None:
        """Takes back a bitmask that it owns; who had it must not use it any more."""
        with self._lock:
            del self._lent[id(bitmask)]
            kept = self._free[bitmask.shape[0] if bitmask.shape else 0]
            if len(kept) < _KEPT:
                kept.append(bitmask)

    def clear(self) -> None:
        """Gives up those that are not lent."""
        with self._lock:
            self._free.clear()

    def stats(self) -> dict[str, int]:
        """How many were made, handed out again, are lent and are kept."""
        with self._lock:
            return {"bitmasks_allocated": self.allocated, "bitmasks_reused": self.reused,
                    "bitmasks_lent": len(self._lent), "bitmasks_kept": sum(map(len, self._free.values()))}
