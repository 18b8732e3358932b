"""Families of chat models: how the replies of a model are written, as data."""
from __future__ import annotations

from typing import Any

from ._calls import printed
from ._library import NULL, ffi, lib
from ._options import json_text
from ._types import Json
from .error import ErrorCode, XgrError
from .tokenizer import TokenizerInfo


def families() -> list[str]:
    """The names of the families that are compiled into the library, ascending."""
    return [ffi.string(lib.xgr_family_name(i)).decode() for i in range(lib.xgr_family_count())]


def family_text(name: str) -> str:
    """The file of a family of the library, JSON. A changed copy can be given wherever a family is asked
    for."""
    if not isinstance(name, str):
        raise TypeError(f"name is {type(name).__name__}; expected str")
    names = families()
    if name not in names:
        raise XgrError(f"no family is named {name!r}; expected one of {', '.join(names)}",
                       ErrorCode.INVALID_ARGUMENT)
    return str(ffi.string(lib.xgr_family_text(names.index(name))), "utf-8")


def family_structural_tag(family: Json, request: Json, tokenizer_info: TokenizerInfo | None = None) -> str:
    """The structural tag that constrains the reply to a request, JSON for
    GrammarCompiler.compile_structural_tag.

    family          name or alias of a family; a family file or a response template, as JSON text or a dict
    request         a request in the shape of OpenAI's APIs, as JSON text, a dict or a model of pydantic:
                    `tools`, `tool_choice`, `parallel_tool_calls`, `response_format`, and what
                    docs/families.md lists. Other members are ignored
    tokenizer_info  tells which markers are tokens; None: all are text unless the request says otherwise
    """
    if not isinstance(tokenizer_info, (TokenizerInfo, type(None))):
        raise TypeError(f"tokenizer_info is {type(tokenizer_info).__name__}; expected TokenizerInfo or None")
    known = NULL if tokenizer_info is None else tokenizer_info._handle
    name, wanted = json_text(family, "family"), json_text(request, "request")

    def call(tokenizer: Any, memory: Any, room: int, size: Any, error: Any) -> Any:
        return lib.xgr_family_structural_tag(name, len(name), wanted, len(wanted), tokenizer, memory, room,
                                             size, error)

    return printed(call, known)
