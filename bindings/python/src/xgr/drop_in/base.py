"""XGRObject: what the original derives its classes from. `_core`, its native layer, is not here."""
from __future__ import annotations

from .._handle import Handle as XGRObject

__all__ = ["XGRObject"]


class _Core:
    def __getattr__(self, name: str) -> None:
        raise AttributeError(f"xgrammar.base._core.{name} is of the original's native layer, which is not here; "
                             "expected the public classes")


_core = _Core()
