"""Families of chat models: names, files, structural tags of replies."""
import json

import pytest

import xgr
from xgr import TokenizerInfo, TokenKind

TOOLS = [{"type": "function", "function": {
    "name": name, "parameters": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}}}
    for name in ("first", "second")]
REQUEST = {"model": "m", "tools": TOOLS, "reasoning": "off"}
CALL = "<tool_call>\n<function={}>\n<parameter=x>\na\n</parameter>\n</function>\n</tool_call>"


def test_names_and_files():
    names = xgr.families()
    assert len(names) >= 50 and names == sorted(set(names)) and "qwen_3_coder" in names
    for name in names:
        assert json.loads(xgr.family_text(name))["family"] == name
    with pytest.raises(xgr.XgrError, match="no_such_family.*qwen_3_coder") as caught:
        xgr.family_text("no_such_family")
    assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT


def test_a_reply(compiler, matches):
    compiled = compiler.compile_structural_tag(xgr.family_structural_tag("qwen_3_coder", REQUEST))
    assert matches(compiled, "Let me see.\n" + CALL.format("first") + "\n" + CALL.format("second"))
    assert matches(compiled, "No need to call anything.")
    assert not matches(compiled, CALL.format("third"))


def test_every_form_of_a_request_and_a_family():
    class Request:
        def model_dump_json(self):
            return json.dumps(REQUEST)

    expected = xgr.family_structural_tag("qwen_3_coder", REQUEST)
    text = xgr.family_text("qwen_3_coder")
    assert json.loads(expected)["type"] == "structural_tag"
    for family in ("qwen_3_coder", "qwen3_5", text, text.encode(), json.loads(text)):
        for request in (REQUEST, json.dumps(REQUEST), Request()):
            assert xgr.family_structural_tag(family, request) == expected
    template = {"fields": {"tool_calls": {
        "open": "<tool_call>", "close": "</tool_call>", "repeats": True, "content": "json",
        "transform": {"type": "function", "function": {"name": "{content.name}",
                                                       "arguments": "{content.arguments}"}}}}}
    assert "<tool_call>" in xgr.family_structural_tag(template, REQUEST)


def test_a_tokenizer_tells_which_markers_are_tokens():
    info = TokenizerInfo(["a", "<tool_call>", "<|im_end|>"],
                         token_kinds=[TokenKind.NORMAL, TokenKind.CONTROL, TokenKind.STOP])
    token = '{"type":"token","token":"<tool_call>"}'
    assert token in xgr.family_structural_tag("hermes", REQUEST, info)
    assert token not in xgr.family_structural_tag("hermes", REQUEST)


def test_errors():
    for family, request, code, pointer in (
        ("no_such_family", {}, xgr.ErrorCode.INVALID_ARGUMENT, None),
        ({"family": "f"}, {}, xgr.ErrorCode.INVALID_SOURCE, ""),
        ("hermes", {"tools": [7]}, xgr.ErrorCode.INVALID_SOURCE, "/tools/0"),
        ({"fields": {"images": {}}}, {}, xgr.ErrorCode.UNSUPPORTED, "/fields/images"),
    ):
        with pytest.raises(xgr.XgrError) as caught:
            xgr.family_structural_tag(family, request)
        assert (caught.value.code, caught.value.json_pointer) == (code, pointer)
    for arguments in ((5, {}), ("hermes", 5), ("hermes", {}, "tokenizer")):
        with pytest.raises(TypeError):
            xgr.family_structural_tag(*arguments)
