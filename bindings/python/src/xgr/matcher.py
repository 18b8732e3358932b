"""GrammarMatcher: one output being generated."""
from . import bitmask as bitmasks
from ._library import NULL, ffi, lib, owned, stats
from .compiler import CompiledGrammar
from .error import ErrorCode, XgrError, raise_status

# Looked up once: these run for every token.
_accept_token = lib.xgr_matcher_accept_token
_fill_bitmask = lib.xgr_matcher_fill_bitmask
_MASK_TERMINATED = lib.XGR_MASK_KIND_TERMINATED


class GrammarMatcher:
    """Says which tokens may come next and takes the chosen one.

    For one thread at a time. Remembers the bitmask and row it filled last, which makes filling the
    same row again cheap and keeps that bitmask alive.

    prefetch    after each step a thread of the compiler computes what the next mask needs and is not
                there yet, while the model computes its logits
    default_temperature     what `temperature` is where no rule asks for one; None: nothing
    """

    __slots__ = ("_compiled", "_handle", "_answer", "_words", "_bitmask", "_index", "_row", "_keep")

    def __init__(self, compiled_grammar, *, override_stop_tokens=None,
                 terminate_without_stop_token=False, prefetch=False, default_temperature=None):
        if not isinstance(compiled_grammar, CompiledGrammar):
            raise ValueError(f"compiled_grammar is {type(compiled_grammar).__name__}; "
                             "expected CompiledGrammar")
        options = ffi.new("xgr_matcher_options_t *")
        options.struct_size = ffi.sizeof("xgr_matcher_options_t")
        options.terminate_without_stop_token = bool(terminate_without_stop_token)
        options.prefetch = bool(prefetch)
        if default_temperature is not None:
            options.has_default_temperature = True
            options.default_temperature = default_temperature
        if override_stop_tokens is not None:
            ids = override_stop_tokens
            stop = ffi.new("int32_t[]", [ids] if isinstance(ids, int) else list(ids))
            if not len(stop):
                raise ValueError("override_stop_tokens is empty; pass None for the tokenizer's own")
            options.stop_tokens = stop
            options.stop_token_count = len(stop)
        self._start(compiled_grammar, owned("matcher", lib.xgr_matcher_create,
                                            compiled_grammar._handle, options))

    def _start(self, compiled, handle):
        self._compiled = compiled
        self._handle = handle
        self._answer = ffi.new("int32_t *")
        self._words = lib.xgr_matcher_mask_words(handle)
        self._bitmask = self._index = self._row = self._keep = None

    def accept_token(self, token_id):
        """Takes the chosen token. False, and nothing changed, when it is not allowed."""
        answer = self._answer
        try:
            status = _accept_token(self._handle, token_id, answer)
        except OverflowError:
            return False
        if status:
            raise_status(status)
        return answer[0] != 0

    def accept_string(self, input_str):
        """Takes text or bytes, all or none, as one step of the history."""
        data = input_str.encode() if isinstance(input_str, str) else bytes(input_str)
        status = lib.xgr_matcher_accept_bytes(self._handle, data, len(data), self._answer)
        if status:
            raise_status(status)
        return self._answer[0] != 0

    def is_token_allowed(self, token_id):
        """Whether accept_token would take the token; costs less than a mask."""
        try:
            status = lib.xgr_matcher_is_token_allowed(self._handle, token_id, self._answer)
        except OverflowError:
            return False
        if status:
            raise_status(status)
        return self._answer[0] != 0

    def fill_next_token_bitmask(self, bitmask, index=0):
        """Writes row `index` of a bitmask (see xgr.bitmask). False when every token is allowed, so
        that applying it would change nothing. XgrError once the output has ended."""
        if bitmask is not self._bitmask or index != self._index:
            self._keep, self._row = bitmasks.row_of(bitmask, index, self._words)
            self._bitmask, self._index = bitmask, index
        answer = self._answer
        status = _fill_bitmask(self._handle, self._row, self._words, answer)
        if status:
            raise_status(status)
        if answer[0]:  # seldom: not XGR_MASK_KIND_SOME
            if answer[0] == _MASK_TERMINATED:
                raise XgrError("the output has ended: there is no next token",
                               ErrorCode.INVALID_STATE)
            return False
        return True

    def lend_next_token_bitmask(self):
        """The next bitmask as a read-only memoryview of int32, without a copy where possible.

        It holds until this matcher takes a token or text, rolls back or resets; after that its
        contents mean nothing and must not be read. XgrError once the output has ended.
        """
        mask, words = ffi.new("const uint32_t *[1]"), ffi.new("size_t *")
        status = lib.xgr_matcher_lend_bitmask(self._handle, mask, words, self._answer)
        if status:
            raise_status(status)
        if self._answer[0] == _MASK_TERMINATED:
            raise XgrError("the output has ended: there is no next token", ErrorCode.INVALID_STATE)
        handle = self._handle  # kept alive by what is returned
        memory = ffi.gc(mask[0], lambda _: handle)
        return memoryview(ffi.buffer(memory, words[0] * 4)).cast("B").cast("i").toreadonly()

    def get_captures(self, deduplicate=True):
        """The texts of rules with a capture name, as (name, bytes) in the order of completion.

        A rule may be complete several times while its text grows: only the longest text is given,
        or all of them without deduplicate.
        """
        out = ffi.new("xgr_captures_t **")
        status = lib.xgr_matcher_captures(self._handle, not deduplicate, out)
        if status:
            raise_status(status)
        captures = ffi.gc(out[0], lib.xgr_captures_destroy)
        capture = ffi.new("xgr_capture_t *")
        capture.struct_size = ffi.sizeof("xgr_capture_t")
        found = []
        for i in range(lib.xgr_captures_size(captures)):
            lib.xgr_captures_get(captures, i, capture)
            found.append((ffi.unpack(capture.name, capture.name_size).decode(),
                          ffi.buffer(capture.text, capture.text_size)[:]))
        return found

    @property
    def temperature(self):
        """The sampling temperature that the grammar asks for here, else default_temperature."""
        value = ffi.new("float *")
        status = lib.xgr_matcher_temperature(self._handle, self._answer, value)
        if status:
            raise_status(status)
        return value[0] if self._answer[0] else None

    def stats(self):
        """What its masks have cost, as a dict; see xgr_matcher_stats_t."""
        return stats("matcher", lib.xgr_matcher_stats, self._handle)

    def rollback(self, num_tokens=1):
        """Undoes the last steps, up to the start."""
        if num_tokens < 0:
            raise ValueError(f"num_tokens is {num_tokens}; expected 0 or more")
        status = lib.xgr_matcher_rollback(self._handle, num_tokens)
        if status == ErrorCode.INVALID_ARGUMENT:
            raise_status(status, f"cannot undo {num_tokens} steps: there are {self.history_size}")
        if status:
            raise_status(status)

    def reset(self):
        """Goes back to the start and forgets the history."""
        status = lib.xgr_matcher_reset(self._handle)
        if status:
            raise_status(status)

    def fork(self):
        """An independent matcher in the same state."""
        out = ffi.new("xgr_matcher_t **")
        status = lib.xgr_matcher_clone(self._handle, out)
        if status:
            raise_status(status)
        copy = GrammarMatcher.__new__(GrammarMatcher)
        copy._start(self._compiled, ffi.gc(out[0], lib.xgr_matcher_destroy))
        return copy

    def is_terminated(self):
        """Whether the output has ended: by a stop token, or as terminate_without_stop_token says."""
        return lib.xgr_matcher_is_terminated(self._handle) != 0

    def is_completed(self):
        """Whether the output so far is a complete string of the language."""
        return lib.xgr_matcher_is_accepting(self._handle) != 0

    @property
    def history_size(self):
        """How many steps can be undone."""
        return lib.xgr_matcher_history_size(self._handle)

    @property
    def stop_token_ids(self):
        count = ffi.new("size_t *")
        tokens = lib.xgr_matcher_stop_tokens(self._handle, count)
        return [] if tokens == NULL else ffi.unpack(tokens, count[0])
