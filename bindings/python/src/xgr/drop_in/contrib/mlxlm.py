"""A processor of logits for mlx-lm, as the original has it."""
from __future__ import annotations

import typing

from ..compiler import CompiledGrammar
from ..kernels.apply_token_bitmask_mlx import apply_token_bitmask_mlx
from ..matcher import GrammarMatcher, allocate_token_bitmask


class XGrammarLogitsProcessor:
    """For the logits_processors of mlx_lm: the first call shows the prompt, each later one a token more.

    grammar                 a CompiledGrammar
    max_rollback_tokens     deprecated; any number can be undone
    """

    def __init__(self, grammar: CompiledGrammar, max_rollback_tokens: int = 16) -> None:
        self.matcher = GrammarMatcher(grammar)
        self.vocab_size = grammar.tokenizer_info.vocab_size
        self.bitmask = allocate_token_bitmask(1, self.vocab_size)
        self.seen_prompt = False

    def __call__(self, tokens: typing.Any, logits: typing.Any) -> typing.Any:
        """The logits with those of forbidden tokens at minus infinity; tokens are the ids so far."""
        if self.seen_prompt and not self.matcher.is_terminated():
            self.matcher.accept_token(int(tokens[-1]))
        self.seen_prompt = True
        if self.matcher.is_terminated():
            return logits
        self.matcher.fill_next_token_bitmask(self.bitmask)
        return apply_token_bitmask_mlx(self.bitmask, logits, self.vocab_size)
