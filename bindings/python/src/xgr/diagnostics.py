"""What the author of a source may want to know although it compiles."""
from __future__ import annotations

import dataclasses
from typing import Any

from ._calls import got
from ._library import NULL, lib, struct, text
from .error import check

CODES = {lib.XGR_DIAGNOSTIC_IGNORED_KEYWORD: "ignored_keyword",
         lib.XGR_DIAGNOSTIC_APPROXIMATED_KEYWORD: "approximated_keyword",
         lib.XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT: "special_token_as_text",
         lib.XGR_DIAGNOSTIC_MORE: "more"}


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One diagnostic of a CompiledGrammar. It is no error."""

    code: str  # "ignored_keyword", "approximated_keyword", "special_token_as_text", "more"
    message: str  # one line: what does not do what it seems to, and what to write instead
    subject: str  # the keyword or special token
    json_pointer: str | None  # place in a schema
    offset: int | None  # place in the source text, in bytes
    line: int | None  # from 1 on
    column: int | None  # in code points, from 1 on


def _diagnostic(diagnostics: Any, index: int) -> Diagnostic:
    found = struct("xgr_diagnostic_t")
    check(lib.xgr_diagnostics_get(diagnostics, index, found))
    pointer = found.pointer
    return Diagnostic(
        CODES.get(found.code, str(found.code)), text(found.message, found.message_size),
        text(found.subject, found.subject_size),
        None if pointer == NULL else text(pointer, found.pointer_size),
        None if found.byte_offset < 0 else found.byte_offset, found.line or None,
        found.column or None)


def diagnostics_of(grammar: Any) -> list[Diagnostic]:
    """Those of a handle of xgr_grammar_t."""
    found = got("diagnostics", lib.xgr_grammar_diagnostics, grammar)
    return [_diagnostic(found, i) for i in range(lib.xgr_diagnostics_size(found))]
