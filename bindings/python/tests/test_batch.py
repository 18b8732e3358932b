"""BatchGrammarMatcher: many matchers in one call, what becomes of each, misuse."""
import array
import copy
import threading

import numpy as np
import pytest
from conftest import STOP, TRUE, VOCAB_SIZE

import xgr

WORDS = (VOCAB_SIZE + 31) // 32


@pytest.fixture(params=[0, 1, 3])
def batch(request):
    with xgr.BatchGrammarMatcher(threads=request.param) as batch:
        assert batch.threads == request.param
        yield batch


def matchers_of(compiler, *patterns, **options):
    return [xgr.GrammarMatcher(compiler.compile_regex(pattern), **options) for pattern in patterns]


def alone(matcher):
    mask = np.zeros(WORDS, np.int32)
    matcher.fill_next_token_bitmask(mask)
    return mask


def test_fill(batch, compiler):
    matchers = matchers_of(compiler, "a+", "[a-z]*", "true", "x") * 1
    assert matchers[2].accept_token(TRUE) and matchers[2].accept_token(STOP)
    for mask in (np.zeros((4, WORDS), np.int32), xgr.allocate_token_bitmask(4, VOCAB_SIZE)):
        assert batch.batch_fill_next_token_bitmask(matchers, mask) == [True, True, False, True]
        for row, matcher in zip(np.asarray(mask), matchers):
            assert (row == alone(matcher)).all()
    flat = bytearray(4 * 4 * WORDS)
    batch.batch_fill_next_token_bitmask(iter(matchers), flat)
    assert flat == np.asarray(mask).tobytes()


def test_fill_rows(batch, compiler):
    matchers, mask = matchers_of(compiler, "a", "b"), np.full((5, WORDS + 2), -7, np.int32)
    for indices in ([4, 1], np.array([4, 1])):
        mask[:] = -7
        batch.batch_fill_next_token_bitmask(matchers, mask, indices)
        assert (mask[4, :WORDS] == alone(matchers[0])).all() and (mask[1, :WORDS] == alone(matchers[1])).all()
        assert (mask[[0, 2, 3]] == -7).all() and (mask[:, WORDS:] == -7).all()


def test_many(compiler):
    batch = xgr.BatchGrammarMatcher()
    compiled = compiler.compile_builtin_json_grammar()
    matchers = [xgr.GrammarMatcher(compiled) for _ in range(200)]
    mask = np.zeros((200, WORDS), np.int32)
    for byte in b'{"a": [1, true]}':
        assert all(batch.batch_fill_next_token_bitmask(matchers, mask))
        assert (mask == alone(matchers[0])).all()
        assert batch.batch_accept_token(matchers, [byte] * 200) == [True] * 200
    batch.batch_rollback(matchers, 3)
    assert {matcher.history_size for matcher in matchers} == {13}


def test_vocabularies_of_several_sizes(batch, compiler):
    small = xgr.GrammarCompiler(xgr.TokenizerInfo(["a", "</s>"]))
    matchers = matchers_of(compiler, "a") + matchers_of(small, "a")
    mask = np.full((2, WORDS), -7, np.int32)
    assert batch.batch_fill_next_token_bitmask(matchers, mask) == [True, True]
    assert mask[1].tolist() == [1] + [-7] * (WORDS - 1)


def test_accept(batch, compiler):
    matchers = matchers_of(compiler, "ab", "[a-z]*", "x")
    assert batch.batch_accept_token(matchers, [97, 98, 99]) == [True, True, False]
    assert batch.batch_accept_token(matchers, np.array([98, 2**40, -1])) == [True, False, False]
    assert [matcher.history_size for matcher in matchers] == [2, 1, 0]
    assert batch.batch_accept_string(matchers, ["", b"abc", "y"]) == [True, True, False]
    batch.batch_rollback(matchers, [3, 1, 0])
    assert [matcher.history_size for matcher in matchers] == [0, 1, 0]
    batch.batch_rollback(matchers[1:2])
    assert matchers[1].history_size == 0


def test_without_matchers(batch):
    mask = np.zeros((1, WORDS), np.int32)
    assert batch.batch_fill_next_token_bitmask([], mask) == batch.batch_accept_token([], []) == []
    assert batch.batch_accept_string([], []) == [] and not batch.batch_rollback([])


def test_one_failure_does_not_lose_the_others(batch, compiler):
    matchers = matchers_of(compiler, "a+", "a+", "a+", check_token_ids=True)
    with pytest.raises(xgr.BatchError) as caught:
        batch.batch_accept_token(matchers, [97, VOCAB_SIZE, 98])
    error = caught.value
    assert error.code is xgr.ErrorCode.INVALID_ARGUMENT and error.results == [True, None, False]
    assert list(error.errors) == [1] and f"below {VOCAB_SIZE}" in str(error.errors[1])
    assert "1 of 3 matchers failed; matcher 1: token id" in str(error)
    with pytest.raises(xgr.BatchError, match="matcher 1: cannot undo 1 steps: there are 0") as caught:
        batch.batch_rollback(matchers, [1, 1, 0])
    assert [matcher.history_size for matcher in matchers] == [0, 0, 0]
    twin = copy.copy(caught.value)
    assert twin.results == [True, None, True] and str(twin) == str(caught.value)


def test_limits_and_requests(info, compiler):
    batch, cancel = xgr.BatchGrammarMatcher(threads=1), xgr.Cancel()
    matchers, mask = matchers_of(compiler, "a+", "b+"), np.zeros((2, WORDS), np.int32)
    stopped = xgr.Cancel()
    stopped.request()
    matchers[0].set_cancel(stopped)
    with pytest.raises(xgr.BatchError) as caught:
        batch.batch_fill_next_token_bitmask(matchers, mask)
    assert caught.value.code is xgr.ErrorCode.CANCELLED and caught.value.results == [None, True]
    assert (mask[1] == alone(matchers[1])).all()
    matchers[0].set_cancel(None)
    batch.set_cancel(cancel)
    assert batch.batch_accept_token(matchers, [97, 98]) == [True, True]
    cancel.request()
    with pytest.raises(xgr.BatchError) as caught:
        batch.batch_accept_token(matchers, [97, 98])
    assert {error.code for error in caught.value.errors.values()} == {xgr.ErrorCode.CANCELLED}
    assert len(caught.value.errors) == 2 and [matcher.history_size for matcher in matchers] == [1, 1]
    batch.set_cancel(None)
    assert batch.batch_accept_token(matchers, [97, 98]) == [True, True]


def test_misuse(batch, compiler):
    a, b = matchers_of(compiler, "a+", "b+")
    mask = np.zeros((2, WORDS), np.int32)
    fill, accept = batch.batch_fill_next_token_bitmask, batch.batch_accept_token
    closed = a.fork()
    closed.close()
    for call, message in (
            (lambda: fill([a, b, a], mask), r"matchers\[0\] and matchers\[2\] are the same"),
            (lambda: accept([a, a], [97, 97]), r"matchers\[0\] and matchers\[1\] are the same"),
            (lambda: fill([a, 5], mask), r"matchers\[1\] is int; expected GrammarMatcher"),
            (lambda: fill([a, closed], mask), "this GrammarMatcher is closed"),
            (lambda: fill([a, b], mask[:1]), "the bitmask has 1 rows, for 2 matchers"),
            (lambda: fill([a, b], mask, [0]), "indices has 1 rows, for 2 matchers"),
            (lambda: fill([a, b], mask, [0, 2]), r"indices\[1\] is 2; the bitmask has 2 rows"),
            (lambda: fill([a, b], mask, [-1, 0]), r"indices\[0\] is -1; the bitmask has 2 rows"),
            (lambda: fill([a, b], mask, [1, 1]), r"indices\[0\] and indices\[1\] are 1; expected no row twice"),
            (lambda: fill([a, b], np.zeros((2, WORDS - 1), np.int32)),
             f"the mask has {WORDS - 1} words a row; expected {WORDS}"),
            (lambda: fill([a, b], bytes(8 * WORDS)), "bitmask: .*"),
            (lambda: accept([a, b], [97]), "token_ids has 1, for 2 matchers"),
            (lambda: batch.batch_accept_string([a], ["a", "b"]), "strings has 2, for 1 matchers"),
            (lambda: batch.batch_rollback([a, b], [0]), "num_tokens has 1, for 2 matchers"),
            (lambda: batch.batch_rollback([a, b], [0, -1]), "num_tokens is -1 for matcher 1"),
            (lambda: copy.copy(batch), "make another one")):
        with pytest.raises((xgr.XgrError, TypeError, ValueError, BufferError), match=message):
            call()
        assert a.history_size == b.history_size == 0  # nothing has changed, and both are free
    assert accept([a, b], [97, 98]) == [True, True]
    for threads in (-1, 257):
        with pytest.raises(xgr.XgrError):
            xgr.BatchGrammarMatcher(threads=threads)


def test_closed(compiler):
    batch = xgr.BatchGrammarMatcher(threads=1)
    batch.close()
    batch.close()
    for use in (lambda: batch.threads, lambda: batch.batch_rollback(matchers_of(compiler, "a"), 0)):
        with pytest.raises(xgr.XgrError) as caught:
            use()
        assert caught.value.code is xgr.ErrorCode.INVALID_STATE


def test_one_batch_after_the_other(compiler):
    """Also where the memory of one becomes that of the next."""
    matchers, mask = matchers_of(compiler, "a", "b"), np.zeros((2, WORDS), np.int32)
    for _ in range(50):
        with xgr.BatchGrammarMatcher(threads=2) as batch:
            assert batch.batch_fill_next_token_bitmask(matchers, mask) == [True, True]


def test_a_matcher_of_a_batch_call_is_in_use(compiler):
    batch, text = xgr.BatchGrammarMatcher(threads=1), b"a" * 1000000
    matchers, errors, answers = matchers_of(compiler, "[a-z]*", "[a-z]*"), [], []

    def work():
        while not answers:
            try:
                answers.append(batch.batch_accept_string(matchers, [text, text]))
            except xgr.XgrError as error:  # this may be the second one, too
                errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        for use in (lambda: matchers[1].history_size, lambda: batch.threads, matchers[0].fork):
            try:
                use()
            except xgr.XgrError as error:
                errors.append(error)
    thread.join()
    assert errors and {error.code for error in errors} == {xgr.ErrorCode.INVALID_STATE}
    assert answers == [[True, True]] and batch.batch_accept_token(matchers, [97, 98]) == [True, True]


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_apply(batch, dtype):
    generator = np.random.default_rng(3)
    logits = generator.standard_normal((17, 32 * WORDS)).astype(dtype)
    mask = generator.integers(-2**31, 2**31, (17, WORDS)).astype(np.int32)
    expected = logits.copy()
    xgr.apply_token_bitmask_inplace(expected, mask)
    batch.apply_token_bitmask_inplace(logits, mask)
    assert logits.tobytes() == expected.tobytes() and np.isinf(logits).any()
    bits = np.full((3, 32 * WORDS), 0x3F80, np.uint16)
    batch.apply_token_bitmask_inplace(bits, mask, indices=[1], dtype="bfloat16")
    assert set(np.unique(bits[1])) == {0x3F80, 0xFF80} and (bits[[0, 2]] == 0x3F80).all()
    with pytest.raises(xgr.XgrError, match="no row twice"):
        batch.apply_token_bitmask_inplace(logits, mask, indices=[1, 1])


def test_on_the_class(compiler):
    matchers = [xgr.GrammarMatcher(compiler.compile_regex("ab")) for _ in range(2)]
    assert xgr.BatchGrammarMatcher.batch_accept_token(matchers, [ord("a"), ord("b")]) == [True, False]
    assert xgr.BatchGrammarMatcher.batch_accept_string(matchers, ["b", "a"]) == [True, True]
    xgr.BatchGrammarMatcher.batch_rollback(matchers, [2, 1])
    assert [matcher.history_size for matcher in matchers] == [0, 0]


def test_temperatures_into_memory(compiler):
    warm = compiler.compile_grammar('root ::= warm\nwarm[temperature=0.5] ::= "a" "b"')
    matchers = [xgr.GrammarMatcher(warm), xgr.GrammarMatcher(compiler.compile_regex("a"))]
    values = array.array("f", [0] * 3)
    xgr.BatchGrammarMatcher.batch_fill_temperature(matchers, values)
    assert list(values) == [0.5, -1, 0]
    xgr.BatchGrammarMatcher().batch_fill_temperature(matchers, values, [2, 0])
    assert list(values) == [-1, -1, 0.5]
    for temperatures, indices in ((values, [0]), (values, [0, 3]), (bytearray(8), None)):
        with pytest.raises(ValueError):
            xgr.BatchGrammarMatcher.batch_fill_temperature(matchers, temperatures, indices)


def test_number_of_threads():
    assert xgr.BatchGrammarMatcher(max_threads=4).threads == 3
    assert xgr.BatchGrammarMatcher(1).threads == 0
    assert xgr.BatchGrammarMatcher("auto").threads == xgr.BatchGrammarMatcher().threads
    for wrong, error in ((0, ValueError), ("many", TypeError), (True, TypeError)):
        with pytest.raises(error, match="max_threads"):
            xgr.BatchGrammarMatcher(wrong)
    with pytest.raises(TypeError, match="two names"):
        xgr.BatchGrammarMatcher(2, threads=1)


def test_debug_print(compiler, capsys):
    matcher = xgr.GrammarMatcher(compiler.compile_regex("ab"))
    xgr.BatchGrammarMatcher(1).batch_fill_next_token_bitmask([matcher], bytearray(40), debug_print=True)
    xgr.BatchGrammarMatcher.batch_accept_token([matcher], [ord("a")], debug_print=True)
    xgr.BatchGrammarMatcher.batch_accept_string([matcher], ["x"], debug_print=True)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("; <")[0] for line in lines] == [
        "xgr: matcher 0: fill_next_token_bitmask -> True", "xgr: matcher 0: accept_token -> True",
        "xgr: matcher 0: accept_string -> False"]


def test_rows_that_lie_in_the_memory_that_is_written(batch, compiler):
    memory = np.zeros((80, WORDS), np.int32)
    rows = memory.reshape(-1)[:40]
    rows[:] = np.arange(40)
    matchers = matchers_of(compiler, *["[a-z]*"] * 40)
    batch.batch_fill_next_token_bitmask(matchers, memory, rows)
    assert (memory[:40] == alone(matchers[0])).all()
