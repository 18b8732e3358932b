"""GrammarCompiler: each kind of source, the options of JSON Schema, errors with their place."""
import pytest

import xgr

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "array", "items": {"type": "integer"}}, "b": {"type": "null"}},
    "required": ["a", "b"],
}


def test_sources(compiler, matches):
    assert matches(compiler.compile_grammar('root ::= "a" root | "b"'), "aab")
    assert matches(compiler.compile_grammar('x ::= "1"', root_rule_name="x"), "1")
    assert matches(compiler.compile_regex("a+b?"), "aab")
    assert matches(compiler.compile_builtin_json_grammar(), '{"a": [1, null]}')
    assert matches(compiler.compile_json_schema('{"type": "boolean"}'), "true")


def test_schema_is_text_dict_or_model(compiler, matches):
    class Model:
        @staticmethod
        def model_json_schema():
            return SCHEMA

    for schema in (SCHEMA, Model):
        assert matches(compiler.compile_json_schema(schema), '{"a":[1],"b":null}')
    assert matches(compiler.compile_json_schema(True), "7")
    with pytest.raises(xgr.XgrError):
        compiler.compile_json_schema(False)
    for wrong in (7, None):
        with pytest.raises(TypeError):
            compiler.compile_json_schema(wrong)


def test_pydantic_model(compiler, matches):
    pydantic = pytest.importorskip("pydantic")

    class Person(pydantic.BaseModel):
        name: str
        age: int

    compiled = compiler.compile_json_schema(Person)
    assert matches(compiled, '{"name": "Ada", "age": 36}')
    assert not matches(compiled, '{"name": "Ada"}')


@pytest.mark.parametrize("options, text", [
    ({}, '{ "a" :[1 ,2],"b":null\n}'),
    ({"any_whitespace": False}, '{"a": [1, 2], "b": null}'),
    ({"any_whitespace": False, "separators": (",", ":")}, '{"a":[1,2],"b":null}'),
    ({"any_whitespace": False, "indent": 2},
     '{\n  "a": [\n    1,\n    2\n  ],\n  "b": null\n}'),
    ({"any_whitespace": False, "indent": 0}, '{\n"a": [\n1,\n2\n],\n"b": null\n}'),
    ({"max_whitespace_cnt": 1}, '{ "a" : [1, 2],"b":null}'),
])
def test_layout(compiler, matches, options, text):
    compiled = compiler.compile_json_schema(SCHEMA, **options)
    assert matches(compiled, text)
    assert matches(compiled, '{  "a":[1,2],"b":null}') is (not options)


def test_layout_is_checked(compiler):
    with pytest.raises(ValueError):
        compiler.compile_json_schema(SCHEMA, max_whitespace_cnt=0)


def test_strict_mode(compiler, matches):
    more = '{"a":[],"b":null,"c":1}'
    assert matches(compiler.compile_json_schema(SCHEMA), more)  # valid, so it is accepted
    assert not matches(compiler.compile_json_schema(SCHEMA, strict_mode=True), more)


def test_formats(compiler, matches):
    schema = {"type": "string", "format": "ipv4"}
    assert not matches(compiler.compile_json_schema(schema), '"a"')
    assert matches(compiler.compile_json_schema(schema, formats="ignore"), '"a"')
    schema["format"] = "x"
    assert matches(compiler.compile_json_schema(schema), '"a"')
    with pytest.raises(xgr.XgrError):
        compiler.compile_json_schema(schema, formats="refuse_unknown")
    with pytest.raises(ValueError):
        compiler.compile_json_schema(schema, formats="x")


def test_remotes(compiler, matches):
    remotes = {"http://x.test/a": {"$ref": "b"}, "http://x.test/b": '{"type": "null"}'}
    schema = {"$ref": "http://x.test/a"}
    compiled = compiler.compile_json_schema(schema, remotes=remotes)
    assert matches(compiled, "null") and not matches(compiled, "1")
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_json_schema(schema)
    assert caught.value.json_pointer == "/$ref" and "http://x.test/a" in str(caught.value)
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_json_schema(schema, remotes={"http://x.test/a": {"type": "strange"}})
    assert caught.value.json_pointer == "http://x.test/a#/type"


def test_draft(compiler, matches):
    schema = {"definitions": {"n": {"type": "number"}}, "$ref": "#/definitions/n", "maximum": 1}
    assert matches(compiler.compile_json_schema(schema, draft=7), "2")
    assert not matches(compiler.compile_json_schema(schema, draft=2019), "2")
    with pytest.raises(xgr.XgrError):
        compiler.compile_json_schema(schema, draft=3)


def test_lenient(compiler, matches):
    schema = {"type": "object", "properties": {"a": {"pattern": r"(x)\1"}, "b": {"format": "colour"}},
              "required": ["a"]}
    entries = xgr.check_json_schema(schema)
    assert [(e.outcome, e.json_pointer) for e in entries] == [
        ("enforced", "/type"), ("enforced", "/properties"), ("refused", "/properties/a/pattern"),
        ("ignored", "/properties/b/format"), ("enforced", "/required")]
    assert entries[2].keyword == "pattern" and entries[2].reason and not entries[0].reason
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_json_schema(schema)
    assert caught.value.code == xgr.ErrorCode.UNSUPPORTED
    assert xgr.check_json_schema(schema, lenient=True)[2].outcome == "approximated"
    compiled = compiler.compile_json_schema(schema, lenient=True)
    assert matches(compiled, '{"a": "y"}') and not matches(compiled, "{}")
    with pytest.raises(xgr.XgrError):
        xgr.check_json_schema({"type": "nul"})


def test_unknown_keywords(compiler, matches):
    schema = {"type": "object", "properties": {"a": {"type": "string", "maxLenght": 3}}, "x-b": 1}
    entries = [e for e in xgr.check_json_schema(schema) if e.outcome != "enforced"]
    assert [(e.outcome, e.json_pointer) for e in entries] == [
        ("ignored", "/properties/a/maxLenght"), ("ignored", "/x-b")]
    assert entries[0].reason.endswith('did you mean "maxLength"?')
    found = compiler.compile_json_schema(schema).diagnostics
    assert [(d.code, d.json_pointer, d.subject) for d in found] == [
        ("ignored_keyword", e.json_pointer, e.keyword) for e in entries]
    assert all(e.reason in d.message for d, e in zip(found, entries))
    for refused in (compiler.compile_json_schema, xgr.Grammar.from_json_schema):
        with pytest.raises(xgr.XgrError) as caught:
            refused(schema, unknown_keywords="refuse")
        assert caught.value.code is xgr.ErrorCode.INVALID_SOURCE
        assert caught.value.json_pointer == "/properties/a/maxLenght"
    report = xgr.check_json_schema(schema, unknown_keywords="refuse")
    assert [e.keyword for e in report if e.outcome == "refused"] == ["maxLenght"]
    with pytest.raises(ValueError):
        compiler.compile_json_schema(schema, unknown_keywords="refused")


def test_diagnostics(compiler):
    assert compiler.compile_grammar('root ::= "a"').diagnostics == []
    (found,) = compiler.compile_grammar('root ::=\n "a</s>"').diagnostics
    assert (found.code, found.subject) == ("special_token_as_text", "</s>")
    assert (found.offset, found.line, found.column, found.json_pointer) == (12, 2, 4, None)
    assert "stop token 258" in found.message
    lenient = compiler.compile_json_schema({"not": {"uniqueItems": True}}, lenient=True)
    assert [d.code for d in lenient.diagnostics] == ["approximated_keyword"]


def test_compiled_grammar(compiler, info, matches):
    compiled = compiler.compile_json_schema(SCHEMA)
    assert compiled.tokenizer_info is info and compiler.tokenizer_info is info
    assert compiled.memory_size_bytes > 0
    again = compiler.compile_grammar(compiled.grammar)
    assert matches(again, '{"a": [1], "b": null}')
    assert not matches(again, '{"a": [1]}')


def test_error_has_place(compiler):
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_grammar('root ::= "a"\n  | missing\n')
    error = caught.value
    assert isinstance(error, RuntimeError)
    assert error.code is xgr.ErrorCode.INVALID_SOURCE
    assert (error.offset, error.line, error.column) == (17, 2, 5)
    assert "missing" in str(error) and error.json_pointer is None


def test_error_has_json_pointer(compiler):
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_json_schema({"properties": {"a/b": {"type": "strange"}}})
    assert caught.value.json_pointer == "/properties/a~1b/type"


def test_arguments(info):
    with pytest.raises(TypeError):
        xgr.GrammarCompiler(None)
    with pytest.raises(xgr.XgrError):
        xgr.GrammarCompiler(info, max_threads=-1)


def test_cache_size_and_limit(info):
    compiler = xgr.GrammarCompiler(info, cache_limit_bytes=1 << 20)
    assert compiler.cache_limit_bytes == 1 << 20
    compiler.compile_regex("[a-z]+")
    assert 0 < compiler.get_cache_size_bytes() <= 1 << 20
    compiler.clear_cache()
    assert compiler.get_cache_size_bytes() == 0
