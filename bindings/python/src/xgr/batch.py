"""BatchGrammarMatcher: threads that serve many matchers at once."""
from __future__ import annotations

import functools
from types import MethodType
from typing import Any, Callable, Generic, Iterable, List, NoReturn, Sequence, Tuple, TypeVar

from . import _memory
from . import bitmask as bitmasks
from ._calls import Call, owned
from ._handle import Handle
from ._library import NULL, ffi, lib, struct, utf8
from ._types import Memory, Text, TokenIds
from ._values import whole
from .cancel import Cancel, handle_of
from .error import ErrorCode, XgrError, check, raise_status
from .matcher import GrammarMatcher, needs_applying, raise_foreign

_APPLY = {"float32": (lib.xgr_batch_apply_f32, "float *"),
          "float16": (lib.xgr_batch_apply_f16, "uint16_t *"),
          "bfloat16": (lib.xgr_batch_apply_bf16, "uint16_t *")}


class BatchError(XgrError):
    """Some of the matchers of a batch call failed; the others were served.

    code        of the first that failed
    errors      what each of them would have raised alone, by its place in the call
    results     what the call would have returned, with None for those that failed
    """

    def __init__(self, errors: dict[int, Exception], results: list[Any]) -> None:
        first = next(iter(errors))
        super().__init__(f"{len(errors)} of {len(results)} matchers failed; matcher {first}: "
                         f"{errors[first]}", getattr(errors[first], "code", ErrorCode.OUT_OF_MEMORY))
        self.errors, self.results = errors, results

    def __reduce__(self) -> tuple[Any, ...]:
        return BatchError, (self.errors, self.results)


class _Room:
    """What calls with up to `capacity` matchers write to and read from."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.matchers = ffi.new("xgr_matcher_t *[]", capacity)
        self.statuses = ffi.new("xgr_status_t[]", capacity)
        self.answers = ffi.new("int32_t[]", capacity)


_Arguments = Callable[[List[Any], _Room], Tuple[Any, ...]]
_Results = Callable[[_Room, int], List[bool]]


def _error_of(status: int, explain: Callable[[int], None], i: int) -> Exception:
    try:
        if status == ErrorCode.INVALID_ARGUMENT:
            explain(i)
        raise_status(status)
    except (XgrError, MemoryError) as error:
        return error


def _take(matchers: list[GrammarMatcher]) -> tuple[list[Any], list[Any]]:
    """(handles, lists to put them back into) of matchers that nobody else uses meanwhile."""
    handles: list[Any] = []
    lists: list[Any] = []
    try:
        for matcher in matchers:
            idle, handle = matcher._take()
            lists.append(idle)
            handles.append(handle)
    except BaseException as error:
        for idle, handle in zip(lists, handles):
            idle.append(handle)
        i = len(lists)
        if i == len(matchers):
            raise
        if not isinstance(matchers[i], GrammarMatcher):
            raise TypeError(f"matchers[{i}] is {type(matchers[i]).__name__}; expected "
                            "GrammarMatcher") from None
        for j in range(i):
            if matchers[j] is matchers[i]:
                raise XgrError(f"matchers[{j}] and matchers[{i}] are the same; expected each of them once",
                               ErrorCode.INVALID_ARGUMENT) from error
        raise
    return handles, lists


_Answer = TypeVar("_Answer")


class _ForClass(Generic[_Answer]):
    """A method that can be called on the class as well. The calling thread does it then, alone."""

    def __init__(self, function: Callable[..., _Answer]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, batch: BatchGrammarMatcher | None,
                owner: type[BatchGrammarMatcher]) -> Callable[..., _Answer]:
        if batch is not None:
            return MethodType(self.function, batch)

        @functools.wraps(self.function)
        def call(*arguments: Any, **options: Any) -> _Answer:
            return self.function(owner(threads=0), *arguments, **options)

        return call


class BatchGrammarMatcher(Handle):
    """Threads that serve many matchers at once, of any grammars and vocabularies.

    It has no list of matchers: each call names those that it is about, each of them once. While a call
    runs, nobody else may use them. What fails for some raises a BatchError; the others are served.

    For one thread at a time. Its own threads start with the first call that has work for them, and sleep
    between calls.

    Methods that no bitmask is filled by may be called on the class, too:
    BatchGrammarMatcher.batch_accept_token(matchers, token_ids) does without threads of its own.

    max_threads how many may work at once, the one that calls included; "auto": half as many as the
                machine has
    threads     instead: how many beside the one that calls; 0: that one does all the work
    """

    __slots__ = ("_room",)
    _room: _Room

    def __init__(self, max_threads: int | str = "auto", *, threads: int | None = None) -> None:
        if max_threads != "auto":
            if threads is not None:
                raise TypeError("max_threads and threads are two names of one thing; expected one of them")
            if not isinstance(max_threads, int) or isinstance(max_threads, bool):
                raise TypeError(f"max_threads is {max_threads!r}; expected \"auto\", or 1 or more")
            if max_threads < 1:
                raise ValueError(f"max_threads is {max_threads}; expected \"auto\", or 1 or more")
            threads = max_threads - 1
        beside = 0 if threads is None else whole("threads", threads, -2**31, 2**31 - 1)
        options = struct("xgr_batch_options_t", threads=beside, no_threads=threads is not None and not beside)
        self._handle = [owned("batch", lib.xgr_batch_create, options)]
        self._room = _Room(64)

    def __copy__(self) -> NoReturn:
        raise TypeError("a BatchGrammarMatcher cannot be copied: make another one")

    def __deepcopy__(self, _: object) -> NoReturn:
        self.__copy__()

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """function(handle, *arguments), while nobody else has the handle."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise XgrError("another thread is inside a call with this BatchGrammarMatcher; it is for one "
                           "thread at a time", ErrorCode.INVALID_STATE) from None
        try:
            return function(handle, *arguments)
        finally:
            idle.append(handle)

    def _serve(self, matchers: Iterable[GrammarMatcher], call: Call, arguments: _Arguments,
               explain: Callable[[int], None], results: _Results) -> list[bool]:
        """results(room) of call(batch, matchers, their number, *arguments(handles, room), statuses)."""
        matchers = _several(matchers)
        if not matchers:
            return []
        answers: list[bool] = self._call(self._serve_with, matchers, call, arguments, explain, results)
        return answers

    def _serve_with(self, batch: Any, matchers: list[GrammarMatcher], call: Call, arguments: _Arguments,
                    explain: Callable[[int], None], results: _Results) -> list[bool]:
        count = len(matchers)
        if count > self._room.capacity:
            self._room = _Room(max(count, 2 * self._room.capacity))
        room = self._room
        handles, lists = _take(matchers)
        try:
            room.matchers[0:count] = handles
            status = call(batch, room.matchers, count, *arguments(handles, room), room.statuses)
        finally:
            for idle, handle in zip(lists, handles):
                idle.append(handle)
        check(status)
        statuses, found = ffi.unpack(room.statuses, count), results(room, count)
        if not any(statuses):
            return found
        errors = {i: _error_of(status, explain, i) for i, status in enumerate(statuses) if status}
        raise BatchError(errors, [None if i in errors else found[i] for i in range(count)])

    @property
    def threads(self) -> int:
        """How many threads it may have beside the one that calls."""
        return int(self._call(lib.xgr_batch_threads))

    def set_cancel(self, cancel: Cancel | None) -> None:
        """Gives it a Cancel that stops its calls: matchers that are not served yet fail with CANCELLED, and
        are as before. None: none."""
        check(self._call(lib.xgr_batch_set_cancel, handle_of(cancel)))

    def batch_fill_next_token_bitmask(self, matchers: Iterable[GrammarMatcher], bitmask: Memory,
                                      indices: TokenIds | None = None,
                                      debug_print: bool = False) -> list[bool]:
        """Fills a row of a bitmask with each matcher: row indices[i] with matcher i, without indices row i.
        Returns what fill_next_token_bitmask of each would return.

        Rows may be longer than the masks of a matcher are; what is behind is not written. debug_print
        writes the answers to sys.stderr.
        """
        masks = None

        def arguments(handles: list[Any], room: _Room) -> tuple[Any, ...]:
            nonlocal masks
            sizes = [lib.xgr_matcher_mask_words(handle) for handle in handles]
            masks = bitmasks.rows_for(bitmask, max(sizes))
            rows = _rows(indices, len(handles), masks.rows)
            return masks.first, masks.count, masks.words, rows, room.answers

        matchers = _several(matchers)
        answers = self._serve(matchers, lib.xgr_batch_fill_bitmask, arguments, _nothing,
                              lambda room, count: needs_applying(room.answers, count))
        return _reported(debug_print, "fill_next_token_bitmask", matchers, answers)

    @_ForClass
    def batch_accept_token(self, matchers: Iterable[GrammarMatcher], token_ids: TokenIds,
                           debug_print: bool = False) -> list[bool]:
        """Takes one token with each matcher; what accept_token of each would return."""
        matchers = _several(matchers)
        tokens = _as_many(*_memory.int32s(token_ids, "token_ids", clamp=True), "token_ids", matchers)
        answers = self._serve(matchers, lib.xgr_batch_accept_token,
                              lambda handles, room: (tokens, room.answers),
                              lambda i: raise_foreign(matchers[i].vocab_size, tokens[i]), _accepted)
        return _reported(debug_print, "accept_token", matchers, answers)

    @_ForClass
    def batch_accept_string(self, matchers: Iterable[GrammarMatcher], strings: Iterable[Text],
                            debug_print: bool = False) -> list[bool]:
        """Takes text or bytes with each matcher; what accept_string of each would return."""
        if isinstance(strings, (str, bytes)) or not hasattr(strings, "__iter__"):
            raise TypeError(f"strings is {type(strings).__name__}; expected a text for each matcher")
        matchers, texts = _several(matchers), [utf8(text) for text in strings]
        sizes = ffi.new("size_t[]", [len(text) for text in texts])
        _as_many(sizes, len(texts), "strings", matchers)
        data = b"".join(texts)
        answers = self._serve(matchers, lib.xgr_batch_accept_bytes,
                              lambda handles, room: (data, len(data), sizes, room.answers), _nothing,
                              _accepted)
        return _reported(debug_print, "accept_string", matchers, answers)

    @_ForClass
    def batch_rollback(self, matchers: Iterable[GrammarMatcher], num_tokens: int | Sequence[int] = 1) -> None:
        """Undoes the last steps of each matcher, as many of all or of each."""
        matchers = _several(matchers)
        if not isinstance(num_tokens, int) and not hasattr(num_tokens, "__iter__"):
            raise TypeError(f"num_tokens is {type(num_tokens).__name__}; expected an integer, or one for each matcher")
        steps = [num_tokens] * len(matchers) if isinstance(num_tokens, int) else list(num_tokens)
        for i, number in enumerate(steps):
            if number < 0:
                raise ValueError(f"num_tokens is {number} for matcher {i}; expected 0 or more")
        counts = _as_many(ffi.new("size_t[]", steps), len(steps), "num_tokens", matchers)

        def explain(i: int) -> None:
            raise_status(ErrorCode.INVALID_ARGUMENT,
                         f"cannot undo {steps[i]} steps: there are {matchers[i].history_size}")

        self._serve(matchers, lib.xgr_batch_rollback, lambda handles, room: (counts,), explain,
                    lambda room, count: [True] * count)

    @_ForClass
    def batch_fill_temperature(self, matchers: Iterable[GrammarMatcher], temperatures: Memory,
                               indices: TokenIds | None = None) -> None:
        """Writes the `temperature` of each matcher, or -1 where it has none, to memory of float32: element
        indices[i] for matcher i, without indices element i."""
        matchers = _several(matchers)
        values, size = _memory.floats(temperatures, "temperatures")
        places = (range(len(matchers)) if indices is None else
                  ffi.unpack(*_memory.int32s(indices, "indices")))
        if len(places) != len(matchers):
            raise ValueError(f"indices has {len(places)}, for {len(matchers)} matchers; expected as many")
        for i, place in enumerate(places):
            if not 0 <= place < size:
                raise ValueError(f"matcher {i} writes element {place}; temperatures has {size}")
        for matcher, place in zip(matchers, places):
            value = matcher.temperature
            values[place] = -1.0 if value is None else value

    def apply_token_bitmask_inplace(self, logits: Memory, bitmask: Memory, *, vocab_size: int | None = None,
                                    indices: TokenIds | None = None, mask_indices: TokenIds | None = None,
                                    dtype: str | None = None) -> None:
        """xgr.apply_token_bitmask_inplace, with the rows divided among the threads."""
        self._call(lambda batch: bitmasks.apply_rows(_APPLY, (batch,), logits, bitmask, vocab_size, indices,
                                                     mask_indices, dtype))


def _several(matchers: Iterable[GrammarMatcher]) -> list[GrammarMatcher]:
    if isinstance(matchers, list):
        return matchers
    if not hasattr(matchers, "__iter__"):
        raise TypeError(f"matchers is {type(matchers).__name__}; expected several of GrammarMatcher")
    return list(matchers)


def _rows(indices: TokenIds | None, count: int, row_count: int) -> Any:
    """int32_t array of the row of each matcher, or NULL."""
    if indices is None:
        if count > row_count:
            raise ValueError(f"the bitmask has {row_count} rows, for {count} matchers; expected at least as "
                             "many")
        return NULL
    rows, size = _memory.int32s(indices, "indices")
    if size != count:
        raise ValueError(f"indices has {size} rows, for {count} matchers; expected as many")
    seen: dict[int, int] = {}
    for i, row in enumerate(ffi.unpack(rows, size)):
        if not 0 <= row < row_count:
            raise ValueError(f"indices[{i}] is {row}; the bitmask has {row_count} rows")
        if seen.setdefault(row, i) != i:
            raise ValueError(f"indices[{seen[row]}] and indices[{i}] are {row}; expected no row twice")
    return rows


def _as_many(array: Any, size: int, name: str, matchers: list[GrammarMatcher]) -> Any:
    if size != len(matchers):
        raise ValueError(f"{name} has {size}, for {len(matchers)} matchers; expected as many")
    return array


def _accepted(room: _Room, count: int) -> list[bool]:
    return [answer != 0 for answer in ffi.unpack(room.answers, count)]


def _reported(debug_print: bool, call: str, matchers: list[GrammarMatcher], answers: list[bool]) -> list[bool]:
    """The answers, which debug_print writes to sys.stderr."""
    if debug_print:
        for i, (matcher, answer) in enumerate(zip(matchers, answers)):
            matcher._report(f"matcher {i}: {call}", answer)
    return answers


def _nothing(_: int) -> None:
    """No argument of one matcher can be wrong."""
