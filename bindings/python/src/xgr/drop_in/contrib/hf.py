"""LogitsProcessor for generate() of the package transformers, as the original has it."""
from __future__ import annotations

import typing

import torch
import transformers

from .._contract import ArgumentError
from ..compiler import CompiledGrammar
from ..matcher import GrammarMatcher, allocate_token_bitmask, apply_token_bitmask_inplace


class LogitsProcessor(transformers.LogitsProcessor):
    """Lets generate() choose only tokens that go on with an output of the grammar. For one call of generate().

    xgr.transformers.LogitsProcessor does the same for beam search and assisted generation, too.

    compiled_grammar    one for all prompts, or a list with one for each
    """

    def __init__(self, compiled_grammar: CompiledGrammar | list[CompiledGrammar]) -> None:
        self.compiled_grammars = list(compiled_grammar) if isinstance(compiled_grammar, list) else [compiled_grammar]
        for grammar in self.compiled_grammars:
            if not isinstance(grammar, CompiledGrammar):
                raise ArgumentError(f"compiled_grammar has a {type(grammar).__name__}; expected CompiledGrammar")
        self.full_vocab_size = self.compiled_grammars[0].tokenizer_info.vocab_size
        self.matchers: list[GrammarMatcher] = []
        self.batch_size = 0
        self.token_bitmask: typing.Any = None

    def _begin(self, rows: int) -> None:
        grammars = self.compiled_grammars * rows if len(self.compiled_grammars) == 1 else self.compiled_grammars
        if len(grammars) != rows:
            raise ArgumentError(f"{rows} rows for {len(grammars)} grammars; expected as many, or one grammar")
        self.batch_size = rows
        self.matchers = [GrammarMatcher(grammar) for grammar in grammars]
        self.token_bitmask = allocate_token_bitmask(rows, self.full_vocab_size)

    def _accept(self, input_ids: torch.LongTensor) -> None:
        if len(input_ids) != self.batch_size:
            raise ArgumentError(f"{len(input_ids)} rows, {self.batch_size} in the first call; expected as many: a "
                                "processor is for one call of generate()")
        for row, (matcher, token) in enumerate(zip(self.matchers, input_ids[:, -1].tolist())):
            if not matcher.is_terminated() and not matcher.accept_token(token):
                raise ArgumentError(f"the grammar refuses token {token} in row {row}; expected one that the mask "
                                    "allows: a processor is for one call of generate()")

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """The scores, of shape (rows, vocabulary), with those of forbidden tokens at minus infinity."""
        if self.matchers:
            self._accept(input_ids)
        else:
            self._begin(len(input_ids))
        for row, matcher in enumerate(self.matchers):
            if not matcher.is_terminated():
                matcher.fill_next_token_bitmask(self.token_bitmask, row)
        apply_token_bitmask_inplace(scores, self.token_bitmask.to(scores.device, non_blocking=True))
        return scores
