"""ReplyReader: reads the reply of a family of chat models back, as it comes in."""
from __future__ import annotations

import dataclasses
import enum
from typing import Any, Callable, NoReturn

from ._calls import owned
from ._handle import Handle
from ._library import NULL, lib, struct, text, utf8
from ._options import json_text
from ._types import Json, Text
from ._values import choice
from .error import ErrorCode, XgrError, check, raise_status
from .tokenizer import TokenizerInfo

BEGINS = {"auto": lib.XGR_REPLY_BEGIN_AUTO, "reasoning": lib.XGR_REPLY_BEGIN_REASONING,
          "outside": lib.XGR_REPLY_BEGIN_OUTSIDE}


class ReplyEventKind(enum.IntEnum):
    """What a reader found in a reply."""

    REASONING = lib.XGR_REPLY_EVENT_REASONING  # more text of the reasoning
    TEXT = lib.XGR_REPLY_EVENT_TEXT  # more text for the user
    CALL_BEGIN = lib.XGR_REPLY_EVENT_CALL_BEGIN  # a call: text is the name of the function
    ARGUMENTS = lib.XGR_REPLY_EVENT_ARGUMENTS  # more of the arguments of the call, a JSON object
    CALL_END = lib.XGR_REPLY_EVENT_CALL_END  # the call is whole
    MALFORMED = lib.XGR_REPLY_EVENT_MALFORMED  # the call is none: text is what stands there
    END = lib.XGR_REPLY_EVENT_END  # the reply is over


@dataclasses.dataclass(frozen=True)
class ReplyEvent:
    """One event of a reply."""

    kind: ReplyEventKind
    text: str  # never ends inside of a character that goes on
    id: str  # what the model gave a call that begins as an id or number; "" when it has none
    problem: str  # one line: what is wrong or missing; "" when nothing is
    offset: int  # place in the reply in bytes; of MALFORMED, of the first byte that does not fit
    call: int  # number of the call, from 0 on; 0 for events of other kinds


class ReplyReader(Handle):
    """A reader of one reply: pieces go in, cut anywhere, and events come out as soon as they are certain.
    It needs neither a grammar nor a matcher. For one thread at a time.

    family          name or alias of a family; a family file or a response template, as JSON text or a dict
    request         the request that is answered, as JSON text, a dict or a model of pydantic: its tools tell
                    the types of arguments where the family does not write them. None: it is not known
    tokenizer_info  tells the suffix of markers where a family has one; None: there is none
    begin           where the reply begins: "reasoning", inside of the reasoning; "outside" of it; "auto", as
                    the request and the family say
    """

    __slots__ = ()

    def __init__(self, family: Json, request: Json | None = None,
                 tokenizer_info: TokenizerInfo | None = None, *, begin: str = "auto") -> None:
        if not isinstance(tokenizer_info, (TokenizerInfo, type(None))):
            raise TypeError(f"tokenizer_info is {type(tokenizer_info).__name__}; expected TokenizerInfo or "
                            "None")
        name = json_text(family, "family")
        answered = NULL if request is None else json_text(request, "request")
        self._handle = [owned("reply_reader", lib.xgr_reply_reader_create, name, len(name), answered,
                              0 if request is None else len(answered),
                              NULL if tokenizer_info is None else tokenizer_info._handle,
                              struct("xgr_reply_reader_options_t", begin=choice("begin", begin, BEGINS)))]

    def __copy__(self) -> NoReturn:
        raise TypeError("a ReplyReader cannot be copied: make another one, and feed it the same bytes")

    def __deepcopy__(self, _: object) -> NoReturn:
        self.__copy__()

    def _call(self, function: Callable[..., Any], *arguments: Any) -> list[ReplyEvent]:
        """function(handle, *arguments), and the events that are ready then, while nobody else has the
        handle."""
        idle = self._handle
        try:
            handle = idle.pop()
        except IndexError:
            raise XgrError("another thread is inside a call with this ReplyReader; it is for one thread at a "
                           "time", ErrorCode.INVALID_STATE) from None
        try:
            status = function(handle, *arguments)
            if status == ErrorCode.INVALID_STATE:
                raise_status(status, "the reply is over, as finish() was called; expected a new ReplyReader "
                                     "for the next reply")
            check(status)
            return _events(handle)
        finally:
            idle.append(handle)

    def feed(self, data: Text) -> list[ReplyEvent]:
        """Takes the next bytes or text of the reply; the events that are certain now.

        Special tokens count with the text of their names; tokens that end the reply may be left out. What
        may still become a marker is held back.
        """
        piece = utf8(data)
        return self._call(lib.xgr_reply_reader_feed, piece, len(piece))

    def finish(self) -> list[ReplyEvent]:
        """Tells that the reply is over; the events that are left, the last of which is END."""
        return self._call(lib.xgr_reply_reader_finish)


def _events(handle: Any) -> list[ReplyEvent]:
    found = struct("xgr_reply_event_t")
    events: list[ReplyEvent] = []
    while True:
        check(lib.xgr_reply_reader_next_event(handle, found))
        if found.kind == lib.XGR_REPLY_EVENT_NONE:
            return events
        events.append(ReplyEvent(
            ReplyEventKind(found.kind), text(found.text, found.text_size), text(found.id, found.id_size),
            text(found.problem, found.problem_size), found.byte_offset, found.call))
