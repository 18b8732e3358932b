"""GrammarMatcher of a back-end: one output, with drafts."""
from __future__ import annotations

from typing import Any, cast

from .._types import Memory, TokenIds
from .._values import whole
from ..matcher import GrammarMatcher as _GrammarMatcher
from .compiled_grammar import CompiledGrammar


class GrammarMatcher(_GrammarMatcher):
    """One output of a CompiledGrammar, whose own state is left alone; see xgr.GrammarMatcher. Any number of tokens
    can be rolled back.

    num_speculative_tokens  how many tokens of a draft are looked at in one step, at most: fill_draft_bitmask
                            writes so many rows and one more
    options                 those of xgr.GrammarMatcher
    """

    __slots__ = ("num_speculative_tokens",)

    def __init__(self, grammar: CompiledGrammar, num_speculative_tokens: int = 0, **options: Any) -> None:
        if not isinstance(grammar, CompiledGrammar):
            raise TypeError(f"grammar is {type(grammar).__name__}; expected xgr.backend.CompiledGrammar")
        super().__init__(grammar.compiled, **options)
        self.num_speculative_tokens = whole("num_speculative_tokens", num_speculative_tokens, most=2**31 - 2)

    def fork(self) -> GrammarMatcher:
        """An independent matcher in the same state."""
        copy = cast(GrammarMatcher, super().fork())
        copy.num_speculative_tokens = self.num_speculative_tokens
        return copy

    def fill_draft_bitmask(self, token_ids: TokenIds, bitmask: Memory, index: int = 0) -> int:
        """Masks before each token of a draft and after the last one, in the rows from `index` on; how many of the
        tokens are valid. Rows behind those allow every token, and so do all that the draft does not need, up to
        num_speculative_tokens of them. Leaves the matcher as it was."""
        tokens = list(token_ids)
        if len(tokens) > self.num_speculative_tokens:
            raise ValueError(f"a draft of {len(tokens)} tokens; expected at most num_speculative_tokens, which is "
                             f"{self.num_speculative_tokens}")
        # -1 is no token, so that the rows behind the draft are written as those behind a refused token.
        padding = [-1] * (self.num_speculative_tokens - len(tokens))
        return self.fill_draft(tokens + padding, bitmask, index)[0]
