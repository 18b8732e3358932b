"""GrammarMatcher: one output being generated."""
from __future__ import annotations

import functools

from . import _steps
from . import bitmask as bitmasks
from ._handle import Handle
from ._library import NULL, ffi, got, lib, owned, stats, struct, utf8
from ._options import stop_tokens
from .cancel import handle_of
from .compiler import CompiledGrammar
from .error import ErrorCode, XgrError, check, raise_status

# Looked up once: these run for every token.
_accept, _allows, _fill = _steps.accept, _steps.allows, _steps.fill
_FOREIGN_ID = -lib.XGR_ERROR_INVALID_ARGUMENT


def _busy():
    return XgrError("another thread is inside a call with this GrammarMatcher; it is for one thread "
                    "at a time: fork() makes one for another", ErrorCode.INVALID_STATE)


def _stop_tokens(handle):
    count = ffi.new("size_t *")
    tokens = lib.xgr_matcher_stop_tokens(handle, count)
    return [] if tokens == NULL else ffi.unpack(tokens, count[0])


def _captures(handle, all_events):
    captures = got("captures", lib.xgr_matcher_captures, handle, all_events)
    capture = struct("xgr_capture_t")
    for i in range(lib.xgr_captures_size(captures)):
        check(lib.xgr_captures_get(captures, i, capture))
        yield (ffi.unpack(capture.name, capture.name_size).decode(),
               ffi.buffer(capture.text, capture.text_size)[:])


class GrammarMatcher(Handle):
    """Says which tokens may come next and takes the chosen one.

    For one thread at a time; a second one gets an XgrError with INVALID_STATE. Remembers the bitmask
    and row it filled last, which makes filling the same row again cheap and keeps that bitmask alive.

    override_stop_tokens            an id or several, instead of the tokenizer's stop tokens
    terminate_without_stop_token    no stop token is ever allowed; the output counts as ended whenever
                                    it is complete. Has to be set where there is no stop token
    check_token_ids         ids outside the vocabulary raise XgrError with INVALID_ARGUMENT; otherwise
                            they are rejected like tokens that may not come next
    prefetch                after each step a thread of the compiler computes what the next mask needs
                            and is not there yet, while the model computes its logits
    default_temperature     what `temperature` is where no rule asks for one; None: nothing
    """

    __slots__ = ("_bitmask", "_checks_ids", "_index", "_row")

    def __init__(self, compiled_grammar, *, override_stop_tokens=None,
                 terminate_without_stop_token=False, prefetch=False, default_temperature=None,
                 check_token_ids=False):
        if not isinstance(compiled_grammar, CompiledGrammar):
            raise TypeError(f"compiled_grammar is {type(compiled_grammar).__name__}; "
                            "expected CompiledGrammar")
        stop, count = stop_tokens(override_stop_tokens)
        if override_stop_tokens is not None and not count:
            raise ValueError("override_stop_tokens is empty; pass None for the tokenizer's own")
        options = struct("xgr_matcher_options_t", stop_tokens=stop, stop_token_count=count,
                         terminate_without_stop_token=bool(terminate_without_stop_token),
                         prefetch=bool(prefetch),
                         has_default_temperature=default_temperature is not None,
                         default_temperature=default_temperature or 0,
                         check_token_ids=bool(check_token_ids))
        self._start(owned("matcher", lib.xgr_matcher_create, compiled_grammar._handle, options),
                    bool(check_token_ids))

    def _start(self, handle, checks_ids):
        # Who makes a call takes the handle out of the list and puts it back behind it, so that the
        # list is empty for everybody else. Both steps are atomic.
        self._handle = [handle]
        self._checks_ids = checks_ids
        self._bitmask = self._index = self._row = None

    def close(self) -> None:
        super().close()
        self._bitmask = self._index = self._row = None

    def _call(self, function, *arguments):
        """function(handle, *arguments), while nobody else has the handle."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        try:
            return function(handle, *arguments)
        finally:
            idle.append(handle)

    def accept_token(self, token_id: int) -> bool:
        """Takes the chosen token. False, and nothing changed, when it is not allowed or the output has
        ended."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        try:
            answer = _accept(handle, token_id)
        except OverflowError:  # no int32_t
            answer = _FOREIGN_ID if self._checks_ids else 0
        finally:
            idle.append(handle)
        if answer < 0:
            self._raise(answer, token_id)
        return answer != 0

    def accept_string(self, input_str: str | bytes) -> bool:
        """Takes text or bytes, all or none, as one step of the history."""
        data, accepted = utf8(input_str), ffi.new("int32_t *")
        check(self._call(lib.xgr_matcher_accept_bytes, data, len(data), accepted))
        return accepted[0] != 0

    def is_token_allowed(self, token_id: int) -> bool:
        """Whether accept_token would take the token; costs less than a mask."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        try:
            answer = _allows(handle, token_id)
        except OverflowError:  # no int32_t
            answer = _FOREIGN_ID if self._checks_ids else 0
        finally:
            idle.append(handle)
        if answer < 0:
            self._raise(answer, token_id)
        return answer != 0

    def _raise(self, answer, token_id):
        """Raises what a call with a token id came to; nothing else of its arguments can be wrong."""
        if answer != _FOREIGN_ID:
            raise_status(-answer)
        raise XgrError(f"token id {token_id} is outside the vocabulary; expected 0 or more, below "
                       f"{self.vocab_size}", ErrorCode.INVALID_ARGUMENT)

    def fill_next_token_bitmask(self, bitmask, index: int = 0) -> bool:
        """Writes row `index` of a bitmask (see xgr.bitmask). False when every bit of it is 1, so that
        applying it would change nothing: when every token is allowed, and once the output has ended."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise _busy() from None
        try:
            if bitmask is not self._bitmask or index != self._index:
                self._aim_at(handle, bitmask, index)
            kind = _fill(self._row)
        finally:
            idle.append(handle)
        if kind:  # seldom: not XGR_MASK_KIND_SOME
            if kind < 0:
                raise_status(-kind)
            return False
        return True

    def _aim_at(self, handle, bitmask, index):
        count = lib.xgr_matcher_mask_words(handle)
        words, first = bitmasks.row_of(bitmask, index, count)
        self._row = _steps.row(handle, words, first, count)
        self._bitmask, self._index = bitmask, index

    def lend_next_token_bitmask(self) -> memoryview | None:
        """The next bitmask as a read-only memoryview of int32, without a copy where possible.

        It holds until this matcher takes a token or text, rolls back or resets; after that its
        contents mean nothing and must not be read. None once the output has ended.
        """
        return self._call(self._lend)

    def _lend(self, handle):
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
        return self._call(lambda handle: list(_captures(handle, not deduplicate)))

    @property
    def temperature(self) -> float | None:
        """The sampling temperature that the grammar asks for here, else default_temperature."""
        known, value = ffi.new("int32_t *"), ffi.new("float *")
        check(self._call(lib.xgr_matcher_temperature, known, value))
        return value[0] if known[0] else None

    def stats(self) -> dict[str, int]:
        """What its masks have cost, as a dict; see xgr_matcher_stats_t."""
        return self._call(functools.partial(stats, "matcher", lib.xgr_matcher_stats))

    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last steps, up to the start."""
        if num_tokens < 0:
            raise ValueError(f"num_tokens is {num_tokens}; expected 0 or more")
        status = self._call(lib.xgr_matcher_rollback, num_tokens)
        if status == ErrorCode.INVALID_ARGUMENT:
            raise_status(status, f"cannot undo {num_tokens} steps: there are {self.history_size}")
        check(status)

    def reset(self) -> None:
        """Goes back to the start and forgets the history."""
        check(self._call(lib.xgr_matcher_reset))

    def set_cancel(self, cancel) -> None:
        """Gives it a Cancel that stops its calls, with an XgrError with CANCELLED; None: none. Forks made
        afterwards have the same one."""
        check(self._call(lib.xgr_matcher_set_cancel, handle_of(cancel)))

    def fork(self) -> GrammarMatcher:
        """An independent matcher in the same state."""
        copy = GrammarMatcher.__new__(GrammarMatcher)
        copy._start(self._call(functools.partial(got, "matcher", lib.xgr_matcher_clone)),
                    self._checks_ids)
        return copy

    def __copy__(self):
        return self.fork()

    def __deepcopy__(self, _):
        return self.fork()

    def is_terminated(self) -> bool:
        """Whether the output has ended: by a stop token, or as terminate_without_stop_token says."""
        return self._call(lib.xgr_matcher_is_terminated) != 0

    def is_completed(self) -> bool:
        """Whether the output so far is a complete string of the language."""
        return self._call(lib.xgr_matcher_is_accepting) != 0

    @property
    def history_size(self) -> int:
        """How many steps can be undone."""
        return self._call(lib.xgr_matcher_history_size)

    @property
    def mask_words(self) -> int:
        """The number of 32-bit words of a row that fill_next_token_bitmask writes."""
        return self._call(lib.xgr_matcher_mask_words)

    @property
    def vocab_size(self) -> int:
        """The number of token ids, which is the number of bits of a row that count."""
        return self._call(lib.xgr_matcher_vocab_size)

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory it occupies, its grammar not included."""
        return self._call(lib.xgr_matcher_memory_size)

    @property
    def stop_token_ids(self) -> list[int]:
        """The stop tokens in force."""
        return self._call(_stop_tokens)
