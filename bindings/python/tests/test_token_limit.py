"""Limits of tokens: an output that is cut off is complete all the same."""
import numpy as np
import pytest
from conftest import STOP, VOCAB_SIZE

import xgr


def allowed(matcher):
    mask = np.zeros((VOCAB_SIZE + 31) // 32, np.uint32)
    matcher.fill_next_token_bitmask(mask)
    return {i for i in range(VOCAB_SIZE) if mask[i // 32] >> (i % 32) & 1}


@pytest.fixture
def matcher(compiler):
    return xgr.GrammarMatcher(compiler.compile_regex("[0-9]{3,}x"))


def test_shortest_way(matcher):
    assert matcher.min_tokens_to_finish() == (4, True)
    assert matcher.accept_string("1234")
    assert matcher.min_tokens_to_finish() == (1, True)
    assert allowed(matcher) == set(b"0123456789x")
    matcher.set_closing(True)
    assert allowed(matcher) == {ord("x")} and not matcher.accept_token(ord("5"))
    assert matcher.accept_token(ord("x")) and allowed(matcher) == {STOP}
    matcher.rollback(1)
    matcher.set_closing(False)
    assert matcher.accept_token(ord("5"))


def test_limit(matcher):
    matcher.set_token_limit(5)
    for token in b"1234":
        assert matcher.accept_token(token)
    assert allowed(matcher) == {ord("x")}
    assert matcher.accept_token(ord("x")) and matcher.accept_token(STOP)
    matcher.rollback(2)
    matcher.set_token_limit(None)
    assert matcher.accept_token(ord("5"))
