"""Several tokens at once, drafts, forced text, filters: what looks ahead leaves the matcher as it was."""
import threading
import time

import numpy as np
import pytest
from conftest import OPEN, STOP, TRUE, VOCAB_SIZE

import xgr

WORDS = (VOCAB_SIZE + 31) // 32


@pytest.fixture
def matcher(compiler):
    return xgr.GrammarMatcher(compiler.compile_grammar('root ::= "{\\"" [ab]+ "}" | "true"'))


def mask_after(matcher, tokens):
    """The mask after some tokens, by accepting them one by one."""
    fork, mask = matcher.fork(), np.zeros(WORDS, np.int32)
    assert all(fork.accept_token(token) for token in tokens)
    fork.fill_next_token_bitmask(mask)
    return mask


def everything():
    mask = np.zeros((1, WORDS), np.int32)
    xgr.bitmask_set_tokens(mask, range(VOCAB_SIZE))
    return mask[0]


A, B, END = ord("a"), ord("b"), ord("}")


def test_several_tokens(matcher):
    for tokens in ([OPEN, A, B, END, STOP], np.array([OPEN, A, B, END, STOP]),
                   np.array([OPEN, A, B, END, STOP], np.int32)):
        assert matcher.validate_tokens(tokens) == 5 and matcher.history_size == 0
        assert matcher.accept_tokens(tokens) == 5 and matcher.is_terminated()
        matcher.rollback(5)
    assert matcher.validate_tokens([OPEN, A, TRUE, B]) == matcher.accept_tokens([OPEN, A, TRUE, B]) == 2
    assert matcher.validate_tokens([]) == matcher.accept_tokens([]) == 0 and matcher.history_size == 2
    assert matcher.validate_tokens([A, 2**40]) == 1 and matcher.validate_tokens([-1]) == 0
    for wrong in (5, None, "a", [1.5], [None]):
        with pytest.raises(TypeError):
            matcher.accept_tokens(wrong)
    assert matcher.history_size == 2


def test_ids_outside_the_vocabulary(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_regex("a+"), check_token_ids=True)
    for call in (matcher.accept_tokens, matcher.validate_tokens):
        with pytest.raises(xgr.XgrError, match=f"token id {VOCAB_SIZE} is outside .*below {VOCAB_SIZE}"):
            call([A, A, VOCAB_SIZE])
        assert call([B, VOCAB_SIZE]) == 0 and matcher.history_size == 0


def test_chain(matcher):
    mask = np.full((7, WORDS + 1), -7, np.int32)
    valid, applies = matcher.fill_draft([OPEN, A, END, STOP], mask, 1)
    assert valid == 4 and applies == [True] * 4 + [False] and matcher.history_size == 0
    for i in range(4):
        assert (mask[i + 1, :WORDS] == mask_after(matcher, [OPEN, A, END, STOP][:i])).all()
    assert (mask[5, :WORDS] == everything()).all()
    assert (mask[[0, 6]] == -7).all() and (mask[:, WORDS] == -7).all()
    valid, applies = matcher.fill_draft([OPEN, TRUE, A], bytearray(4 * 4 * WORDS))
    assert valid == 1 and applies == [True, True, False, False]
    assert matcher.fill_draft([], mask) == (0, [True])


def test_tree(matcher):
    #  0 - 1 { - 2 a - 4 }
    #          - 3 b
    #    - 5 true
    #    - 6 a (refused) - 7 a
    tokens, parents = [-5, OPEN, A, B, END, TRUE, A, A], [-1, 0, 1, 1, 2, 0, 0, 6]
    first, following = [1, 2, 4, -1, -1, -1, 7, -1], [-1, 5, 3, -1, -1, 6, -1, -1]
    ways = {0: [], 1: [OPEN], 2: [OPEN, A], 3: [OPEN, B], 4: [OPEN, A, END], 5: [TRUE]}
    for links in ({"parents": parents}, {"parents": np.array(parents)},
                  {"first_children": first, "next_siblings": following}):
        mask = np.zeros((8, WORDS), np.int32)
        valid, applies = matcher.fill_draft_tree(tokens, mask, **links)
        assert valid == applies == [True] * 6 + [False] * 2
        for node in range(8):
            row = mask_after(matcher, ways[node]) if node in ways else everything()
            assert (mask[node] == row).all()
        assert matcher.history_size == 0
    assert matcher.fill_draft_tree([0], mask, 7, parents=[-1]) == ([True], [True])


def test_a_tree_in_any_order(matcher):
    mask = np.zeros((3, WORDS), np.int32)
    assert matcher.fill_draft_tree([0, A, OPEN], mask, parents=[-1, 2, 0])[0] == [True] * 3
    assert (mask[1] == mask_after(matcher, [OPEN, A])).all()


@pytest.mark.parametrize("links", [
    {"parents": [-1, 2, 1]}, {"parents": [-1, 1, 0]}, {"parents": [-1, 3, 0]}, {"parents": [-1, -1, 0]},
    {"parents": [0, 0, 0]}, {"parents": [1, 0, 0]}, {"parents": [-1, -2, 0]},
    {"first_children": [1, -1, -1], "next_siblings": [-1, 1, -1]},
    {"first_children": [1, -1, -1], "next_siblings": [-1, -1, -1]},
    {"first_children": [1, 0, -1], "next_siblings": [-1, 2, -1]},
    {"first_children": [1, 3, -1], "next_siblings": [-1, 2, -1]},
    {"first_children": [1, 2, -1], "next_siblings": [-1, 2, -1]},
])
def test_links_that_are_no_tree(matcher, links):
    mask = np.zeros((3, WORDS), np.int32)
    with pytest.raises(xgr.XgrError, match=f"{' and '.join(links)} are no tree of 3 nodes") as caught:
        matcher.fill_draft_tree([OPEN] * 3, mask, **links)
    assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT and matcher.history_size == 0


def test_wrong_drafts(matcher):
    mask = np.zeros((3, WORDS), np.int32)
    tree = matcher.fill_draft_tree
    for call, message in (
            (lambda: matcher.fill_draft([1, 2, 3], mask), "has 3 rows from row 0 on; expected at least 4"),
            (lambda: matcher.fill_draft([1], mask, 2), "has 1 rows from row 2 on; expected at least 2"),
            (lambda: matcher.fill_draft([1], mask, 3), "index is 3; the bitmask has 3 rows"),
            (lambda: matcher.fill_draft([1], mask[:, :-1].copy()),
             f"has {WORDS - 1} words a row; expected {WORDS}"),
            (lambda: matcher.fill_draft([1], mask[:, :-1]), f"bitmask has rows of {WORDS - 1}, {WORDS} apart"),
            (lambda: tree([1] * 4, mask, parents=[-1, 0, 0, 0]), "has 3 rows from row 0 on; expected at"),
            (lambda: tree([1, 2], mask, parents=[-1]), "parents has 1 nodes, token_ids 2; expected as many"),
            (lambda: tree([], mask, parents=[]), "token_ids has no node"),
            (lambda: tree([1], mask), "a tree with no links; expected parents, or"),
            (lambda: tree([1], mask, first_children=[-1]), "a tree with first_children; expected parents, or"),
            (lambda: tree([1], mask, parents=[-1], next_siblings=[-1]),
             "a tree with parents and next_siblings")):
        with pytest.raises((ValueError, TypeError), match=message):
            call()
    assert matcher.history_size == 0


def test_requests_stop_drafts(matcher):
    cancel, mask = xgr.Cancel(), np.zeros((3, WORDS), np.int32)
    matcher.set_cancel(cancel)
    cancel.request()
    for call in (lambda: matcher.fill_draft([OPEN], mask), lambda: matcher.validate_tokens([OPEN]),
                 lambda: matcher.fill_draft_tree([0, OPEN], mask, parents=[-1, 0]),
                 lambda: matcher.accept_tokens([OPEN])):
        with pytest.raises(xgr.XgrError) as caught:
            call()
        assert caught.value.code is xgr.ErrorCode.CANCELLED and matcher.history_size == 0


# A root, its children OPEN and A, behind OPEN the siblings B and STOP, behind A again B.
CHILDREN, SIBLINGS, TOKENS = [1, 3, 5, -1, -1, -1], [-1, 2, -1, 4, -1, -1], [0, OPEN, A, B, STOP, B]


def test_a_tree_node_by_node(matcher):
    masks, temperatures = np.full((6, WORDS), 7, np.int32), np.zeros(6, np.float32)
    assert matcher.traverse_draft_tree(np.array(CHILDREN), SIBLINGS, np.array(TOKENS, np.int32), masks,
                                       temperatures=temperatures)
    assert matcher.history_size == 0
    for row, tokens in ((0, []), (1, [OPEN]), (3, [OPEN, B])):
        assert (masks[row] == mask_after(matcher, tokens)).all()
    assert not masks[2].any() and not masks[4].any()  # refused
    assert (masks[5] == 7).all()  # behind a token that is refused
    assert list(temperatures) == [-1, -1, 0, -1, 0, 0]


def test_a_tree_without_time(matcher):
    masks = np.full((6, WORDS), 7, np.int32)
    assert not matcher.traverse_draft_tree(CHILDREN, SIBLINGS, TOKENS, masks, 1e-9)
    assert (masks[0] == mask_after(matcher, [])).all() and (masks[1:] == 7).all()
    assert matcher.traverse_draft_tree(CHILDREN, SIBLINGS, TOKENS, masks, 1e9)


@pytest.mark.parametrize("children, siblings, tokens", [
    ([], [], []), ([1], [-1], [0, 1]), ([2, -1], [-1, -1], [0, A]), ([1, 1], [-1, -1], [0, A]),
    ([1, 0], [-1, -1], [0, A]), ([-1, -1], [1, -1], [0, A]), ([1, -1, -1], [-1, 2, 1], [0, A, B])])
def test_links_that_traverse_refuses(matcher, children, siblings, tokens):
    with pytest.raises(xgr.XgrError):
        matcher.traverse_draft_tree(children, siblings, tokens, np.zeros((3, WORDS), np.int32))


def test_forced_bytes(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_regex("abc\u00e9(\u00e9|\u00e8)d+"))
    assert matcher.forced_bytes() == "abc\u00e9".encode() + b"\xc3"
    assert matcher.forced_bytes(whole_characters=True) == "abc\u00e9".encode()
    assert matcher.find_jump_forward_string() == "abc\u00e9"
    assert matcher.forced_bytes(max_bytes=2) == b"ab" and matcher.forced_bytes(max_bytes=0) == b""
    assert matcher.forced_bytes(whole_characters=True, max_bytes=4) == b"abc"
    assert matcher.accept_string("abc\u00e9\u00e8d") and matcher.forced_bytes() == b""
    with pytest.raises(ValueError, match="max_bytes is -1"):
        matcher.forced_bytes(max_bytes=-1)
    long = "\u20ac" * 5000
    matcher = xgr.GrammarMatcher(compiler.compile_grammar(f'root ::= "{long}" [ab]'))
    assert matcher.forced_bytes(whole_characters=True).decode() == long
    assert matcher.history_size == 0


@pytest.fixture
def words():
    """Words in which the longest token is not what the tokenizer would write."""
    info = xgr.TokenizerInfo(["a", "b", "c", "d", "ab", "bc", "cd", "y", "</s>"])
    return xgr.GrammarMatcher(xgr.GrammarCompiler(info).compile_regex("abcda(b|y)"))


def test_forced_tokens(words):
    asked = []

    def tokenize(text):
        asked.append(text)
        return [0, 5, 3, 0]  # a bc d a

    # The last "a" is left: the model may choose "ab" instead.
    assert words.forced_tokens() == [4, 6]
    assert words.forced_tokens(tokenize) == [0, 5, 3] and asked == [b"abcda"]
    assert words.forced_tokens(lambda text: np.array([0, 5])) == [0, 5]
    assert words.forced_tokens(max_tokens=1) == [4] and words.forced_tokens(tokenize, max_tokens=0) == []
    assert words.history_size == 0
    assert words.accept_tokens(words.forced_tokens(tokenize)) == 3
    assert words.accept_string("ay")
    assert words.forced_bytes() == b"" and words.forced_tokens(tokenize) == []
    assert words.accept_token(8) and words.forced_tokens(tokenize) == words.forced_tokens() == []
    assert len(asked) == 3


def test_a_tokenize_that_fails_or_lies(words):
    def fails(text):
        raise KeyError(text)

    with pytest.raises(KeyError):
        words.forced_tokens(fails)
    for wrong in ([0, 0], [7], [4, 6, 0, 0], [99], [-1], [2**40]):
        with pytest.raises(xgr.XgrError, match=f"the {len(wrong)} tokens of tokenize do not spell") as caught:
            words.forced_tokens(lambda text, wrong=wrong: wrong)
        assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT
    assert words.forced_tokens(lambda text: []) == []
    for wrong in (None, 5, "ab"):
        with pytest.raises(TypeError):
            words.forced_tokens(lambda text, wrong=wrong: wrong)
    with pytest.raises(ValueError, match="max_tokens is -1"):
        words.forced_tokens(max_tokens=-1)
    assert words.history_size == 0 and words.accept_string("ab")


def test_a_tokenizer_may_use_the_matcher(words):
    def tokenize(text):
        assert words.forced_bytes() == text and words.accept_string("abcdab")
        return [0, 5]

    with pytest.raises(xgr.XgrError, match="do not spell"):  # the output has gone on meanwhile
        words.forced_tokens(tokenize)


def test_filter(matcher):
    mask, allowed = np.zeros((2, WORDS), np.int32), np.zeros((2, WORDS), np.int32)
    assert matcher.accept_token(OPEN)
    xgr.bitmask_set_tokens(allowed, [A, TRUE], index=1)
    matcher.set_filter(allowed, 1)
    assert matcher.fill_next_token_bitmask(mask) is True and xgr.bitmask_tokens(mask) == [A]
    assert not matcher.accept_token(B) and matcher.accept_string("b")
    fork = matcher.fork()
    matcher.set_filter(bytes(4 * WORDS))
    assert matcher.fill_next_token_bitmask(mask) is True  # nothing is allowed, so it has to be applied
    assert not mask.any() and not matcher.is_token_allowed(A)
    assert matcher.fill_draft([A], mask) == (0, [True, False])
    assert fork.is_token_allowed(A) and not fork.is_token_allowed(B)
    matcher.set_filter(None)
    assert matcher.accept_token(B)
    matcher.rollback(2)  # to the place where the first filter was laid
    assert matcher.is_token_allowed(A) and not matcher.is_token_allowed(B)
    matcher.rollback()
    assert matcher.is_token_allowed(OPEN) and matcher.accept_tokens([OPEN, B]) == 2
    assert fork.accept_string("b}") and not fork.is_token_allowed(STOP)


def test_wrong_filters(matcher):
    for mask, index, message in (
            (np.zeros(WORDS + 1, np.int32), 0, f"has {WORDS + 1} words; expected {WORDS}"),
            (np.zeros((2, WORDS - 1), np.int32), 1, f"has {WORDS - 1} words; expected {WORDS}"),
            (np.zeros((2, WORDS), np.int32), 2, "index is 2; the bitmask has 2 rows"),
            (np.zeros(WORDS, np.float32), 0, "floating-point"), ("mask", 0, "str")):
        with pytest.raises((ValueError, TypeError), match=message):
            matcher.set_filter(mask, index)
    assert matcher.accept_token(TRUE)


def test_several_threads_ask_one_matcher(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_builtin_json_grammar())
    assert matcher.accept_string('{"key": [1, ')
    expected, start, failures = mask_after(matcher, []), threading.Barrier(4), []

    def work():
        mask, rows = np.zeros((3, WORDS), np.int32), np.zeros(WORDS, np.int32)
        start.wait()
        try:
            for i in range(300):
                matcher.fill_next_token_bitmask(mask, i % 3)
                matcher.fill_next_token_bitmask(rows)
                fork = matcher.fork()
                assert (mask[i % 3] == expected).all() and (rows == expected).all()
                assert matcher.validate_tokens([ord("2"), ord("]"), ord("x")]) == 2
                assert matcher.is_token_allowed(TRUE) and not matcher.is_terminated()
                assert matcher.forced_bytes() == b"" and matcher.history_size == 1
                assert fork.accept_token(TRUE) and fork.history_size == 2
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and matcher.accept_string("2]}") and matcher.is_completed()


def test_who_changes_a_matcher_is_alone(compiler):
    """Some ask while one changes: each call does its work or raises INVALID_STATE."""
    matcher = xgr.GrammarMatcher(compiler.compile_regex("[a-z]*"))
    codes, asked, changed, stop = set(), [0], 0, threading.Event()

    def ask():
        mask = np.zeros(WORDS, np.int32)
        while not stop.is_set():
            try:
                matcher.fill_next_token_bitmask(mask)
                assert mask.any()
                asked[0] += 1
            except xgr.XgrError as error:
                codes.add(error.code)
            time.sleep(0.0005)  # or the other thread would not get in

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while changed < 100 or not asked[0]:
        try:
            assert matcher.accept_token(A)
            changed += 1
        except xgr.XgrError as error:
            codes.add(error.code)
    stop.set()
    for thread in threads:
        thread.join()
    assert matcher.history_size == changed and codes <= {xgr.ErrorCode.INVALID_STATE}
    assert matcher.accept_token(A)
