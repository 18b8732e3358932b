"""JSON Schemas and their options, as the C functions take them."""
import json

from ._library import ffi, lib


def schema_text(schema):
    """JSON text of a schema given as text, as a dict or as a pydantic model."""
    if isinstance(schema, str):
        return schema
    if isinstance(schema, dict):
        return json.dumps(schema)
    if hasattr(schema, "model_json_schema"):
        return json.dumps(schema.model_json_schema())
    if isinstance(schema, type) and hasattr(schema, "schema_json"):
        return schema.schema_json()
    raise ValueError(f"schema is {type(schema).__name__}; expected str, dict or a pydantic model")


def format_policy(name):
    policies = {"enforce": lib.XGR_FORMATS_ENFORCE,
                "refuse_unknown": lib.XGR_FORMATS_REFUSE_UNKNOWN,
                "ignore": lib.XGR_FORMATS_IGNORE}
    if name not in policies:
        raise ValueError(f"formats is {name!r}; expected one of {', '.join(map(repr, policies))}")
    return policies[name]


def json_format(any_whitespace, indent, separators, max_whitespace_cnt):
    """xgr_json_format_t, and what it points to. With any white space the rest has no meaning."""
    if max_whitespace_cnt is not None and max_whitespace_cnt < 1:
        raise ValueError(f"max_whitespace_cnt is {max_whitespace_cnt}; expected None or at least 1")
    out = ffi.new("xgr_json_format_t *")
    out.struct_size = ffi.sizeof("xgr_json_format_t")
    if any_whitespace:
        out.max_whitespace = max_whitespace_cnt or 0
        return out, ()
    out.layout = lib.XGR_JSON_LAYOUT_LINE if indent is None else lib.XGR_JSON_LAYOUT_INDENT
    out.indent = indent or 0
    if separators is None:
        return out, ()
    item, key = (separator.encode() for separator in separators)
    keep = ffi.from_buffer(item), ffi.from_buffer(key)
    out.item_separator, out.item_separator_size = keep[0], len(item)
    out.key_separator, out.key_separator_size = keep[1], len(key)
    return out, keep


def schema_options(formats, draft, remotes, **flags):
    """xgr_json_schema_options_t, and what it points to."""
    out = ffi.new("xgr_json_schema_options_t *")
    out.struct_size = ffi.sizeof("xgr_json_schema_options_t")
    out.formats = format_policy(formats)
    out.draft = draft or 0
    for name, value in flags.items():
        setattr(out, name, bool(value))
    size = ffi.sizeof("xgr_remote_schema_t")
    texts = [(uri.encode(), schema_text(schema).encode()) for uri, schema in (remotes or {}).items()]
    pinned = [(ffi.from_buffer(uri), ffi.from_buffer(text)) for uri, text in texts]
    array = ffi.new("xgr_remote_schema_t[]", [
        (size, uri, len(uri), text, len(text)) for uri, text in pinned])
    if texts:
        out.remotes, out.remote_count = array, len(texts)
    return out, (pinned, array)
