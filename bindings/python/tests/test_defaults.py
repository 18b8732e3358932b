"""Default options are those of the library: the structs that go to C hold nothing but their size."""
import inspect
import pathlib
import re

import pytest

import xgr
from xgr import _library, _options, _tag_text, batch, compiler, matcher, schema_report, tokenizer

PAGE = pathlib.Path(__file__).parents[3] / "docs" / "options.md"
TOKENIZER_JSON = '{"model": {"type": "BPE", "vocab": {"a": 0, "</s>": 1}, "merges": []}}'


@pytest.fixture
def made(monkeypatch):
    """The structs that were made meanwhile, by name: the bytes behind struct_size."""
    structs = {}

    def struct(name, **fields):
        out = _library.struct(name, **fields)
        size = _library.ffi.sizeof(name)
        assert out.struct_size == size
        structs[name] = _library.ffi.buffer(out, size)[_library.ffi.sizeof("size_t"):]
        return out

    for module in (_options, _tag_text, batch, compiler, matcher, schema_report, tokenizer):
        if hasattr(module, "struct"):
            monkeypatch.setattr(module, "struct", struct)
    return structs


def test_defaults_are_those_of_the_library(made):
    info = xgr.TokenizerInfo(["a", '"', "</s>"])
    xgr.TokenizerInfo.from_tokenizer_json(TOKENIZER_JSON)
    xgr.TokenizerInfo.from_file(TOKENIZER_JSON.encode())
    compiled = xgr.GrammarCompiler(info).compile_json_schema({"const": "a"})
    threads = made.pop("xgr_compiler_options_t")
    assert threads.count(1) == 1 and threads.count(0) == len(threads) - 1  # 1 is what 0 means
    xgr.GrammarMatcher(compiled)
    xgr.check_json_schema({})
    xgr.Grammar.from_json_schema({})
    xgr.Grammar.from_regex("a")
    xgr.Grammar.from_lark('start: "a"')
    xgr.Grammar.from_structural_tag({"format": {"type": "any_text"}})
    xgr.BatchGrammarMatcher()
    assert len(made) == 11, sorted(made)
    for name, rest in made.items():
        assert not any(rest), name
    # The name of the root rule is passed, and is the one that NULL means.
    options, root = _options.ebnf_options("root", "auto")
    assert bytes(_library.ffi.buffer(root)) == b"root" and options.dialect == 0


def test_signatures_say_the_same_everywhere():
    ways = [inspect.signature(way).parameters for way in (
        xgr.GrammarCompiler.compile_json_schema, xgr.Grammar.from_json_schema, xgr.check_json_schema)]
    for parameters in ways:
        for name in parameters.keys() - {"deferred"}:
            parameter = parameters[name]
            assert parameter.default == ways[0][name].default, name
    assert ways[0]["strict_mode"].default is False
    assert inspect.signature(xgr.GrammarCompiler).parameters["max_threads"].default == 1


@pytest.mark.skipif(not PAGE.exists(), reason="no checkout")
def test_the_page_names_the_keywords():
    names = set()
    for way in (xgr.TokenizerInfo, xgr.TokenizerInfo.from_tokenizer_json, xgr.TokenizerInfo.from_file,
                xgr.TokenizerInfo.open,
                xgr.GrammarCompiler, xgr.GrammarCompiler.compile_json_schema, xgr.Grammar.from_ebnf, xgr.Grammar.from_regex,
                xgr.Grammar.from_lark, xgr.Grammar.from_structural_tag, xgr.GrammarMatcher,
                xgr.BatchGrammarMatcher,
                xgr.apply_token_bitmask_inplace):
        names |= set(inspect.signature(way).parameters)
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()
            if line.startswith("| `") and line.count(" | ") == 6]
    told = {re.match(r"`?(\w+)", row[5])[1] for row in rows if not row[0].startswith("| `xgr_")}
    assert len(rows) > 40 and told - {"inside"} <= names
