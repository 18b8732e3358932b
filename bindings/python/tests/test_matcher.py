"""GrammarMatcher and bitmasks: every kind of memory, steps, history, the end of an output."""
import array
import gc
import threading

import numpy as np
import pytest
from conftest import OPEN, STOP, TRUE, VOCAB_SIZE

import xgr

WORDS = (VOCAB_SIZE + 31) // 32
START = {ord("{"), OPEN, ord("t"), TRUE}


@pytest.fixture
def matcher(compiler):
    return xgr.GrammarMatcher(compiler.compile_grammar('root ::= "{\\"" [ab]+ "}" | "true"'))


def allowed(words):
    bits = np.frombuffer(words, dtype=np.uint32)
    return {i for i in range(VOCAB_SIZE) if bits[i // 32] >> (i % 32) & 1}


@pytest.mark.parametrize("make", [
    lambda: xgr.allocate_token_bitmask(1, VOCAB_SIZE),
    lambda: np.zeros((1, WORDS), np.int32),
    lambda: np.zeros(WORDS, np.uint32),
    lambda: array.array("I", [0] * WORDS),
    lambda: bytearray(WORDS * 4),
])
def test_any_memory(matcher, make):
    mask = make()
    for _ in range(2):
        assert matcher.fill_next_token_bitmask(mask) is True
        assert allowed(memoryview(mask).cast("B")) == START


def test_tensor_by_way_of_numpy(matcher):
    class Tensor:
        """The shape of a torch tensor: no buffer of its own."""

        class device:
            type = "cpu"

        def __init__(self):
            self.data = np.zeros((2, WORDS), np.int32)

        def numpy(self):
            return self.data

    tensor = Tensor()
    matcher.fill_next_token_bitmask(tensor, 1)
    assert not tensor.data[0].any() and allowed(tensor.data[1]) == START
    tensor.device.type = "cuda"
    with pytest.raises(TypeError):
        xgr.reset_token_bitmask(tensor)


def test_rows(matcher):
    mask = np.zeros((3, WORDS), np.int32)
    matcher.fill_next_token_bitmask(mask, 2)
    matcher.fill_next_token_bitmask(mask, index=0)
    assert (mask[0] == mask[2]).all() and not mask[1].any()


@pytest.mark.parametrize("mask, index", [
    (np.zeros((1, WORDS), np.int32), 1),
    (np.zeros((1, WORDS), np.int32), -1),
    (np.zeros((1, WORDS + 1), np.int32), 0),
    (np.zeros(WORDS - 1, np.int32), 0),
    (np.zeros((2, WORDS * 2), np.int32)[:, ::2], 0),
    (np.zeros((1, WORDS), np.float32), 0),
    (np.zeros((1, WORDS), np.int64), 0),
    (bytes(WORDS * 4), 0),
    ("no memory", 0),
])
def test_wrong_masks(matcher, mask, index):
    with pytest.raises((ValueError, TypeError, BufferError)):
        matcher.fill_next_token_bitmask(mask, index)


def test_mask_memory_is_kept_while_it_may_be_written(matcher):
    mask = np.zeros(WORDS, np.int32)
    matcher.fill_next_token_bitmask(mask)
    with pytest.raises(ValueError):
        mask.resize(10 * WORDS)
    del mask
    gc.collect()
    matcher.fill_next_token_bitmask(np.zeros(WORDS, np.int32))


def test_bitmask_helpers():
    assert xgr.get_bitmask_shape(3, 33) == (3, 2)
    mask = xgr.allocate_token_bitmask(2, 33)
    assert mask.shape == (2, 2) and mask.tolist() == [[-1, -1], [-1, -1]]
    mask[0, 0] = 0
    xgr.reset_token_bitmask(mask)
    assert mask[0, 0] == -1
    assert np.asarray(mask).shape == (2, 2)
    with pytest.raises(ValueError):
        xgr.allocate_token_bitmask(0, 33)


def test_steps(matcher):
    assert matcher.accept_token(OPEN) is True
    assert matcher.accept_token(ord("x")) is False
    assert matcher.is_token_allowed(ord("a")) and not matcher.is_token_allowed(STOP)
    for outside in (-1, VOCAB_SIZE, 2**31, -(2**40)):
        assert matcher.accept_token(outside) is False
        assert matcher.is_token_allowed(outside) is False
    assert matcher.accept_token(np.int64(ord("a")))
    assert matcher.accept_string("ab") and matcher.accept_string(b"b}")
    assert not matcher.accept_string("a")
    assert matcher.history_size == 4
    assert matcher.is_completed() and not matcher.is_terminated()


def test_end(matcher):
    mask = np.zeros(WORDS, np.int32)
    assert matcher.accept_token(TRUE) and matcher.accept_token(STOP)
    assert matcher.is_terminated() and not matcher.accept_token(STOP)
    assert matcher.fill_next_token_bitmask(mask) is False
    assert allowed(mask) == set(range(VOCAB_SIZE))  # its row in a batch does no harm
    assert mask.view(np.uint32)[-1] == (1 << VOCAB_SIZE % 32) - 1
    assert not matcher.is_token_allowed(TRUE) and not matcher.accept_string("")
    matcher.rollback()
    assert not matcher.is_terminated()
    matcher.fill_next_token_bitmask(mask)
    assert allowed(mask) == {STOP}


def test_history(matcher):
    assert matcher.accept_token(OPEN)
    other = matcher.fork()
    assert matcher.accept_string("ab}") and other.accept_string("b")
    assert matcher.is_completed() and not other.is_completed()
    matcher.rollback(2)
    assert matcher.history_size == 0 and other.history_size == 2
    with pytest.raises(xgr.XgrError):
        matcher.rollback(1)
    with pytest.raises(ValueError):
        matcher.rollback(-1)
    other.reset()
    assert other.accept_token(TRUE)


def test_options(compiler):
    compiled = compiler.compile_grammar('root ::= "a"')
    replaced = xgr.GrammarMatcher(compiled, override_stop_tokens=[TRUE])
    assert replaced.stop_token_ids == [TRUE]
    assert replaced.accept_token(ord("a")) and not replaced.accept_token(STOP)
    assert replaced.accept_token(TRUE) and replaced.is_terminated()
    without = xgr.GrammarMatcher(compiled, terminate_without_stop_token=True)
    assert without.stop_token_ids == [STOP]
    assert without.accept_token(ord("a")) and without.is_terminated()
    assert xgr.GrammarMatcher(compiled, override_stop_tokens=TRUE).stop_token_ids == [TRUE]
    healed = xgr.GrammarMatcher(compiled, prefix=b"xy")
    assert not healed.accept_token(ord("a")) and healed.accept_string("xya") and healed.is_completed()
    for wrong in ([], [VOCAB_SIZE]):
        with pytest.raises((ValueError, xgr.XgrError)):
            xgr.GrammarMatcher(compiled, override_stop_tokens=wrong)
    with pytest.raises(TypeError):
        xgr.GrammarMatcher("root")


def test_everything_allowed():
    info = xgr.TokenizerInfo(["a", "b", "</s>"])
    compiled = xgr.GrammarCompiler(info).compile_grammar("root ::= [ab]*")
    mask = np.zeros(1, np.int32)
    assert xgr.GrammarMatcher(compiled).fill_next_token_bitmask(mask) is False
    assert mask[0] == 7


def test_objects_outlive_what_made_them(info):
    matcher = xgr.GrammarMatcher(xgr.GrammarCompiler(
        xgr.TokenizerInfo(info.decoded_vocab)).compile_grammar('root ::= "ab"'))
    gc.collect()
    assert matcher.accept_string("ab")


def test_threads(compiler):
    compiled = compiler.compile_builtin_json_grammar()
    failures = []

    def work():
        matcher, mask = xgr.GrammarMatcher(compiled), np.zeros(WORDS, np.int32)
        for byte in b'{"key": [1, 2, {"a": "text"}], "b": false}':
            matcher.fill_next_token_bitmask(mask)
            if not matcher.accept_token(byte):
                failures.append(byte)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_lent_bitmask_is_the_filled_one(matcher):
    mask = bytearray(WORDS * 4)
    for token in (OPEN, ord("a"), ord("b")):
        matcher.fill_next_token_bitmask(mask)
        lent = matcher.lend_next_token_bitmask()
        assert lent.readonly and lent.format == "i" and len(lent) == WORDS
        assert lent.tobytes() == mask
        assert np.array_equal(np.asarray(lent), np.frombuffer(mask, np.int32))
        assert matcher.accept_token(token)


def test_lent_bitmask_keeps_its_matcher_alive(compiler):
    lent = xgr.GrammarMatcher(compiler.compile_regex("[a-z]+")).lend_next_token_bitmask()
    gc.collect()
    assert allowed(lent.tobytes()) == set(range(ord("a"), ord("z") + 1)) | {TRUE}


def test_nothing_is_lent_after_the_end(matcher):
    assert matcher.accept_string("true") and matcher.accept_token(STOP)
    assert matcher.lend_next_token_bitmask() is None


def test_without_any_stop_token_the_end_has_to_be_chosen():
    compiled = xgr.GrammarCompiler(xgr.TokenizerInfo(["1", "2"])).compile_regex("[12]{3,9}")
    with pytest.raises(xgr.XgrError, match="terminate_without_stop_token") as caught:
        xgr.GrammarMatcher(compiled)
    assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT
    matcher = xgr.GrammarMatcher(compiled, terminate_without_stop_token=True)
    assert matcher.accept_string("121") and matcher.is_terminated()
    assert xgr.GrammarMatcher(compiled, override_stop_tokens=0).stop_token_ids == [0]


@pytest.mark.parametrize("token", [-1, VOCAB_SIZE, 2**31 - 1, 2**31, -2**40])
def test_ids_outside_the_vocabulary(compiler, token):
    compiled = compiler.compile_regex("a+")
    plain = xgr.GrammarMatcher(compiled)
    assert not plain.accept_token(token) and not plain.is_token_allowed(token)
    checked = xgr.GrammarMatcher(compiled, check_token_ids=True)
    assert checked.vocab_size == VOCAB_SIZE
    for matcher in (checked, checked.fork()):
        for call in (matcher.accept_token, matcher.is_token_allowed):
            with pytest.raises(xgr.XgrError, match=f"token id {token} .*below {VOCAB_SIZE}") as caught:
                call(token)
            assert caught.value.code is xgr.ErrorCode.INVALID_ARGUMENT
        assert not matcher.accept_token(TRUE) and matcher.accept_token(ord("a"))


@pytest.mark.parametrize("warm_up", ["none", "bounded", "full"])
@pytest.mark.parametrize("threads", [1, 4])
def test_warm_up_and_prefetch_change_no_mask(info, matcher, warm_up, threads):
    compiler = xgr.GrammarCompiler(info, max_threads=threads, warm_up=warm_up)
    compiled = compiler.compile_grammar('root ::= "{\\"" [ab]+ "}" | "true"')
    compiled.warm_up()
    other = xgr.GrammarMatcher(compiled, prefetch=True)
    for token in (OPEN, ord("a"), ord("}")):
        assert other.lend_next_token_bitmask() == matcher.lend_next_token_bitmask()
        assert matcher.accept_token(token) and other.accept_token(token)
    assert other.stats()["hits"] == other.stats()["fills"] == 3


def test_stats(info):
    compiler = xgr.GrammarCompiler(info)
    compiled = compiler.compile_regex("[a-f]+")
    matcher = xgr.GrammarMatcher(compiled)
    matcher.fill_next_token_bitmask(bytearray(WORDS * 4))
    stats = matcher.stats()
    assert stats["fills"] == 1 and stats["hits"] == 0 and stats["parts_built"] > 0
    assert compiled.stats()["mask_parts"] > 0
    assert compiler.stats()["mask_parts"] >= compiled.stats()["mask_parts"]
    assert compiler.stats()["memory_size"] >= compiled.stats()["memory_size"] > 0
    with pytest.raises(ValueError):
        compiled.warm_up("very")


def test_captures_and_temperature(compiler):
    compiled = compiler.compile_grammar(
        'root ::= "a" n "b"\nn[capture="number", temperature=0.25] ::= [0-9]+')
    matcher = xgr.GrammarMatcher(compiled, default_temperature=0.75)
    assert matcher.get_captures() == [] and matcher.temperature == 0.75
    assert matcher.accept_string("a4") and matcher.temperature == 0.25
    fork = matcher.fork()
    assert matcher.accept_token(ord("2")) and matcher.accept_token(ord("b"))
    assert matcher.temperature == 0.75
    assert matcher.get_captures() == [("number", b"42")]
    assert matcher.get_captures(deduplicate=False) == [("number", b"4"), ("number", b"42")]
    assert fork.get_captures() == [("number", b"4")] and fork.temperature == 0.25
    matcher.rollback(2)
    assert matcher.get_captures() == [("number", b"4")]
    matcher.reset()
    assert matcher.get_captures() == []
    assert xgr.GrammarMatcher(compiled).temperature is None
    for wrong in (-1, float("inf"), float("nan")):
        with pytest.raises(xgr.XgrError):
            xgr.GrammarMatcher(compiled, default_temperature=wrong)


def test_whole_tokens(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_grammar(f'root ::= "x" Token({TRUE}) "y"'))
    mask = bytearray(WORDS * 4)
    assert matcher.accept_string("x") and not matcher.accept_string("true")
    matcher.fill_next_token_bitmask(mask)
    assert allowed(mask) == {TRUE}
    assert matcher.accept_token(TRUE) and matcher.accept_string("y") and matcher.is_completed()


def test_token_budget(compiler):
    compiled = compiler.compile_grammar('root ::= v "."\nv[max_tokens=2] ::= [a-z]+')
    matcher = xgr.GrammarMatcher(compiled)
    assert matcher.accept_token(ord("a")) and matcher.accept_token(TRUE)
    assert not matcher.accept_token(ord("a"))
    assert matcher.accept_token(ord("."))


def test_debug_print(compiler, capsys):
    matcher = xgr.GrammarMatcher(compiler.compile_regex("ab"))
    mask = xgr.allocate_token_bitmask(1, matcher.vocab_size)
    assert matcher.fill_next_token_bitmask(mask, debug_print=True)
    assert matcher.accept_token(ord("a"), debug_print=True)
    assert matcher.accept_string("b", debug_print=True)
    assert capsys.readouterr().err.splitlines() == [
        "xgr: fill_next_token_bitmask(row 0) -> 1 of 300 tokens allowed; <GrammarMatcher, 0 steps, incomplete>",
        "xgr: accept_token(97) -> True; <GrammarMatcher, 1 steps, incomplete>",
        "xgr: accept_string(b'b') -> True; <GrammarMatcher, 2 steps, complete>"]
    matcher.close()
    assert repr(matcher) == "<GrammarMatcher, closed>"


def test_jump_forward_tokens(compiler):
    matcher = xgr.GrammarMatcher(compiler.compile_regex('{"true'))
    assert matcher.find_jump_forward_tokens() == matcher.forced_tokens() != []


def test_a_tensor_with_other_memory(compiler):
    torch = pytest.importorskip("torch")
    matcher = xgr.GrammarMatcher(compiler.compile_regex("[a-z]*"))
    mask = torch.zeros((1, matcher.mask_words), dtype=torch.int32)
    matcher.fill_next_token_bitmask(mask)
    expected = mask.clone()
    mask.data = torch.zeros_like(mask)
    matcher.fill_next_token_bitmask(mask)
    assert torch.equal(mask, expected) and expected.any()
