"""XGrammarGrammar: what an engine's scheduler holds for one request."""
from __future__ import annotations

import time

from .._types import Memory, TokenIds
from .._values import whole
from .compiled_grammar import CompiledGrammar
from .matcher import GrammarMatcher


class XGrammarGrammar:
    """One request's grammar. For one thread at a time; while nobody changes it, several may fill masks.

    matcher     the state of the output
    vocab_size  size of the logits: bits of a row of the bitmasks that it fills
    ctx         the grammar that the matcher is an output of, which copy() starts anew
    """

    def __init__(self, matcher: GrammarMatcher, vocab_size: int, ctx: CompiledGrammar) -> None:
        if not isinstance(matcher, GrammarMatcher):
            raise TypeError(f"matcher is {type(matcher).__name__}; expected xgr.backend.GrammarMatcher")
        if not isinstance(ctx, CompiledGrammar):
            raise TypeError(f"ctx is {type(ctx).__name__}; expected xgr.backend.CompiledGrammar")
        if whole("vocab_size", vocab_size) != matcher.vocab_size:
            raise ValueError(f"vocab_size is {vocab_size}, but the grammar was compiled for logits of size "
                             f"{matcher.vocab_size}; expected the same")
        self.matcher, self.vocab_size, self.ctx = matcher, matcher.vocab_size, ctx
        self.num_processed_tokens = 0

    def accept_token(self, token_id: int) -> bool:
        """Takes the chosen token; False, and nothing changed, when it may not come next."""
        accepted = self.matcher.accept_token(token_id)
        self.num_processed_tokens += accepted
        return accepted

    def accept_tokens(self, token_ids: TokenIds) -> int:
        """Takes tokens up to the first that may not come next; how many."""
        accepted = self.matcher.accept_tokens(token_ids)
        self.num_processed_tokens += accepted
        return accepted

    def validate_tokens(self, token_ids: TokenIds) -> int:
        """How many of the tokens accept_tokens would take."""
        return self.matcher.validate_tokens(token_ids)

    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last tokens, any number up to the start."""
        self.matcher.rollback(num_tokens)
        self.num_processed_tokens -= num_tokens

    def reset(self) -> None:
        """Goes back to the start."""
        self.matcher.reset()
        self.num_processed_tokens = 0

    def is_terminated(self) -> bool:
        """Whether the output has ended, by a stop token."""
        return self.matcher.is_terminated()

    def fill_next_token_bitmask(self, bitmask: Memory, index: int = 0) -> bool:
        """Writes which tokens may come next to row `index`; False when all may."""
        begin = time.perf_counter()
        applies = self.matcher.fill_next_token_bitmask(bitmask, index)
        self.ctx.compiler.fill_times.add(time.perf_counter() - begin)
        return applies

    def fill_draft_bitmask(self, token_ids: TokenIds, bitmask: Memory, index: int = 0) -> int:
        """Masks before each token of a draft and after the last one, in the rows from `index` on, of which there are
        num_speculative_tokens and one more; how many of the tokens are valid."""
        begin = time.perf_counter()
        valid = self.matcher.fill_draft_bitmask(token_ids, bitmask, index)
        self.ctx.compiler.fill_times.add(time.perf_counter() - begin)
        return valid

    def jump_forward_string(self) -> str:
        """The text that the output goes on with whatever the model says; "" where there is a choice."""
        return self.matcher.find_jump_forward_string()

    def copy(self) -> XGrammarGrammar:
        """The same grammar for another request, at the start of its output."""
        ctx = self.ctx.copy()
        return XGrammarGrammar(GrammarMatcher(ctx, self.matcher.num_speculative_tokens), self.vocab_size, ctx)
