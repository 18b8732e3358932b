"""Schemas and options, as the C functions take them."""
from __future__ import annotations

import enum
import json
import math
import os
from typing import Any, Mapping, NoReturn

from ._library import NULL, array, ffi, lib, struct, utf8
from ._types import Json, Schema, Separators, SomeTokenIds, Text
from ._values import choice, flag, real, whole
from .cancel import Cancel, handle_of


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


def schema_text(schema: Schema) -> bytes:
    """JSON text of a schema: a text, a dict, True, False, or a class of pydantic's models."""
    if isinstance(schema, (str, bytes, bytearray, memoryview)):
        return utf8(schema)
    if isinstance(schema, (dict, bool)):
        return _written(schema, "schema")
    if hasattr(schema, "model_json_schema"):
        return _written(schema.model_json_schema(), "schema")
    if isinstance(schema, type) and hasattr(schema, "schema_json"):
        return utf8(schema.schema_json())
    if isinstance(schema, os.PathLike):
        return utf8(schema)  # raises what it says of paths
    raise TypeError(f"schema is {type(schema).__name__}; expected str, dict or a pydantic model, or True or "
                    "False")


def _written(value: object, name: str) -> bytes:
    try:
        return json.dumps(value).encode()
    except TypeError as error:  # a set in it, for example
        raise TypeError(f"{name} is no JSON: {error}") from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply to be written; expected less, or its text") from None


def json_text(value: Json, name: str) -> bytes:
    """JSON text of a value given as text, as a dict, or as an object that says it, as those of pydantic."""
    if isinstance(value, (str, bytes, bytearray, memoryview, os.PathLike)):
        return utf8(value)
    if isinstance(value, dict):
        return _written(value, name)
    for method in ("model_dump_json", "to_json"):
        if hasattr(value, method):
            return utf8(getattr(value, method)())
    if hasattr(value, "model_dump"):
        return _written(value.model_dump(), name)
    raise TypeError(f"{name} is {type(value).__name__}; expected str, dict or a model of pydantic")


def _separators(separators: Any) -> tuple[Any, Any]:
    """Memory of the text between items, and of that between a key and its value."""
    if isinstance(separators, (str, bytes)) or not hasattr(separators, "__len__"):
        raise TypeError(f"separators is {type(separators).__name__}; expected two texts, as (\", \", \": \")")
    if len(separators) != 2:
        raise ValueError(f"separators has {len(separators)} texts; expected two, as (\", \", \": \")")
    item, key = separators
    return ffi.from_buffer(utf8(item)), ffi.from_buffer(utf8(key))


def json_format(any_whitespace: bool = True, indent: int | None = None, separators: Separators = None,
                max_whitespace_cnt: int | None = None, escapes: str = "any",
                max_digits: int | None = None) -> tuple[Any, Any]:
    """xgr_json_format_t, and what it points to."""
    any_whitespace = flag("any_whitespace", any_whitespace)
    if indent is not None:
        indent = whole("indent", indent, most=2**31 - 1)
    if max_digits is not None and whole("max_digits", max_digits, -2**31) < 1:
        raise ValueError(f"max_digits is {max_digits}; expected None or at least 1")
    if max_whitespace_cnt is not None and whole("max_whitespace_cnt", max_whitespace_cnt, -2**31) < 1:
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
        return struct("xgr_json_format_t", max_whitespace=max_whitespace_cnt or 0, max_digits=max_digits or 0,
                      escapes=choice("escapes", escapes, ESCAPES)), ()
    layout = lib.XGR_JSON_LAYOUT_LINE if indent is None else lib.XGR_JSON_LAYOUT_INDENT
    out = struct("xgr_json_format_t", layout=layout, indent=indent or 0, max_digits=max_digits or 0,
                 escapes=choice("escapes", escapes, ESCAPES))
    if separators is None:
        return out, ()
    item, key = _separators(separators)
    out.item_separator, out.item_separator_size = item, len(item)
    out.key_separator, out.key_separator_size = key, len(key)
    return out, (item, key)


def schema_options(*, strict_mode: bool = False, formats: str = "enforce", draft: int | None = None,
                   remotes: Mapping[str, Schema] | None = None, any_order: bool = False,
                   unique_names: bool = False, lenient: bool = False, unknown_keywords: str = "ignore",
                   deferred: bool = False) -> tuple[Any, Any]:
    """xgr_json_schema_options_t, and what it points to."""
    if remotes is not None and not hasattr(remotes, "items"):
        raise TypeError(f"remotes is {type(remotes).__name__}; expected a dict of schemas by URI")
    size = ffi.sizeof("xgr_remote_schema_t")
    pinned = [(ffi.from_buffer(utf8(uri)), ffi.from_buffer(schema_text(schema)))
              for uri, schema in (remotes or {}).items()]
    elements, count = array("xgr_remote_schema_t", [
        (size, uri, len(uri), text, len(text)) for uri, text in pinned])
    options = struct("xgr_json_schema_options_t", remotes=elements, remote_count=count,
                     strict=flag("strict_mode", strict_mode), formats=choice("formats", formats, FORMATS),
                     draft=0 if draft is None else whole("draft", draft, most=2**31 - 1),
                     any_order=flag("any_order", any_order), lenient=flag("lenient", lenient),
                     unique_names=flag("unique_names", unique_names),
                     unknown_keywords=choice("unknown_keywords", unknown_keywords, UNKNOWN_KEYWORDS),
                     deferred=flag("deferred", deferred))
    return options, (pinned, elements)


def ebnf_options(root_rule_name: Text, dialect: str, deferred: bool = False) -> tuple[Any, Any]:
    """xgr_ebnf_options_t, and what it points to."""
    root = ffi.from_buffer(utf8(root_rule_name))
    options = struct("xgr_ebnf_options_t", root_rule=root, root_rule_size=len(root),
                     dialect=choice("dialect", dialect, EBNF_DIALECTS),
                     deferred=flag("deferred", deferred))
    return options, root


def regex_options(search: bool, dialect: str, flags: int, deferred: bool = False) -> Any:
    """xgr_regex_options_t."""
    return struct("xgr_regex_options_t", search=flag("search", search),
                  dialect=choice("dialect", dialect, REGEX_DIALECTS),
                  flags=whole("flags", flags, most=2**31 - 1), deferred=flag("deferred", deferred))


def _named_grammar(name: str, grammar: Any) -> NoReturn:
    raise TypeError(f"named_grammars[{name!r}] is {type(grammar).__name__}; expected a Grammar or Lark text")


def lark_options(named_grammars: Mapping[str, Any] | None, deferred: bool = False) -> tuple[Any, Any]:
    """xgr_lark_options_t, and what it points to; a named grammar is a text or has a _handle."""
    if named_grammars is not None and not hasattr(named_grammars, "items"):
        raise TypeError(f"named_grammars is {type(named_grammars).__name__}; expected a dict of grammars by "
                        "name")
    size = ffi.sizeof("xgr_named_grammar_t")
    keep: list[Any] = []
    elements: list[Any] = []
    for name, grammar in (named_grammars or {}).items():
        is_text = isinstance(grammar, (str, bytes))
        if not is_text and not hasattr(grammar, "_handle"):
            _named_grammar(name, grammar)
        words = ffi.from_buffer(utf8(name)), ffi.from_buffer(utf8(grammar) if is_text else b"")
        handle = NULL if is_text else grammar._handle
        keep.append((words, handle))
        elements.append((size, words[0], len(words[0]), words[1] if is_text else NULL,
                         len(words[1]), handle))
    named, count = array("xgr_named_grammar_t", elements)
    options = struct("xgr_lark_options_t", named=named, named_count=count,
                     deferred=flag("deferred", deferred))
    return options, (keep, named)


def compile_options(cancel: Cancel | None = None, timeout: float | None = None,
                    bypass_cache: bool = False) -> tuple[Any, Any]:
    """xgr_compile_options_t, and what it points to."""
    if timeout is not None and not real("timeout", timeout) > 0:
        raise ValueError(f"timeout is {timeout}; expected None, or seconds above 0")
    milliseconds = 0 if timeout is None else min(math.ceil(min(timeout, 1e12) * 1000), 2**63)
    keep = handle_of(cancel)
    return struct("xgr_compile_options_t", cancel=keep, timeout_milliseconds=milliseconds,
                  bypass_cache=flag("bypass_cache", bypass_cache)), keep


def token_array(ids: SomeTokenIds, name: str = "token_ids") -> tuple[Any, int]:
    """int32_t array and its length of one id, several, or None."""
    if ids is None:
        return NULL, 0
    several = [ids] if hasattr(ids, "__index__") and not hasattr(ids, "__len__") else ids
    if isinstance(several, (str, bytes, dict)) or not hasattr(several, "__iter__"):
        raise TypeError(f"{name} is {type(ids).__name__}; expected a token id, several, or None")
    return array("int32_t", [whole(f"{name}[{i}]", token, -2**31, 2**31 - 1) for i, token in enumerate(several)])
