"""Constrained generation with the PyTorch engine of LMDeploy, through its logits processors.

  processor = xgr.lmdeploy.LogitsProcessor(compiled)
  pipeline(prompts, gen_config=GenerationConfig(logits_processors=[processor]))

Nothing of lmdeploy is imported: it takes any callable with these arguments.
"""
from __future__ import annotations

import collections
from typing import Any

from ._rows import Follower, checked_grammars, id_lists
from .bitmask import allocate_token_bitmask
from .logits import apply_token_bitmask_inplace
from .matcher import GrammarMatcher

MAX_SEQUENCES = 4096  # the longest unused ones beyond that are forgotten; nobody tells when one is over


def _ends_with(ids: list[int], others: list[int]) -> bool:
    """Whether the shorter one of two lists is the end of the longer one."""
    count = min(len(ids), len(others))
    return count > 0 and ids[len(ids) - count:] == others[len(others) - count:]


class LogitsProcessor:
    """For GenerationConfig(logits_processors=[...]). One processor may be given to any number of requests, also
    at the same time.

    LMDeploy shows the ids of one sequence at a time, filled up on the left to the longest of the batch, and
    does not say whose they are. So a sequence is known by its end: it is the one that ended the same way
    before its last id, which its mask allowed. Without such a one it is new, and what it shows is its prompt. So a
    prompt that is the prompt of another one in flight and one id that its mask allows is taken for that one; where
    that can be, give each request a processor of its own.

    compiled_grammar   a CompiledGrammar
    matcher_options    those of GrammarMatcher
    """

    def __init__(self, compiled_grammar: Any, **matcher_options: Any) -> None:
        self._grammar, = checked_grammars(compiled_grammar)
        self._options = matcher_options
        self._bitmask = allocate_token_bitmask(1, self._grammar.tokenizer_info.vocab_size)
        self._new()  # tells now what is wrong with the arguments
        # The ids each sequence showed last, and its matcher; the last used one comes last.
        self._known: collections.deque[tuple[list[int], Follower]] = collections.deque(maxlen=MAX_SEQUENCES)

    def _new(self) -> Follower:
        return Follower(GrammarMatcher(self._grammar, **self._options))

    def _take(self, ids: list[int]) -> Follower:
        """The follower of the sequence that showed all but the last of these ids, without that id."""
        for i in range(len(self._known) - 1, -1, -1):
            shown, follower = self._known[i]
            if _ends_with(ids[:-1], shown) and follower.matcher.is_token_allowed(ids[-1]):
                del self._known[i]
                follower.follow(follower.ids + ids[-1:])
                return follower
        return self._new()

    def __call__(self, all_ids: Any, logits: Any) -> Any:
        """Changes and returns the logits of one sequence, of shape (vocabulary,). all_ids are its ids so far."""
        ids = id_lists(all_ids)
        follower = self._take(ids)
        if follower.matcher.is_terminated():
            return logits
        self._known.append((ids, follower))
        if follower.matcher.fill_next_token_bitmask(self._bitmask):
            apply_token_bitmask_inplace(logits, self._bitmask)
        return logits
