"""XgrError: what the library reports when a call fails."""
from __future__ import annotations

import enum
from typing import Any, NoReturn

from ._library import NULL, ffi, lib, text


class ErrorCode(enum.IntEnum):
    """Why a call failed."""

    INVALID_ARGUMENT = lib.XGR_ERROR_INVALID_ARGUMENT  # out of range, or of a wrong size
    OUT_OF_MEMORY = lib.XGR_ERROR_OUT_OF_MEMORY  # raised as MemoryError
    INVALID_SOURCE = lib.XGR_ERROR_INVALID_SOURCE  # malformed, or without any string
    UNSUPPORTED = lib.XGR_ERROR_UNSUPPORTED  # valid, but uses what is not supported
    LIMIT_EXCEEDED = lib.XGR_ERROR_LIMIT_EXCEEDED  # a limit was hit; the message names it
    INVALID_STATE = lib.XGR_ERROR_INVALID_STATE  # closed, or in use by another thread
    INVALID_DATA = lib.XGR_ERROR_INVALID_DATA  # malformed data other than a source
    INTERNAL = lib.XGR_ERROR_INTERNAL  # a defect of the library; please report it
    CANCELLED = lib.XGR_ERROR_CANCELLED  # a request to stop was made; nothing has changed


class XgrError(RuntimeError):
    """A call failed. The message says what was wrong, where, and what would be accepted.

    code          an ErrorCode
    message       the text
    offset        place in the source in bytes, or None
    line, column  the same place, both counted from 1, the column in code points, or None
    json_pointer  place inside a JSON source (RFC 6901), or None
    """

    def __init__(self, message: str, code: ErrorCode, offset: int | None = None, line: int | None = None,
                 column: int | None = None, json_pointer: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.offset = offset
        self.line = line
        self.column = column
        self.json_pointer = json_pointer

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.code, self.offset, self.line, self.column,
                            self.json_pointer)


class InvalidJSONError(XgrError):
    """Text that has to be JSON is not."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_SOURCE, *place: Any) -> None:
        super().__init__(message, code, *place)


class InvalidStructuralTagError(XgrError):
    """A structural tag is JSON, but says what none can say."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_SOURCE, *place: Any) -> None:
        super().__init__(message, code, *place)


class DeserializeFormatError(XgrError):
    """Serialized text is JSON, but not of what was expected."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_DATA, *place: Any) -> None:
        super().__init__(message, code, *place)


class DeserializeVersionError(XgrError):
    """Serialized text has no version, or one that this version does not read."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_DATA, *place: Any) -> None:
        super().__init__(message, code, *place)


def raise_status(status: int, message: str | None = None) -> NoReturn:
    """Raises the error of a function that reports a status only."""
    if status == ErrorCode.OUT_OF_MEMORY:
        raise MemoryError(message)
    if message is None:
        message = str(ffi.string(lib.xgr_status_message(status)), "utf-8")
    raise XgrError(message, ErrorCode(status))


def check(status: int) -> None:
    """Raises the error of a function that reports a status only, if that is one."""
    if status:
        raise_status(status)


def raise_error(status: int, error: Any) -> NoReturn:
    """Raises and destroys an xgr_error_t."""
    if error == NULL:
        raise_status(status)
    error = ffi.gc(error, lib.xgr_error_destroy)
    status = lib.xgr_error_status(error)
    size = ffi.new("size_t *")
    message = text(lib.xgr_error_message(error, size), size[0])
    if status == ErrorCode.OUT_OF_MEMORY:
        raise MemoryError(message)
    offset = lib.xgr_error_byte_offset(error)
    pointer = lib.xgr_error_json_pointer(error, size)
    raise XgrError(
        message,
        ErrorCode(status),
        offset if offset >= 0 else None,
        lib.xgr_error_line(error) or None,
        lib.xgr_error_column(error) or None,
        None if pointer == NULL else text(pointer, size[0]),
    )
