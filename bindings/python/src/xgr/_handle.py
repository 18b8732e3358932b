"""Handle: what all objects of the library have in common."""
from __future__ import annotations

from .error import ErrorCode, XgrError


class Handle:
    """An object of the library. It goes when nobody refers to it, or with close(), or at the end of a
    `with` block; what was made from it stays valid, so the order does not matter.

    Whatever uses it afterwards raises XgrError with INVALID_STATE. A call that is running in another
    thread meanwhile ends as if nothing had happened.
    """

    __slots__ = ("_handle", "__weakref__")

    def close(self) -> None:
        """Gives up the object now; doing so again does nothing."""
        try:
            del self._handle  # the last reference to it destroys the object
        except AttributeError:
            pass

    @property
    def closed(self) -> bool:
        try:
            return self._handle is None
        except XgrError:
            return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __getattr__(self, name):
        """Python comes here for attributes that are not there: _handle after close()."""
        if name == "_handle":
            raise XgrError(f"this {type(self).__name__} is closed", ErrorCode.INVALID_STATE)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __copy__(self):
        return self  # immutable, as all but matchers are

    def __deepcopy__(self, _):
        return self

    def __reduce__(self):
        raise TypeError(f"{type(self).__name__} cannot be pickled: make it anew from its source")
