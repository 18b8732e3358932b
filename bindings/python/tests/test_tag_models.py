"""Models of structural tags, as models of pydantic and without it."""
import copy
import json
import pickle
import subprocess
import sys

import pytest
from model_modules import have_pydantic, modules

import xgr

SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
TAG = {"type": "tag", "begin": "<f>", "content": {"type": "json_schema", "json_schema": SCHEMA}, "end": "</f>"}

# Each format: with all of its members, and by which of them it is known without its type.
FORMATS = [
    {"type": "const_string", "value": "a"},
    {"type": "json_schema", "json_schema": True, "style": "glm_xml", "any_order": True, "max_whitespace_cnt": 2,
     "excludes": ["<x>"], "token_markers": ["<arg_key>"]},
    {"type": "json_schema", "json_schema": SCHEMA, "style": {"begin": "("}},
    {"type": "qwen_xml_parameter", "json_schema": SCHEMA},
    {"type": "grammar", "grammar": "start: \"a\"", "syntax": "lark"},
    {"type": "regex", "pattern": "a+"},
    {"type": "any_text", "excludes": ["b"], "max_tokens": 3, "max_chars": 2**31 - 1},
    {"type": "token", "token": 7},
    {"type": "token", "token": "true"},
    {"type": "exclude_token", "exclude_tokens": [7, "true", {"type": "token", "token": 8}]},
    {"type": "any_tokens", "exclude_tokens": ["true"], "max_tokens": 0},
    {"type": "sequence", "elements": [{"type": "const_string", "value": "a"}, {"type": "regex", "pattern": "b"}]},
    {"type": "or", "elements": [{"type": "const_string", "value": "a"}]},
    {"type": "optional", "content": {"type": "const_string", "value": "a"}},
    {"type": "plus", "content": {"type": "const_string", "value": "a"}},
    {"type": "star", "content": {"type": "const_string", "value": "a"}},
    {"type": "repeat", "min": 1, "max": -1, "content": {"type": "const_string", "value": "a"}},
    {"type": "tag", "begin": {"type": "token", "token": 7}, "content": TAG,
     "end": ["a", {"type": "token", "token": 8}, {"implicit": True, "end": "<b>"}]},
    {"type": "tag", "begin": "", "content": TAG, "end": {"implicit": True, "end": {"type": "token", "token": 8}}},
    {"type": "triggered_tags", "triggers": ["<f"], "tags": [TAG], "at_least_one": True, "stop_after_first": True,
     "excludes": ["<g"]},
    {"type": "tags_with_separator", "tags": [TAG], "separator": ",", "at_least_one": True,
     "stop_after_first": True},
    {"type": "dispatch", "rules": [["<f", TAG]], "loop": False, "excludes": ["<g"]},
    {"type": "token_triggered_tags", "trigger_tokens": [7, "true"], "tags": [{**TAG, "begin": {
        "type": "token", "token": 7}}], "exclude_tokens": [9], "at_least_one": True, "stop_after_first": True},
    {"type": "token_dispatch", "rules": [[7, TAG], ["true", TAG]], "loop": False, "exclude_tokens": [9]},
]


@pytest.fixture(params=["pydantic", "plain"] if have_pydantic() else ["plain"])
def tags(request):
    with modules(request.param == "plain") as found:
        yield found.structural_tag


def classes(tags):
    return {cls.model_fields["type"].default: cls for cls in tags.FORMATS}


@pytest.mark.parametrize("number", range(len(FORMATS)))
def test_a_format_comes_back(tags, number):
    written = FORMATS[number]
    tag = tags.StructuralTag.from_json({"format": written})
    assert type(tag.format) is classes(tags)[written["type"]]
    # All members are fields; what was not given has its default.
    assert json.loads(tag.model_dump_json(exclude_unset=True)) == {"format": written}
    assert tag.model_dump(mode="json", exclude_unset=True) == {"format": written}
    for same in (tags.StructuralTag.model_validate_json(tag.model_dump_json()),
                 tags.StructuralTag.model_validate(tag.model_dump()), tags.StructuralTag.model_validate(tag),
                 tags.StructuralTag.from_json(tag.model_dump_json().encode()),
                 tags.StructuralTag(format=tag.format), copy.deepcopy(tag), pickle.loads(pickle.dumps(tag)),
                 tag.model_copy(deep=True)):
        assert same == tag and same.model_dump_json() == tag.model_dump_json()
    assert repr(tag).startswith(f"StructuralTag(type='structural_tag', format={type(tag.format).__name__}(")


def test_all_formats_are_tried(tags):
    assert {written["type"] for written in FORMATS} == set(classes(tags))


@pytest.mark.parametrize("written", FORMATS, ids=lambda written: written["type"])
def test_without_a_type(tags, written):
    """Known by its members, as the library knows it; where several types have them, by the first."""
    def bare(value):
        if isinstance(value, dict):
            # Of those that nothing else tells, the type stays.
            return {k: bare(v) for k, v in value.items() if k != "type" or v in ("regex", "grammar")}
        return [bare(item) for item in value] if isinstance(value, list) else value

    alike = {"or": "sequence", "plus": "optional", "star": "optional", "qwen_xml_parameter": "json_schema"}
    told = written["type"] in ("grammar", "regex", "token", "exclude_token", "any_tokens", "token_triggered_tags")
    if told:
        with pytest.raises(ValueError, match="type"):
            tags.StructuralTag.from_json({"format": {k: v for k, v in written.items() if k != "type"}})
        return
    known = tags.StructuralTag.from_json({"format": {k: bare(v) for k, v in written.items() if k != "type"}})
    assert known.format.type == alike.get(written["type"], written["type"])


@pytest.mark.parametrize("data, place", [
    ({}, ("format",)),
    ({"format": 3}, ("format",)),
    ({"format": {"type": "nothing"}}, ("format",)),
    ({"type": "tag", "format": TAG}, ("type",)),
    ({"format": {"type": "const_string"}}, ("format", "value")),
    ({"format": {**TAG, "begin": 5}}, ("format", "begin")),
    ({"format": {**TAG, "end": [5]}}, ("format", "end")),
    ({"format": {"type": "any_text", "max_tokens": -1}}, ("format", "max_tokens")),
    ({"format": {"type": "any_text", "max_chars": 2**31}}, ("format", "max_chars")),
    ({"format": {"type": "json_schema", "json_schema": True, "style": "yaml"}}, ("format", "style")),
    ({"format": {"type": "grammar", "grammar": "", "syntax": "bnf"}}, ("format", "syntax")),
    ({"format": {"type": "sequence", "elements": [TAG, {"type": "star"}]}}, ("format", "elements", 1, "content")),
    ({"format": {"type": "sequence", "elements": TAG}}, ("format", "elements")),
    ({"format": {"type": "dispatch", "rules": [["a", TAG], ["a"]]}}, ("format", "rules", 1)),
    ({"format": {"type": "triggered_tags", "triggers": ["<f"], "tags": [{**TAG, "end": None}]}},
     ("format", "tags", 0, "end")),
])
def test_an_error_has_its_place(tags, data, place):
    with pytest.raises(ValueError) as caught:
        tags.StructuralTag.model_validate(data)
    assert type(caught.value).__name__ == "ValidationError"
    names = set(classes(tags))
    places = [tuple(part for part in problem["loc"] if part not in names) for problem in caught.value.errors()]
    assert any(found[:len(place)] == place for found in places)
    assert str(place[-1]) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_what_is_no_tag_is_refused(tags, text):
    with pytest.raises(ValueError):
        tags.StructuralTag.from_json(text)


def test_fields_can_be_changed(tags, compiler, matches):
    tag = tags.StructuralTag(format=tags.TriggeredTagsFormat(triggers=["<f"], tags=[tags.TagFormat(**TAG)]))
    ways = (lambda: compiler.compile_structural_tag(tag),
            lambda: compiler.compile_grammar(xgr.Grammar.from_structural_tag(tag)))
    for way in ways:
        assert matches(way(), 'text <f>{"x": 1}</f> more')
    tag.format.at_least_one = True
    for way in ways:
        assert not matches(way(), 'text <f>{"x": 1}</f> more') and matches(way(), '<f>{"x": 1}</f> more')
    tag.format.stop_after_first = True
    assert not matches(ways[0](), '<f>{"x": 1}</f> more') and matches(ways[0](), '<f>{"x": 1}</f>')
    tag.format.at_least_one = False
    tag.format.excludes.append("text")
    assert not matches(ways[1](), 'text <f>{"x": 1}</f>') and matches(ways[1](), 'tex <f>{"x": 1}</f>')
    tag.format.excludes = ["<f"]
    for way in ways:
        with pytest.raises(RuntimeError):
            way()


def test_fields_of_one_do_not_change_another(tags):
    first, second = tags.AnyTextFormat(), tags.AnyTextFormat()
    first.excludes.append("a")
    assert second.excludes == [] and first != second and first != 5
    assert first.model_fields_set == set() and set(type(first).model_fields) == {
        "type", "excludes", "max_tokens", "max_chars"}
    first.max_tokens = 4
    assert first.model_fields_set == {"max_tokens"}
    assert first.model_copy(update={"max_tokens": 5}).max_tokens == 5 and first.max_tokens == 4
    assert first.model_dump(exclude_none=True) == {"type": "any_text", "excludes": ["a"], "max_tokens": 4}
    assert first.model_dump_json(exclude_defaults=True) == '{"excludes":["a"],"max_tokens":4}'
    assert first.model_dump_json(indent=1).startswith('{\n "type": "any_text"')
    with pytest.raises(ValueError, match="other"):
        first.other = 1


def test_unknown_members_are_ignored(tags):
    tag = tags.StructuralTag.from_json({"format": {"type": "const_string", "value": "a", "note": 1}, "more": 2})
    assert tag.model_dump() == {"type": "structural_tag", "format": {"type": "const_string", "value": "a"}}


def test_the_older_form(tags, compiler, matches):
    class Model:
        @staticmethod
        def model_json_schema():
            return SCHEMA

    items = [tags.StructuralTagItem("<f>", SCHEMA, "</f>"),
             tags.StructuralTagItem(begin="<g>", schema=json.dumps(SCHEMA), end="</g>"),
             tags.StructuralTagItem.model_validate({"begin": "<h>", "schema": Model, "end": "</h>"})]
    assert items[0].schema == items[0].schema_ == SCHEMA
    assert items[0].model_dump(by_alias=True) == {"begin": "<f>", "schema": SCHEMA, "end": "</f>"}
    tag = tags.StructuralTag.from_legacy_structural_tag(items, ["<"])
    assert [t.content.json_schema for t in tag.format.tags] == [SCHEMA] * 3
    for compiled in (compiler.compile_structural_tag(tag), compiler.compile_structural_tag(items, ["<"])):
        assert matches(compiled, 'a <f>{"x": 1}</f><g>{"x": 1}</g><h>{"x": 1}</h>')
        assert not matches(compiled, "<i>")
    for wrong in ({"begin": "<f>", "end": "</f>"}, {"begin": "<f>", "schema": 5, "end": "</f>"}):
        with pytest.raises(ValueError, match="schema"):
            tags.StructuralTagItem(**wrong)
    with pytest.raises(TypeError):
        tags.StructuralTagItem("<f>", SCHEMA, "</f>", 4)


def test_every_style_is_known_to_the_library(tags, compiler):
    for style in tags.ArgumentStyle.__args__:
        compiler.compile_structural_tag(tags.StructuralTag(
            format=tags.JSONSchemaFormat(json_schema={**SCHEMA, "additionalProperties": False}, style=style)))
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_structural_tag({"format": {"json_schema": True, "style": "yaml"}})
    assert all(f'"{style}"' in str(caught.value) for style in tags.ArgumentStyle.__args__)
    assert str(caught.value).count('"') == 2 * (len(tags.ArgumentStyle.__args__) + 1)


def test_tags_of_families_are_models(tags):
    tools = [{"type": "function", "function": {"name": "f", "parameters": SCHEMA}}]
    for family in xgr.families():
        for choice in ("auto", "required"):
            text = xgr.family_structural_tag(family, {"tools": tools, "tool_choice": choice, "reasoning": "auto"})
            tag = tags.StructuralTag.from_json(text)
            assert json.loads(tag.model_dump_json(exclude_unset=True)) == json.loads(text), family


def test_models_of_clients_hold_them(tags):
    if not have_pydantic() or not hasattr(tags.StructuralTag, "__pydantic_validator__"):
        pytest.skip("needs pydantic")
    import pydantic

    class Request(pydantic.BaseModel):
        response_format: tags.StructuralTag

    request = Request.model_validate({"response_format": {"format": TAG}})
    assert isinstance(request.response_format.format, tags.TagFormat)
    assert isinstance(request.response_format, pydantic.BaseModel)
    made = pydantic.TypeAdapter(tags.Format).validate_python(TAG)
    assert isinstance(made, tags.TagFormat) and "TagFormat" in json.dumps(Request.model_json_schema())


def test_nothing_loads_before_it_is_used():
    loaded = ("import sys, xgr; assert 'xgr.structural_tag' not in sys.modules and 'pydantic' not in sys.modules;"
              "xgr.StructuralTag; assert 'xgr.structural_tag' in sys.modules; assert 'StructuralTag' in dir(xgr)")
    subprocess.run([sys.executable, "-c", loaded], check=True)
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        xgr.nothing_of_that_name
