"""Settings of the process: how deep JSON may be nested, and the version of serialized text."""
from __future__ import annotations

import contextlib
import os
import typing

from ._contract import ArgumentError
from ._serialization import VERSION

_HIGHEST, _DEFAULT = 1_000_000, 10_000


def _at_start() -> int:
    value = os.environ.get("XGRAMMAR_MAX_RECURSION_DEPTH", "")
    return int(value) if value.isdigit() and 0 < int(value) <= _HIGHEST else _DEFAULT


_depth = _at_start()


def get_max_recursion_depth() -> int:
    """How deep JSON that a client hands in may be nested: what set_max_recursion_depth was given, else the
    environment variable XGRAMMAR_MAX_RECURSION_DEPTH, else 10000. The library recurses nowhere; sources have
    a limit of their own, max_nesting of xgr.GrammarCompiler."""
    return _depth


def set_max_recursion_depth(max_recursion_depth: int) -> None:
    """Sets it, for the whole process: 1 to 1000000."""
    global _depth
    if not isinstance(max_recursion_depth, int) or not 0 < max_recursion_depth <= _HIGHEST:
        raise ArgumentError(f"max_recursion_depth is {max_recursion_depth!r}; expected 1 to {_HIGHEST}")
    _depth = max_recursion_depth


@contextlib.contextmanager
def max_recursion_depth(temp_depth: int) -> typing.Iterator[None]:
    """Sets it inside a `with` block."""
    before = get_max_recursion_depth()
    set_max_recursion_depth(temp_depth)
    try:
        yield
    finally:
        set_max_recursion_depth(before)


def get_serialization_version() -> str:
    """The version that serialize_json writes. It is none of the original's: text of theirs is refused with
    DeserializeVersionError, as that of another of their versions is."""
    return VERSION
