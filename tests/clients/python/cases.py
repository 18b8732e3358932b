"""What the clients ask for: (name, kind, value), the kinds being those of vLLM."""
import json

PERSON = {"type": "object", "properties": {
    "name": {"type": "string"}, "age": {"type": "integer", "minimum": 0, "maximum": 130},
    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3}}, "required": ["name", "age"]}
NESTED = {"type": "object", "properties": {
    "address": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 8},
                                                 "kind": {"enum": ["home", "work", 3, None]}}, "required": ["city"]},
    "flags": {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2}},
    "required": ["address", "flags"]}
REFERENCED = {"$defs": {"node": {"type": "object", "properties": {
    "value": {"type": "number"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
    "required": ["value", "next"]}}, "$ref": "#/$defs/node"}
TOOL = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"]}

SCHEMAS = {
    "person": PERSON,
    "nested": NESTED,
    "referenced": REFERENCED,
    "const": {"const": {"a": [1, 2]}},
    "union": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[a-z]{2,4}$"}, {"type": "null"}]},
    "array": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": False,
              "minItems": 2},
}
REGEXES = {"date": r"\d{4}-(0[1-9]|1[0-2])", "words": r"(alpha|beta|gamma)( (alpha|beta))*", "any": r"[^x]{2,6}"}
GRAMMARS = {
    "ebnf": 'root ::= "total: " number " " unit\nnumber ::= [1-9] [0-9]{0,3}\nunit ::= "kg" | "km"\n',
    "recursive": 'root ::= expr\nexpr ::= term ("+" term)*\nterm ::= [0-9]+ | "(" expr ")"\n',
    "lark": 'start: greeting " " NAME\ngreeting: "hello" | "good day"\nNAME: /[a-z]{1,5}/\n',
}
CHOICES = ["alpha", "beta", "beta max", "gamma"]
TAG = {"type": "structural_tag", "format": {"type": "triggered_tags", "triggers": ["<tool_call>"], "tags": [
    {"begin": "<tool_call>", "content": {"type": "json_schema", "json_schema": TOOL}, "end": "</tool_call>"}],
    "at_least_one": True, "stop_after_first": True}}
SEQUENCE = {"type": "structural_tag", "format": {"type": "sequence", "elements": [
    {"type": "const_string", "value": "city: "}, {"type": "regex", "pattern": "[a-z]{2,5}"},
    {"type": "tag", "begin": "<f>", "content": {"type": "json_schema", "json_schema": {"type": "integer"}},
     "end": "</f>"}]}}
OLD_TAG = {"structures": [{"begin": "<f=a>", "schema": TOOL, "end": "</f>"},
                          {"begin": "<f=b>", "schema": {"type": "object"}, "end": "</f>"}], "triggers": ["<f="]}

REQUESTS = (
    [(f"json {name}", "JSON", json.dumps(schema)) for name, schema in SCHEMAS.items()]
    + [("json object", "JSON_OBJECT", "")]
    + [(f"regex {name}", "REGEX", regex) for name, regex in REGEXES.items()]
    + [(f"grammar {name}", "GRAMMAR", text) for name, text in GRAMMARS.items()]
    + [("choice", "CHOICE", json.dumps(CHOICES))]
    + [("structural tag", "STRUCTURAL_TAG", json.dumps(TAG)),
       ("structural tag, sequence", "STRUCTURAL_TAG", json.dumps(SEQUENCE)),
       ("structural tag, old form", "STRUCTURAL_TAG", json.dumps(OLD_TAG))]
)
WRONG = [("json, no type", "JSON", '{"type": "no such type"}'), ("regex, unclosed", "REGEX", "(a"),
         ("grammar, no rule", "GRAMMAR", 'root ::= missing'), ("structural tag, no format", "STRUCTURAL_TAG",
                                                               '{"type": "structural_tag", "format": {"type": "?"}}')]
TOOLS = [{"type": "function", "function": {"name": "weather", "description": "of a city", "parameters": TOOL}},
         {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}]


def compiled(compiler, kind, text):
    """A JSON, REGEX or GRAMMAR request by a GrammarCompiler of either library."""
    if kind == "JSON":
        return compiler.compile_json_schema(text, strict_mode=True)
    if kind == "REGEX":
        return compiler.compile_regex(text)
    return compiler.compile_grammar(text) if "::=" in text else compiler.compile_lark(text)
