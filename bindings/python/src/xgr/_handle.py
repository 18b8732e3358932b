"""Handle: what all objects of the library have in common."""
from __future__ import annotations

import functools
from typing import Any, NoReturn, TypeVar

from .error import ErrorCode, XgrError


_Self = TypeVar("_Self", bound="Handle")


class Handle:
    """An object of the library. It goes when nobody refers to it, or with close(), or at the end of a
    `with` block; what was made from it stays valid, so the order does not matter.

    Whatever uses it afterwards raises XgrError with INVALID_STATE. A call that is running in another
    thread meanwhile ends as if nothing had happened.
    """

    __slots__ = ("_handle", "__weakref__")
    _handle: Any  # of cffi; of matchers, batches and readers a list with it, empty during calls

    closed = False

    def close(self) -> None:
        """Gives up the object now; doing so again does nothing."""
        if self.closed:
            return
        # In this order, so that a call in another thread finds the handle, or that the object is closed.
        self.__class__ = _closed(type(self))  # type: ignore[arg-type]  # types have a hash
        try:
            del self._handle  # the last reference to it destroys the object
        except AttributeError:  # the object was never made, or another thread closes it, too
            pass

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __copy__(self: _Self) -> _Self:
        return self  # immutable, as all but matchers are

    def __deepcopy__(self: _Self, _: object) -> _Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled: make it anew from its source")


def _without_handle(self: Handle, name: str) -> NoReturn:
    """Python comes here for attributes that are not there."""
    if name == "_handle":
        raise XgrError(f"this {type(self).__name__} is closed", ErrorCode.INVALID_STATE)
    raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")


@functools.lru_cache(maxsize=None)
def _closed(kind: type[Handle]) -> type[Handle]:
    """The class of closed objects of a class. It is one of its own because a class with __getattr__
    finds all attributes more slowly, and matchers are used for every token."""
    members = {"__slots__": (), "__getattr__": _without_handle, "__module__": kind.__module__,
               "__doc__": kind.__doc__, "closed": True}
    return type(kind.__name__, (kind,), members)
