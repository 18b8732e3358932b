"""Bitmasks and logits: every kind of memory, rows, bits, misuse."""
import array
import ctypes

import numpy as np
import pytest

import xgr

WORDS = 3
BITS = 32 * WORDS


class Tensor:
    """The shape of a torch tensor that NumPy cannot read: no buffer, no numpy(), but an address."""

    class device:
        type = "cpu"

    def __init__(self, data, dtype):
        self.data, self.dtype, self.shape = data, f"torch.{dtype}", data.shape

    def stride(self):
        return [step // self.data.itemsize for step in self.data.strides]

    def data_ptr(self):
        return self.data.ctypes.data

    def numpy(self):
        raise TypeError("Got unsupported ScalarType BFloat16")


def mask_of(*rows):
    out = np.zeros((len(rows), WORDS), np.uint32)
    for row, tokens in zip(out, rows):
        for token in tokens:
            row[token // 32] |= np.uint32(1 << token % 32)
    return out


def bfloat16(values):
    return (np.asarray(values, np.float32).view(np.uint32) >> 16).astype(np.uint16)


def test_bits():
    mask = mask_of([0, 31, 40, 95])
    assert xgr.bitmask_count(mask) == 4
    assert xgr.bitmask_tokens(mask) == [0, 31, 40, 95]
    xgr.bitmask_set_tokens(mask, [1, 2], allowed=True)
    xgr.bitmask_set_tokens(mask, np.array([0, 40]), allowed=False)
    xgr.bitmask_set_tokens(mask, [])
    assert xgr.bitmask_tokens(mask) == [1, 2, 31, 95]
    assert xgr.bitmask_filter_tokens(mask, [95, 3, -1, 2, 96, 2, 2**40]) == [95, 2, 2]
    for token in (-1, BITS, 2**31):
        with pytest.raises(xgr.XgrError, match=f"token id .* has no bit in the mask; .* below {BITS}"):
            xgr.bitmask_set_tokens(mask, [5, token])
    assert xgr.bitmask_tokens(mask) == [1, 2, 31, 95]


def test_rows_of_a_bitmask():
    mask = xgr.allocate_token_bitmask(2, BITS)
    assert xgr.bitmask_count(mask) == xgr.bitmask_count(mask, 1) == BITS
    xgr.bitmask_set_tokens(mask, range(90), False, index=1)
    assert xgr.bitmask_tokens(mask, 1) == list(range(90, BITS)) and xgr.bitmask_count(mask, 0) == BITS
    assert xgr.bitmask_filter_tokens(mask, [1, 91], 1) == [91]
    for index in (-1, 2):
        with pytest.raises(ValueError, match=f"index is {index}; the bitmask has 2 rows"):
            xgr.bitmask_count(mask, index)


def test_sets():
    mask, other = mask_of([1, 2, 3], [4]), mask_of([2, 70], [4, 5])
    xgr.bitmask_and(mask, other)
    assert [xgr.bitmask_tokens(mask, i) for i in (0, 1)] == [[2], [4]]
    xgr.bitmask_or(mask, other)
    assert [xgr.bitmask_tokens(mask, i) for i in (0, 1)] == [[2, 70], [4, 5]]
    xgr.bitmask_and_not(mask, mask_of([70], [5, 6]))
    assert [xgr.bitmask_tokens(mask, i) for i in (0, 1)] == [[2], [4]]
    xgr.bitmask_and_not(mask, mask)
    assert not mask.any()
    with pytest.raises(ValueError, match="bitmask has 6 words, other 3; expected as many"):
        xgr.bitmask_or(mask, mask_of([1]))


def test_what_is_only_read_may_be_read_only():
    mask = mask_of([7]).tobytes()
    assert xgr.bitmask_tokens(mask) == [7]
    with pytest.raises(BufferError):
        xgr.bitmask_set_tokens(mask, [8])
    with pytest.raises(BufferError):
        xgr.apply_token_bitmask_inplace(np.zeros(9, np.float32).tobytes(), mask, dtype="float32")


@pytest.mark.parametrize("dtype, infinity", [(np.float32, -np.inf), (np.float16, -np.inf)])
def test_apply(dtype, infinity):
    logits = np.arange(BITS, dtype=dtype)
    logits[[1, 2, 3, 4]] = [np.nan, np.inf, -np.inf, -0.0]
    before = logits.copy()
    allowed = [1, 2, 3, 4, 40, 95]
    assert xgr.apply_token_bitmask_inplace(logits, mask_of(allowed)) is None
    rest = np.setdiff1d(np.arange(BITS), allowed)
    assert (logits[rest] == infinity).all()
    assert logits[allowed].tobytes() == before[allowed].tobytes()  # NaN and the sign of 0, too


def applied(logits):
    """Which of the rows of bfloat16 bits are still as they were, 1.0."""
    assert set(np.unique(logits)) <= {0x3F80, 0xFF80}
    return [np.flatnonzero(row == 0x3F80).tolist() for row in logits.reshape(-1, BITS)]


def test_bfloat16():
    mask = mask_of([3], [4, 90])
    for wrap in (lambda data: Tensor(data, "bfloat16"), lambda data: data, memoryview):
        logits = bfloat16(np.ones((2, BITS)))
        xgr.apply_token_bitmask_inplace(wrap(logits), mask, dtype="bfloat16")
        assert applied(logits) == [[3], [4, 90]]
    logits = bfloat16(np.ones((2, BITS)))
    xgr.apply_token_bitmask_inplace(Tensor(logits, "bfloat16"), mask)
    assert applied(logits) == [[3], [4, 90]]
    logits = bytearray(bfloat16(np.ones(BITS)).tobytes())
    xgr.apply_token_bitmask_inplace(logits, mask_of([5]), dtype="bfloat16")
    assert applied(np.frombuffer(logits, np.uint16)) == [[5]]


def test_bfloat16_of_ml_dtypes():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    logits = np.ones((2, BITS), ml_dtypes.bfloat16)
    xgr.apply_token_bitmask_inplace(logits, mask_of([3], [4, 90]))
    assert applied(logits.view(np.uint16)) == [[3], [4, 90]]


def test_torch():
    torch = pytest.importorskip("torch")
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        logits = torch.zeros((3, BITS), dtype=dtype)
        mask = torch.from_numpy(mask_of([3], [], [90]).view(np.int32))
        xgr.apply_token_bitmask_inplace(logits, mask, indices=torch.tensor([2, 0]))
        assert [row.isfinite().nonzero().flatten().tolist() for row in logits] == [[3], list(range(BITS)), [90]]
        assert xgr.bitmask_filter_tokens(mask, torch.tensor([1, 3])) == [3]


@pytest.mark.parametrize("wrap", [lambda data: data, lambda data: Tensor(data, "float32")])
def test_rows_of_logits(wrap):
    wide = np.zeros((4, BITS + 8), np.float32)
    mask = mask_of([1], [2], [3], [4])

    def kept():
        found = [np.flatnonzero(row[:BITS] == 0).tolist() for row in wide]
        assert (wide[:, BITS:] == 0).all()
        wide[:] = 0
        return found

    every = list(range(BITS))
    xgr.apply_token_bitmask_inplace(wrap(wide[:, :BITS]), mask)
    assert kept() == [[1], [2], [3], [4]]
    xgr.apply_token_bitmask_inplace(wrap(wide), mask, vocab_size=BITS)
    assert kept() == [[1], [2], [3], [4]]
    xgr.apply_token_bitmask_inplace(wrap(wide[:, :BITS]), mask, indices=[3, 1])
    assert kept() == [every, [2], every, [4]]
    xgr.apply_token_bitmask_inplace(wrap(wide[:, :BITS]), mask, indices=np.array([0, 2]), mask_indices=(3, 3))
    assert kept() == [[4], every, [4], every]
    xgr.apply_token_bitmask_inplace(wrap(wide[1:2, :BITS]), mask, mask_indices=[2])
    assert kept() == [every, [3], every, every]
    xgr.apply_token_bitmask_inplace(wrap(wide[:, :BITS]), mask, indices=[])
    assert kept() == [every] * 4


def test_a_vocabulary_of_another_size():
    logits = np.zeros(BITS + 8, np.float32)
    xgr.apply_token_bitmask_inplace(logits, mask_of([1, 95]))
    assert np.flatnonzero(logits == 0).tolist() == [1, 95]  # no bit: not allowed
    logits = np.zeros(40, np.float32)
    xgr.apply_token_bitmask_inplace(logits, mask_of([1, 39, 41]))
    assert np.flatnonzero(logits == 0).tolist() == [1, 39]


@pytest.mark.parametrize("make", [
    lambda: array.array("f", [0] * BITS), lambda: (ctypes.c_float * BITS)(),
    lambda: memoryview(bytearray(4 * BITS)).cast("f"), lambda: np.zeros((1, BITS), np.float32),
])
def test_any_logits(make):
    logits = make()
    xgr.apply_token_bitmask_inplace(logits, mask_of([17]))
    assert np.flatnonzero(np.asarray(logits).reshape(-1) == 0).tolist() == [17]


@pytest.mark.parametrize("options, message", [
    ({"indices": [0, 3]}, r"indices\[1\] is 3; there are 3 rows"),
    ({"indices": [-1]}, r"indices\[0\] is -1; there are 3 rows"),
    ({"indices": [2, 0, 2], "mask_indices": [0, 0, 1]}, r"indices\[0\] and indices\[2\] are 2; .* no row twice"),
    ({"indices": [0, 1], "mask_indices": [0, 2]}, r"mask_indices\[1\] is 2; there are 2 rows"),
    ({"indices": [0], "mask_indices": [0, 1]}, "logits have 1 rows, bitmask 2; expected as many"),
    ({}, "logits have 3 rows, bitmask 2; expected as many"),
    ({"vocab_size": 0}, f"a row of the logits has {BITS}"),
    ({"vocab_size": BITS + 1}, f"has {BITS}; expected vocab_size of 1 to that, found {BITS + 1}"),
    ({"dtype": "float16"}, "logits are elements of 4 bytes; float16 has 2"),
])
def test_wrong_rows(options, message):
    logits = np.ones((3, BITS), np.float32)
    with pytest.raises((xgr.XgrError, ValueError), match=message):
        xgr.apply_token_bitmask_inplace(logits, mask_of([1], [2]), **options)
    assert (logits == 1).all()


@pytest.mark.parametrize("logits", [
    np.zeros(BITS), np.zeros(BITS, np.int32), np.zeros((2, BITS), np.float32)[:, ::2], "logits", None, 3.5,
    np.zeros((BITS, 1), np.float32).T[:, ::-1], np.broadcast_to(np.zeros(BITS, np.float32), (1, BITS)),
    Tensor(np.zeros((2, BITS), np.float32).T, "float32"), Tensor(np.zeros(BITS), "float64"),
])
def test_wrong_logits(logits):
    with pytest.raises((TypeError, ValueError, BufferError)):
        xgr.apply_token_bitmask_inplace(logits, mask_of([1]))


def test_logits_elsewhere():
    tensor = Tensor(np.zeros(BITS, np.float32), "float32")
    tensor.device = type("device", (), {"type": "cuda"})
    with pytest.raises(TypeError, match="logits is Tensor on cuda; expected memory on the CPU"):
        xgr.apply_token_bitmask_inplace(tensor, mask_of([1]))


def test_masks_of_tensors_without_numpy():
    mask = mask_of([1], [2])
    tensor = Tensor(mask.view(np.int32), "int32")
    assert xgr.bitmask_tokens(tensor, 1) == [2]
    xgr.reset_token_bitmask(tensor)
    assert xgr.bitmask_count(mask) == BITS


def test_candidates():
    llama = np.zeros(4, np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)]))
    llama["id"], llama["logit"], llama["p"] = [7, 8, -1, 96], [1, 2, 3, 4], 0.5
    packed = llama.copy()
    xgr.bitmask_apply_candidates(mask_of([8]), packed)
    assert packed["logit"].tolist() == [-np.inf, 2, -np.inf, -np.inf]
    assert (packed["id"] == llama["id"]).all() and (packed["p"] == 0.5).all()
    packed = bytearray(llama.tobytes())
    xgr.bitmask_apply_candidates(mask_of([], [7]), packed, index=1)
    assert np.frombuffer(packed, llama.dtype)["logit"].tolist() == [1, -np.inf, -np.inf, -np.inf]
    other = np.zeros(2, np.dtype([("logit", np.float32), ("x", np.int64), ("id", np.int32)]))
    other["id"], other["logit"] = [1, 2], 1
    xgr.bitmask_apply_candidates(mask_of([2]), other, id_offset=12, logit_offset=0)
    assert other["logit"].tolist() == [-np.inf, 1]
    xgr.bitmask_apply_candidates(mask_of([2]), bytearray())
    for wrong in ({"candidate_size": 7}, {"candidate_size": 0}, {"id_offset": 9}, {"logit_offset": 2}):
        with pytest.raises(xgr.XgrError, match="candidates have 48 bytes, of"):
            xgr.bitmask_apply_candidates(mask_of([2]), bytearray(48), **wrong)


def test_rows_that_lie_in_the_memory_that_is_written():
    logits = np.zeros((300, BITS), np.float32)
    rows = logits.reshape(-1).view(np.int32)[:300]
    rows[:] = np.arange(300)
    xgr.apply_token_bitmask_inplace(logits, np.zeros((300, WORDS), np.int32), indices=rows)
    assert np.isneginf(logits).all()


def test_tensors_that_are_negated_when_they_are_read():
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match="resolve_neg"):
        xgr.apply_token_bitmask_inplace(torch._neg_view(torch.zeros(1, BITS)), mask_of([1]))
