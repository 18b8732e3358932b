"""Cancel: a request to stop, for one call or for many."""
from __future__ import annotations

from typing import Any

from ._calls import got
from ._handle import Handle
from ._library import NULL, lib


class Cancel(Handle):
    """A request to stop, made from any thread and watched by the calls that were given it.

    A call that it stops raises XgrError with CANCELLED within milliseconds and leaves every object as
    it was. A request stays made, so a call that begins later stops at once.
    """

    __slots__ = ()

    def __init__(self) -> None:
        self._handle = got("cancel", lib.xgr_cancel_create)

    def request(self) -> None:
        """Makes the request; does not wait for the calls that it stops."""
        lib.xgr_cancel_request(self._handle)

    def is_requested(self) -> bool:
        """Whether the request was made."""
        return bool(lib.xgr_cancel_is_requested(self._handle))


def handle_of(cancel: Cancel | None) -> Any:
    """As C takes a request that may be None."""
    if cancel is None:
        return NULL
    if not isinstance(cancel, Cancel):
        raise TypeError(f"cancel is {type(cancel).__name__}; expected Cancel or None")
    return cancel._handle
