"""serialize_json and deserialize_json: JSON objects with a version, in a format of this package.

A grammar is its EBNF; a compiled one is that and what the tokenizer has to agree in, and is compiled again
when it is read; a vocabulary is its decoded tokens, each byte as the code point of that number.
"""
from __future__ import annotations

import json
import re
import typing

from ..error import DeserializeFormatError, DeserializeVersionError, InvalidJSONError

VERSION = "xgr1"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def write(kind: str, **members: typing.Any) -> str:
    """JSON text of an object of that kind."""
    return json.dumps({"kind": kind, **members, "__VERSION__": VERSION}, separators=(",", ":"))


def read(text: str, kind: str, **members: typing.Any) -> dict[str, typing.Any]:
    """The object that write made; of members the name and the type that it has to have."""
    data = _parsed(text)
    if not isinstance(data, dict):
        raise DeserializeFormatError(f"the text holds {type(data).__name__}; expected an object")
    if data.get("__VERSION__") != VERSION:
        raise DeserializeVersionError(f"__VERSION__ is {data.get('__VERSION__')!r}; expected {VERSION!r}: "
                                      "serialize it again")
    if data.get("kind") != kind:
        raise DeserializeFormatError(f"the text holds a {data.get('kind')!r}; expected a {kind!r}")
    for name, wanted in members.items():
        if not isinstance(data.get(name), wanted):
            raise DeserializeFormatError(f"{name} is {type(data.get(name)).__name__}; expected "
                                         f"{wanted.__name__}")
    return data


def _parsed(text: str) -> typing.Any:
    check_nesting(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidJSONError(f"the text is no JSON: {error}") from None


def check_nesting(text: str) -> None:
    """Raises where JSON text is nested deeper than it may be."""
    from .config import get_max_recursion_depth

    most = get_max_recursion_depth()
    if text.count("[") + text.count("{") <= most:
        return
    deepest = _nesting(text)
    if deepest > most:
        raise InvalidJSONError(f"Maximum recursion depth exceeded: the text is nested {deepest} deep; expected at "
                               f"most {most}, see set_max_recursion_depth")


def _nesting(text: str) -> int:
    """How deep its brackets are nested, at most."""
    depth = deepest = 0
    for brackets in re.findall(r"[][{}]+", _STRING.sub("", text)):
        for bracket in brackets:
            depth += 1 if bracket in "[{" else -1
            deepest = max(deepest, depth)
    return deepest
