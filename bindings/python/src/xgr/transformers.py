"""Constrained generate() of the package transformers.

  processor = xgr.transformers.LogitsProcessor(compiled)
  model.generate(**inputs, logits_processor=[processor])
"""
from __future__ import annotations

from typing import Any

import torch
from transformers import LogitsProcessor as _Base

from ._rows import Generation
from .logits import apply_token_bitmask_inplace


class LogitsProcessor(_Base):
    """Lets generate() choose only tokens that go on with an output of the grammar.

    Works with sampling, greedy and beam search, several prompts, and assisted generation: by an assistant
    model that writes the same tokens, by prompt lookup, by early exit. Continuous batching does not show whole
    outputs and is not supported.

    compiled_grammar   a CompiledGrammar, or a list with one for each prompt of the batch
    prompt_length      how many ids of a row come before the constrained output; None: as many as the first
                       call shows, which is the prompt
    matcher_options    those of GrammarMatcher: starts, max_waiting_tokens and so on

    Another generate() with other prompts may use the same processor; where a prompt goes on from the last
    output, reset() comes first. Not for two calls at the same time.
    """

    supports_continuous_batching = False

    def __init__(self, compiled_grammar: Any, *, prompt_length: int | None = None, **matcher_options: Any) -> None:
        super().__init__()
        self._generation = Generation(compiled_grammar, prompt_length, drafts=True, **matcher_options)

    def reset(self) -> None:
        """Forgets the last outputs."""
        self._generation.reset()

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """scores, of shape (rows, vocabulary), with those of forbidden tokens at minus infinity: a new tensor,
        as generate() may keep the old one."""
        bitmask, rows = self._generation.masks(input_ids)
        if not rows:
            return scores
        scores = scores.clone()
        apply_token_bitmask_inplace(scores, bitmask, indices=rows)
        return scores
