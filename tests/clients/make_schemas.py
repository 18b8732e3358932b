#!/usr/bin/env python3
"""Write tests/clients/schemas.jsonl: 100 JSON Schemas, one a line, for the native clients.

  python3 tests/clients/make_schemas.py > tests/clients/schemas.jsonl

All can be satisfied, and every text in them is bounded, so that a walk over random tokens ends.
The first lines are written by hand, one for each family of keywords; the others are put together
from such parts by a generator with a fixed seed.
"""
import json
import random

COUNT = 100


def closed(properties, required=None, **more):
    return {"type": "object", "properties": properties, "additionalProperties": False,
            "required": list(properties) if required is None else required, **more}


BY_HAND = [
    closed({"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer", "minimum": 0, "maximum": 150}}),
    {"enum": ["red", "green", {"rgb": [0, 128, 255]}, None, 7]},
    {"const": {"version": 2, "tags": ["a", "b"]}},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 6},
    {"type": "array", "prefixItems": [{"type": "integer", "minimum": -9, "maximum": 9}, {"enum": ["x", "y"]}],
     "items": False, "minItems": 2},
    {"type": "array", "items": {"enum": [1, 2, 3, 4, 5]}, "uniqueItems": True, "maxItems": 4},
    {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "contains": {"const": 7},
     "maxItems": 5},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    {"type": "string", "pattern": "^(?:north|south)-(?:east|west)$"},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "time"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "format": "ipv4"},
    {"type": "integer", "multipleOf": 25, "minimum": -1000, "maximum": 1000},
    {"type": "integer", "exclusiveMinimum": 10, "exclusiveMaximum": 12000},
    {"type": ["boolean", "null"]},
    {"anyOf": [{"type": "string", "maxLength": 4}, {"type": "integer", "minimum": 1, "maximum": 99}]},
    {"oneOf": [{"type": "boolean"}, {"type": "null"}, {"type": "array", "items": {"type": "null"}, "maxItems": 3}]},
    {"allOf": [{"type": "integer", "minimum": 5}, {"maximum": 500}, {"multipleOf": 5}]},
    {"$defs": {"list": {"anyOf": [{"type": "null"}, closed({"head": {"enum": [0, 1]}, "tail": {"$ref": "#/$defs/list"}})]}},
     "$ref": "#/$defs/list"},
    {"$defs": {"expression": {"anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 99}, {"enum": ["x", "y", "z"]}, {"type": "boolean"},
        {"type": "array", "prefixItems": [{"enum": ["+", "-"]}, {"$ref": "#/$defs/expression"}],
         "items": False, "minItems": 2}]}}, "$ref": "#/$defs/expression"},
    closed({"kind": {"const": "circle"}, "radius": {"type": "integer", "minimum": 1, "maximum": 100}},
           title="a shape"),
    {"anyOf": [closed({"kind": {"const": "circle"}, "radius": {"type": "integer", "minimum": 1, "maximum": 9}}),
               closed({"kind": {"const": "square"}, "side": {"type": "integer", "minimum": 1, "maximum": 9}})]},
    closed({"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "boolean"}}, required=["b"]),
    closed({"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "boolean"}}, required=[],
           minProperties=1, maxProperties=2),
    closed({"card": {"type": "string", "pattern": "^[0-9]{4}$"}, "address": {"type": "string", "maxLength": 8}},
           required=[], dependentRequired={"card": ["address"]}),
    closed({"tool": {"const": "search"}, "arguments": closed({
        "query": {"type": "string", "minLength": 1, "maxLength": 20}, "limit": {"type": "integer", "minimum": 1, "maximum": 50}})}),
    {"type": "object", "patternProperties": {"^k[0-3]$": {"type": "integer", "minimum": 0, "maximum": 9}},
     "additionalProperties": False, "maxProperties": 3},
    {"type": "string", "minLength": 2, "maxLength": 5},
    {"type": "array", "items": {"type": "array", "items": {"enum": ["", "ab", "\"", "\\", "\u00e9", "\u4e16"]},
                                "maxItems": 3}, "minItems": 1, "maxItems": 3},
]

WORDS = ("id name kind size price city street color count total first last start end email phone note tag state "
         "level score owner group label unit width height depth weight title").split()


class Maker:
    """Puts schemas together; `depth` bounds how far they nest."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def words(self, least, most):
        return self.random.sample(WORDS, self.random.randint(least, most))

    def integer(self, _):
        low = self.random.randint(-500, 500)
        schema = {"type": "integer", "minimum": low, "maximum": low + self.random.randint(0, 5000)}
        if schema["maximum"] - low > 100 and self.random.random() < 0.3:
            schema["multipleOf"] = self.random.choice([2, 3, 5, 10])
        return schema

    def string(self, _):
        return self.random.choice([
            {"type": "string", "maxLength": self.random.randint(1, 16)},
            {"type": "string", "minLength": 1, "maxLength": self.random.randint(1, 10)},
            {"type": "string", "pattern": self.random.choice(
                ["^[a-z]{1,8}$", "^[A-Za-z_][A-Za-z0-9_]{0,7}$", "^#[0-9a-f]{6}$", "^v[0-9]{1,2}\\.[0-9]{1,2}$"])},
            {"type": "string", "format": self.random.choice(["date", "uuid", "ipv4", "date-time"])},
        ])

    def enum(self, _):
        return {"enum": self.words(1, 5)}

    def simple(self, _):
        return self.random.choice([{"type": "boolean"}, {"type": "null"}, {"const": self.random.choice(WORDS)}])

    def array(self, depth):
        most = self.random.randint(1, 4)
        return {"type": "array", "items": self.schema(depth - 1), "maxItems": most,
                "minItems": self.random.randint(0, most)}

    def tuple(self, depth):
        items = [self.schema(depth - 1) for _ in range(self.random.randint(1, 3))]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}

    def object(self, depth):
        names = self.words(1, 5)
        required = [name for name in names if self.random.random() < 0.7]
        return closed({name: self.schema(depth - 1) for name in names}, required)

    def any_of(self, depth):
        return {"anyOf": [self.schema(depth - 1) for _ in range(self.random.randint(2, 3))]}

    def shared(self, depth):
        """An object whose members refer to one definition."""
        return {"$ref": "#/$defs/shared"} if depth < 3 else self.object(depth)

    def schema(self, depth):
        leaves = [self.integer, self.string, self.enum, self.simple, self.shared]
        inner = [self.array, self.tuple, self.object, self.object, self.any_of]
        make = self.random.choice(leaves if depth <= 0 else leaves + inner * 2)
        return make(depth)

    def document(self):
        schema = self.object(3)
        schema["$defs"] = {"shared": self.random.choice([
            closed({"x": {"type": "integer", "minimum": 0, "maximum": 9}, "y": {"type": "boolean"}}),
            {"type": "string", "pattern": "^[a-z]{2,4}$"}, {"enum": ["low", "mid", "high"]}])}
        return schema


def main():
    maker = Maker(7)
    schemas = BY_HAND + [maker.document() for _ in range(COUNT - len(BY_HAND))]
    for schema in schemas:
        print(json.dumps(schema, ensure_ascii=False))


if __name__ == "__main__":
    main()
