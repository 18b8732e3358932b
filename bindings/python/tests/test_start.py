"""Deferred starts: an output is free until the text of its grammar begins."""
import numpy as np
import pytest
from conftest import OPEN, STOP, TRUE, VOCAB_SIZE

import xgr
from xgr import StartSequence


@pytest.fixture
def start(compiler):
    def make(source, starts, **options):
        return xgr.GrammarMatcher(compiler.compile_grammar(source), starts=starts, **options)

    return make


def allowed(matcher):
    mask = np.zeros((VOCAB_SIZE + 31) // 32, np.uint32)
    matcher.fill_next_token_bitmask(mask)
    return {i for i in range(VOCAB_SIZE) if mask[i // 32] >> (i % 32) & 1}


def test_thinking_ends(start):
    matcher = start('root ::= "{" [a-z]', ["</t>", "tru"], forbidden_tokens=[ord("x"), ord("y")])
    assert matcher.is_waiting() and not matcher.is_completed()
    # `true` ends with an `e` too much.
    assert allowed(matcher) == set(range(256)) - {ord("x"), ord("y")} | {OPEN}
    assert matcher.accept_string("ab</t") and not matcher.accept_token(ord("x"))
    assert matcher.is_waiting() and matcher.accept_token(ord(">")) and not matcher.is_waiting()
    assert allowed(matcher) == {ord("{")}
    assert matcher.accept_string("{x") and matcher.is_completed() and matcher.accept_token(STOP)
    matcher.rollback(3)
    assert matcher.is_waiting() and matcher.fork().is_waiting()
    assert matcher.accept_string(">{") and not matcher.is_waiting()
    matcher.reset()
    assert matcher.is_waiting() and len(allowed(matcher)) == 255


def test_everything_is_allowed_before(compiler):
    info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + ["</s>"])
    compiled = xgr.GrammarCompiler(info).compile_regex("yes|no")
    matcher = xgr.GrammarMatcher(compiled, starts="</t>", may_end_waiting=True)
    mask = xgr.allocate_token_bitmask(1, 257)
    assert matcher.fill_next_token_bitmask(mask) is False and matcher.is_completed()
    assert matcher.accept_string("hm</t>") and matcher.fill_next_token_bitmask(mask) is True
    matcher.reset()
    assert matcher.accept_token(256) and matcher.is_terminated() and matcher.is_waiting()


def test_tokens_start_the_text(start):
    source = 'root ::= "{\\"" [ab]'
    matcher = start(source, [StartSequence([OPEN], is_implicit=True), TRUE, [ord("q"), ord("r")]])
    assert matcher.accept_token(OPEN) and allowed(matcher) == {ord("a"), ord("b")}
    matcher.rollback()
    assert matcher.accept_token(TRUE) and allowed(matcher) == {ord("{"), OPEN}
    matcher.rollback()
    assert matcher.accept_tokens([ord("q"), ord("r"), OPEN, ord("a")]) == 4 and matcher.is_completed()
    for one in (TRUE, StartSequence(TRUE), [TRUE], b"true", ["true"]):
        matcher = start(source, one)
        assert matcher.accept_string("hm") and matcher.accept_token(TRUE) and not matcher.is_waiting()


def test_a_budget_forces_the_end(start):
    matcher = start('root ::= "ab"', ["never", '{"}'], max_waiting_tokens=2, forced_start=1)
    assert matcher.accept_token(ord("q")) and matcher.accept_string("bytes do not count")
    assert matcher.accept_token(ord("q"))
    assert allowed(matcher) == {ord("{"), OPEN} and matcher.forced_bytes() == b'{"}ab'
    assert matcher.accept_token(OPEN) and allowed(matcher) == {ord("}")}
    assert matcher.accept_string("}ab") and matcher.is_completed()
    assert allowed(start('root ::= "ab"', "z", max_waiting_tokens=0)) == {ord("z")}


@pytest.mark.parametrize("kind, starts, options", [
    (xgr.XgrError, None, {"may_end_waiting": True}),
    (xgr.XgrError, None, {"max_waiting_tokens": 3}),
    (xgr.XgrError, [[]], {}),
    (xgr.XgrError, [""], {}),
    (xgr.XgrError, [STOP], {}),
    (xgr.XgrError, ["a"], {"max_waiting_tokens": 1, "forced_start": 1}),
    (xgr.XgrError, ["a"], {"prefix": b"b"}),
    (xgr.XgrError, [StartSequence("b", is_implicit=True)], {}),
    (ValueError, ["a"], {"max_waiting_tokens": -1}),
    (ValueError, ["a"], {"forced_start": -1}),
    (TypeError, [None], {}),
    (TypeError, [["a"]], {}),
])
def test_what_is_no_start_is_refused(start, kind, starts, options):
    with pytest.raises(kind):
        start('root ::= "a"', starts, **options)
