"""Timings: how long something has taken."""
from __future__ import annotations

import contextlib
import threading
import time
from typing import Iterator


class Timings:
    """Counts calls and their seconds; any thread may add."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forgets all calls."""
        self.count, self.total, self.longest, self.last = 0, 0.0, 0.0, 0.0

    def add(self, seconds: float) -> None:
        """One more call."""
        with self._lock:
            self.count += 1
            self.total += seconds
            self.longest = max(self.longest, seconds)
            self.last = seconds

    @contextlib.contextmanager
    def measure(self) -> Iterator[None]:
        """Adds what happens inside, unless it raises."""
        begin = time.perf_counter()
        yield
        self.add(time.perf_counter() - begin)

    def stats(self, name: str) -> dict[str, float]:
        """The numbers: NAME_count, and in seconds NAME_total, NAME_mean, NAME_max and NAME_last."""
        with self._lock:
            mean = self.total / self.count if self.count else 0.0
            return {f"{name}_count": self.count, f"{name}_total": self.total, f"{name}_mean": mean,
                    f"{name}_max": self.longest, f"{name}_last": self.last}
