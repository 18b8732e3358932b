"""Arguments of tool calls in every style, against a reader of that style and `jsonschema`.

Random schemas and values; a writer of each style, made independently of the library, writes valid
values, which must be accepted. A reader takes texts apart, written ones and spoilt ones, into every
value that they may mean; what is accepted must mean some valid value.

    python3 tests/reference/style_oracle.py --seconds 60 --seed 1     needs the package xgr and jsonschema
"""
import argparse
import json
import random
import sys
import time

import jsonschema

from style_readers import STYLES, Unknown, Unreadable

WORDS = ["", "a", "ab", "aa", "x y", " a", "a\n", "5", "-1.5", "true", "null", "[1]", '{"a": 1}', "<", ">",
         "</", "</parameter>", "</param>", "]]>", "<![CDATA[", "<|", '<|"|>', "<escape>", "]<]", "'", '"',
         "\\", "\\n", "é", "😀", "&amp;", "&", ":", ",", "</cofl:value>", "None", "\x7f", "<|close|>"]
MAX_READINGS = 5000
NAMES = ["a", "b", "ab", "a_1", "B", "item"]
ODD_NAMES = ["a-b", "x y", "a&b", 'q"', "é"]


class Maker:
    def __init__(self, rng, open_objects):
        self.rng, self.open_objects = rng, open_objects

    def string(self):
        return "".join(self.rng.choice(WORDS) for _ in range(self.rng.choice([0, 1, 1, 1, 2, 3])))

    def scalar(self):
        r = self.rng
        return r.choice([None, True, False, r.randint(-3, 12), r.choice([0.5, -2.25, 10]),
                         self.string(), self.string(), self.string()])

    def value(self, depth=0):
        r = self.rng
        kind = r.random()
        if depth > 2 or kind < 0.6:
            return self.scalar()
        if kind < 0.8:
            return [self.value(depth + 1) for _ in range(r.randint(0, 3))]
        return {k: self.value(depth + 1) for k in r.sample(NAMES, r.randint(0, 3))}

    def schema(self, depth=0):
        r = self.rng
        pick = r.random()
        if depth and pick < 0.08 and self.open_objects:
            return True
        if depth and pick < 0.2:
            return {"enum": [self.value(depth) for _ in range(r.randint(1, 4))]}
        if depth and pick < 0.32:
            return {r.choice(["anyOf", "oneOf"]): [self.schema(depth + 1) for _ in range(2)]}
        if depth > 2 or (depth and pick < 0.75):
            return self.scalar_schema()
        if depth and pick < 0.88:
            out = {"type": "array", "items": self.schema(depth + 1)}
            if r.random() < 0.3:
                out["minItems"] = r.randint(0, 2)
            if r.random() < 0.3:
                out["maxItems"] = r.randint(2, 3)
            if r.random() < 0.2:
                out["prefixItems"] = [self.schema(depth + 1)]
            return out
        return self.object_schema(depth)

    def object_schema(self, depth):
        r = self.rng
        names = r.sample(NAMES, r.randint(0, 4))
        if not depth and r.random() < 0.2:
            names.append(r.choice(ODD_NAMES))
        out = {"type": "object", "properties": {k: self.schema(depth + 1) for k in names},
               "required": [k for k in names if r.random() < 0.4]}
        if not self.open_objects or r.random() < 0.6:
            out["additionalProperties"] = False
        elif r.random() < 0.5:
            out["additionalProperties"] = self.schema(depth + 1)
        else:
            out["additionalProperties"] = True
        if names and r.random() < 0.2:
            out["maxProperties"] = r.randint(1, len(names))
        if len(names) > 1 and r.random() < 0.2:
            out["dependentRequired"] = {names[0]: [names[1]]}
        if names and r.random() < 0.15:
            out["not"] = {"required": [names[-1]]}
        if len(names) > 1 and r.random() < 0.15:
            out |= {"if": {"required": [names[0]]}, "then": {"required": [names[1]]}}
        return out

    def scalar_schema(self):
        r = self.rng
        return r.choice([
            {"type": "string"}, {"type": "string", "minLength": r.randint(0, 3)},
            {"type": "string", "maxLength": r.randint(0, 4)},
            {"type": "string", "pattern": r.choice(["^a", "b$", "^[a-z ]*$", "[<&]", "^(true|5)$"])},
            {"type": "string", "not": {"const": self.string()}},
            {"type": "integer"}, {"type": "integer", "minimum": 0, "maximum": r.randint(0, 9)},
            {"type": "number"}, {"type": "number", "exclusiveMaximum": 5}, {"type": "boolean"},
            {"type": "null"}, {"const": self.scalar()}, {"type": ["string", "integer"]},
            {"type": ["null", "boolean", "string"], "maxLength": 2},
            {"not": {"type": "string"}} if self.open_objects else {"type": "number", "minimum": 1}])

    def fitting(self, schema, depth=0):
        """A value that has a chance."""
        r = self.rng
        if schema is True or not isinstance(schema, dict) or r.random() < 0.03:
            return self.value(depth)
        if "enum" in schema:
            return r.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        for k in ("anyOf", "oneOf"):
            if k in schema:
                return self.fitting(r.choice(schema[k]), depth)
        kind = schema.get("type")
        kind = r.choice(kind) if isinstance(kind, list) else kind
        if kind == "array":
            prefix = schema.get("prefixItems", [])
            n = r.randint(schema.get("minItems", 0), schema.get("maxItems", 3))
            return [self.fitting(prefix[i] if i < len(prefix) else schema["items"], depth + 1)
                    for i in range(n)]
        if kind == "object":
            out = {k: self.fitting(s, depth + 1) for k, s in schema["properties"].items()
                   if k in schema["required"] or r.random() < 0.6}
            more = schema.get("additionalProperties", True)
            if more is not False and r.random() < 0.5:
                name = r.choice(NAMES)
                if name not in schema["properties"]:
                    out[name] = self.fitting(more, depth + 1)
            return out
        if kind == "string":
            return r.choice([self.string(), "a" + self.string(), self.string() + "b", "a", "true"])
        if kind == "integer":
            return r.randint(-1, 10)
        return {"null": None, "boolean": r.random() < 0.5, "number": r.choice([1, 0.5, -7, 4.75])}.get(
            kind, self.scalar())


def in_order(schema, value):
    """The members as the schema declares them, and whether that settles the order of all members."""
    def settled(v):
        parts = list(v.values()) if isinstance(v, dict) else v if isinstance(v, list) else []
        return (not isinstance(v, dict) or len(v) < 2) and all(settled(p) for p in parts)

    declared = [k for k in schema["properties"] if k in value]
    value = {k: value[k] for k in declared + [k for k in value if k not in declared]}
    return value, all(settled(v) for v in value.values())


def python_schema(schema):
    """The same schema for a validator whose $ also matches in front of a last line end."""
    return json.loads(json.dumps(schema).replace('$"', '\\\\Z"'))


def spoilt(rng, text):
    if not text:
        return rng.choice(WORDS)
    i = rng.randrange(len(text) + 1)
    j = min(len(text), i + rng.randint(1, 3))
    return rng.choice([
        text[:i] + text[j:], text[:i] + rng.choice(WORDS) + text[i:],
        text[:i] + rng.choice(WORDS) + text[j:], text[:i] + text[i:j] * 2 + text[j:], text[:i]])


def means_valid(reader, validator, text):
    """Whether some reading of the text is valid; None when nothing can be said."""
    try:
        for n, value in enumerate(reader.read(text)):
            if n == MAX_READINGS:
                return None
            if validator.is_valid(value):
                return True
        return False
    except Unreadable:
        return False
    except (Unknown, RecursionError):
        return None


def ask_library(style, schema, any_order, texts):
    import xgr
    tag = {"format": {"type": "json_schema", "json_schema": schema, "style": style,
                      "any_order": any_order}}
    tokenizer = xgr.TokenizerInfo([bytes([b]) for b in range(256)] + [b""], stop_token_ids=256)
    compiled = xgr.GrammarCompiler(tokenizer).compile_structural_tag(tag)

    def accepts(text):
        matcher = xgr.GrammarMatcher(compiled)
        return matcher.accept_string(text) and matcher.accept_token(256)

    return [accepts(t) for t in texts]


def run(ask, seconds, seed, styles):
    rng = random.Random(seed)
    counts = dict.fromkeys(["schemas", "refused", "written", "spoilt", "accepted"], 0)
    stop = time.time() + seconds
    while time.time() < stop:
        style = rng.choice(styles)
        reader = STYLES[style]
        maker = Maker(rng, style != "minimax_m3_xml")
        schema = maker.schema()
        validator = jsonschema.Draft202012Validator(python_schema(schema))
        any_order = rng.random() < 0.3
        texts = []
        for _ in range(12):
            value = maker.fitting(schema)
            if not isinstance(value, dict):
                continue
            value, settled = in_order(schema, value)
            text = reader.write(rng, value)
            if text is None:
                continue
            texts.append((text, (any_order or settled) and validator.is_valid(value)))
            texts += [(spoilt(rng, text), None) for _ in range(3)]
        answer = ask(style, schema, any_order, [t for t, _ in texts])
        counts["schemas"] += 1
        if isinstance(answer, str):
            counts["refused"] += 1
            continue
        for (text, valid), accepted in zip(texts, answer):
            counts["written" if valid else "spoilt"] += 1
            counts["accepted"] += bool(accepted)
            wrong = None
            if valid and not accepted:
                wrong = "a valid value is refused"
            elif accepted and means_valid(reader, validator, text) is False:
                wrong = "what means no valid value is accepted"
            if wrong:
                print(f"{wrong}\nstyle {style}, any order {any_order}\n{json.dumps(schema)}\n{text!r}")
                return 1
    print(counts)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--style", action="append", choices=sorted(STYLES))
    options = parser.parse_args()
    sys.exit(run(ask_library, options.seconds, options.seed, options.style or sorted(STYLES)))
