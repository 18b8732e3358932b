"""JSON Schema against an independent validator: random schemas, short documents.

  python tests/reference/schema_oracle.py [--seconds 30] [--seed 1] [--documents 120]

Every document has to be accepted iff the package `jsonschema` finds it valid; a schema that is refused
as contradictory must have no valid document among them. Schemas that are refused as unsupported are
counted. With --recursive, schemas have definitions that refer to each other and to themselves, beside other
keywords and negated. Prints every difference with the schema, and last a line of counts.
"""
import argparse
import collections
import json
import random
import sys
import time

import jsonschema

import xgr

NAMES = ["a", "b", "ab", "c"]
SCALARS = [None, True, False, 0, 1, 2, 3, -1, 1.5, 10, "", "a", "b", "ab", "aab", "abc"]


def references_in_place(schema):
    """The definitions that a value has to meet, or not to meet, as a whole."""
    if not isinstance(schema, dict):
        return set()
    found = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    for key in ("allOf", "anyOf", "oneOf"):
        found.update(*map(references_in_place, schema.get(key, [])))
    for key in ("not", "if", "then", "else"):
        found |= references_in_place(schema.get(key))
    found.update(*map(references_in_place, schema.get("dependentSchemas", {}).values()))
    return found


def is_endless(definitions):
    """Whether some definition leads back to itself at the same place."""
    reach = {name: references_in_place(schema) for name, schema in definitions.items()}
    for _ in reach:
        reach = {name: seen.union(*(reach[other] for other in seen)) for name, seen in reach.items()}
    return any(name in seen for name, seen in reach.items())


class Schemas:
    def __init__(self, r, recursive=False):
        self.r = r
        self.references = []
        self.recursive = recursive

    def some(self, options, most):
        return self.r.sample(options, self.r.randint(0, min(most, len(options))))

    def value(self, depth=2):
        kind = self.r.random()
        if depth == 0 or kind < 0.6:
            return self.r.choice(SCALARS)
        if kind < 0.8:
            return [self.value(depth - 1) for _ in range(self.r.randint(0, 3))]
        names = self.some(NAMES, 3)
        self.r.shuffle(names)
        return {name: self.value(depth - 1) for name in names}

    def root(self, depth):
        if not self.recursive:
            return self.schema(depth)
        self.references = ["n", "m"]
        out = self.schema(depth)
        if isinstance(out, dict):
            out["$defs"] = {name: self.schema(1) for name in self.references}
            while is_endless(out["$defs"]):
                out["$defs"] = {name: self.schema(1) for name in self.references}
        return out

    def schema(self, depth):
        if self.references and self.r.random() < 0.3:
            out = {"$ref": "#/$defs/" + self.r.choice(self.references)}
            if depth >= 0 and self.r.random() < 0.4:
                self.r.choice([self.types, self.strings, self.arrays, self.values])(out, depth - 1)
            return out
        if self.r.random() < 0.06:
            return self.r.random() < 0.6
        out = {}
        makers = [self.types, self.numbers, self.strings, self.arrays, self.objects, self.values]
        if depth > 0:
            makers += [self.combinations] * 3 + [self.arrays, self.objects] * 2
        for make in self.r.sample(makers, self.r.randint(1, 3)):
            make(out, depth - 1)
        return out

    def types(self, out, depth):
        kinds = ["null", "boolean", "integer", "number", "string", "array", "object"]
        out["type"] = self.r.choice([self.r.choice(kinds), self.r.sample(kinds, 2)])

    def values(self, out, depth):
        if self.r.random() < 0.5:
            out["const"] = self.value()
        else:
            unique = {json.dumps(v, sort_keys=True): v for v in (self.value() for _ in range(3))}
            out["enum"] = list(unique.values())

    def numbers(self, out, depth):
        for key in self.some(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], 2):
            out[key] = self.r.choice([-1, 0, 1, 1.5, 2, 3])
        if self.r.random() < 0.3:
            out["multipleOf"] = self.r.choice([1, 2, 0.5, 3])

    def strings(self, out, depth):
        for key in self.some(["minLength", "maxLength"], 2):
            out[key] = self.r.randint(0, 3)
        if self.r.random() < 0.5:
            out["pattern"] = self.r.choice(["a", "^a", "b$", "^ab?$", "^(?!ab)", "^[ab]*$"])

    def arrays(self, out, depth):
        sub = lambda: self.schema(max(depth, 0)) if depth >= 0 else self.leaf()
        for key in self.some(["items", "prefixItems", "contains", "uniqueItems", "minItems", "maxItems",
                              "unevaluatedItems"], 3):
            if key in ("minItems", "maxItems"):
                out[key] = self.r.randint(0, 3)
            elif key == "prefixItems":
                out[key] = [sub() for _ in range(self.r.randint(1, 2))]
            elif key == "uniqueItems":
                out[key] = True
            else:
                out[key] = sub()
            if key == "contains":
                for bound in self.some(["minContains", "maxContains"], 2):
                    out[bound] = self.r.randint(0, 2)

    def objects(self, out, depth):
        sub = lambda: self.schema(max(depth, 0)) if depth >= 0 else self.leaf()
        keys = ["properties", "required", "additionalProperties", "patternProperties", "propertyNames",
                "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
                "unevaluatedProperties"]
        for key in self.some(keys, 3):
            if key in ("minProperties", "maxProperties"):
                out[key] = self.r.randint(0, 3)
            elif key == "properties" or key == "dependentSchemas":
                out[key] = {name: sub() for name in self.some(NAMES, 2)}
            elif key == "required":
                out[key] = self.some(NAMES, 2)
            elif key == "patternProperties":
                out[key] = {self.r.choice(["a", "^b", "b$", "^ab$"]): sub()}
            elif key == "propertyNames":
                out[key] = self.r.choice([{"pattern": "^a"}, {"maxLength": 1}, {"enum": ["a", "c"]},
                                          {"not": {"const": "b"}}])
            elif key == "dependentRequired":
                out[key] = {self.r.choice(NAMES): self.some(NAMES, 2)}
            else:
                out[key] = sub()

    def combinations(self, out, depth):
        key = self.r.choice(["allOf", "anyOf", "oneOf", "not", "if"])
        if key == "not":
            out[key] = self.schema(depth)
        elif key == "if":
            for part in ["if", *self.some(["then", "else"], 2)]:
                out[part] = self.schema(depth)
        else:
            out[key] = [self.schema(depth) for _ in range(self.r.randint(1, 3))]

    def leaf(self):
        if self.references and self.r.random() < 0.4:
            return {"$ref": "#/$defs/" + self.r.choice(self.references)}
        return self.r.choice([True, False, {"type": "integer"}, {"type": "string"}, {"const": 1},
                              {"enum": ["a", 1]}, {"minimum": 1}, {"type": ["null", "boolean"]}])


def compare(schema, documents, compiler, count):
    judge = jsonschema.Draft202012Validator(schema)
    compiled = None
    try:
        compiled = compiler.compile_json_schema(json.dumps(schema), strict_mode=False, draft=2020,
                                                any_order=True)
    except xgr.XgrError as error:
        if error.code in (xgr.ErrorCode.UNSUPPORTED, xgr.ErrorCode.LIMIT_EXCEEDED):
            count["unsupported"] += 1
            return
    for document in documents:
        text = json.dumps(document, separators=(",", ":"))
        accepted = False
        if compiled:
            matcher = xgr.GrammarMatcher(compiled)
            accepted = matcher.accept_string(text) and matcher.accept_token(256)
        valid = judge.is_valid(document)
        count["compared"] += 1
        if accepted != valid:
            count["differences"] += 1
            print("accepted" if accepted else "refused", text, "by", json.dumps(schema))
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--recursive", action="store_true")
    arguments = parser.parse_args()
    info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=256)
    compiler = xgr.GrammarCompiler(info)
    schemas = Schemas(random.Random(arguments.seed), arguments.recursive)
    count, end = collections.Counter(), time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        count["schemas"] += 1
        documents = [schemas.value() for _ in range(arguments.documents)]
        compare(schemas.root(schemas.r.randint(1, 2)), documents, compiler, count)
    print(", ".join(f"{name} {n}" for name, n in count.most_common()))
    return 1 if count["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
