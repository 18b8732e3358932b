"""Rows of token ids and the matchers that follow them: what the processors of logits of all engines share.

An engine shows the output so far as a list of ids, anew at each step. Mostly it is longer by one id. It may
be longer by several or shorter, when drafts are checked, and belong to another output than the row had
before, when beams change places. A row is compared with what its matcher has seen: what is new is accepted,
what is gone is rolled back, and a matcher that two rows go on from is forked.
"""
from __future__ import annotations

from typing import Any, Callable, Sequence

from .batch import BatchGrammarMatcher
from .bitmask import allocate_token_bitmask
from .compiler import CompiledGrammar
from .error import ErrorCode, XgrError
from .matcher import GrammarMatcher


def common_length(some: Sequence[int], others: Sequence[int]) -> int:
    """How many ids two lists have in common at their beginning."""
    count = min(len(some), len(others))
    if some[:count] == others[:count]:
        return count
    return next(i for i in range(count) if some[i] != others[i])


class Follower:
    """A matcher, and the ids of the output that it has been shown.

    ids       all of them
    taken     how many of them the matcher has accepted. Those behind were not looked at: the output had
              ended, as engines pad rows that have, or the grammar refuses the first of them
    refused   whether it does
    """

    __slots__ = ("ids", "matcher", "refused", "taken")

    def __init__(self, matcher: GrammarMatcher) -> None:
        self.matcher = matcher
        self.ids: list[int] = []
        self.taken = 0
        self.refused = False

    def fork(self) -> Follower:
        """Another one in the same state; costs the same however long the output is."""
        other = Follower(self.matcher.fork())
        other.ids, other.taken, other.refused = list(self.ids), self.taken, self.refused
        return other

    def follow(self, ids: list[int]) -> None:
        """Brings the matcher to the state behind these ids, which are all of the output."""
        known = len(self.ids)
        if ids[:known] != self.ids:
            known = common_length(self.ids, ids)
            self._go_back(known)
        new = ids[known:]
        self.ids.extend(new)
        if not new or self.taken < known or self.refused:
            return
        accepted = self.matcher.accept_tokens(new)
        self.taken += accepted
        self.refused = accepted < len(new) and not self.matcher.is_terminated()

    def _go_back(self, count: int) -> None:
        if count < self.taken:
            self.matcher.rollback(self.taken - count)
            self.taken = count
        if count <= self.taken:
            self.refused = False
        del self.ids[count:]

    def needs_mask(self) -> bool:
        """Whether the grammar has a say in the next id: not behind the end, nor behind a refused id."""
        return self.taken == len(self.ids) and not self.matcher.is_terminated()


class Rows:
    """The matchers of the rows of a batch.

    new_matcher   makes the matcher of a row at the beginning of its output, by the index of its grammar
    grammars      how many grammars there are. Row i of n has number i * grammars // n, so that beams of one
                  input are next to each other
    """

    def __init__(self, new_matcher: Callable[[int], GrammarMatcher], grammars: int = 1) -> None:
        self._new_matcher, self._grammars = new_matcher, grammars
        self._followers: list[Follower] = []
        self._batch: BatchGrammarMatcher | None = None

    def clear(self) -> None:
        """Forgets all outputs."""
        self._followers = []

    def follow(self, rows: list[list[int]]) -> list[Follower]:
        """Brings a matcher to each row, which has all ids of its output; the followers, by row."""
        if len(rows) % self._grammars:
            raise ValueError(f"{len(rows)} rows for {self._grammars} grammars; expected a multiple of that")
        share = len(rows) // self._grammars
        old = self._followers
        sources = [self._source(i, ids, len(rows), share) for i, ids in enumerate(rows)]
        taken, new = set(), []
        for i, source in enumerate(sources):  # forks first: moving on changes what they are made of
            if source is None:
                new.append(Follower(self._new_matcher(i // share)))
            elif source in taken:
                new.append(old[source].fork())
            else:
                taken.add(source)
                new.append(old[source])
        for follower, ids in zip(new, rows):
            follower.follow(ids)
        self._followers = new
        return new

    def _source(self, row: int, ids: list[int], count: int, share: int) -> int | None:
        """Whose state is nearest to the ids of a row: an index of the followers, or None."""
        old = self._followers
        if len(old) != count:  # another batch
            return None
        if ids[:len(old[row].ids)] == old[row].ids:
            return row
        first = row // share * share
        same_grammar = range(first, first + share)
        return max(same_grammar, key=lambda i: (common_length(old[i].ids, ids), i == row))

    def fill(self, bitmask: Any, base: int = 0) -> list[int]:
        """Fills row base + i of a bitmask for each row i that its grammar has a say in, and returns the rows i
        whose masks forbid anything; the others keep what they had."""
        live = [i for i, follower in enumerate(self._followers) if follower.needs_mask()]
        matchers = [self._followers[i].matcher for i in live]
        if len(live) < 2:
            needed = [matcher.fill_next_token_bitmask(bitmask, base + i) for i, matcher in zip(live, matchers)]
        else:
            if self._batch is None:
                self._batch = BatchGrammarMatcher()
            needed = self._batch.batch_fill_next_token_bitmask(matchers, bitmask, [base + i for i in live])
        return [i for i, need in zip(live, needed) if need]


class Generation:
    """Outputs behind their prompts, as engines show them that pass all ids of a row.

    compiled_grammar   one for all rows, or a list of them: see Rows
    prompt_length      how many ids of a row come before its output; None: as many as the first call shows
    drafts             whether the engine checks drafts: rows then grow and shrink by any number of ids, and a
                       row whose draft the grammar refuses is left as it is until that is gone again.
                       Otherwise they grow by one id a call, and an id that the grammar refuses, which masks do
                       not let through, is an XgrError
    matcher_options    those of GrammarMatcher

    A call that shows other prompts begins anew. Where there are drafts and the next prompt goes on from the
    last output, as in a chat, reset() tells the two apart.
    """

    def __init__(self, compiled_grammar: CompiledGrammar | Sequence[CompiledGrammar],
                 prompt_length: int | None = None, drafts: bool = False, **matcher_options: Any) -> None:
        grammars = checked_grammars(compiled_grammar)
        GrammarMatcher(grammars[0], **matcher_options)  # tells now what is wrong with them
        self.vocab_size = max(grammar.tokenizer_info.vocab_size for grammar in grammars)
        self._rows = Rows(lambda i: GrammarMatcher(grammars[i], **matcher_options), len(grammars))
        self._given_length, self._drafts = prompt_length, drafts
        self._prompts: list[list[int]] = []
        self._prompt_array: Any = None
        self._last: list[list[int]] = []
        self._bitmask: memoryview | None = None

    def reset(self) -> None:
        """The next call shows prompts."""
        self._prompts, self._prompt_array = [], None
        self._rows.clear()

    def masks(self, rows: Any) -> tuple[memoryview, list[int]]:
        """(bitmask, rows of it that forbid anything) behind rows with all their ids: lists, or an array of any
        library with two dimensions where there are drafts. The bitmask is written to again by the next call."""
        known = self._last
        try:
            followers = self._rows.follow(self._outputs_of_array(rows) if self._drafts and hasattr(rows, "shape")
                                          else self._outputs(id_lists(rows)))
            if not self._drafts:
                _raise_refused(followers)
        except BaseException:  # the rows of the next call go on from those before
            self._last = known
            raise
        if self._bitmask is None or len(self._bitmask) < len(followers):
            self._bitmask = allocate_token_bitmask(max(1, len(followers)), self.vocab_size)
        return self._bitmask, self._rows.fill(self._bitmask)

    def _outputs_of_array(self, rows: Any) -> list[list[int]]:
        """What comes behind the prompts. Of those nothing becomes a list, as they may be long."""
        prompt = self._prompt_array
        known = 0 if prompt is None else prompt.shape[1]
        if prompt is None or rows.shape[0] != prompt.shape[0] or rows.shape[1] < known or not bool(
                (rows[:, :known] == prompt).all()):
            self.reset()
            known = rows.shape[1] if self._given_length is None else min(self._given_length, rows.shape[1])
            self._prompt_array = rows[:, :known] * 1  # a copy, of any library
        return list(rows[:, known:].tolist())

    def _outputs(self, rows: list[list[int]]) -> list[list[int]]:
        if not self._goes_on(rows):
            self.reset()
            self._prompts = [row[:self._given_length] for row in rows]
        self._last = rows
        return [row[len(prompt):] for row, prompt in zip(rows, self._prompts)]

    def _goes_on(self, rows: list[list[int]]) -> bool:
        """Whether the rows are later states of those before."""
        if len(rows) != len(self._prompts):
            return False
        if self._drafts:
            return all(row[:len(prompt)] == prompt for row, prompt in zip(rows, self._prompts))
        return all(row[:-1] in self._last for row in rows)


def checked_grammars(compiled_grammar: Any) -> list[CompiledGrammar]:
    """A list of the grammars of a processor, which were given as one or several."""
    several = isinstance(compiled_grammar, (list, tuple))
    grammars = list(compiled_grammar) if several else [compiled_grammar]
    for grammar in grammars:
        if not isinstance(grammar, CompiledGrammar):
            raise TypeError(f"compiled_grammar is {type(grammar).__name__}; expected CompiledGrammar, or a list of "
                            "them")
    if not grammars:
        raise ValueError("compiled_grammar is empty; expected at least one CompiledGrammar")
    return grammars


def _raise_refused(followers: list[Follower]) -> None:
    for i, follower in enumerate(followers):
        if follower.refused:
            raise XgrError(f"row {i}: the grammar refuses token {follower.ids[follower.taken]}, which is number "
                           f"{follower.taken} of the output; expected one that the mask allows: nothing behind "
                           "this processor may allow others, and it has to see every step",
                           ErrorCode.INVALID_ARGUMENT)


def id_lists(rows: Any) -> list[Any]:
    """Lists of the ids of rows, of an array of any library or a list of arrays; one row is one list."""
    if isinstance(rows, (str, bytes)) or not hasattr(rows, "__iter__"):
        raise TypeError(f"the ids are {type(rows).__name__}; expected lists or an array of integers")
    if hasattr(rows, "tolist"):
        return list(rows.tolist())
    return [id_lists(row) if hasattr(row, "__len__") else int(row) for row in rows]
