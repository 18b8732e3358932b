"""CompositeGrammar: several grammars that constrain one output."""
from __future__ import annotations

from typing import Callable, Iterable

from .._types import Memory
from .._values import choice
from .._library import lib
from ..bitmask import allocate_token_bitmask, rows_for, rows_of
from ..error import ErrorCode, XgrError, check
from ..grammar import Grammar
from .compiled_grammar import CompiledGrammar
from .compiler import Request
from .grammar_type import GrammarType
from .matcher import GrammarMatcher
from .wrapper import XGrammarGrammar


def _meet(grammars: list[Grammar]) -> Grammar:
    met = grammars[0]
    for grammar in grammars[1:]:
        met = met.intersection(grammar)
    return met


_MODES: dict[str, Callable[[list[Grammar]], Grammar]] = {
    "chain": lambda grammars: Grammar.concat(*grammars),
    "union": lambda grammars: Grammar.union(*grammars),
    "intersection": _meet,
}


def _parts(grammar: XGrammarGrammar | CompositeGrammar, mode: str) -> list[CompiledGrammar]:
    """What a composite takes of one of its grammars."""
    if isinstance(grammar, XGrammarGrammar):
        return [grammar.ctx]
    if not isinstance(grammar, CompositeGrammar):
        raise TypeError(f"one of grammars is {type(grammar).__name__}; expected what compile_grammar returns, or "
                        "CompositeGrammar")
    if len(grammar.parts) > 1 and mode != "intersection":
        raise ValueError(f"an intersection that is followed side by side is part of a {mode}; expected it in "
                         "intersections only")
    return grammar.parts


class CompositeGrammar:
    """Several grammars of one back-end as one. Each begins anew, whatever its output was. For one thread at a time.

    grammars    what compile_grammar returned, or other composites of the same tokenizer
    mode        "chain": a text of the first, then one of the second, and so on; "union": a text of at least one;
                "intersection": a text of all

    They are compiled to one grammar, which may_be_stuck tells of. The library intersects no two grammars that both
    count nested parts, such as two schemas of objects: then all of them are followed side by side, and a token is
    allowed when each allows it. That is exact for every token, but may lead to where they have none in common.
    """

    def __init__(self, grammars: Iterable[XGrammarGrammar | CompositeGrammar], mode: str = "chain") -> None:
        join = choice("mode", mode, _MODES)
        parts = [part for grammar in grammars for part in _parts(grammar, mode)]
        if not parts:
            raise ValueError("grammars is empty; expected at least one")
        compiler = parts[0].compiler
        if any(part.compiler is not compiler for part in parts):
            raise ValueError("the grammars are of different tokenizers or back-ends; expected those of one")
        request = Request(GrammarType.GRAMMAR, [mode, [part.cache_key for part in parts]], {},
                          lambda: join([part.source for part in parts]))
        try:
            self.parts = [compiler.compile(request)]
        except XgrError as error:
            if mode != "intersection" or error.code != ErrorCode.UNSUPPORTED:
                raise
            self.parts = parts
        self.mode, self.vocab_size = mode, parts[0].vocab_size
        self._matchers = [GrammarMatcher(part) for part in self.parts]
        self._row = allocate_token_bitmask(1, self.vocab_size)

    @property
    def may_be_stuck(self) -> bool:
        """Whether the grammars are followed side by side, so that an output may come to where no token is left."""
        return len(self._matchers) > 1

    def accept_token(self, token_id: int) -> bool:
        """Takes the chosen token; False, and nothing changed, when it may not come next."""
        if not all(matcher.is_token_allowed(token_id) for matcher in self._matchers):
            return False
        return all([matcher.accept_token(token_id) for matcher in self._matchers])

    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last tokens, up to the start."""
        for matcher in self._matchers:  # all have taken the same tokens, so it fails for the first or for none
            matcher.rollback(num_tokens)

    def reset(self) -> None:
        """Goes back to the start."""
        for matcher in self._matchers:
            matcher.reset()

    def is_terminated(self) -> bool:
        """Whether the output has ended, by a stop token."""
        return all(matcher.is_terminated() for matcher in self._matchers)

    def fill_next_token_bitmask(self, bitmask: Memory, index: int = 0) -> bool:
        """Writes which tokens may come next to row `index`; False when all may."""
        first, *others = self._matchers
        applies = first.fill_next_token_bitmask(bitmask, index)
        if others:
            words, own = first.mask_words, rows_of(self._row)
            target = rows_for(bitmask, words, exact=True).row(index)
            for matcher in others:
                applies = matcher.fill_next_token_bitmask(self._row) or applies
                check(lib.xgr_bitmask_and(target, own.first, words))
        return applies
