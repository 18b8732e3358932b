"""GrammarMatcher, BatchGrammarMatcher and bitmasks, as the original has them."""
from __future__ import annotations

import functools
import os
import typing
import warnings

from .. import batch, matcher
from .. import bitmask as bitmasks
from .._library import ffi, lib
from ..bitmask import reset_token_bitmask
from ..error import ErrorCode, XgrError
from ._captures import markers_first
from ._contract import ArgumentError, contract
from .compiler import CompiledGrammar

__all__ = ["BatchGrammarMatcher", "GrammarMatcher", "allocate_token_bitmask", "apply_token_bitmask_inplace",
           "bitmask_dtype", "get_bitmask_shape", "reset_token_bitmask"]

if typing.TYPE_CHECKING:
    import torch

    bitmask_dtype: torch.dtype


def __getattr__(name: str) -> typing.Any:
    if name == "bitmask_dtype":
        try:
            import torch
        except ImportError:
            return "int32"
        return torch.int32
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def get_bitmask_shape(batch_size: int, vocab_size: int) -> tuple[int, int]:
    """(rows, words a row)."""
    return batch_size, (vocab_size + 31) // 32


def allocate_token_bitmask(batch_size: int, vocab_size: int) -> torch.Tensor:
    """An int32 tensor on the CPU with the shape above that allows every token; where there is no torch, a
    memoryview."""
    try:
        import torch
    except ImportError:
        return typing.cast("torch.Tensor", bitmasks.allocate_token_bitmask(batch_size, vocab_size))
    return torch.full(get_bitmask_shape(batch_size, vocab_size), -1, dtype=torch.int32)


@contract
def apply_token_bitmask_inplace(logits: typing.Any, bitmask: typing.Any, *, vocab_size: int | None = None,
                                indices: typing.Any = None, backend: str = "auto") -> None:
    """Sets the logits of all tokens that a bitmask does not allow to minus infinity.

    logits, bitmask     on the same device
    vocab_size          logits of a row that count; None: as many as both have
    indices             which rows of both; None: all
    backend             "auto", "cpu", "triton", "torch_compile" or "torch_native"; "cuda" is "triton"
    """
    from .kernels import apply

    apply(logits, bitmask, vocab_size, indices, backend)


class GrammarMatcher(matcher.GrammarMatcher):
    """Says which tokens may come next and takes the chosen one.

    override_stop_tokens            an id or several, instead of the tokenizer's stop tokens
    terminate_without_stop_token    no stop token is ever allowed; the output has ended whenever it is complete
    max_rollback_tokens             deprecated: any number can be undone
    default_temperature             what `temperature` is where no rule says anything
    """

    __slots__ = ("_compiled", "_info", "_never_ends", "_scratch", "_without_stop")
    _scratch: bytearray

    @contract
    def __init__(self, compiled_grammar: CompiledGrammar, *,
                 override_stop_tokens: int | typing.Sequence[int] | None = None,
                 terminate_without_stop_token: bool = False, max_rollback_tokens: int = -1,
                 default_temperature: float | None = None) -> None:
        if max_rollback_tokens != -1:
            warnings.warn("max_rollback_tokens is deprecated: any number of tokens can be undone",
                          DeprecationWarning, stacklevel=3)
        if not isinstance(compiled_grammar, CompiledGrammar):
            raise ArgumentError(f"compiled_grammar is {type(compiled_grammar).__name__}; expected CompiledGrammar, "
                                "as GrammarCompiler makes it")
        self._compiled, self._info = compiled_grammar, compiled_grammar.tokenizer_info
        if self._info._added:
            self.__class__ = _without_all_bytes(type(self))  # type: ignore[arg-type]  # types have a hash
        # Without any stop token an output never ends, but may be complete.
        self._never_ends = (not terminate_without_stop_token and override_stop_tokens is None
                            and not self._info.stop_token_ids)
        self._without_stop = bool(terminate_without_stop_token or self._never_ends)
        super().__init__(compiled_grammar, override_stop_tokens=override_stop_tokens,
                         terminate_without_stop_token=self._without_stop,
                         default_temperature=default_temperature)

    def _unusual(self, kind: int, bitmask: typing.Any, index: int) -> bool:
        if kind != lib.XGR_MASK_KIND_TERMINATED:
            return super()._unusual(kind, bitmask, index)
        if not self._without_stop:
            raise _ended("fill_next_token_bitmask")
        # Complete, nothing can follow, and there is no stop token to say so with.
        words = self.mask_words
        ffi.memmove(bitmasks.rows_for(bitmask, words).row(index), bytes(4 * words), 4 * words)
        return True

    _aim_at = contract(matcher.GrammarMatcher._aim_at)
    accept_string = contract(matcher.GrammarMatcher.accept_string)

    @contract
    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last steps, up to the start."""
        if num_tokens > 0:
            super().rollback(num_tokens)

    def is_terminated(self) -> bool:
        """Whether the output has ended: by a stop token, or as terminate_without_stop_token says."""
        return not self._never_ends and super().is_terminated()

    def _check_running(self, call: str) -> None:
        if not self._without_stop and self.is_terminated():
            raise _ended(call)

    def find_jump_forward_string(self) -> str:
        """The characters that every continuation of the output begins with."""
        self._check_running("find_jump_forward_string")
        return super().find_jump_forward_string()

    def get_captures(self, *, deduplicate: bool = True) -> list[tuple[str, bytes]]:
        """The texts of rules with a capture name, as (name, bytes), as xgr has them; a marker comes in front of
        the text that it ends."""
        captures = super().get_captures(deduplicate)
        return markers_first(captures, self._compiled._marker_names()) if len(captures) > 1 else captures

    def find_jump_forward_tokens(self) -> list[int]:
        """The tokens that every continuation of the output begins with, each the longest; without the last one
        where the vocabulary has a longer one that begins with it."""
        if self.is_completed():
            return []
        return self._info._find_jumps().tokens(self.forced_bytes(), set(self.stop_token_ids))

    @contract
    def traverse_draft_tree(self, retrieve_next_token: typing.Any, retrieve_next_sibling: typing.Any,
                            draft_tokens: typing.Any, token_bitmask: typing.Any, time_threshold: float = -1.0,
                            temperatures: typing.Any = None) -> bool:
        """Masks after the nodes of a tree of proposed tokens; see GrammarMatcher of xgr."""
        for name, nodes in (("retrieve_next_token", retrieve_next_token),
                            ("retrieve_next_sibling", retrieve_next_sibling), ("draft_tokens", draft_tokens)):
            if not hasattr(nodes, "dtype"):
                raise ArgumentError(f"{name} is {type(nodes).__name__}; expected an array or a tensor of int64")
            if not str(nodes.dtype).endswith("int64") or len(nodes.shape) != 1:
                raise ArgumentError(f"{name} has {len(nodes.shape)} dimensions of {nodes.dtype}; expected one of "
                                    "int64")
        if not hasattr(token_bitmask, "shape"):
            raise ArgumentError(f"token_bitmask is {type(token_bitmask).__name__}; expected what "
                                "allocate_token_bitmask returns")
        if len(token_bitmask.shape) != 2 or token_bitmask.shape[0] != draft_tokens.shape[0]:
            raise ArgumentError(f"token_bitmask has the shape {tuple(token_bitmask.shape)}; expected a row for each "
                                f"of {draft_tokens.shape[0]} nodes")
        return super().traverse_draft_tree(retrieve_next_token, retrieve_next_sibling, draft_tokens, token_bitmask,
                                           time_threshold, temperatures)

    def fork(self) -> GrammarMatcher:
        """An independent matcher in the same state."""
        copy = typing.cast(GrammarMatcher, super().fork())
        copy._never_ends, copy._without_stop = self._never_ends, self._without_stop
        copy._compiled, copy._info = self._compiled, self._info
        return copy

    @property
    def max_rollback_tokens(self) -> int:
        """-1: any number."""
        return -1

    def _debug_print_internal_state(self) -> str:
        """What repr() says."""
        return repr(self)


class _WithoutAllBytes(GrammarMatcher):
    """A matcher for a vocabulary with tokens behind those that the model has; see _spelling.py. Its masks are
    filled elsewhere, and what the model has of them is copied."""

    __slots__ = ()

    @property
    def vocab_size(self) -> int:
        return self._info.vocab_size

    @property
    def mask_words(self) -> int:
        return (self._info.vocab_size + 31) // 32

    def accept_token(self, token_id: int, *, debug_print: bool = False) -> bool:
        return super().accept_token(token_id if token_id < self._info.vocab_size else -1, debug_print=debug_print)

    def is_token_allowed(self, token_id: int) -> bool:
        return token_id < self._info.vocab_size and super().is_token_allowed(token_id)

    def accept_tokens(self, token_ids: typing.Any) -> int:
        return super().accept_tokens(self._of_model(token_ids))

    def validate_tokens(self, token_ids: typing.Any) -> int:
        return super().validate_tokens(self._of_model(token_ids))

    def _of_model(self, token_ids: typing.Any) -> list[int]:
        size = self._info.vocab_size
        return [token if token < size else -1 for token in map(int, token_ids)]

    @contract
    def fill_next_token_bitmask(self, bitmask: typing.Any, index: int = 0, *, debug_print: bool = False) -> bool:
        rows, words = bitmasks.rows_for(bitmask, self.mask_words, exact=True), self.mask_words
        row = rows.row(index)
        try:
            scratch = self._scratch
        except AttributeError:
            scratch = self._scratch = bytearray(4 * super().mask_words)
        super().fill_next_token_bitmask(scratch)
        ffi.memmove(row, scratch, 4 * words)
        if self._info.vocab_size % 32:
            row[words - 1] &= (1 << self._info.vocab_size % 32) - 1
        if debug_print:
            self._report_mask(bitmask, index)
        return bool(lib.xgr_bitmask_count(row, words) < self._info.vocab_size)


@functools.lru_cache(maxsize=None)
def _without_all_bytes(kind: type[GrammarMatcher]) -> type[GrammarMatcher]:
    """The class of such matchers among the objects of a class."""
    if kind is GrammarMatcher:
        return _WithoutAllBytes
    return type(kind.__name__, (kind, _WithoutAllBytes), {"__slots__": (), "__module__": kind.__module__})


def _ended(call: str) -> XgrError:
    return XgrError(f"{call}: the matcher has terminated: a stop token was accepted. Expected rollback or reset "
                    "before", ErrorCode.INVALID_STATE)


def _check_matchers(matchers: typing.Any) -> None:
    for i, each in enumerate(matchers):
        if not isinstance(each, GrammarMatcher):
            raise ArgumentError(f"matchers[{i}] is {type(each).__name__}; expected GrammarMatcher")


def _contracted(name: str) -> typing.Any:
    """A method of xgr's BatchGrammarMatcher that can be called on the class, too, under the contract."""
    method = batch.BatchGrammarMatcher.__dict__[name]
    return type(method)(contract(method.function))


def _batch_accept_token() -> typing.Any:
    """The same for ids of which the vocabulary has some only that the model has."""
    method = batch.BatchGrammarMatcher.__dict__["batch_accept_token"]

    @functools.wraps(method.function)
    def call(self: typing.Any, matchers: typing.Any, tokens: typing.Any, debug_print: bool = False) -> list[bool]:
        _check_matchers(matchers)
        known = [token if token < each.vocab_size else -1 for each, token in zip(matchers, tokens)]
        return typing.cast("list[bool]", method.function(
            self, matchers, known if len(known) == len(matchers) == len(tokens) else tokens, debug_print))

    return type(method)(contract(call))


class BatchGrammarMatcher(batch.BatchGrammarMatcher):
    """Threads that serve many matchers at once.

    max_threads     how many may work at once, the one that calls included; "auto": half as many as the machine
                    has
    """

    __slots__ = ()

    @contract
    def __init__(self, max_threads: int | str = "auto", *, threads: int | None = None) -> None:
        most = os.cpu_count() or 1
        if isinstance(max_threads, int) and max_threads > most:
            warnings.warn(f"max_threads is {max_threads}; the machine has {most}", stacklevel=3)
            max_threads = most
        super().__init__(max_threads, threads=threads)

    batch_accept_string = _contracted("batch_accept_string")
    batch_rollback = _contracted("batch_rollback")
    batch_fill_temperature = _contracted("batch_fill_temperature")

    batch_accept_token = _batch_accept_token()

    @contract
    def batch_fill_next_token_bitmask(
            self, matchers: typing.Any, bitmask: typing.Any, indices: typing.Any = None,
            debug_print: bool = False) -> None:
        """Fills a row of a bitmask with each matcher: row indices[i] with matcher i, without indices row i."""
        _check_matchers(matchers)
        for each in matchers:
            each._check_running("batch_fill_next_token_bitmask")
        places = range(len(matchers)) if indices is None else [int(i) for i in indices]
        alone = [isinstance(each, _WithoutAllBytes) for each in matchers]
        if not any(alone):
            needed = super().batch_fill_next_token_bitmask(matchers, bitmask, indices, debug_print)
            # What has ended without a stop token allows nothing.
            alone = [not apply and each.is_completed() for each, apply in zip(matchers, needed)]
        elif len(places) != len(matchers):
            raise ArgumentError(f"indices has {len(places)} rows, for {len(matchers)} matchers; expected as many")
        else:
            alone = [True] * len(matchers)
        for each, place, wanted in zip(matchers, places, alone):
            if wanted:
                each.fill_next_token_bitmask(bitmask, place, debug_print=debug_print)
