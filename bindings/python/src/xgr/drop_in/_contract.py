"""The contract of the original about errors: whatever goes wrong is a RuntimeError.

xgr raises ValueError and TypeError for wrong arguments, as Python does. Programs that were written for
xgrammar catch RuntimeError only, or ValueError in some places: an ArgumentError is all of these.
"""
from __future__ import annotations

import functools
import typing

from ..error import ErrorCode, XgrError

_ARGUMENTS = (ValueError, TypeError, IndexError, OverflowError, BufferError)
_Function = typing.TypeVar("_Function", bound=typing.Callable[..., typing.Any])


class ArgumentError(XgrError, ValueError, TypeError):
    """An argument that is not one of those that are accepted."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_ARGUMENT, *place: typing.Any) -> None:
        super().__init__(message, code, *place)


def contract(function: _Function) -> _Function:
    """The same function, whose errors about arguments are ArgumentError."""

    @functools.wraps(function)
    def call(*arguments: typing.Any, **options: typing.Any) -> typing.Any:
        try:
            return function(*arguments, **options)
        except XgrError:
            raise
        except _ARGUMENTS as error:
            raise ArgumentError(str(error)) from error

    return typing.cast(_Function, call)
