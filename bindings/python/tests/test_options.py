"""Every option of the C API has a way from Python, and the declarations are those of the headers."""
import json
import pathlib

import numpy as np
import pytest
from conftest import VOCAB_SIZE

import xgr
from xgr import Grammar, RegexFlags, TokenizerInfo, TokenKind
from xgr._library import ffi

ROOT = pathlib.Path(__file__).resolve().parents[3]


def test_regex_flags(compiler, matches):
    for flags, pattern, good, bad in (
        (0, "a.b", "a\nb", "A.b"),
        (RegexFlags.CASELESS, "ab", "aB", "b"),
        (RegexFlags.MULTILINE, "a$\n^b", "a\nb", "ab"),
        (RegexFlags.EXTENDED, "a b # c", "ab", "a b"),
        (RegexFlags.DOT_STOPS, "a.b", "a.b", "a\nb"),
        (RegexFlags.CASELESS | RegexFlags.EXTENDED, "a b", "AB", "a b"),
    ):
        for compiled in (compiler.compile_regex(pattern, flags=flags),
                         compiler.compile_grammar(Grammar.from_regex(pattern, flags=flags))):
            assert matches(compiled, good) and not matches(compiled, bad)
    with pytest.raises(xgr.XgrError):
        compiler.compile_regex("a", flags=1 << 20)


def test_regex_dialects(compiler, matches):
    assert matches(compiler.compile_regex("a.b"), "a\nb")
    assert not matches(compiler.compile_regex("a.b", dialect="ecma"), "a\nb")
    with pytest.raises(ValueError):
        compiler.compile_regex("a", dialect="posix")


def test_layout_of_any_json(compiler, matches):
    for make in (compiler.compile_builtin_json_grammar,
                 lambda **options: compiler.compile_grammar(Grammar.builtin_json_grammar(**options))):
        assert matches(make(), '[1 ,2]')
        line = make(any_whitespace=False, separators=(",", ":"))
        assert matches(line, '{"a":1,"b":2}') and not matches(line, '{"a": 1}')
        assert matches(make(any_whitespace=False, indent=1), '{"a": [1, 2]}')
        assert not matches(make(max_whitespace_cnt=1), '[  1]')


@pytest.mark.parametrize("options, advice", [
    ({"indent": 2}, "pass any_whitespace=False"),
    ({"indent": 0}, "pass any_whitespace=False"),
    ({"separators": (",", ":")}, "pass any_whitespace=False"),
    ({"indent": 2, "separators": (",", ":")}, "indent and separators"),
    ({"any_whitespace": False, "max_whitespace_cnt": 2}, "pass any_whitespace=True"),
])
def test_options_that_do_nothing_together_are_refused(compiler, options, advice):
    for make in (compiler.compile_builtin_json_grammar, Grammar.builtin_json_grammar,
                 lambda **o: compiler.compile_json_schema("{}", **o),
                 lambda **o: Grammar.from_json_schema("{}", **o)):
        with pytest.raises(ValueError, match=advice):
            make(**options)


@pytest.mark.parametrize("limit, source", [
    ("max_source_size", 'root ::= "a" "b" "c"'),
    ("max_nesting", 'root ::= ((((("a")))))'),
    ("max_expressions", 'root ::= "a" [b] "c" ([d] | "e")'),
])
def test_limits(info, limit, source):
    xgr.GrammarCompiler(info).compile_grammar(source)
    with pytest.raises(xgr.XgrError) as caught:
        xgr.GrammarCompiler(info, **{limit: 2}).compile_grammar(source)
    assert caught.value.code is xgr.ErrorCode.LIMIT_EXCEEDED


@pytest.mark.parametrize("limit", ["max_work_per_call", "max_states"])
def test_limits_of_outputs(info, limit):
    compiled = xgr.GrammarCompiler(info, **{limit: 2}).compile_grammar("root ::= [a-z]{100}")
    with pytest.raises(xgr.XgrError) as caught:
        xgr.GrammarMatcher(compiled).accept_string("abcdefgh")
    assert caught.value.code is xgr.ErrorCode.LIMIT_EXCEEDED


def test_memory(info):
    compiler = xgr.GrammarCompiler(info, memory_budget=1 << 24)
    compiled = compiler.compile_regex("[a-z]+")
    assert compiler.stats()["memory_budget"] == 1 << 24
    assert compiler.memory_size_bytes >= compiled.memory_size_bytes > 0
    assert info.memory_size_bytes > 0 and xgr.GrammarMatcher(compiled).memory_size_bytes > 0


def test_kinds_of_tokens():
    kinds = [TokenKind.NORMAL, TokenKind.CONTROL, TokenKind.STOP, TokenKind.UNUSED, TokenKind.NORMAL]
    for given in (kinds, np.array(kinds, np.uint8)):
        info = TokenizerInfo(["a", "<tool>", "<end>", "", "</s>"], token_kinds=given, vocab_size=7)
        assert [info.token_kind(i) for i in range(5)] == kinds
        assert info.stop_token_ids == [2] and info.special_token_ids == [1, 3, 5, 6]
        assert (info.token_bytes(0), info.token_name(0)) == (b"a", b"")
        assert (info.token_bytes(1), info.token_name(1)) == (b"", b"<tool>")
    assert info.token_kind(6) is info.token_kind(99) is TokenKind.UNUSED
    assert (info.token_count, info.vocab_size, info.mask_words) == (5, 7, 1)
    assert TokenizerInfo(["a", "</s>"], token_kinds=[0, 0]).stop_token_ids == []
    for wrong in (-1, 7):
        with pytest.raises(IndexError):
            info.token_bytes(wrong)
    with pytest.raises(xgr.XgrError):
        TokenizerInfo(["a", "b"], token_kinds=[0])


def test_texts_are_str_or_bytes(compiler, matches):
    assert matches(compiler.compile_grammar(b'root ::= "\xc3\xa9"'), "é")
    assert matches(compiler.compile_regex("é+".encode()), "éé")
    assert matches(compiler.compile_json_schema(b'{"const": 1}'), "1")
    assert matches(compiler.compile_lark(b'start: @n', named_grammars={"n": b'start: "a"'}), "a")
    with pytest.raises(xgr.XgrError) as caught:
        compiler.compile_regex(b"a\xff")
    assert caught.value.code is xgr.ErrorCode.INVALID_SOURCE and caught.value.offset == 1


def test_undeclared_names_are_looked_at():
    schema = {"type": "object", "uniqueItems": True, "minProperties": 2}
    for unique_names in (False, True):
        assert xgr.check_json_schema(schema, strict_mode=False, unique_names=unique_names)


def test_printing_may_simplify():
    grammar = Grammar.from_ebnf('root ::= a | b\na ::= "x"\nb ::= "x" "y"\nunused ::= "z"')
    assert len(grammar.to_ebnf(simplify=True)) < len(grammar.to_ebnf())


def test_error_codes_are_those_of_the_header():
    codes = ffi.typeof("enum xgr_status").elements
    assert {f"XGR_ERROR_{code.name}": code.value for code in xgr.ErrorCode} == {
        name: value for value, name in codes.items() if value}


def test_version():
    major, minor, patch = map(int, xgr.__version__.split("."))
    assert xgr.version() == major * 1000000 + minor * 1000 + patch


def test_mask_words(compiler):
    assert xgr.GrammarMatcher(compiler.compile_regex("a")).mask_words == (VOCAB_SIZE + 31) // 32


def test_declarations_have_the_layout_of_the_headers():
    api = json.loads((ROOT / "bindings" / "api.json").read_text())
    for struct in api["structs"]:
        found = ffi.typeof(struct["name"])
        assert ffi.sizeof(found) == struct["size"], struct["name"]
        offsets = {name: field.offset for name, field in found.fields}
        assert offsets == {m["name"]: m["offset"] for m in struct["members"]}, struct["name"]
