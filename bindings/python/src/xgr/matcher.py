"""GrammarMatcher: one output being generated."""
from __future__ import annotations

import functools
import sys
from typing import Any, Callable, Iterator, NoReturn, TypeVar

from . import _memory, _steps, draft_tree
from . import bitmask as bitmasks
from ._calls import Call, got, owned, stats
from ._handle import Handle
from ._library import NULL, ffi, lib, struct, utf8
from ._options import token_array
from ._types import Memory, SomeTokenIds, Text, TokenIds
from ._values import flag, real, whole
from .cancel import Cancel, handle_of
from .compiler import CompiledGrammar
from .error import ErrorCode, XgrError, check, raise_status
from .explanation import Explanation, explain_bytes, explain_token
from .start import Starts, start_fields

_Result = TypeVar("_Result")
# Looked up once: these run for every token.
_accept, _allows, _fill = _steps.accept, _steps.allows, _steps.fill
_FOREIGN_ID = -lib.XGR_ERROR_INVALID_ARGUMENT
_KIND_SOME, _KIND_NONE = lib.XGR_MASK_KIND_SOME, lib.XGR_MASK_KIND_NONE


def _busy() -> XgrError:
    return XgrError("another thread is inside a call with this GrammarMatcher; several may ask it at once, "
                    "but while one changes it nobody else may use it: fork() makes one for another",
                    ErrorCode.INVALID_STATE)


def _no_id(token_id: object) -> TypeError:
    return TypeError(f"token_id is {type(token_id).__name__}; expected an integer")


def needs_applying(kinds: Any, count: int) -> list[bool]:
    """Whether the masks of these kinds forbid anything, as fill_next_token_bitmask tells."""
    return [kind in (_KIND_SOME, _KIND_NONE) for kind in ffi.unpack(kinds, count)]


def raise_foreign(vocab_size: int, token_id: int | None) -> NoReturn:
    """Raises what is told of a token id that the vocabulary does not have."""
    raise XgrError(f"token id {token_id} is outside the vocabulary; expected 0 or more, below "
                   f"{vocab_size}", ErrorCode.INVALID_ARGUMENT)


def _stop_tokens(handle: Any) -> list[int]:
    count = ffi.new("size_t *")
    tokens = lib.xgr_matcher_stop_tokens(handle, count)
    return [] if tokens == NULL else ffi.unpack(tokens, count[0])


def _captures(handle: Any, all_events: bool) -> Iterator[tuple[str, bytes]]:
    captures = got("captures", lib.xgr_matcher_captures, handle, all_events)
    capture = struct("xgr_capture_t")
    for i in range(lib.xgr_captures_size(captures)):
        check(lib.xgr_captures_get(captures, i, capture))
        yield (ffi.unpack(capture.name, capture.name_size).decode(),
               ffi.buffer(capture.text, capture.text_size)[:])


def _forced_bytes(handle: Any, whole_characters: bool, max_bytes: int | None) -> bytes:
    if max_bytes is not None and whole("max_bytes", max_bytes, -2**63) < 0:
        raise ValueError(f"max_bytes is {max_bytes}; expected None, or 0 or more")
    whole_characters = flag("whole_characters", whole_characters)
    size, room = ffi.new("size_t *"), 256
    while True:
        room = room if max_bytes is None else min(room, max_bytes)
        memory = ffi.new("uint8_t[]", room)
        check(lib.xgr_matcher_forced_bytes(handle, whole_characters, memory, room, size))
        # With whole characters the last one may be missing only because there was no room for it.
        if size[0] + 3 < room or room == max_bytes:
            return bytes(ffi.buffer(memory, size[0]))
        room *= 4


def _forced_tokens(handle: Any, tokens: Any, count: int, max_tokens: int | None) -> list[int]:
    if max_tokens is not None and whole("max_tokens", max_tokens, -2**63) < 0:
        raise ValueError(f"max_tokens is {max_tokens}; expected None, or 0 or more")
    size, room = ffi.new("size_t *"), 64
    while True:
        room = room if max_tokens is None else min(room, max_tokens)
        memory = ffi.new("int32_t[]", room)
        status = lib.xgr_matcher_forced_tokens(handle, tokens, count, memory, room, size)
        if status == ErrorCode.INVALID_ARGUMENT:
            raise_status(status, f"the {count} tokens of tokenize do not spell a beginning of the forced "
                                 "bytes; expected those of the bytes it was given")
        check(status)
        if size[0] < room or room == max_tokens:
            return list(ffi.unpack(memory, size[0]))
        room *= 4


class GrammarMatcher(Handle):
    """Says which tokens may come next and takes the chosen one.

    One thread changes it, or several ask it at once: fill masks, fork, validate, look ahead. Who comes in
    between gets an XgrError with INVALID_STATE. Remembers the bitmask and row it filled last, which makes
    filling the same row again cheap and keeps that bitmask alive.

    override_stop_tokens            an id or several, instead of the tokenizer's stop tokens
    terminate_without_stop_token    no stop token is ever allowed; the output counts as ended whenever
                                    it is complete. Has to be set where there is no stop token
    check_token_ids         ids outside the vocabulary raise XgrError with INVALID_ARGUMENT; otherwise
                            they are rejected like tokens that may not come next
    prefetch                after each step a thread of the compiler computes what the next mask needs
                            and is not there yet, while the model computes its logits
    prefix                  bytes that the tokens spell before the text of the output begins, the end of a
                            prompt whose last tokens were taken back (token healing)
    default_temperature     what `temperature` is where no rule asks for one; None: nothing
    starts                  sequences that the text of the grammar begins behind, or with: the output is free,
                            and waiting, until one of them is complete. Each is a text, a token id, a list of
                            ids, or a StartSequence; None: the output begins with its text
    forbidden_tokens        ids that are refused while the output is waiting
    max_waiting_tokens      after so many tokens a waiting output has to go on with what is left of the
                            sequence `forced_start`, an index; None: it may wait for ever
    may_end_waiting         a waiting output may end, and counts as complete
    """

    __slots__ = ("_aim", "_checks_ids", "_readers")
    _aim: tuple[Any, int, Any, Any, Any] | None
    _checks_ids: bool
    _readers: list[None]

    def __init__(self, compiled_grammar: CompiledGrammar, *, override_stop_tokens: SomeTokenIds = None,
                 terminate_without_stop_token: bool = False, prefetch: bool = False,
                 default_temperature: float | None = None, check_token_ids: bool = False,
                 prefix: Text = b"", starts: Starts = None, forbidden_tokens: SomeTokenIds = None,
                 max_waiting_tokens: int | None = None, forced_start: int = 0,
                 may_end_waiting: bool = False) -> None:
        if not isinstance(compiled_grammar, CompiledGrammar):
            raise TypeError(f"compiled_grammar is {type(compiled_grammar).__name__}; "
                            "expected CompiledGrammar")
        stop, count = token_array(override_stop_tokens, "override_stop_tokens")
        if override_stop_tokens is not None and not count:
            raise ValueError("override_stop_tokens is empty; pass None for the tokenizer's own")
        prompt_end = utf8(prefix)
        kept = ffi.from_buffer("uint8_t[]", prompt_end)
        start, keep = start_fields(starts, forbidden_tokens, max_waiting_tokens, forced_start,
                                   may_end_waiting)
        options = struct("xgr_matcher_options_t", stop_tokens=stop, stop_token_count=count,
                         prefix=kept if prompt_end else NULL, prefix_size=len(prompt_end),
                         terminate_without_stop_token=flag("terminate_without_stop_token",
                                                           terminate_without_stop_token),
                         prefetch=flag("prefetch", prefetch),
                         has_default_temperature=default_temperature is not None,
                         default_temperature=(0 if default_temperature is None else
                                              real("default_temperature", default_temperature)),
                         check_token_ids=flag("check_token_ids", check_token_ids), **start)
        handle = owned("matcher", lib.xgr_matcher_create, compiled_grammar._handle, options)
        del keep
        self._start(handle, bool(check_token_ids))

    def _start(self, handle: Any, checks_ids: bool) -> None:
        # Who changes the matcher takes the handle out of the list and puts it back behind the call; the
        # list is empty for everybody else. Who only asks first adds to the readers, then looks whether
        # the handle is there; who changes first takes it, then looks whether there are readers. All these
        # steps are atomic, so of two that meet at least one notices.
        self._handle = [handle]
        self._readers = []
        self._checks_ids = checks_ids
        self._aim = None  # of the last fill; one object, as readers share it

    def close(self) -> None:
        super().close()
        self._aim = None

    def _take(self) -> tuple[list[Any], Any]:
        """(list, handle) for a call that changes the matcher; the handle is to be put back."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        if self._readers:
            idle.append(handle)
            raise _busy()
        return idle, handle

    def _call(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """function(handle, *arguments), while nobody else uses the matcher."""
        idle, handle = self._take()
        try:
            return function(handle, *arguments)
        finally:
            idle.append(handle)

    def _ask(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """function(handle, *arguments), while nobody changes the matcher."""
        idle, readers = self._handle, self._readers
        readers.append(None)
        try:
            handle = idle[0]
        except IndexError:
            readers.pop()
            raise _busy() from None
        try:
            return function(handle, *arguments)
        finally:
            readers.pop()

    def accept_token(self, token_id: int, *, debug_print: bool = False) -> bool:
        """Takes the chosen token. False, and nothing changed, when it is not allowed or the output has
        ended. debug_print writes what came of it to sys.stderr."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        try:
            if self._readers:
                raise _busy()
            answer = _accept(handle, token_id)
        except TypeError:
            raise _no_id(token_id) from None
        except OverflowError:  # no int32_t
            answer = _FOREIGN_ID if self._checks_ids else 0
        finally:
            idle.append(handle)
        if answer < 0:
            self._raise(answer, token_id)
        if debug_print:
            self._report(f"accept_token({token_id})", answer != 0)
        return answer != 0

    def accept_tokens(self, token_ids: TokenIds) -> int:
        """Takes several tokens, up to the first that is not allowed, each as one step; how many."""
        return self._call(self._count, lib.xgr_matcher_accept_tokens, token_ids)

    def validate_tokens(self, token_ids: TokenIds) -> int:
        """How many of several tokens accept_tokens would take."""
        return self._ask(self._count, lib.xgr_matcher_validate_tokens, token_ids)

    def _count(self, handle: Any, call: Call, token_ids: TokenIds) -> int:
        tokens, count = _memory.int32s(token_ids, "token_ids", clamp=True)
        accepted = ffi.new("size_t *")
        status = call(handle, tokens, count, accepted)
        if status == ErrorCode.INVALID_ARGUMENT:
            size = lib.xgr_matcher_vocab_size(handle)
            raise_foreign(size, next((t for t in ffi.unpack(tokens, count) if not 0 <= t < size), None))
        check(status)
        return int(accepted[0])

    def accept_string(self, input_str: Text, *, debug_print: bool = False) -> bool:
        """Takes text or bytes, all or none, as one step of the history. debug_print as in accept_token."""
        data, accepted = utf8(input_str), ffi.new("int32_t *")
        check(self._call(lib.xgr_matcher_accept_bytes, data, len(data), accepted))
        if debug_print:
            self._report(f"accept_string({data!r})", accepted[0] != 0)
        return bool(accepted[0])

    def _report(self, call: str, answer: object) -> None:
        """Tells what a call answered and where the output is now."""
        print(f"xgr: {call} -> {answer}; {self!r}", file=sys.stderr)

    def __repr__(self) -> str:
        if self.closed:
            return "<GrammarMatcher, closed>"
        state = ("ended" if self.is_terminated() else "waiting" if self.is_waiting() else
                 "complete" if self.is_completed() else "incomplete")
        return f"<GrammarMatcher, {self.history_size} steps, {state}>"

    def is_token_allowed(self, token_id: int) -> bool:
        """Whether accept_token would take the token; costs less than a mask."""
        idle, readers = self._handle, self._readers
        readers.append(None)
        try:
            handle = idle[0]
        except IndexError:
            readers.pop()
            raise _busy() from None
        try:
            answer = _allows(handle, token_id)
        except TypeError:
            raise _no_id(token_id) from None
        except OverflowError:  # no int32_t
            answer = _FOREIGN_ID if self._checks_ids else 0
        finally:
            readers.pop()
        if answer < 0:
            self._raise(answer, token_id)
        return answer != 0

    def _raise(self, answer: int, token_id: int) -> NoReturn:
        """Raises what a call with a token id came to; nothing else of its arguments can be wrong."""
        if answer != _FOREIGN_ID:
            raise_status(-answer)
        raise_foreign(self.vocab_size, token_id)

    def fill_next_token_bitmask(self, bitmask: Memory, index: int = 0, *, debug_print: bool = False) -> bool:
        """Writes row `index` of a bitmask (see xgr.bitmask). False when every bit of it is 1, so that
        applying it would change nothing: when every token is allowed, and once the output has ended.
        debug_print writes how many tokens it allows to sys.stderr."""
        idle, readers = self._handle, self._readers
        readers.append(None)
        try:
            handle = idle[0]
        except IndexError:
            readers.pop()
            raise _busy() from None
        try:
            aim = self._aim
            if (aim is None or bitmask is not aim[0] or index != aim[1]
                    or aim[3] is not None and aim[3]() != aim[4]):
                aim = self._aim_at(handle, bitmask, index)
            kind = _fill(aim[2])
        finally:
            readers.pop()
        if debug_print:
            self._report_mask(bitmask, index)
        if kind:  # seldom: not XGR_MASK_KIND_SOME
            return self._unusual(kind, bitmask, index)
        return True

    def _unusual(self, kind: int, bitmask: Memory, index: int) -> bool:
        """What fill_next_token_bitmask returns for another kind of mask than XGR_MASK_KIND_SOME."""
        if kind < 0:
            raise_status(-kind)
        return bool(kind == _KIND_NONE)

    def _report_mask(self, bitmask: Memory, index: int) -> None:
        words = lib.xgr_bitmask_words(self.vocab_size)
        row = bitmasks.rows_for(bitmask, words).row(index)
        allowed = lib.xgr_bitmask_count(row, words)
        self._report(f"fill_next_token_bitmask(row {index})", f"{allowed} of {self.vocab_size} tokens allowed")

    def _aim_at(self, handle: Any, bitmask: Memory, index: int) -> tuple[Any, int, Any, Any, Any]:
        count = lib.xgr_matcher_mask_words(handle)
        rows = bitmasks.rows_for(bitmask, count, exact=True)
        place = getattr(bitmask, "data_ptr", None)  # tensors may get other memory
        aim = (bitmask, index, _steps.row(handle, rows.keep, rows.row(index), count), place, place and place())
        # Memory that the bitmask may give up is looked up every time.
        self._aim = aim if rows.pinned else None
        return aim

    def lend_next_token_bitmask(self) -> memoryview | None:
        """The next bitmask as a read-only memoryview of int32, without a copy where possible.

        It holds until this matcher takes a token or text, rolls back or resets; after that its
        contents mean nothing and must not be read. None once the output has ended.
        """
        return self._call(self._lend)

    def _lend(self, handle: Any) -> memoryview | None:
        mask, words = ffi.new("const uint32_t *[1]"), ffi.new("size_t *")
        check(lib.xgr_matcher_lend_bitmask(handle, mask, words, NULL))
        if mask[0] == NULL:
            return None
        memory = ffi.gc(mask[0], lambda _: handle)  # which it keeps alive
        return memoryview(ffi.buffer(memory, words[0] * 4)).cast("B").cast("i").toreadonly()

    def get_captures(self, deduplicate: bool = True) -> list[tuple[str, bytes]]:
        """The texts of rules with a capture name, as (name, bytes) in the order of completion.

        A rule may be complete several times while its text grows: only the longest text is given,
        or all of them without deduplicate.
        """
        all_events = not flag("deduplicate", deduplicate)
        return self._call(lambda handle: list(_captures(handle, all_events)))

    @property
    def temperature(self) -> float | None:
        """The sampling temperature that the grammar asks for here, else default_temperature."""
        known, value = ffi.new("int32_t *"), ffi.new("float *")
        check(self._ask(lib.xgr_matcher_temperature, known, value))
        return value[0] if known[0] else None

    def stats(self) -> dict[str, int]:
        """What its masks have cost, as a dict; see xgr_matcher_stats_t."""
        return self._ask(functools.partial(stats, "matcher", lib.xgr_matcher_stats))

    def fill_draft(self, token_ids: TokenIds, bitmask: Memory, index: int = 0) -> tuple[int, list[bool]]:
        """Masks along a chain of proposed tokens: that before each token, and that after the last one, in
        the rows of a bitmask from `index` on. Leaves the matcher as it was.

        Returns how many of the tokens are accepted, up to the first that is not, and for each row what
        fill_next_token_bitmask would return. Rows that no output leads to allow everything.
        """
        return self._call(self._draft, token_ids, bitmask, index)

    def _draft(self, handle: Any, token_ids: TokenIds, bitmask: Memory,
               index: int) -> tuple[int, list[bool]]:
        tokens, count = _memory.int32s(token_ids, "token_ids", clamp=True)
        masks, first, rest = self._draft_rows(handle, bitmask, index, count + 1)
        kinds, valid = ffi.new("xgr_mask_kind_t[]", count + 1), ffi.new("size_t *")
        status = lib.xgr_matcher_fill_draft(handle, tokens, count, first, rest, masks.words, kinds,
                                            count + 1, valid)
        check(status)
        return valid[0], needs_applying(kinds, count + 1)

    def _draft_rows(self, handle: Any, bitmask: Memory, index: int,
                    count: int) -> tuple[bitmasks.Rows, Any, int]:
        """(Rows, pointer to row `index`, words from there on), where `count` rows have to be."""
        masks = bitmasks.rows_for(bitmask, lib.xgr_matcher_mask_words(handle))
        first, rows = masks.row(index), masks.rows - index
        if rows < count:
            raise ValueError(f"the bitmask has {rows} rows from row {index} on; expected at least {count}")
        return masks, first, rows * masks.words

    def fill_draft_tree(self, token_ids: TokenIds, bitmask: Memory, index: int = 0, *,
                        parents: TokenIds | None = None, first_children: TokenIds | None = None,
                        next_siblings: TokenIds | None = None) -> tuple[list[bool], list[bool]]:
        """Masks after the nodes of a tree of proposed tokens, in the rows of a bitmask from `index` on.
        Leaves the matcher as it was.

        Node 0 is the root and stands for the output so far: its token is not looked at.

        token_ids       a token for each node
        parents         the node before each, in any order; that of the root is -1
        first_children, next_siblings
                        instead of parents: the first node behind each, and the next node with the same
                        parent; -1: none

        Returns for each node whether the tokens on the way to it are accepted, and for each row what
        fill_next_token_bitmask would return. Rows that no output leads to allow everything.
        """
        return self._call(self._draft_tree, token_ids, bitmask, index,
                          {"parents": parents, "first_children": first_children,
                           "next_siblings": next_siblings})

    def _draft_tree(self, handle: Any, token_ids: TokenIds, bitmask: Memory, index: int,
                    links: dict[str, TokenIds | None]) -> tuple[list[bool], list[bool]]:
        tokens, count = _memory.int32s(token_ids, "token_ids", clamp=True)
        given = {name: _memory.int32s(nodes, name) for name, nodes in links.items() if nodes is not None}
        if given.keys() not in ({"parents"}, {"first_children", "next_siblings"}):
            raise TypeError(f"a tree with {' and '.join(given) or 'no links'}; expected parents, or "
                            "first_children and next_siblings")
        for name, (_, size) in given.items():
            if size != count:
                raise ValueError(f"{name} has {size} nodes, token_ids {count}; expected as many")
        if not count:
            raise ValueError("token_ids has no node; expected at least the root")
        masks, first, rest = self._draft_rows(handle, bitmask, index, count)
        tree = struct("xgr_draft_tree_t", tokens=tokens, node_count=count,
                      **{name: nodes for name, (nodes, _) in given.items()})
        kinds, valid = ffi.new("xgr_mask_kind_t[]", count), ffi.new("int32_t[]", count)
        status = lib.xgr_matcher_fill_draft_tree(handle, first, rest, masks.words, kinds, valid, count,
                                                 tree)
        if status == ErrorCode.INVALID_ARGUMENT:
            raise_status(status, f"{' and '.join(given)} are no tree of {count} nodes; expected node 0 as "
                                 "its root, and each of the others reached once from there")
        check(status)
        return [node != 0 for node in valid], needs_applying(kinds, count)

    def traverse_draft_tree(self, retrieve_next_token: TokenIds, retrieve_next_sibling: TokenIds,
                            draft_tokens: TokenIds, token_bitmask: Memory, time_threshold: float = -1.0,
                            temperatures: Memory | None = None) -> bool:
        """Masks after the nodes of a tree of proposed tokens, in the rows of a bitmask, for as long as there
        is time. Leaves the matcher as it was. fill_draft_tree does all of them at once.

        Node 0 is the root and stands for the output so far: its token is not looked at.

        retrieve_next_token, retrieve_next_sibling
                        the first node behind each, and the next node with the same parent; -1: none
        draft_tokens    a token for each node
        token_bitmask   a row for each node. That of a node whose token is refused, or ends the output,
                        allows nothing; rows of nodes behind it are left as they are
        time_threshold  seconds after which it stops, at the latest behind the root; 0 or less: never
        temperatures    memory of float32 with room for each node: what `temperature` is there, or -1

        Returns whether it came to the end.
        """
        nodes = draft_tree.read(retrieve_next_token, retrieve_next_sibling, draft_tokens)
        return draft_tree.traverse(self.fork(), nodes, token_bitmask, time_threshold, temperatures)

    def explain(self, output: Text | None, input_str: Text = b"") -> Explanation:
        """What may come next, and why input_str may not: at which of its bytes the output cannot go on, what
        would be accepted there instead, and which part of the source is to blame.

        output is all text so far, which a matcher does not keep; with None the source is left aside. Takes
        milliseconds to seconds, as the source is compiled anew for trials.
        """
        known = None if output is None else utf8(output)
        return self._ask(explain_bytes, known, utf8(input_str))

    def explain_token(self, output: Text | None, token_id: int) -> Explanation:
        """The same for a token; of a stop token, what the output still lacks."""
        known = None if output is None else utf8(output)
        return self._ask(explain_token, known, whole("token_id", token_id, -2**31))

    def forced_bytes(self, *, whole_characters: bool = False, max_bytes: int | None = None) -> bytes:
        """The bytes that every continuation of the output begins with (jump-forward), at most max_bytes.

        They end where there is a choice or the output may end, and with whole_characters at the end of a
        UTF-8 character.
        """
        return self._ask(_forced_bytes, whole_characters, max_bytes)

    def find_jump_forward_string(self) -> str:
        """The same as text: forced_bytes of whole characters. Empty where the output ends inside a character,
        as no text begins there."""
        data = self.forced_bytes(whole_characters=True)
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            return data[:error.start].decode()

    def forced_tokens(self, tokenize: Callable[[bytes], TokenIds] | None = None, *,
                      max_tokens: int | None = None) -> list[int]:
        """The tokens that the output goes on with where the grammar forces its bytes, at most max_tokens,
        up to the last place that text behind them cannot change. accept_tokens takes all of them.

        tokenize    how the model's tokenizer writes text: a function that takes bytes, which are those
                    of forced_bytes(whole_characters=True), and returns token ids. It should add no
                    special tokens. None: the longest tokens
        """
        tokens, count = NULL, 0
        if tokenize is not None:
            if not callable(tokenize):
                raise TypeError(f"tokenize is {type(tokenize).__name__}; expected a function from bytes to token ids")
            text = self.forced_bytes(whole_characters=True)
            if text:
                tokens, count = _memory.int32s(tokenize(text), "what tokenize returns", clamp=True)
        return self._ask(_forced_tokens, tokens, count, max_tokens)

    def find_jump_forward_tokens(self) -> list[int]:
        """forced_tokens() with the longest tokens of the vocabulary."""
        return self.forced_tokens()

    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last steps, up to the start."""
        if whole("num_tokens", num_tokens, -2**63) < 0:
            raise ValueError(f"num_tokens is {num_tokens}; expected 0 or more")
        status = self._call(lib.xgr_matcher_rollback, num_tokens)
        if status == ErrorCode.INVALID_ARGUMENT:
            raise_status(status, f"cannot undo {num_tokens} steps: there are {self.history_size}")
        check(status)

    def reset(self) -> None:
        """Goes back to the start and forgets the history."""
        check(self._call(lib.xgr_matcher_reset))

    def set_filter(self, bitmask: Memory | None, index: int = 0) -> None:
        """Allows from here on only tokens of row `index` of a bitmask, which is copied; None: all again.

        It holds for tokens, stop tokens too, and not for accept_string. rollback brings back the filter
        of before, and a fork has it as well.
        """
        self._call(self._filter, bitmask, index)

    @staticmethod
    def _filter(handle: Any, bitmask: Memory | None, index: int) -> None:
        if bitmask is None:
            check(lib.xgr_matcher_set_filter(handle, NULL, 0))
            return
        words = lib.xgr_matcher_mask_words(handle)
        masks = bitmasks.rows_of(bitmask, writable=False)
        row = masks.row(index)
        if masks.words != words:
            raise ValueError(f"the filter has {masks.words} words; expected {words}")
        check(lib.xgr_matcher_set_filter(handle, row, words))

    def set_token_limit(self, tokens: int | None) -> None:
        """Limits how many tokens the output may still have; None: no limit.

        A token is then allowed only if the output can be complete within what is left, so an output that
        is cut off by a limit is complete all the same. Stop tokens are not counted. A limit that cannot be
        kept, see min_tokens_to_finish, makes the output end as soon as it can.
        """
        limit = -1 if tokens is None else whole("tokens", tokens)
        check(self._call(lib.xgr_matcher_set_token_limit, limit))

    def set_closing(self, closing: bool) -> None:
        """Makes the output end as soon as it can: only tokens on a shortest way to a complete output are
        allowed."""
        check(self._call(lib.xgr_matcher_set_closing, flag("closing", closing)))

    def min_tokens_to_finish(self) -> tuple[int, bool]:
        """The fewest tokens that complete the output, the stop token not counted, and whether that is
        exact; where it is not, so many are enough."""
        tokens, exact = ffi.new("uint64_t *"), ffi.new("int32_t *")
        check(self._ask(lib.xgr_matcher_min_tokens_to_finish, tokens, exact))
        return tokens[0], exact[0] != 0

    def set_cancel(self, cancel: Cancel | None) -> None:
        """Gives it a Cancel that stops its calls, with an XgrError with CANCELLED; None: none. Forks made
        afterwards have the same one."""
        check(self._call(lib.xgr_matcher_set_cancel, handle_of(cancel)))

    def fork(self) -> GrammarMatcher:
        """An independent matcher in the same state."""
        copy = type(self).__new__(type(self))
        copy._start(self._ask(functools.partial(got, "matcher", lib.xgr_matcher_clone)),
                    self._checks_ids)
        return copy

    def __copy__(self) -> GrammarMatcher:
        return self.fork()

    def __deepcopy__(self, _: object) -> GrammarMatcher:
        return self.fork()

    def is_terminated(self) -> bool:
        """Whether the output has ended: by a stop token, or as terminate_without_stop_token says."""
        return bool(self._ask(lib.xgr_matcher_is_terminated))

    def is_completed(self) -> bool:
        """Whether the output so far is a complete string of the language."""
        return bool(self._ask(lib.xgr_matcher_is_accepting))

    def is_waiting(self) -> bool:
        """Whether the output waits for one of `starts`: its text has not begun, or it ended before that."""
        return bool(self._ask(lib.xgr_matcher_is_waiting))

    @property
    def history_size(self) -> int:
        """How many steps can be undone."""
        return int(self._ask(lib.xgr_matcher_history_size))

    @property
    def mask_words(self) -> int:
        """The number of 32-bit words of a row that fill_next_token_bitmask writes."""
        return int(self._ask(lib.xgr_matcher_mask_words))

    @property
    def vocab_size(self) -> int:
        """The number of token ids, which is the number of bits of a row that count."""
        return int(self._ask(lib.xgr_matcher_vocab_size))

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory it occupies, its grammar not included."""
        return int(self._ask(lib.xgr_matcher_memory_size))

    @property
    def stop_token_ids(self) -> list[int]:
        """The stop tokens in force."""
        return self._ask(_stop_tokens)
