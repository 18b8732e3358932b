"""Checks of arguments that are neither text nor memory: what has a wrong type, or is out of range, is
told with the name of the argument and what would be accepted."""
from __future__ import annotations

import operator
from typing import Any, Mapping, TypeVar

_Value = TypeVar("_Value")


def flag(name: str, value: Any) -> bool:
    """True or False, of NumPy, too; 1 and 0 count as these. Any other object would be true by accident."""
    if value is True or value is False:
        return bool(value)
    if type(value).__name__ in ("bool", "bool_") or isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise TypeError(f"{name} is {_shown(value)}; expected True or False")


def whole(name: str, value: Any, least: int = 0, most: int = 2**63 - 1) -> int:
    """An integer, of NumPy or torch, too, from least to most."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is {_shown(value)}; expected an integer") from None
    if not least <= number <= most:
        upper = "or more" if number < least and most >= 2**63 - 1 else f"to {most}"
        raise ValueError(f"{name} is {number}; expected {least} {upper}")
    return number


def real(name: str, value: Any) -> float:
    """A number."""
    if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"{name} is {_shown(value)}; expected a number")
    return float(value)


def choice(name: str, value: str, values: Mapping[str, _Value]) -> _Value:
    """What a word stands for."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {_shown(value)}; expected one of {', '.join(map(repr, values))}")
    if value not in values:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(map(repr, values))}")
    return values[value]


def _shown(value: Any) -> str:
    """The value where that says more than its type."""
    return repr(value) if isinstance(value, (str, int, float)) else type(value).__name__
