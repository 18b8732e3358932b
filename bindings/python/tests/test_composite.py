"""xgr.backend.CompositeGrammar: chain, union, intersection."""
import pytest

import xgr
from xgr.backend import CompositeGrammar, XGrammarBackend

STOP = 256
TOKENS = [bytes([i]) for i in range(256)] + [b"</s>", b"ab", b"bc"]
DEEP = {"type": "object", "properties": {"a": {"type": "object"}}, "required": ["a"]}
SHALLOW = {"type": "object", "additionalProperties": {"type": "object", "maxProperties": 0}}


@pytest.fixture(scope="module")
def backend():
    return XGrammarBackend(xgr.TokenizerInfo(TOKENS, stop_token_ids=STOP))


@pytest.fixture
def joined(backend):
    def join(mode, *patterns):
        return CompositeGrammar([backend.compile_grammar("regex", pattern) for pattern in patterns], mode)

    return join


def takes(grammar, text):
    grammar.reset()
    done = all(grammar.accept_token(token) for token in text.encode()) and grammar.accept_token(STOP)
    return done and grammar.is_terminated()


def allowed(grammar):
    mask = xgr.allocate_token_bitmask(2, grammar.vocab_size)
    grammar.fill_next_token_bitmask(mask, 1)
    assert xgr.bitmask_count(mask, 0) == 32 * mask.shape[1]  # the other row is left alone
    return xgr.bitmask_tokens(mask, 1)


def test_chain(joined):
    grammar = joined("chain", "a+", "b", "c?")
    for text, expected in (("ab", True), ("aabc", True), ("a", False), ("bc", False)):
        assert takes(grammar, text) is expected
    grammar.reset()
    assert allowed(grammar) == [97, 257]  # the token "ab" is of two of them
    assert grammar.accept_token(257) and allowed(grammar) == [99, STOP]
    grammar.rollback()
    assert allowed(grammar) == [97, 257] and grammar.mode == "chain"


def test_union(joined):
    grammar = joined("union", "ab", "ac", "d")
    for text, expected in (("ab", True), ("ac", True), ("d", True), ("ad", False)):
        assert takes(grammar, text) is expected
    grammar.reset()
    assert allowed(grammar) == [97, 100, 257] and grammar.accept_token(97) and allowed(grammar) == [98, 99]


def test_intersection(joined):
    grammar = joined("intersection", "[a-c]{2,5}", "(ab|b|c)*", ".*c")
    for text, expected in (("abc", True), ("bc", True), ("c", False), ("aab", False), ("ab", False)):
        assert takes(grammar, text) is expected
    assert not grammar.may_be_stuck


def test_intersection_of_grammars_that_nest(backend):
    """The library does not intersect these, so they are followed side by side."""
    grammar = CompositeGrammar([backend.compile_grammar("json", DEEP), backend.compile_grammar("json", SHALLOW),
                                backend.compile_grammar("regex", r"\S*")], "intersection")
    for text, expected in (('{"a":{}}', True), ('{"a":{},"b":{}}', True), ('{"a":{"b":1}}', False), ("{}", False),
                           ('{"a": {}}', False)):
        assert takes(grammar, text) is expected
    if not grammar.may_be_stuck:
        pytest.skip("the library intersects these grammars itself")
    grammar.reset()
    for token in b'{"a":{':
        mask = allowed(grammar)
        assert token in mask and all(
            grammar.accept_token(t) == (t in mask) and (t not in mask or grammar.rollback() is None)
            for t in (32, 97, 34, 123, STOP))
        assert grammar.accept_token(token)
    assert allowed(grammar) == [ord("}")]
    grammar.rollback(6)
    assert allowed(grammar) == [ord("{")]
    with pytest.raises(ValueError, match="expected it in intersections only"):
        CompositeGrammar([grammar], "chain")
    assert len(CompositeGrammar([grammar, backend.compile_grammar("regex", ".*")], "intersection").parts) == 4


def test_composites_of_composites(backend, joined):
    either = joined("union", "a", "b")
    grammar = CompositeGrammar([either, backend.compile_grammar("json", {"type": "integer"}), either])
    assert takes(grammar, "a12b") and not takes(grammar, "ab")


def test_they_begin_anew_and_are_kept(backend):
    started = backend.compile_grammar("regex", "xy")
    assert started.accept_token(ord("x"))
    before = backend.get_stats()["compile_count"]
    first, second = (CompositeGrammar([started, started]) for _ in range(2))
    assert takes(first, "xyxy") and backend.get_stats()["compile_count"] == before + 1
    assert first.parts[0].compiled is second.parts[0].compiled


def test_what_cannot_be_joined(backend, joined):
    grammar = backend.compile_grammar("regex", "a")
    other = XGrammarBackend([b"a", b"</s>"]).compile_grammar("regex", "a")
    with pytest.raises(ValueError, match="expected those of one"):
        CompositeGrammar([grammar, other])
    with pytest.raises(ValueError, match="grammars is empty; expected at least one"):
        CompositeGrammar([])
    with pytest.raises(TypeError, match="one of grammars is str"):
        CompositeGrammar(["a"])
    with pytest.raises(ValueError, match="mode is 'both'; expected one of 'chain', 'union', 'intersection'"):
        CompositeGrammar([grammar], "both")
    with pytest.raises(xgr.XgrError, match="cannot undo 2 steps"):
        joined("union", "a", "b").rollback(2)
    with pytest.raises(xgr.XgrError):  # no text is of both
        joined("intersection", "a", "b")
