"""Schemas and options, as the C functions take them."""
from __future__ import annotations

import enum
import json
import math
import os

from ._library import NULL, array, ffi, lib, struct, utf8
from .cancel import handle_of


class RegexFlags(enum.IntFlag):
    """How a pattern is read; a pattern may switch these itself, as in (?i)."""

    CASELESS = lib.XGR_REGEX_CASELESS  # i: letters match whatever their case
    MULTILINE = lib.XGR_REGEX_MULTILINE  # m: ^ and $ match at line ends inside the text
    EXTENDED = lib.XGR_REGEX_EXTENDED  # x: white space and # comments do not count
    DOT_STOPS = lib.XGR_REGEX_DOT_STOPS  # a dot matches no line end


WARM_UP = {"none": lib.XGR_WARM_UP_NONE, "bounded": lib.XGR_WARM_UP_BOUNDED,
           "full": lib.XGR_WARM_UP_FULL}
FORMATS = {"enforce": lib.XGR_FORMATS_ENFORCE, "refuse_unknown": lib.XGR_FORMATS_REFUSE_UNKNOWN,
           "ignore": lib.XGR_FORMATS_IGNORE}
UNKNOWN_KEYWORDS = {"ignore": lib.XGR_UNKNOWN_KEYWORDS_IGNORE,
                    "refuse": lib.XGR_UNKNOWN_KEYWORDS_REFUSE}
ESCAPES = {"any": lib.XGR_JSON_ESCAPES_ANY, "minimal": lib.XGR_JSON_ESCAPES_MINIMAL}
EBNF_DIALECTS = {"auto": lib.XGR_EBNF_DIALECT_AUTO, "ebnf": lib.XGR_EBNF_DIALECT_EBNF,
                 "gbnf": lib.XGR_EBNF_DIALECT_GBNF}
REGEX_DIALECTS = {"pcre": lib.XGR_REGEX_DIALECT_PCRE, "ecma": lib.XGR_REGEX_DIALECT_ECMA}


def choice(option, value, values):
    """The constant that a word stands for."""
    if value not in values:
        raise ValueError(f"{option} is {value!r}; expected one of {', '.join(map(repr, values))}")
    return values[value]


def schema_text(schema):
    """JSON text of a schema given as text, as a dict or as a pydantic model."""
    if isinstance(schema, (str, bytes)):
        return utf8(schema)
    if isinstance(schema, dict):
        return json.dumps(schema).encode()
    if hasattr(schema, "model_json_schema"):
        return json.dumps(schema.model_json_schema()).encode()
    if isinstance(schema, type) and hasattr(schema, "schema_json"):
        return schema.schema_json().encode()
    if isinstance(schema, os.PathLike):
        return utf8(schema)
    raise TypeError(f"schema is {type(schema).__name__}; expected str, dict or a pydantic model")


def json_text(value, name):
    """JSON text of a value given as text, as a dict, or as an object that says it, as those of pydantic."""
    if isinstance(value, (str, bytes, bytearray, memoryview, os.PathLike)):
        return utf8(value)
    if isinstance(value, dict):
        return json.dumps(value).encode()
    for method in ("model_dump_json", "to_json"):
        if hasattr(value, method):
            return utf8(getattr(value, method)())
    if hasattr(value, "model_dump"):
        return json.dumps(value.model_dump()).encode()
    raise TypeError(f"{name} is {type(value).__name__}; expected str, dict or a model of pydantic")


def json_format(any_whitespace=True, indent=None, separators=None, max_whitespace_cnt=None,
                escapes="any"):
    """xgr_json_format_t, and what it points to."""
    if max_whitespace_cnt is not None and max_whitespace_cnt < 1:
        raise ValueError(f"max_whitespace_cnt is {max_whitespace_cnt}; expected None or at least 1")
    fixed = [name for name, value in (("indent", indent), ("separators", separators))
             if value is not None]
    if any_whitespace and fixed:
        raise ValueError(f"{' and '.join(fixed)} fix the layout, but any_whitespace is True; "
                         "pass any_whitespace=False as well")
    if not any_whitespace and max_whitespace_cnt is not None:
        raise ValueError(f"max_whitespace_cnt is {max_whitespace_cnt}, but with any_whitespace=False "
                         "the layout is fixed; pass any_whitespace=True, or leave it out")
    if any_whitespace:
        return struct("xgr_json_format_t", max_whitespace=max_whitespace_cnt or 0,
                      escapes=choice("escapes", escapes, ESCAPES)), ()
    layout = lib.XGR_JSON_LAYOUT_LINE if indent is None else lib.XGR_JSON_LAYOUT_INDENT
    out = struct("xgr_json_format_t", layout=layout, indent=indent or 0,
                 escapes=choice("escapes", escapes, ESCAPES))
    if separators is None:
        return out, ()
    item, key = (ffi.from_buffer(utf8(separator)) for separator in separators)
    out.item_separator, out.item_separator_size = item, len(item)
    out.key_separator, out.key_separator_size = key, len(key)
    return out, (item, key)


def schema_options(*, strict_mode=False, formats="enforce", draft=None, remotes=None, any_order=False,
                   unique_names=False, lenient=False, unknown_keywords="ignore",
                   deferred=False):
    """xgr_json_schema_options_t, and what it points to."""
    size = ffi.sizeof("xgr_remote_schema_t")
    pinned = [(ffi.from_buffer(utf8(uri)), ffi.from_buffer(schema_text(schema)))
              for uri, schema in (remotes or {}).items()]
    elements, count = array("xgr_remote_schema_t", [
        (size, uri, len(uri), text, len(text)) for uri, text in pinned])
    options = struct("xgr_json_schema_options_t", remotes=elements, remote_count=count,
                     strict=bool(strict_mode), formats=choice("formats", formats, FORMATS),
                     draft=draft or 0, any_order=bool(any_order), lenient=bool(lenient),
                     unique_names=bool(unique_names),
                     unknown_keywords=choice("unknown_keywords", unknown_keywords, UNKNOWN_KEYWORDS),
                     deferred=bool(deferred))
    return options, (pinned, elements)


def ebnf_options(root_rule_name, dialect, deferred=False):
    """xgr_ebnf_options_t, and what it points to."""
    root = ffi.from_buffer(utf8(root_rule_name))
    options = struct("xgr_ebnf_options_t", root_rule=root, root_rule_size=len(root),
                     dialect=choice("dialect", dialect, EBNF_DIALECTS), deferred=bool(deferred))
    return options, root


def regex_options(search, dialect, flags, deferred=False):
    return struct("xgr_regex_options_t", search=bool(search),
                  dialect=choice("dialect", dialect, REGEX_DIALECTS), flags=int(flags),
                  deferred=bool(deferred))


def lark_options(named_grammars, deferred=False):
    """xgr_lark_options_t, and what it points to; a named grammar is a text or has a _handle."""
    size, keep, elements = ffi.sizeof("xgr_named_grammar_t"), [], []
    for name, grammar in (named_grammars or {}).items():
        is_text = isinstance(grammar, (str, bytes))
        words = ffi.from_buffer(utf8(name)), ffi.from_buffer(utf8(grammar) if is_text else b"")
        handle = NULL if is_text else grammar._handle
        keep.append((words, handle))
        elements.append((size, words[0], len(words[0]), words[1] if is_text else NULL,
                         len(words[1]), handle))
    named, count = array("xgr_named_grammar_t", elements)
    options = struct("xgr_lark_options_t", named=named, named_count=count, deferred=bool(deferred))
    return options, (keep, named)


def compile_options(cancel=None, timeout=None, bypass_cache=False):
    """xgr_compile_options_t, and what it points to."""
    if timeout is not None and not timeout > 0:
        raise ValueError(f"timeout is {timeout}; expected None, or seconds above 0")
    milliseconds = 0 if timeout is None else min(math.ceil(min(timeout, 1e12) * 1000), 2**63)
    keep = handle_of(cancel)
    return struct("xgr_compile_options_t", cancel=keep, timeout_milliseconds=milliseconds,
                  bypass_cache=bool(bypass_cache)), keep


def token_array(ids):
    """int32_t array and its length of one id, several, or None."""
    return array("int32_t", [] if ids is None else [ids] if isinstance(ids, int) else ids)
