"""What a mistake at the API is told: tests/cases/mistakes/api.txt."""
import pathlib

import pytest
from case_file import FOLDER

import xgr

STOP = 256
INFO = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b""], stop_token_ids=STOP)
COMPILER = xgr.GrammarCompiler(INFO)
DEEP = '{"items": {"items": {"items": {}}}}'


def messages():
    found = {}
    for line in (FOLDER / "mistakes" / "api.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, _, text = line.partition(": ")
            name, _, language = name.partition(".")
            if language in ("", "python"):
                found[name] = text
    return found


def matcher(**options):
    return xgr.GrammarMatcher(COMPILER.compile_regex("[a-z]+"), **options)


def small(**options):
    return xgr.GrammarCompiler(INFO, **options)


def logits():
    return memoryview(bytearray(4 * 9)).cast("f")


MISTAKES = {
    "mask_too_small": lambda: matcher().fill_next_token_bitmask(bytearray(4)),
    "rollback_too_far": lambda: matcher().rollback(3),
    "stop_token_out_of_range": lambda: matcher(override_stop_tokens=[999]),
    "unknown_draft": lambda: COMPILER.compile_json_schema("{}", draft=5),
    "source_too_long": lambda: small(max_source_size=8).compile_json_schema(DEEP),
    "nested_too_deep": lambda: small(max_nesting=2).compile_json_schema(DEEP),
    "no_choices": lambda: xgr.Grammar.from_choices([]),
    "logits_as_mask": lambda: matcher().fill_next_token_bitmask(logits()),
    "path_as_schema": lambda: COMPILER.compile_json_schema(pathlib.Path("schema.json")),
    "path_as_tokenizer": lambda: xgr.TokenizerInfo.from_tokenizer_json(pathlib.Path("a.json")),
    "number_as_pattern": lambda: COMPILER.compile_regex(5),
    "number_as_schema": lambda: COMPILER.compile_json_schema(5),
    "text_as_tokenizer": lambda: xgr.GrammarCompiler("tokenizer.json"),
    "schema_as_grammar": lambda: xgr.GrammarMatcher("{}"),
    "text_as_huggingface": lambda: xgr.TokenizerInfo.from_huggingface("gpt2"),
    "unknown_word": lambda: COMPILER.compile_json_schema("{}", formats="x"),
}
WRONG_TYPES = {"logits_as_mask", "path_as_schema", "path_as_tokenizer", "number_as_pattern",
               "number_as_schema", "text_as_tokenizer", "schema_as_grammar", "text_as_huggingface"}


def test_every_mistake_is_made():
    assert messages().keys() == MISTAKES.keys()


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name):
    with pytest.raises((xgr.XgrError, ValueError, TypeError)) as caught:
        MISTAKES[name]()
    assert messages()[name] in str(caught.value)
    assert isinstance(caught.value, TypeError) == (name in WRONG_TYPES)


def test_the_place_is_printed():
    with pytest.raises(xgr.XgrError) as caught:
        COMPILER.compile_json_schema('{"properties": {"a": {"pattern": "a(b"}}}')
    for shown in (str(caught.value), repr(caught.value)):
        assert "/properties/a/pattern, line 1, column 4" in shown
    assert (caught.value.json_pointer, caught.value.offset) == ("/properties/a/pattern", 3)


def test_a_tokenizer_of_the_package_tokenizers():
    class Tokenizer:  # has no backend_tokenizer: it is one
        def to_str(self):
            return ('{"model": {"type": "BPE", "vocab": {"a": 0, "\\u0120b": 1, "</s>": 2}, "merges": []},'
                    ' "decoder": {"type": "ByteLevel"}}')

        def get_vocab(self):
            return {"a": 0, "\u0120b": 1, "</s>": 2}

    info = xgr.TokenizerInfo.from_huggingface(Tokenizer())
    assert info.vocab_type is xgr.VocabType.BYTE_LEVEL
    assert info.token_bytes(1) == b" b" and info.stop_token_ids == [2]
