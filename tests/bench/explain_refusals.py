"""Which keyword refuses a document, told by the library and by an independent validator.

usage: explain_refusals.py SCHEMAS.jsonl.gz [COUNT] [SEED]

SCHEMAS has an object a line: `schema`, and `tests` with `data` and whether that is `valid`. COUNT invalid
documents at random are written as JSON and read until a byte is refused; what the library names as causes is
compared with all errors of the package jsonschema for the whole document, errors of branches included, as
pairs of a keyword and its JSON Pointer. Prints each disagreement, and the share of agreement last; fails below
nine in ten. Needs the packages xgr and jsonschema.
"""
import gzip
import json
import random
import sys
import time

import xgr
from jsonschema import FormatChecker
from jsonschema.validators import validator_for

LIBRARY = xgr.GrammarCompiler(xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=256))
ALONE = "draft-04", "draft-06", "draft-07"  # in these nothing beside $ref counts


def escaped(name):
    return str(name).replace("~", "~0").replace("/", "~1")


def member(node, pointer):
    for name in pointer.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def pointer_of(schema, path):
    """The place of a keyword, from the way that the validator took to it, which skips references."""
    node, pointer = schema, ""
    alone = any(draft in schema.get("$schema", "") for draft in ALONE)
    for name in path:
        while isinstance(node, dict) and isinstance(node.get("$ref"), str) and (alone or name not in node):
            pointer = node["$ref"][1:]
            node = member(schema, pointer)
        node = node[name] if isinstance(node, list) or name in node else None
        pointer += "/" + escaped(name)
    return pointer


def reference(schema, data):
    """Keywords that refuse the document, and where they are."""
    found, todo = set(), []
    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    todo = [(error, []) for error in validator.iter_errors(data)]
    while todo:
        error, before = todo.pop()
        path = before + list(error.relative_schema_path)
        todo += [(inner, path) for inner in error.context]
        try:
            found.add((str(error.validator or "false"), pointer_of(schema, path)))
        except (KeyError, ValueError, TypeError, IndexError):
            found.add((str(error.validator), None))
    return found


def refused_at(grammar, text):
    matcher = xgr.GrammarMatcher(grammar)
    for i, byte in enumerate(text):
        if not matcher.accept_string(bytes([byte])):
            return matcher, i
    return matcher, None if matcher.is_completed() else len(text)


def causes(matcher, text, end):
    if end == len(text):
        return matcher.explain_token(text, 256).data
    return matcher.explain(text[:end], text[end:end + 1]).data


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    cases = []
    with gzip.open(sys.argv[1], "rt") as lines:
        for line in lines:
            entry = json.loads(line)
            cases += [(entry["id"], entry["schema"], test["data"]) for test in entry["tests"]
                      if not test["valid"] and isinstance(entry["schema"], dict)]
    random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 5).shuffle(cases)
    compared = agreed = 0
    slowest = 0.0
    for name, schema, data in cases:
        if compared == count:
            break
        text = json.dumps(data).encode()
        try:
            matcher, end = refused_at(LIBRARY.compile_json_schema(schema, any_order=True), text)
            expected = reference(schema, data)
        except Exception as error:  # a schema that one of the two does not take
            print("left out:", name, str(error)[:100])
            continue
        if end is None or not expected:
            continue
        began = time.perf_counter()
        found = causes(matcher, text, end)
        slowest = max(slowest, time.perf_counter() - began)
        compared += 1
        named = {(cause["keyword"], cause["pointer"]) for cause in found["causes"]}
        agreed += bool(named & expected)
        if not named & expected:
            print(f"{name}: {text[max(0, end - 60):end]} then {text[end:end + 10]}\n  library   {sorted(named)[:4]}"
                  f"\n  validator {sorted(expected, key=str)[:4]}")
    print(f"{agreed} of {compared} agree; the slowest explanation took {slowest:.2f} s")
    sys.exit(agreed < 0.9 * compared)


if __name__ == "__main__":
    main()
