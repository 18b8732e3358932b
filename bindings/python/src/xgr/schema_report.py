"""What becomes of the keywords of a JSON Schema."""
from __future__ import annotations

import dataclasses
from typing import Any, Mapping

from ._calls import owned
from ._library import ffi, lib, struct, text
from ._options import schema_options, schema_text
from ._types import Schema
from .error import check

OUTCOMES = {lib.XGR_KEYWORD_OUTCOME_ENFORCED: "enforced",
            lib.XGR_KEYWORD_OUTCOME_IGNORED: "ignored",
            lib.XGR_KEYWORD_OUTCOME_APPROXIMATED: "approximated",
            lib.XGR_KEYWORD_OUTCOME_REFUSED: "refused"}


@dataclasses.dataclass(frozen=True)
class SchemaEntry:
    """What becomes of one keyword of a JSON Schema."""

    outcome: str  # "enforced", "ignored" (asserts nothing here), "approximated", "refused"
    keyword: str
    json_pointer: str  # after the schema's URI and "#" if a reference led to another one
    reason: str  # why it is not enforced, what to write instead; "" when it is enforced


def _entry(report: Any, index: int) -> SchemaEntry:
    entry = struct("xgr_json_schema_entry_t")
    check(lib.xgr_json_schema_report_entry(report, index, entry))
    return SchemaEntry(OUTCOMES[entry.outcome], text(entry.keyword, entry.keyword_size),
                       text(entry.pointer, entry.pointer_size),
                       text(entry.reason, entry.reason_size))


def check_json_schema(schema: Schema, *, strict_mode: bool = False, formats: str = "enforce",
                      draft: int | None = None, remotes: Mapping[str, Schema] | None = None,
                      any_order: bool = False, unique_names: bool = False, lenient: bool = False,
                      unknown_keywords: str = "ignore") -> list[SchemaEntry]:
    """What becomes of each keyword of a JSON Schema, without compiling it: SchemaEntry objects in
    the order of the document.

    Arguments are those of GrammarCompiler.compile_json_schema. What cannot be enforced is "refused",
    with lenient "approximated"; names that are no keywords are "ignored", and "refused" with
    unknown_keywords="refuse". Raises XgrError for what is no schema or has no valid document.
    """
    source = schema_text(schema)
    options, keep = schema_options(strict_mode=strict_mode, formats=formats, draft=draft,
                                   remotes=remotes, any_order=any_order, unique_names=unique_names,
                                   lenient=lenient, unknown_keywords=unknown_keywords)
    report = owned("json_schema_report", lib.xgr_json_schema_check, source, len(source), options)
    del keep
    return [_entry(report, i) for i in range(lib.xgr_json_schema_report_size(report))]
