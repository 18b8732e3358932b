"""Structural tags: every form in which they are given, and what they say."""
import dataclasses
import json

import pytest

import xgr
from xgr import Grammar, StructuralTagItem

SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
TAG = {"type": "structural_tag", "format": {
    "type": "triggered_tags", "triggers": ["<f"],
    "tags": [{"begin": "<f>", "content": {"type": "json_schema", "json_schema": SCHEMA}, "end": "</f>"}]}}
ITEM = {"begin": "<f>", "schema": SCHEMA, "end": "</f>"}


class Dumping:
    def model_dump(self):
        return TAG


class Telling:
    def to_json(self):
        return json.dumps(TAG)


@dataclasses.dataclass
class Item:
    """As other packages define it: `schema` is a method of models there."""

    begin: str
    schema_: dict
    end: str

    def schema(self):
        raise AssertionError


WAYS = {
    "dict": ((TAG,), {}),
    "text": ((json.dumps(TAG),), {}),
    "bytes": ((json.dumps(TAG).encode(),), {}),
    "model_dump": ((Dumping(),), {}),
    "to_json": ((Telling(),), {}),
    "keyword": ((), {"structural_tag": TAG}),
    "items": (([StructuralTagItem("<f>", SCHEMA, "</f>")], ["<f"]), {}),
    "dicts": ((), {"tags": [ITEM], "triggers": ("<f",)}),
    "text_inside": (([StructuralTagItem("<f>", json.dumps(SCHEMA), "</f>")], ["<f"]), {}),
    "other_items": (([Item("<f>", SCHEMA, "</f>")],), {"triggers": ["<f"]}),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_form(compiler, matches, way):
    given, named = WAYS[way]
    for compiled in (compiler.compile_structural_tag(*given, **named),
                     compiler.compile_grammar(Grammar.from_structural_tag(*given, **named)),
                     compiler.compile_structural_tag_async(*given, **named).result(60)):
        assert matches(compiled, 'text <f>{"x": 1}</f> more <f>{"x":2}</f>')
        assert matches(compiled, "only text, a < b")
        assert not matches(compiled, '<f>{"x": 1}') and not matches(compiled, "<fg>")


def test_a_trigger_forces_a_call(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_structural_tag(TAG))
    assert matcher.accept_string("Well: <") and matcher.is_token_allowed(ord("=")) and matcher.is_completed()
    assert matcher.accept_string("f") and not matcher.is_completed()
    assert matcher.forced_bytes() == b">{" and not matcher.is_token_allowed(ord("="))


@pytest.mark.parametrize("arguments", [
    {}, {"structural_tag": TAG, "triggers": ["<f"]}, {"structural_tag": TAG, "tags": [ITEM]}, {"tags": [ITEM]},
    {"structural_tag": [ITEM]}, {"triggers": ["<f"]}, {"structural_tag": 5}, {"tags": [5], "triggers": ["<f"]},
])
def test_other_arguments_are_refused(compiler, arguments):
    for make in (compiler.compile_structural_tag, Grammar.from_structural_tag):
        with pytest.raises(TypeError):
            make(**arguments)


def test_options(compiler, matches):
    with_more = '<f>{"x": 1, "y": 2}</f>'
    assert not matches(compiler.compile_structural_tag(TAG), with_more)
    assert matches(compiler.compile_structural_tag(TAG, open_schemas=True), with_more)
    tag = {"format": {"type": "json_schema", "json_schema": {"type": "string", "format": "date"}}}
    assert not matches(compiler.compile_structural_tag(tag), '"x"')
    assert matches(compiler.compile_structural_tag(tag, formats="ignore"), '"x"')
    tag["format"]["json_schema"] = {"type": "array", "not": {"uniqueItems": True}}
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_structural_tag(tag)
    assert caught.value.code is xgr.ErrorCode.UNSUPPORTED
    assert matches(compiler.compile_structural_tag(tag, lenient=True), "[1, 1]")
    many = {"format": {"type": "or", "elements": [
        {"type": "json_schema", "json_schema": {"type": "object", "properties": {f"p{i}": {"maximum": i}}}}
        for i in range(3000)]}}
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_structural_tag(many, timeout=1e-9, bypass_cache=True)
    assert caught.value.code is xgr.ErrorCode.LIMIT_EXCEEDED


def test_an_error_has_its_place(compiler):
    tag = {"format": {"type": "sequence", "elements": [{"type": "const_string", "value": "a"}, {"type": "x"}]}}
    for make in (compiler.compile_structural_tag, Grammar.from_structural_tag):
        with pytest.raises(xgr.XgrError) as caught:
            make(tag)
        assert caught.value.code is xgr.ErrorCode.INVALID_SOURCE
        assert caught.value.json_pointer == "/format/elements/1/type"
    deferred = Grammar.from_structural_tag(tag, deferred=True)
    with pytest.raises(xgr.XgrError) as caught:
        deferred.check()
    assert caught.value.json_pointer == "/format/elements/1/type"
    with pytest.raises(xgr.XgrError):
        compiler.compile_structural_tag_async(tag).result(60)


def test_a_token_is_looked_up_when_it_is_compiled(compiler, matches):
    grammar = Grammar.from_structural_tag({"format": {"type": "token", "token": "true"}})
    matcher = xgr.GrammarMatcher(compiler.compile_grammar(grammar))
    assert matcher.accept_token(256) and matcher.is_completed()
    unknown = Grammar.from_structural_tag({"format": {"type": "token", "token": "<nobody>"}})
    with pytest.raises(xgr.XgrError, match="<nobody>"):
        compiler.compile_grammar(unknown)
