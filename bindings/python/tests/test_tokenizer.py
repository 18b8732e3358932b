"""TokenizerInfo: what goes in comes out; detection of stop tokens."""
import hashlib
import json
import struct

import pytest

import xgr
from xgr import TokenizerInfo, VocabType


def test_properties(info):
    assert info.vocab_type is VocabType.RAW
    assert info.vocab_size == 300
    assert info.stop_token_ids == [258]
    assert info.special_token_ids == list(range(259, 300))
    assert not info.add_prefix_space
    assert info.decoded_vocab[:2] == [b"\x00", b"\x01"]
    assert info.decoded_vocab[256:] == [b"true", b'{"', b"</s>"]


def test_tokens_are_str_or_bytes_empty_or_equal():
    info = TokenizerInfo(["a", b"a", "", "\u00e9"], stop_token_ids=1)
    assert info.decoded_vocab == [b"a", b"a", b"", b"\xc3\xa9"]
    assert info.special_token_ids == [2]
    assert info.stop_token_ids == [1]
    assert TokenizerInfo([]).vocab_size == 0


def test_vocabulary_types():
    fallback = TokenizerInfo(["<0x0A>", "\u2581x"], VocabType.BYTE_FALLBACK, add_prefix_space=True)
    assert fallback.decoded_vocab == [b"\n", b" x"]
    assert fallback.add_prefix_space
    level = TokenizerInfo(["\u0120a", "\u010a"], VocabType.BYTE_LEVEL)
    assert level.decoded_vocab == [b" a", b"\n"]


@pytest.mark.parametrize("name", ["</s>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>",
                                  "<|im_end|>", "[EOS]", "<\uff5cend\u2581of\u2581sentence\uff5c>"])
def test_stop_tokens_by_name(name):
    assert TokenizerInfo(["a", name, "b"]).stop_token_ids == [1]
    assert TokenizerInfo(["a", name, "b"], stop_token_ids=[]).stop_token_ids == []
    level = TokenizerInfo(["a", name], VocabType.BYTE_LEVEL)
    assert level.stop_token_ids == [1] and level.token_name(1) == name.encode()


def test_stop_tokens_by_name_are_whole_tokens_that_can_be_no_text():
    assert TokenizerInfo([" </s>", "<|im_end", "a</s>"]).stop_token_ids == []
    assert TokenizerInfo(["</s>", "<|im_end|>"]).stop_token_ids == [1]
    kinds = [xgr.TokenKind.NORMAL, xgr.TokenKind.CONTROL]
    assert TokenizerInfo(["<|im_end|>", "</s>"], token_kinds=kinds).stop_token_ids == [1]
    assert TokenizerInfo(["<|im_end|>"], token_kinds=[0]).stop_token_ids == []


def test_stop_tokens_given():
    assert TokenizerInfo(["a", "b"], stop_token_ids=[1, 1]).stop_token_ids == [1]
    for outside in (-1, 7):
        with pytest.raises(xgr.XgrError, match=f"stop token {outside} is outside the vocabulary"):
            TokenizerInfo(["a", "b"], stop_token_ids=[1, outside])
    assert TokenizerInfo(["a"], vocab_size=9, stop_token_ids=[8]).stop_token_ids == [8]


def test_metadata_round_trip():
    vocab = ["<0x41>", "</s>", "b"]
    info = TokenizerInfo(vocab, VocabType.BYTE_FALLBACK, vocab_size=8, add_prefix_space=True)
    text = info.dump_metadata()
    assert list(json.loads(text)) == ["vocab_type", "vocab_size", "add_prefix_space",
                                      "stop_token_ids"]
    again = TokenizerInfo.from_vocab_and_metadata(vocab, text)
    assert again.dump_metadata() == text
    assert again.decoded_vocab == info.decoded_vocab
    with pytest.raises(ValueError):
        TokenizerInfo.from_vocab_and_metadata(vocab, "{}")


def test_metadata_keeps_control_tokens():
    vocab, kinds = ["a", "<|im_start|>", "<|im_end|>"], [0, 1, 1]
    info = TokenizerInfo(vocab, token_kinds=kinds)
    assert json.loads(info.dump_metadata())["control_token_ids"] == [1]
    again = TokenizerInfo.from_vocab_and_metadata(vocab, info.dump_metadata())
    assert [again.token_kind(i) for i in range(3)] == [0, 1, 2]
    none = TokenizerInfo(["a", "</s>"], stop_token_ids=[])
    assert TokenizerInfo.from_vocab_and_metadata(["a", "</s>"], none.dump_metadata()
                                                 ).stop_token_ids == []


def test_errors():
    with pytest.raises(xgr.XgrError) as caught:
        TokenizerInfo(["a", "b"], vocab_size=1)
    assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT
    with pytest.raises(RuntimeError):
        TokenizerInfo.from_tokenizer_json("{}")


TOKENIZER_JSON = json.dumps({
    "added_tokens": [{"id": 3, "content": "</s>", "special": True}],
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
    "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "vocab": {"a": 0, "\u0120": 1, "\u0120a": 2}, "merges": []},
})


def test_tokenizer_json():
    info = TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON)
    assert info.vocab_type is VocabType.BYTE_LEVEL
    assert info.decoded_vocab[2] == b" a"
    assert info.stop_token_ids == [3]
    bigger = TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON.encode(), vocab_size=16,
                                               stop_token_ids=[0])
    assert (bigger.vocab_size, bigger.stop_token_ids) == (16, [0])
    none = TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON, stop_token_ids=[])
    assert none.stop_token_ids == [] and none.token_kind(3) is xgr.TokenKind.CONTROL
    cut = TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON, vocab_size=2, cut_excess_tokens=True)
    assert (cut.token_count, cut.stop_token_ids) == (2, [])


def test_saved(tmp_path):
    info = TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON)
    data = info.save()
    again = TokenizerInfo.from_saved(data, verify=True)
    assert (again.decoded_vocab, again.findings) == (info.decoded_vocab, info.findings)
    path = tmp_path / "tokenizer-é.xgr"
    path.write_bytes(data)
    opened = TokenizerInfo.open(path)
    assert opened.stop_token_ids == info.stop_token_ids and opened.memory_size_bytes < len(data)
    with pytest.raises(xgr.XgrError, match="checksum"):
        TokenizerInfo.from_saved(data[:-1] + b"x")
    with pytest.raises(xgr.XgrError, match="cannot open"):
        TokenizerInfo.open(tmp_path / "none")
    with pytest.raises(TypeError):
        TokenizerInfo.from_saved("text")


def test_file():
    contents = TOKENIZER_JSON.encode()
    info = TokenizerInfo.from_file(contents)
    assert info.decoded_vocab[2] == b" a" and info.findings["format"] == "tokenizer.json"
    assert info.findings["stop_tokens"][0]["id"] == 3
    cut = TokenizerInfo.from_file(contents, format=xgr.TokenizerFormat.JSON, vocab_size=2, stop_token_ids=[1],
                                  cut_excess_tokens=True)
    assert (cut.token_count, cut.stop_token_ids) == (2, [1])
    with pytest.raises(xgr.XgrError, match="no tokenizer's file"):
        TokenizerInfo.from_file(b"")
    with pytest.raises(TypeError, match="bytes of the file"):
        TokenizerInfo.from_file("tokenizer.json")


def test_fingerprint_is_of_the_contents():
    tokens = [b"a", b"\xff\x00", b"</s>"]
    tokenizer = TokenizerInfo(tokens, stop_token_ids=2, vocab_size=4)
    number = struct.Struct("<I").pack
    contents = b"xgr vocabulary 1\n" + number(4) + number(3)
    for kind, text in zip((0, 0, 2), tokens):
        contents += number(kind) + number(len(text)) + text
    contents += number(1) + number(2)
    assert tokenizer.fingerprint == hashlib.sha256(contents).hexdigest()


def test_text_as_tokens_and_back():
    tokenizer = TokenizerInfo(["a", "ab", "c", "<|x|>", "</s>"], stop_token_ids=4,
                              token_kinds=[0, 0, 0, 1, 2])
    assert tokenizer.encode("abca") == tokenizer.encode(b"abca") == [1, 2, 0]
    assert tokenizer.encode("") == []
    assert tokenizer.decode([1, 3, 2, 4]) == b"abc"
    assert tokenizer.decode([1, 3, 2, 4], special_names=True) == b"ab<|x|>c</s>"
    assert tokenizer.decode([]) == b""
    with pytest.raises(xgr.XgrError, match="byte 2"):
        tokenizer.encode("abb")
    with pytest.raises(xgr.XgrError, match="token 5 at index 1"):
        tokenizer.decode([0, 5])
