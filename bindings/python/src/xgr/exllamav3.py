"""Constrained generation with ExLlamaV3: a filter of its jobs.

  grammar_filter = xgr.exllamav3.Filter(tokenizer, compiled)
  Job(input_ids=ids, filters=[grammar_filter])
"""
from __future__ import annotations

from typing import Any

import torch
from exllamav3.generator.filter import Filter as _Base

from ._rows import checked_grammars
from .bitmask import allocate_token_bitmask, bitmask_count
from .error import ErrorCode, XgrError
from .logits import apply_token_bitmask_inplace
from .matcher import GrammarMatcher


class Filter(_Base):
    """Lets a job choose only tokens that go on with an output of the grammar.

    tokenizer             that of the model
    compiled_grammar      a CompiledGrammar, compiled for the vocabulary of the model
    trigger_token         the filter begins behind this token, and again behind the next one; None: at once
    prefix_str            text that the job begins with, before anything is sampled
    eos_after_completed   the job ends when the output is complete; otherwise it goes on, free
    consume_prefix        prefix_str is the beginning of the output of the grammar, not text before it
    matcher_options       those of GrammarMatcher
    """

    def __init__(self, tokenizer: Any, compiled_grammar: Any, *, trigger_token: int | None = None,
                 prefix_str: str | None = None, eos_after_completed: bool = True, consume_prefix: bool = False,
                 **matcher_options: Any) -> None:
        super().__init__(tokenizer, trigger_token, prefix_str, eos_after_completed)
        grammar, = checked_grammars(compiled_grammar)
        self._matcher = GrammarMatcher(grammar, **matcher_options)
        self._bitmask = allocate_token_bitmask(1, grammar.tokenizer_info.vocab_size)
        self._text = prefix_str if consume_prefix else None
        self._ended = False
        self._begin()

    def _begin(self) -> None:
        self._matcher.reset()
        self._ended = False
        if self._text and not self._matcher.accept_string(self._text):
            raise XgrError(f"prefix_str is {self._text!r}, which no output of the grammar begins with",
                           ErrorCode.INVALID_ARGUMENT)

    def reset(self) -> None:
        """Goes back to the beginning of the output."""
        self._begin()

    def accept_token(self, token: int) -> None:
        """Takes the chosen token."""
        if not self._matcher.accept_token(int(token)):
            raise XgrError(f"the grammar refuses token {int(token)}; expected one that the mask allows",
                           ErrorCode.INVALID_ARGUMENT)
        self._ended = self._matcher.is_terminated() or self._is_full()

    def _is_full(self) -> bool:
        """Whether the output is complete and nothing but its end may follow."""
        if not self._matcher.is_completed():
            return False
        self._matcher.fill_next_token_bitmask(self._bitmask)
        return bitmask_count(self._bitmask) <= len(self._matcher.stop_token_ids)

    def get_next_logit_mask(self) -> torch.Tensor:
        """What is added to the logits, on the CPU: 0 for tokens that are allowed, else minus infinity, of shape
        (1, padded vocabulary)."""
        mask = torch.zeros((1, self.vocab_size), dtype=self.logits_dtype)
        self._matcher.fill_next_token_bitmask(self._bitmask)
        apply_token_bitmask_inplace(mask, self._bitmask)
        return mask

    def is_completed(self) -> bool:
        """Whether the output has ended."""
        return self._ended

    def use_background_worker(self) -> bool:
        """Yes: the masks let other threads run meanwhile."""
        return True
