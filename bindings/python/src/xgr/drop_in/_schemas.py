"""Changes to schemas that the library refuses, or whose EBNF it cannot write, where the original does.

A oneOf that leads back to itself has no meaning: where it holds, it does not. The original reads it as anyOf,
and so it is read here where the library refuses it, or would take too long. The format hostname has names of
253 characters at most; EBNF says that in megabytes, so that a printed grammar leaves it out, as the original
does everywhere.
"""
from __future__ import annotations

import json
import typing

from ..error import ErrorCode, XgrError

_Node = typing.Dict[str, typing.Any]
_NAMES = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}  # whose members are named
_VALUES = {"const", "enum", "default", "examples", "required"}
_LABEL = "(?![A-Za-z0-9-]{2}--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def may_help(error: XgrError, text: str) -> bool:
    """Whether a source that failed so may work without oneOf."""
    refers_to_itself = error.code == ErrorCode.INVALID_SOURCE and "refers to itself" in error.message
    return '"oneOf"' in text and (refers_to_itself or error.code == ErrorCode.LIMIT_EXCEEDED)


def _changed(node: typing.Any, change: typing.Callable[[_Node], _Node], named: bool = False) -> typing.Any:
    """A schema, or a structural tag with schemas in it, with each of its objects changed."""
    if isinstance(node, list):
        return [_changed(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    if named:
        return {name: _changed(schema, change) for name, schema in node.items()}
    return change({key: value if key in _VALUES else _changed(value, change, key in _NAMES)
                   for key, value in node.items()})


def _any_of(schema: _Node) -> _Node:
    if "oneOf" not in schema:
        return schema
    alternatives = {"anyOf": schema.pop("oneOf")}
    if "anyOf" not in schema:
        return {**schema, **alternatives}
    return {**schema, "allOf": [*schema.get("allOf", []), alternatives]}


def _labels(schema: _Node) -> _Node:
    if schema.get("format") != "hostname":
        return schema
    pattern = {"pattern": f"^{_LABEL}(?:[.]{_LABEL})*$"}
    del schema["format"]
    return {**schema, "allOf": [*schema.get("allOf", []), pattern]}


def as_any_of(text: str) -> str:
    """The schema, or the structural tag, with anyOf for each oneOf."""
    return json.dumps(_changed(json.loads(text), _any_of))


def printable(text: str) -> str | None:
    """The schema without lengths of host names, or None where it has none."""
    return json.dumps(_changed(json.loads(text), _labels)) if '"hostname"' in text else None
