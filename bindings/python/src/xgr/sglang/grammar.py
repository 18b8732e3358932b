"""One request of SGLang: a matcher with the methods that its scheduler calls."""
from __future__ import annotations

import dataclasses
from typing import Any, Sequence

import torch
from sglang.srt.constrained.base_grammar_backend import BaseGrammarObject, GrammarStats

from .._rows import common_length
from ..batch import BatchGrammarMatcher
from ..bitmask import bitmask_set_tokens, get_bitmask_shape
from ..compiler import CompiledGrammar
from ..logits import apply_token_bitmask_inplace
from ..matcher import GrammarMatcher


def new_vocab_mask(vocab_size: int, batch_size: int) -> torch.Tensor:
    """An int32 bitmask on the CPU that allows everything, pinned where that speeds up the copy."""
    return torch.full(get_bitmask_shape(batch_size, vocab_size), -1, dtype=torch.int32,
                      pin_memory=torch.cuda.is_available())


class Masks:
    """What back ends and grammars do with bitmasks; none of it depends on a request."""

    _batch: BatchGrammarMatcher | None = None  # of the scheduler's thread, the only one that fills masks

    @staticmethod
    def allocate_vocab_mask(vocab_size: int, batch_size: int, device: Any) -> torch.Tensor:
        """A bitmask on the CPU, where masks are filled."""
        return new_vocab_mask(vocab_size, batch_size)

    @staticmethod
    def reset_vocab_mask(vocab_mask: torch.Tensor) -> None:
        """Allows everything."""
        vocab_mask.fill_(-1)

    @staticmethod
    def move_vocab_mask(vocab_mask: torch.Tensor, device: Any) -> torch.Tensor:
        """The bitmask on the device of the logits."""
        return vocab_mask.to(device, non_blocking=True)

    @staticmethod
    def apply_vocab_mask(logits: torch.Tensor, vocab_mask: torch.Tensor) -> None:
        """Sets the logits of forbidden tokens to minus infinity."""
        apply_token_bitmask_inplace(logits, vocab_mask)

    @staticmethod
    def fill_vocab_mask_batched(entries: list[Any], vocab_mask: torch.Tensor) -> None:
        """Fills the rows of all entries in one call; the other rows are left alone."""
        matchers, rows = [], []
        for entry in entries:
            matcher = getattr(entry.grammar, "deciding_matcher", None)
            if matcher is None:  # of another back end, or without a say
                entry.grammar.fill_vocab_mask(vocab_mask, entry.row)
            else:
                matchers.append(matcher)
                rows.append(entry.row)
        if len(matchers) == 1:
            matchers[0].fill_next_token_bitmask(vocab_mask, rows[0])
        elif matchers:
            if Masks._batch is None:
                Masks._batch = BatchGrammarMatcher()
            Masks._batch.batch_fill_next_token_bitmask(matchers, vocab_mask, rows)


def set_token_filter(vocab_mask: torch.Tensor, token_ids: list[int], batch_idx: int, is_allowed: bool = True,
                     reset_vocab_mask: bool = True) -> None:
    """Allows or forbids tokens in a row; with reset_vocab_mask, all others get the opposite before."""
    row = vocab_mask[batch_idx]
    if reset_vocab_mask:
        row.fill_(0 if is_allowed else -1)
    if not token_ids:
        return
    if row.device.type == "cpu":
        bitmask_set_tokens(row, token_ids, is_allowed)
        return
    host = row.cpu()
    bitmask_set_tokens(host, token_ids, is_allowed)
    row.copy_(host)


class Grammar(Masks, BaseGrammarObject):
    """A constrained output.

    compiled           its grammar
    matcher_options    those of its matchers, also of those that copy() makes
    key_string         what the request asked for, for messages
    """

    def __init__(self, compiled: CompiledGrammar, matcher_options: dict[str, Any] | None = None,
                 key_string: str | None = None, grammar_stats: GrammarStats | None = None,
                 matcher: GrammarMatcher | None = None) -> None:
        super().__init__()
        self.compiled, self.matcher_options = compiled, matcher_options or {}
        self.matcher = matcher or GrammarMatcher(compiled, **self.matcher_options)
        self.key_string, self.grammar_stats = key_string, grammar_stats

    @property
    def deciding_matcher(self) -> GrammarMatcher | None:
        """The matcher that says which tokens may come next."""
        return self.matcher

    def accept_token(self, token: int) -> None:
        """Takes the chosen token; nothing once the output has ended. Raises ValueError where it is refused, which
        aborts the request."""
        if self.matcher.is_terminated():
            return
        self.current_token = token
        if not self.matcher.accept_token(token):
            raise ValueError(f"the grammar refuses token {token} behind {self.matcher.history_size} others; it was "
                             f"made of {self.key_string}")

    def rollback(self, k: int) -> None:
        """Undoes the last tokens."""
        self.matcher.rollback(k)

    def is_terminated(self) -> bool:
        """Whether the output has ended."""
        return self.matcher.is_terminated()

    def fill_vocab_mask(self, vocab_mask: torch.Tensor, idx: int) -> None:
        """Fills row idx; everything is allowed once the output has ended."""
        self.matcher.fill_next_token_bitmask(vocab_mask, idx)

    def copy(self) -> Grammar:
        """Another output in the same state. Costs the same whatever that is."""
        stats = self.grammar_stats and dataclasses.replace(self.grammar_stats, is_cache_hit=True,
                                                           tree_traversal_time=[])
        return Grammar(self.compiled, self.matcher_options, self.key_string, stats, self.matcher.fork())

    def restart(self, **matcher_options: Any) -> None:
        """Goes back to the beginning, with further options of the matcher."""
        self.matcher = GrammarMatcher(self.compiled, **{**self.matcher_options, **matcher_options})

    # --- jump-forward

    def try_jump_forward(self, tokenizer: Any) -> tuple[list[int], str] | None:
        """The text that every continuation begins with, in whole characters, with no ids; None where there is
        none."""
        if self.matcher.is_terminated() or self.matcher.is_waiting():
            return None
        text = self.matcher.find_jump_forward_string()
        return ([], text) if text else None

    def jump_forward_str_state(self, helper: tuple[list[int], str]) -> tuple[str, int]:
        """That text, and a state that means nothing: the ids tell."""
        return helper[1], -1

    def jump_and_retokenize(self, old_output_ids: Sequence[int], new_output_ids: Sequence[int],
                            next_state: int) -> None:
        """Goes from the old ids of the output to the new ones. Raises ValueError where one is refused."""
        old, new = list(old_output_ids), list(new_output_ids)
        same = common_length(old, new)
        self.matcher.rollback(len(old) - same)
        accepted = self.matcher.accept_tokens(new[same:])
        if accepted < len(new) - same:
            raise ValueError(f"the grammar refuses token {new[same + accepted]} at place {same + accepted} of "
                             f"{new}, which stand for {old}; it was made of {self.key_string}")

    def __repr__(self) -> str:
        return f"Grammar(key_string={self.key_string!r}, current_token={self.current_token!r})"
