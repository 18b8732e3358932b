"""Rows that engines show, and the matchers that follow them."""
import numpy as np
import pytest
from conftest import STOP

import xgr
from xgr._rows import Follower, Generation, Rows, common_length


def ids(text):
    return list(text.encode())


@pytest.fixture
def compiled(compiler):
    return compiler.compile_regex("(ab|cd)*(x|yz)")


def allowed(mask, row):
    return bytes(token for token in xgr.bitmask_tokens(mask, row) if token < 256)


def test_common_length():
    assert common_length([1, 2, 3], [1, 2, 4, 5]) == 2
    assert common_length([1, 2], [1, 2, 3]) == 2
    assert common_length([], [1]) == 0


class TestFollower:
    def test_goes_on_and_back(self, compiled):
        follower = Follower(xgr.GrammarMatcher(compiled))
        for text in ("a", "ab", "ababx", "abc", "", "cdy"):
            follower.follow(ids(text))
            assert follower.matcher.history_size == len(text)
            assert follower.needs_mask() and not follower.refused

    def test_ids_behind_the_end_are_not_looked_at(self, compiled):
        follower = Follower(xgr.GrammarMatcher(compiled))
        follower.follow([*ids("abx"), STOP, 0, 0])
        assert not follower.needs_mask() and not follower.refused and follower.taken == 4
        follower.follow([*ids("abx"), STOP, 0])
        follower.follow([*ids("abx"), STOP])
        assert follower.matcher.is_terminated()
        follower.follow(ids("abc"))
        assert follower.needs_mask() and follower.matcher.history_size == 3

    def test_a_refused_id_counts_until_it_is_gone(self, compiled):
        follower = Follower(xgr.GrammarMatcher(compiled))
        follower.follow(ids("abq"))
        assert follower.refused and not follower.needs_mask()
        follower.follow(ids("abqx"))
        assert follower.refused and follower.taken == 2
        follower.follow(ids("abx"))
        assert not follower.refused and follower.needs_mask() and follower.taken == 3

    def test_fork(self, compiled):
        follower = Follower(xgr.GrammarMatcher(compiled))
        follower.follow(ids("ab"))
        other = follower.fork()
        other.follow(ids("abx"))
        assert follower.ids == ids("ab") and follower.matcher.history_size == 2


def test_beams_change_places(compiled):
    made = []
    rows = Rows(lambda grammar: made.append(grammar) or xgr.GrammarMatcher(compiled))
    rows.follow([[], [], []])
    rows.follow([ids("a"), ids("c"), ids("y")])
    for step in (["ab", "ab", "cd"], ["abx", "cdx", "abc"], ["cdxq", "cdxq", "abcd"], ["", "a", "x"]):
        followers = rows.follow([ids(text) for text in step])
        assert [bytes(follower.ids).decode() for follower in followers] == step
        assert [follower.matcher.history_size for follower in followers] == [len(t.partition("q")[0]) for t in step]
        assert len({id(follower.matcher) for follower in followers}) == 3
    assert made == [0, 0, 0]  # the others were forked


def test_a_grammar_for_each_input(compiler):
    grammars = [compiler.compile_regex("a+"), compiler.compile_regex("b+")]
    rows = Rows(lambda grammar: xgr.GrammarMatcher(grammars[grammar]), 2)
    rows.follow([[]] * 4)
    mask = xgr.allocate_token_bitmask(5, grammars[0].tokenizer_info.vocab_size)
    assert rows.fill(mask, 1) == [0, 1, 2, 3]
    assert [allowed(mask, 1 + i) for i in range(4)] == [b"a", b"a", b"b", b"b"]
    with pytest.raises(ValueError, match="3 rows for 2 grammars"):
        rows.follow([[]] * 3)


class TestGeneration:
    def test_outputs_begin_behind_what_the_first_call_shows(self, compiled):
        generation = Generation(compiled)
        mask, rows = generation.masks([ids("prompt"), ids("another")])
        assert rows == [0, 1] and allowed(mask, 0) == allowed(mask, 1) == b"acxy"
        mask, rows = generation.masks([ids("promptc"), ids("anothery")])
        assert (allowed(mask, 0), allowed(mask, 1)) == (b"d", b"z")

    def test_new_prompts_begin_anew(self, compiled):
        for drafts in (False, True):
            generation = Generation(compiled, drafts=drafts)
            generation.masks([ids("one")])
            generation.masks([ids("onea")])
            mask, _ = generation.masks([ids("two")])
            assert allowed(mask, 0) == b"acxy"

    def test_arrays(self, compiled):
        generation = Generation(compiled, drafts=True)
        mask, rows = generation.masks(np.array([ids("one"), ids("two")]))
        assert rows == [0, 1] and allowed(mask, 1) == b"acxy"
        generation.masks(np.array([ids("oneaba"), ids("twoyza")]))
        mask, rows = generation.masks(np.array([ids("onea"), ids("twoy")]))
        assert (allowed(mask, 0), allowed(mask, 1)) == (b"b", b"z")
        for other in (["one", "tow"], ["onea"], ["on", "tw"]):
            mask, _ = generation.masks(np.array([ids(text) for text in other]))
            assert allowed(mask, 0) == b"acxy"
        assert allowed(Generation(compiled, 2, True).masks(np.array([[1, 2, ord("a")]]))[0], 0) == b"b"

    def test_without_drafts_a_jump_is_a_new_prompt(self, compiled):
        generation = Generation(compiled)
        generation.masks([ids("one")])
        generation.masks([ids("onea")])
        mask, _ = generation.masks([ids("oneab, and what about this?")])
        assert allowed(mask, 0) == b"acxy"

    def test_refused_ids(self, compiled):
        generation = Generation(compiled)
        generation.masks([[1]])
        with pytest.raises(xgr.XgrError, match="row 0: the grammar refuses token 113, which is number 0"):
            generation.masks([[1, ord("q")]])
        drafts = Generation(compiled, drafts=True)
        drafts.masks([[1], [1]])
        assert drafts.masks([[1, ord("q")], [1, ord("a")]])[1] == [1]

    def test_ended_rows_are_free(self, compiled):
        generation = Generation(compiled)
        generation.masks([[1], [1]])
        generation.masks([[1, ord("x")], [1, ord("a")]])
        assert generation.masks([[1, ord("x"), STOP], [1, ord("a"), ord("b")]])[1] == [1]

    def test_prompt_length(self, compiled):
        generation = Generation(compiled, prompt_length=2)
        mask, _ = generation.masks([[1, 2, ord("a")]])
        assert allowed(mask, 0) == b"b"

    def test_wrong_arguments(self, compiled):
        with pytest.raises(TypeError, match="compiled_grammar is str; expected CompiledGrammar, or a list"):
            Generation("root")
        with pytest.raises(ValueError, match="compiled_grammar is empty"):
            Generation([])
        with pytest.raises(ValueError, match="forced_start"):
            Generation(compiled, forced_start=-1)
