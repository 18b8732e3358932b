"""GrammarCache: grammars that are kept for later requests."""
from __future__ import annotations

import collections
import threading

from .compiled_grammar import CompiledGrammar


class GrammarCache:
    """Grammars by their keys, the least recently used ones first, of so many bytes together. Any thread may use it.

    limit_bytes     what the grammars may occupy, by memory_size_bytes, which grows while they are used: it is looked
                    at whenever one is added
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._grammars: collections.OrderedDict[str, CompiledGrammar] = collections.OrderedDict()
        self.hits = self.misses = self.evictions = 0

    def get(self, key: str) -> CompiledGrammar | None:
        """The grammar of a key, at the start of an output of its own."""
        with self._lock:
            found = self._grammars.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._grammars.move_to_end(key)
        return found.copy()

    def put(self, key: str, grammar: CompiledGrammar) -> None:
        """Keeps a grammar, and gives up others until there is room. One that is larger than all the room is not
        kept."""
        kept = grammar.copy()
        with self._lock:
            self._grammars[key] = kept
            self._grammars.move_to_end(key)
            sizes = {key: found.memory_size_bytes for key, found in self._grammars.items()}
            total = sum(sizes.values())
            while total > self.limit_bytes:
                oldest, _ = self._grammars.popitem(last=False)
                total -= sizes[oldest]
                self.evictions += 1

    def clear(self) -> None:
        """Gives up all grammars."""
        with self._lock:
            self._grammars.clear()

    def stats(self) -> dict[str, int]:
        """What it holds and has saved."""
        with self._lock:
            return {"cache_hits": self.hits, "cache_misses": self.misses, "cache_evictions": self.evictions,
                    "cache_entries": len(self._grammars), "cache_limit_bytes": self.limit_bytes,
                    "cache_size_bytes": sum(found.memory_size_bytes for found in self._grammars.values())}
