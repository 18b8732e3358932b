"""Exceptions, by the names of the original. Each is an XgrError, and so a RuntimeError."""
from __future__ import annotations

from ..error import (DeserializeFormatError, DeserializeVersionError, InvalidJSONError,
                     InvalidStructuralTagError, XgrError)

__all__ = ["DeserializeFormatError", "DeserializeVersionError", "InvalidJSONError",
           "InvalidStructuralTagError", "XgrError"]
