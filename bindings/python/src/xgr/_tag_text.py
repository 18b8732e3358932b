"""Structural tags: the forms in which they are given, and how they are read."""
from __future__ import annotations

import json
from typing import Any, Iterable

from ._library import struct
from ._options import FORMATS, json_text, schema_text
from ._types import Json
from ._values import choice, flag


def _member(item: Any, *names: str) -> Any:
    """A member of an object or a dict, by the first of its names that is there."""
    for name in names:
        if isinstance(item, dict):
            if name in item:
                return item[name]
        elif hasattr(item, name):
            return getattr(item, name)
    raise TypeError(f"a tag of the list is {type(item).__name__} without {names[-1]}; "
                    "expected a StructuralTagItem")


def _triggered(tags: Iterable[Any], triggers: Iterable[str]) -> dict[str, Any]:
    """The structural tag of a list of tags and the triggers that their beginnings start with."""
    content = [{"begin": _member(tag, "begin"), "end": _member(tag, "end"),
                "content": {"type": "json_schema",
                            "json_schema": json.loads(schema_text(_member(tag, "schema_", "schema")))}}
               for tag in tags]
    return {"type": "structural_tag",
            "format": {"type": "triggered_tags", "triggers": list(triggers), "tags": content}}


def structural_tag_text(structural_tag: Json | Iterable[Any] | None, triggers: Iterable[str] | None,
                        tags: Iterable[Any] | None) -> bytes:
    """JSON text of a structural tag, or of tags, which may stand in its place, with triggers."""
    if tags is None and isinstance(structural_tag, (list, tuple)):
        structural_tag, tags = None, structural_tag
    if (structural_tag is None) == (tags is None) or (tags is None) != (triggers is None):
        raise TypeError("expected a structural tag, or a list of tags together with triggers")
    if isinstance(triggers, (str, bytes)):
        raise TypeError(f"triggers is {triggers!r}; expected a list of texts")
    return json_text(structural_tag if tags is None else _triggered(tags, triggers or ()), "structural_tag")


def structural_tag_options(*, open_schemas: bool = False, formats: str = "enforce", lenient: bool = False,
                           deferred: bool = False) -> Any:
    """xgr_structural_tag_options_t."""
    return struct("xgr_structural_tag_options_t", open_schemas=flag("open_schemas", open_schemas),
                  formats=choice("formats", formats, FORMATS), lenient=flag("lenient", lenient),
                  deferred=flag("deferred", deferred))
