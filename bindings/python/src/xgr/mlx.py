"""Constrained generation with mlx-lm.

  processor = xgr.mlx.LogitsProcessor(compiled)
  mlx_lm.generate(model, tokenizer, prompt, logits_processors=[processor])

Nothing of mlx_lm is imported: it takes any callable with these arguments.
"""
from __future__ import annotations

from typing import Any

from ._rows import Generation, id_lists
from .logits import apply_token_bitmask


class LogitsProcessor:
    """For the logits_processors of mlx_lm. One at a time: it begins anew with the next prompt.

    compiled_grammar   a CompiledGrammar
    matcher_options    those of GrammarMatcher
    """

    def __init__(self, compiled_grammar: Any, **matcher_options: Any) -> None:
        self._generation = Generation(compiled_grammar, **matcher_options)

    def __call__(self, tokens: Any, logits: Any) -> Any:
        """A new array of the logits, of shape (vocabulary,) or (1, vocabulary), with those of forbidden tokens
        at minus infinity. tokens are the ids so far."""
        bitmask, rows = self._generation.masks([id_lists(tokens)])
        return apply_token_bitmask(logits, bitmask, indices=rows) if rows else logits
