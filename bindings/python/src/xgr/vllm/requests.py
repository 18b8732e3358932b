"""What a request of vLLM asks xgr.vllm:LogitsProcessor for, and its matcher once that is compiled."""
from __future__ import annotations

import logging
from typing import Any, Mapping

from .._engine import KINDS, EngineCompiler, source_of
from .._rows import Follower
from ..bitmask import bitmask_set_tokens
from ..error import XgrError
from ..matcher import GrammarMatcher
from ..start import StartSequence

logger = logging.getLogger(__name__)

MATCHER_OPTIONS = ("starts", "forbidden_tokens", "max_waiting_tokens", "forced_start", "may_end_waiting",
                   "terminate_without_stop_token")
WRONG = (XgrError, ValueError, TypeError, KeyError)  # what a wrong request raises


class Asked:
    """SamplingParams(extra_args={"xgr": {...}}): one of KINDS, and options of source_of and of GrammarMatcher."""

    def __init__(self, spec: Any, stop_token_ids: Any) -> None:
        if not isinstance(spec, Mapping):
            raise TypeError(f"extra_args['xgr'] is {type(spec).__name__}; expected a dict")
        options = dict(spec)
        kinds = [kind for kind in KINDS if kind in options]
        if len(kinds) != 1:
            raise ValueError(f"extra_args['xgr'] has {', '.join(kinds) or 'no kind of constraint'}; expected one of "
                             f"{', '.join(KINDS)}")
        self.kind, self.value = kinds[0], options.pop(kinds[0])
        self.matcher: dict[str, Any] = {name: options.pop(name) for name in MATCHER_OPTIONS if name in options}
        if "starts" in self.matcher:
            self.matcher["starts"] = _starts(self.matcher["starts"])
        if stop_token_ids:
            self.matcher["override_stop_tokens"] = sorted(stop_token_ids)
        self.options = options

    @classmethod
    def of(cls, params: Any) -> Asked | None:
        """None where the request asks for nothing."""
        extra = getattr(params, "extra_args", None)
        if not extra or extra.get("xgr") is None:
            return None
        return cls(extra["xgr"], getattr(params, "all_stop_token_ids", None))

    def check(self) -> None:
        """Raises what is wrong with the text and the options."""
        source_of(self.kind, self.value, **self.options)


def _starts(starts: Any) -> list[Any]:
    """Start sequences, as JSON has them: a text, a list of ids, or an object with the members of
    StartSequence."""
    listed = starts if isinstance(starts, list) and not all(isinstance(item, int) for item in starts) else [starts]
    return [StartSequence(**start) if isinstance(start, Mapping) else start for start in listed]


class Slot:
    """A request that is being served. Its grammar is compiled while the engine computes the prompt.

    output   the ids of its output so far
    """

    def __init__(self, compiler: EngineCompiler, asked: Asked, output: list[int]) -> None:
        self.output = output
        self._asked = asked
        self._follower: Follower | None = None
        self._future: Any = None
        self._stop = asked.matcher.get("override_stop_tokens") or compiler.tokenizer_info.stop_token_ids
        self._told = False
        try:
            self._future = compiler.start(asked.kind, asked.value, **asked.options)
        except WRONG as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        logger.error("The grammar of a request could not be compiled, so its output ends at once: %s", error)

    def follower(self) -> Follower | None:
        """What follows its output, when it is compiled; None where it cannot be."""
        if self._future is not None:
            future, self._future = self._future, None
            try:
                self._follower = Follower(GrammarMatcher(future.result(), **self._asked.matcher))
            except WRONG as error:
                self._fail(error)
        return self._follower

    def follow(self) -> bool:
        """Brings its matcher to the end of its output; whether its grammar has a say in what follows."""
        follower = self.follower()
        if follower is None:
            return True
        follower.follow(self.output)
        if follower.refused and not self._told:
            self._told = True
            logger.error("The grammar of a request refuses token %s, number %s of its output, so the rest of it is "
                         "free. Does another logits processor allow what this one forbids?",
                         follower.ids[follower.taken], follower.taken)
        return follower.needs_mask()

    def fill(self, bitmask: Any, row: int) -> bool:
        """Fills a row; whether it forbids anything."""
        follower = self.follower()
        if follower is not None:
            return bool(follower.matcher.fill_next_token_bitmask(bitmask, row))
        bitmask[row] = 0
        bitmask_set_tokens(bitmask, self._stop, index=row)
        return True

    def fill_draft(self, tokens: list[int], bitmask: Any, row: int) -> list[bool]:
        """Fills a row before each token of a draft and one behind it; which of them forbid anything. Rows that
        the draft does not lead to are left free: nobody samples from them."""
        follower = self.follower()
        if follower is not None:
            return follower.matcher.fill_draft(tokens, bitmask, row)[1]
        return [self.fill(bitmask, row + i) for i in range(len(tokens) + 1)]
