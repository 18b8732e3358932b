"""Bitmasks on logits of any library: memory, torch with the library, Triton and operations, JAX, MLX."""
import os
import subprocess
import sys

import numpy as np
import pytest

import xgr

SHAPES = [(70, 3), (1500, 47), (96, 2)]  # columns, words of a mask: with bits to spare, and too few


def expected(logits, mask, columns):
    """The same, slowly."""
    out = np.asarray(logits).astype(np.float32)
    for row, words in zip(out, np.asarray(mask)):
        for column in range(columns):
            word = int(words[column // 32]) if column // 32 < len(words) else 0
            if not word >> column % 32 & 1:
                row[column] = -np.inf
    return out


def masks(words, rows=3):
    return np.random.default_rng(words).integers(-2**31, 2**31, (rows, words)).astype(np.int32)


def test_memory_is_changed_in_place():
    logits, mask = np.zeros((3, 70), np.float32), masks(3)
    assert xgr.apply_token_bitmask(logits, mask) is logits
    np.testing.assert_array_equal(logits, expected(np.zeros((3, 70)), mask, 70))


def test_wrong_arguments():
    logits = np.zeros((1, 32), np.float32)
    with pytest.raises(ValueError, match="backend is 'gpu'; expected one of 'auto', 'cpu', 'triton', 'torch'"):
        xgr.apply_token_bitmask_inplace(logits, masks(1, 1), backend="gpu")
    with pytest.raises(TypeError, match="logits are ndarray; expected a torch tensor"):
        xgr.apply_token_bitmask_inplace(logits, masks(1, 1), backend="triton")


def test_importing_it_imports_no_array_library():
    program = ("import sys, xgr, xgr.logits; "
               "print([name for name in ('torch', 'numpy', 'jax', 'mlx', 'triton') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


class TestTorch:
    @pytest.fixture(autouse=True)
    def torch(self):
        self.torch = pytest.importorskip("torch", reason="needs torch")

    def backends(self):
        return ["auto", "torch"]

    @pytest.mark.parametrize("columns, words", SHAPES)
    @pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16", "float64"])
    def test_backends_do_the_same(self, columns, words, kind):
        torch = self.torch
        mask = torch.from_numpy(masks(words))
        for backend in self.backends():
            start = torch.randn(3, columns).to(getattr(torch, kind))
            wide = torch.cat([start, start[:, :7]], 1)
            xgr.apply_token_bitmask_inplace(wide[:, :columns], mask, backend=backend)
            np.testing.assert_array_equal(wide[:, :columns].float(), expected(start.float(), mask, columns))
            assert torch.equal(wide[:, columns:], start[:, :7])

    def test_some_rows_and_columns(self):
        torch, mask = self.torch, self.torch.from_numpy(masks(3, 4))
        for backend in self.backends():
            logits = torch.zeros(3, 90)
            xgr.apply_token_bitmask_inplace(logits, mask, backend=backend, indices=[2, 0], mask_indices=[3, 1],
                                            vocab_size=70)
            rows = expected(torch.zeros(2, 70), mask[[3, 1]], 70)
            np.testing.assert_array_equal(logits[[2, 0], :70], rows)
            assert logits[1].eq(0).all() and logits[:, 70:].eq(0).all()
            xgr.apply_token_bitmask_inplace(logits, mask, backend=backend, indices=[])

    def test_wrong_rows(self):
        torch, mask = self.torch, self.torch.from_numpy(masks(3, 2))
        for backend in self.backends():
            for options, message in (({}, "logits have 3 rows, bitmask 2"), ({"indices": [0, 3]}, r"indices\[1\] is 3"),
                                     ({"indices": [1, 1]}, "twice"), ({"vocab_size": 71}, "vocab_size of 1 to that"),
                                     ({"indices": [0], "mask_indices": [2]}, r"mask_indices\[0\] is 2")):
                with pytest.raises((ValueError, xgr.XgrError), match=message):
                    xgr.apply_token_bitmask_inplace(torch.zeros(3, 70), mask, backend=backend, **options)

    def test_mask_of_ours_and_one_row(self):
        mask = xgr.allocate_token_bitmask(1, 70)
        xgr.bitmask_set_tokens(mask, [3, 69], False)
        for backend in self.backends():
            logits = self.torch.zeros(70)
            xgr.apply_token_bitmask_inplace(logits, mask, backend=backend)
            assert logits.isinf().nonzero().flatten().tolist() == [3, 69]

    def test_cuda(self):
        torch = self.torch
        if not torch.cuda.is_available():
            pytest.skip("needs a GPU")
        mask = torch.from_numpy(masks(47))
        for backend in ("auto", "triton", "torch"):
            logits = torch.zeros(3, 1500, device="cuda", dtype=torch.bfloat16)
            xgr.apply_token_bitmask_inplace(logits, mask if backend == "torch" else mask.cuda(), backend=backend)
            np.testing.assert_array_equal(logits.float().cpu(), expected(torch.zeros(3, 1500), mask, 1500))


class TestTriton(TestTorch):
    """The kernel, in Triton's interpreter where there is no GPU: the variable counts when triton is imported."""

    @pytest.fixture(autouse=True)
    def triton(self, torch):
        pytest.importorskip("triton", reason="needs triton")
        if os.environ.get("TRITON_INTERPRET") != "1":
            pytest.skip("run in a process of its own, see test_triton_in_a_process")

    def backends(self):
        return ["triton"]


def test_triton_in_a_process():
    pytest.importorskip("torch", reason="needs torch")
    pytest.importorskip("triton", reason="needs triton")
    if os.environ.get("TRITON_INTERPRET") == "1":
        pytest.skip("this is the process")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "-k", "TestTriton"],
                          check=False, capture_output=True, text=True, env={**os.environ, "TRITON_INTERPRET": "1"})
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("library", ["jax.numpy", "mlx.core"])
class TestImmutable:
    @pytest.fixture(autouse=True)
    def library_module(self, library):
        self.np = pytest.importorskip(library, reason=f"needs {library.partition('.')[0]}")

    def host(self, array):
        return np.array(array.astype(self.np.float32))

    @pytest.mark.parametrize("columns, words", SHAPES)
    @pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
    def test_a_new_array(self, library, columns, words, kind):
        start = np.random.default_rng(1).normal(size=(3, columns)).astype(np.float32)
        logits, mask = self.np.array(start).astype(getattr(self.np, kind)), masks(words)
        out = xgr.apply_token_bitmask(logits, mask)
        assert type(out) is type(logits) and out.dtype == logits.dtype
        np.testing.assert_array_equal(self.host(out), expected(self.host(logits), mask, columns))
        assert np.isfinite(self.host(logits)).all()

    def test_some_rows_and_columns(self, library):
        mask, logits = masks(3, 4), self.np.zeros((3, 90))
        out = self.host(xgr.apply_token_bitmask(logits, mask, indices=[2, 0], mask_indices=[3, 1], vocab_size=70))
        np.testing.assert_array_equal(out[[2, 0], :70], expected(np.zeros((2, 70)), mask[[3, 1]], 70))
        assert (out[1] == 0).all() and (out[:, 70:] == 0).all()
        assert self.host(xgr.apply_token_bitmask(self.np.zeros(70), mask[:1])).shape == (70,)

    def test_in_place_is_a_type_error(self, library):
        with pytest.raises(TypeError, match="cannot be changed; expected memory or a torch tensor"):
            xgr.apply_token_bitmask_inplace(self.np.zeros((1, 32)), masks(1, 1))
