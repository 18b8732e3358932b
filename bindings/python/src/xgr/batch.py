"""BatchGrammarMatcher: threads that serve many matchers at once."""
from __future__ import annotations

from . import _memory
from . import bitmask as bitmasks
from ._handle import Handle
from ._library import NULL, ffi, lib, owned, struct, utf8
from .cancel import handle_of
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

    def __init__(self, errors, results):
        first = next(iter(errors))
        super().__init__(f"{len(errors)} of {len(results)} matchers failed; matcher {first}: "
                         f"{errors[first]}", getattr(errors[first], "code", ErrorCode.OUT_OF_MEMORY))
        self.errors, self.results = errors, results

    def __reduce__(self):
        return BatchError, (self.errors, self.results)


class _Room:
    """What calls with up to `capacity` matchers write to and read from."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.matchers = ffi.new("xgr_matcher_t *[]", capacity)
        self.statuses = ffi.new("xgr_status_t[]", capacity)
        self.answers = ffi.new("int32_t[]", capacity)


def _error_of(status, explain, i):
    try:
        if status == ErrorCode.INVALID_ARGUMENT:
            explain(i)
        raise_status(status)
    except (XgrError, MemoryError) as error:
        return error


def _take(matchers):
    """(handles, lists to put them back into) of matchers that nobody else uses meanwhile."""
    handles, lists = [], []
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


class BatchGrammarMatcher(Handle):
    """Threads that serve many matchers at once, of any grammars and vocabularies.

    It has no list of matchers: each call names those that it is about, each of them once. While a call
    runs, nobody else may use them. What fails for some raises a BatchError; the others are served.

    For one thread at a time. Its own threads start with the first call that has work for them, and sleep
    between calls.

    threads     how many beside the one that calls; 0: that one does all the work; None: half as many as
                the machine has
    """

    __slots__ = ("_room",)

    def __init__(self, *, threads: int | None = None):
        options = struct("xgr_batch_options_t", threads=threads or 0, no_threads=threads == 0)
        self._handle = [owned("batch", lib.xgr_batch_create, options)]
        self._room = _Room(64)

    def __copy__(self):
        raise TypeError("a BatchGrammarMatcher cannot be copied: make another one")

    def __deepcopy__(self, _):
        return self.__copy__()

    def _call(self, function, *arguments):
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

    def _serve(self, matchers, call, arguments, explain, results):
        """results(room) of call(batch, matchers, their number, *arguments(handles, room), statuses)."""
        matchers = matchers if isinstance(matchers, list) else list(matchers)
        if not matchers:
            return []
        return self._call(self._serve_with, matchers, call, arguments, explain, results)

    def _serve_with(self, batch, matchers, call, arguments, explain, results):
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
        return self._call(lib.xgr_batch_threads)

    def set_cancel(self, cancel) -> None:
        """Gives it a Cancel that stops its calls: matchers that are not served yet fail with CANCELLED, and
        are as before. None: none."""
        check(self._call(lib.xgr_batch_set_cancel, handle_of(cancel)))

    def batch_fill_next_token_bitmask(self, matchers, bitmask, indices=None) -> list[bool]:
        """Fills a row of a bitmask with each matcher: row indices[i] with matcher i, without indices row i.
        Returns what fill_next_token_bitmask of each would return.

        Rows may be longer than the masks of a matcher are; what is behind is not written.
        """
        masks = None

        def arguments(handles, room):
            nonlocal masks
            sizes = [lib.xgr_matcher_mask_words(handle) for handle in handles]
            masks = bitmasks.rows_for(bitmask, max(sizes))
            rows = _rows(indices, len(handles), masks.rows)
            return masks.first, masks.count, masks.words, rows, room.answers

        return self._serve(matchers, lib.xgr_batch_fill_bitmask, arguments, _nothing,
                           lambda room, count: needs_applying(room.answers, count))

    def batch_accept_token(self, matchers, token_ids) -> list[bool]:
        """Takes one token with each matcher; what accept_token of each would return."""
        matchers = list(matchers)
        tokens = _as_many(*_memory.int32s(token_ids, "token_ids", clamp=True), "token_ids", matchers)
        return self._serve(matchers, lib.xgr_batch_accept_token,
                           lambda handles, room: (tokens, room.answers),
                           lambda i: raise_foreign(matchers[i].vocab_size, tokens[i]), _accepted)

    def batch_accept_string(self, matchers, strings) -> list[bool]:
        """Takes text or bytes with each matcher; what accept_string of each would return."""
        matchers, texts = list(matchers), [utf8(text) for text in strings]
        sizes = ffi.new("size_t[]", [len(text) for text in texts])
        _as_many(sizes, len(texts), "strings", matchers)
        data = b"".join(texts)
        return self._serve(matchers, lib.xgr_batch_accept_bytes,
                           lambda handles, room: (data, len(data), sizes, room.answers), _nothing,
                           _accepted)

    def batch_rollback(self, matchers, num_tokens: int | list[int] = 1) -> None:
        """Undoes the last steps of each matcher, as many of all or of each."""
        matchers = list(matchers)
        steps = [num_tokens] * len(matchers) if isinstance(num_tokens, int) else list(num_tokens)
        for i, number in enumerate(steps):
            if number < 0:
                raise ValueError(f"num_tokens is {number} for matcher {i}; expected 0 or more")
        counts = _as_many(ffi.new("size_t[]", steps), len(steps), "num_tokens", matchers)

        def explain(i):
            raise_status(ErrorCode.INVALID_ARGUMENT,
                         f"cannot undo {steps[i]} steps: there are {matchers[i].history_size}")

        self._serve(matchers, lib.xgr_batch_rollback, lambda handles, room: (counts,), explain,
                    lambda room, count: [True] * count)

    def apply_token_bitmask_inplace(self, logits, bitmask, *, vocab_size=None, indices=None,
                                    mask_indices=None, dtype=None) -> None:
        """xgr.apply_token_bitmask_inplace, with the rows divided among the threads."""
        self._call(lambda batch: bitmasks.apply_rows(_APPLY, (batch,), logits, bitmask, vocab_size, indices,
                                                     mask_indices, dtype))


def _rows(indices, count, row_count):
    """int32_t array of the row of each matcher, or NULL."""
    if indices is None:
        if count > row_count:
            raise ValueError(f"the bitmask has {row_count} rows, for {count} matchers; expected at least as "
                             "many")
        return NULL
    rows, size = _memory.int32s(indices, "indices")
    if size != count:
        raise ValueError(f"indices has {size} rows, for {count} matchers; expected as many")
    seen = {}
    for i, row in enumerate(ffi.unpack(rows, size)):
        if not 0 <= row < row_count:
            raise ValueError(f"indices[{i}] is {row}; the bitmask has {row_count} rows")
        if seen.setdefault(row, i) != i:
            raise ValueError(f"indices[{seen[row]}] and indices[{i}] are {row}; expected no row twice")
    return rows


def _as_many(array, size, name, matchers):
    if size != len(matchers):
        raise ValueError(f"{name} has {size}, for {len(matchers)} matchers; expected as many")
    return array


def _accepted(room, count):
    return [answer != 0 for answer in ffi.unpack(room.answers, count)]


def _nothing(_):
    """No argument of one matcher can be wrong."""
