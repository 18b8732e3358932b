"""Structural tags: the forms in which they are given, and how they are read."""
from __future__ import annotations

import dataclasses
import json

from ._library import struct
from ._options import FORMATS, choice, json_text, schema_text


@dataclasses.dataclass
class StructuralTagItem:
    """One tag of a list with triggers: begin, a value of the schema, end."""

    begin: str
    schema: str | dict | type  # as GrammarCompiler.compile_json_schema takes it
    end: str


def _member(item, *names):
    """A member of an object or a dict, by the first of its names that is there."""
    for name in names:
        if isinstance(item, dict):
            if name in item:
                return item[name]
        elif hasattr(item, name):
            return getattr(item, name)
    raise TypeError(f"a tag of the list is {type(item).__name__} without {names[-1]}; "
                    "expected a StructuralTagItem")


def _triggered(tags, triggers):
    """The structural tag of a list of tags and the triggers that their beginnings start with."""
    content = [{"begin": _member(tag, "begin"), "end": _member(tag, "end"),
                "content": {"type": "json_schema",
                            "json_schema": json.loads(schema_text(_member(tag, "schema_", "schema")))}}
               for tag in tags]
    return {"type": "structural_tag",
            "format": {"type": "triggered_tags", "triggers": list(triggers), "tags": content}}


def structural_tag_text(structural_tag, triggers, tags):
    """JSON text of a structural tag, or of tags, which may stand in its place, with triggers."""
    if tags is None and isinstance(structural_tag, (list, tuple)):
        structural_tag, tags = None, structural_tag
    if (structural_tag is None) == (tags is None) or (tags is None) != (triggers is None):
        raise TypeError("expected a structural tag, or a list of tags together with triggers")
    return json_text(structural_tag if tags is None else _triggered(tags, triggers), "structural_tag")


def structural_tag_options(*, open_schemas=False, formats="enforce", lenient=False, deferred=False):
    return struct("xgr_structural_tag_options_t", open_schemas=bool(open_schemas),
                  formats=choice("formats", formats, FORMATS), lenient=bool(lenient),
                  deferred=bool(deferred))
