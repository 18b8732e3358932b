"""Grammar: languages as values, combined, printed, compiled."""
import threading

import pytest

import xgr
from xgr import Grammar

NESTED = 'root ::= "(" root ")" | "x"'


def test_every_kind_of_text(compiler, matches):
    def is_text(grammar, text):
        return matches(compiler.compile_grammar(grammar), text)

    assert is_text(Grammar.from_ebnf(NESTED), "((x))")
    assert is_text(Grammar.from_ebnf('y ::= "1"', root_rule_name="y", dialect="ebnf"), "1")
    assert is_text(Grammar.from_regex("a+"), "aa")
    assert is_text(Grammar.from_regex("b", search=True), "abc")
    assert is_text(Grammar.from_json_schema({"type": "array", "items": {"const": 1}}), "[1, 1]")
    assert is_text(Grammar.builtin_json_grammar(), '{"a": [1, null]}')
    assert is_text(Grammar.from_choices(["red", "green", "red"]), "green")
    assert is_text(Grammar.from_substring("hello"), "ell")
    words = Grammar.from_substring(["to ", "be ", "or ", "not "])
    assert is_text(words, "be or ") and not is_text(words, "e or ")


def test_lark(compiler, matches):
    word = Grammar.from_regex("[a-z]+")
    compiled = compiler.compile_lark('start: @two "!"', named_grammars={
        "two": 'start: @word " " @word', "word": word})
    assert matches(compiled, "ab cd!") and not matches(compiled, "ab!")
    assert matches(compiler.compile_grammar(str(Grammar.from_lark('start: "a"+'))), "aaa")
    with pytest.raises(xgr.XgrError):
        compiler.compile_lark("start: @nobody")


def test_combinations(compiler, matches):
    nested, short = Grammar.from_ebnf(NESTED), Grammar.from_regex(".{3,5}")
    for grammar, good, bad in (
        (nested | short, "((((x))))", "ab"),
        (nested + short, "(x)abc", "(x)"),
        (nested & short, "(x)", "x"),
        (short & nested, "((x))", "(((x)))"),
        (nested.repeat(2, 3), "xx(x)", "x"),
        (nested.repeat(), "xxxxx", "("),
        (nested.optional(), "", "xx"),
        (Grammar.union(nested, short, nested), "x", ""),
        (Grammar.concat(nested), "x", ""),
    ):
        compiled = compiler.compile_grammar(grammar)
        assert matches(compiled, good) and not matches(compiled, bad)


def test_printing_reads_back(compiler, matches):
    grammar = Grammar.from_ebnf(NESTED) + Grammar.from_choices(["a", "b"]).repeat(2, 2)
    assert matches(compiler.compile_grammar(str(grammar)), "(x)ba")
    again = Grammar.from_ebnf(str(grammar))
    assert str(Grammar.from_ebnf(str(again))) == str(again)


def test_regex_may_search(compiler, matches):
    assert matches(compiler.compile_regex("b", search=True), "abc")
    assert not matches(compiler.compile_regex("b"), "abc")


def test_what_is_refused():
    with pytest.raises(xgr.XgrError) as error:
        Grammar.from_ebnf('root ::= "a')
    assert error.value.code == xgr.ErrorCode.INVALID_SOURCE
    nested = Grammar.from_ebnf(NESTED)
    with pytest.raises(xgr.XgrError) as error:
        nested & nested
    assert error.value.code == xgr.ErrorCode.UNSUPPORTED and "root" in str(error.value)
    with pytest.raises(xgr.XgrError):
        (Grammar.from_regex("a") & Grammar.from_regex("b")).check()
    nested.check()
    with pytest.raises(xgr.XgrError):
        Grammar.from_choices([])
    with pytest.raises(xgr.XgrError):
        Grammar.union()
    with pytest.raises(xgr.XgrError):
        nested.repeat(3, 2)
    with pytest.raises(ValueError):
        Grammar.from_ebnf(NESTED, dialect="bnf")
    with pytest.raises(TypeError):
        Grammar.union(nested, "x")
    with pytest.raises(TypeError):
        nested | "x"


def test_many_choices(compiler, matches):
    compiled = compiler.compile_grammar(Grammar.from_choices(f"item-{i:06}" for i in range(200000)))
    assert matches(compiled, "item-123456") and not matches(compiled, "item-200000")


def test_a_grammar_is_shared_by_threads(compiler, matches):
    grammar = Grammar.from_ebnf(NESTED) | Grammar.from_regex("[0-9]+")
    results = []

    def work():
        results.append(matches(compiler.compile_grammar(grammar), "((x))") and len(str(grammar)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1 and results[0]
