"""Names and types of the C++ wrapper: what becomes of each name and type of the headers."""
import re
import textwrap

from . import parity, rules


def pascal(snake):
    return "".join(word.capitalize() for word in snake.split("_"))


def stem(c_name):
    """xgr_grammar_source_t -> grammar_source"""
    return c_name[len("xgr_"):-len("_t")]


def type_name(c_name):
    return pascal(stem(c_name))


def identifier(name, suffix="_"):
    """A name that is no keyword of C++."""
    return name + suffix if name in rules.KEYWORDS else name


def constant(enum, name):
    """XGR_MASK_KIND_SOME of xgr_mask_kind_t -> Some; the words that both share are left out."""
    words, shared = name.split("_"), stem(enum.name).upper().split("_")
    rest = words[1:]
    while shared and rest[:-1] and rest[0] == shared[0]:
        rest, shared = rest[1:], shared[1:]
    if enum.name == "xgr_status_t" and rest[0] == "ERROR":
        rest = rest[1:]
    return pascal("_".join(rest).lower())


def is_yes_or_no(text):
    """True for integers that the comments describe as a truth value."""
    return text.startswith(("Not 0:", "1 or 0", "not 0:"))


def scalar(t, text=""):
    """The C++ type of a value that is no pointer."""
    if t.kind in ("enum", "status"):
        return type_name(t.base)
    if t.base == "int32_t" and is_yes_or_no(text):
        return "bool"
    return {"size_t": "std::size_t"}.get(t.base, "std::" + t.base if t.base.endswith("_t") else t.base)


def is_text(pointer_type, length, name):
    """True for bytes that belong together; otherwise they are elements of an array."""
    if pointer_type.base == "char":
        return True
    return pointer_type.base == "uint8_t" and (length.endswith("_size") or name == "bytes")


def element(t):
    return scalar(type(t)(t.base, 0, False, t.kind))


def comment(doc, indent="", more=()):
    """Lines of documentation."""
    lines = []
    for paragraph in [doc.purpose] + doc.contract + list(more):
        lines += [""] * bool(lines) + textwrap.wrap(paragraph, 92 - len(indent))
    return [f"{indent}/// {line}".rstrip() for line in lines]


def function(name, api):
    """xgr_matcher_reset -> Matcher::reset"""
    stem_, verb = parity.split(name, api)
    verb = identifier({"create": stem_ and pascal(stem_)}.get(verb, verb.removeprefix("create_")), "_of")
    return f"{pascal(stem_)}::{verb}" if stem_ else verb


def translations(api):
    """What the words of the headers are called here."""
    found = {f.name: function(f.name, api) for f in api.functions}
    found.update({item.name: type_name(item.name) for group in (api.enums, api.handles, api.structs)
                  for item in group})
    for e in api.enums:
        found.update({c.name: f"{type_name(e.name)}::{constant(e, c.name)}" for c in e.constants})
    return found


def translate(line, words):
    """A line of documentation in the words of C++; other lines as they are."""
    if not line.lstrip().startswith("///") and "  ///< " not in line:
        return line
    code, mark, text = line.partition("///")
    text = re.sub(r"\b[xX][gG][rR]_\w+", lambda match: words.get(match.group(), match.group()), text)
    return code + mark + re.sub(r"(?<=^ )Not 0:", "True:", text)
