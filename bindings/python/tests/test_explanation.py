"""GrammarMatcher.explain and explain_token."""
import json

import pytest
from conftest import STOP

import xgr

SCHEMA = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}, "required": ["age"]}


@pytest.fixture
def matcher(compiler):
    return xgr.GrammarMatcher(compiler.compile_json_schema(SCHEMA))


def test_a_refusal_names_the_keyword(matcher):
    assert matcher.accept_string('{"age": ')
    found = matcher.explain('{"age": ', "-1")
    assert isinstance(found, xgr.Explanation) and str(found) == found.text
    cause, = found.data["causes"]
    assert (cause["keyword"], cause["pointer"], cause["instance"]) == ("minimum", "/properties/age/minimum", "/age")
    assert found.data["byte_offset"] == 1 and found.data["expected"] == ['"0"']
    assert found.data == json.loads(found.json)
    assert matcher.history_size == 1


def test_what_may_come_next(matcher):
    found = matcher.explain("").data
    assert not found["allowed"] or found["byte_offset"] is None
    assert '"{"' in found["expected"] and found["token_count"] > 1 and not found["may_end"]


def test_tokens(matcher):
    assert matcher.accept_string("{")
    assert "not complete" in matcher.explain_token("{", STOP).text
    assert matcher.explain_token(None, ord("}")).data["causes"] is None
    assert matcher.explain_token(b"{", ord("}")).data["causes"][0]["pointer"] == "/required"
    assert matcher.explain_token("{", ord('"')).data["allowed"]


def test_mistakes(matcher):
    with pytest.raises(xgr.XgrError, match="all bytes so far"):
        matcher.explain("[", "1")
    with pytest.raises(TypeError):
        matcher.explain(5)
    with pytest.raises(TypeError):
        matcher.explain_token("", "x")
