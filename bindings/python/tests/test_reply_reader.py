"""Replies read back: any pieces, malformed calls, misuse."""
import copy
import json
import pathlib
import threading

import pytest

import xgr
from xgr import ReplyEventKind as Kind
from xgr import ReplyReader

REQUEST = {"tools": [{"type": "function", "function": {"name": "weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}}]}
REPLY = ("hm</think>\n\nLet me look. <tool_call>\n<function=weather>\n<parameter=city>\n12 é\n</parameter>\n"
         "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>")


def read(reader, pieces):
    return [event for piece in pieces for event in reader.feed(piece)] + reader.finish()


def text_of(events, kind):
    return "".join(event.text for event in events if event.kind is kind)


def test_any_pieces():
    data = REPLY.encode()
    for pieces in ([data], [REPLY], list(REPLY), [data[i:i + 1] for i in range(len(data))],
                   [bytearray(data[:50]), memoryview(data)[50:], b""]):
        with ReplyReader("qwen_3_coder", REQUEST, begin="reasoning") as reader:
            events = read(reader, pieces)
        assert text_of(events, Kind.REASONING) == "hm"
        assert text_of(events, Kind.TEXT).strip() == "Let me look."
        assert text_of(events, Kind.CALL_BEGIN) == "weather"
        assert json.loads(text_of(events, Kind.ARGUMENTS)) == {"city": "12 é", "days": 3}
        assert [event.kind for event in events][-2:] == [Kind.CALL_END, Kind.END]
        assert not any(event.problem for event in events)
        offsets = [event.offset for event in events if event.kind is Kind.CALL_BEGIN]
        assert offsets == [data.index(b"<tool_call>")]


def test_every_form_of_a_family_and_a_request():
    expected = read(ReplyReader("qwen_3_coder", REQUEST), [REPLY])
    family = xgr.family_text("qwen_3_coder")
    for request in (REQUEST, json.dumps(REQUEST), json.dumps(REQUEST).encode()):
        for form in (family, json.loads(family)):
            assert read(ReplyReader(form, request), [REPLY]) == expected
    info = xgr.TokenizerInfo(["a", "<tool_call>"])
    assert read(ReplyReader("qwen_3_coder", REQUEST, info), [REPLY]) == expected


def test_numbers_and_ids():
    call = "<|tool_call_begin|>functions.{}<|tool_call_argument_begin|>{{}}<|tool_call_end|>"
    reply = f"<|tool_calls_section_begin|>{call.format('f:7')}{call.format('g:8')}<|tool_calls_section_end|>"
    events = read(ReplyReader("kimi_k2", begin="outside"), [reply])
    begun = [event for event in events if event.kind is Kind.CALL_BEGIN]
    assert [(event.text, event.id, event.call) for event in begun] == [("f", "7", 0), ("g", "8", 1)]


def test_what_is_wrong_is_told():
    events = read(ReplyReader("hermes", begin="outside"), ["a<tool_call>x</tool_call>b"])
    malformed = [event for event in events if event.kind is Kind.MALFORMED]
    assert text_of(events, Kind.MALFORMED) == "<tool_call>x</tool_call>"
    assert malformed[0].problem and malformed[0].offset == 12
    assert text_of(events, Kind.TEXT) == "ab" and events[-1].problem == ""


def test_what_is_missing_is_told():
    events = read(ReplyReader("hermes", begin="reasoning"), ["hm"])
    assert (events[-1].kind, text_of(events, Kind.REASONING)) == (Kind.END, "hm")
    assert "reasoning" in events[-1].problem


def test_misuse():
    reader = ReplyReader("hermes")
    reader.finish()
    for use in (lambda: reader.feed("a"), reader.finish):
        with pytest.raises(xgr.XgrError, match="reply is over") as caught:
            use()
        assert caught.value.code is xgr.ErrorCode.INVALID_STATE
    for family, request, code in (("hemres", None, xgr.ErrorCode.INVALID_ARGUMENT),
                                  ("hermes", {"tools": 1}, xgr.ErrorCode.INVALID_SOURCE),
                                  ({"fields": {"images": {}}}, None, xgr.ErrorCode.UNSUPPORTED)):
        with pytest.raises(xgr.XgrError) as caught:
            ReplyReader(family, request)
        assert caught.value.code is code
    with pytest.raises(ValueError, match="'auto', 'reasoning', 'outside'"):
        ReplyReader("hermes", begin="inside")
    other = ReplyReader("hermes")
    for use in (lambda: ReplyReader("hermes", 5), lambda: ReplyReader("hermes", None, "tokenizer"),
                lambda: other.feed(None), lambda: other.feed(pathlib.Path("a")),
                lambda: copy.copy(other), lambda: copy.deepcopy(other)):
        with pytest.raises(TypeError):
            use()


def test_one_thread_at_a_time():
    reader, errors = ReplyReader("hermes", begin="outside"), []

    def work():
        while not errors:
            try:
                reader.feed(b"a" * 1000000)
            except xgr.XgrError as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {error.code for error in errors} == {xgr.ErrorCode.INVALID_STATE}
    assert "another thread" in errors[0].message
    assert reader.finish()[-1].kind is Kind.END
