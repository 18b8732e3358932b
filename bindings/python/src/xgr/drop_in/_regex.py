"""Patterns in the original's dialect, where it differs from PCRE in what clients write.

White space, \\s, is that of ECMAScript and of Python: Unicode's, too. Everything else is read as PCRE reads it,
which knows more than the original.
"""
from __future__ import annotations

import re

_MACRO = re.compile(r'\bRegex\(\s*"((?:[^"\\\n]|\\.)*)"')
_SPACES = "\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def with_unicode_spaces(pattern: str) -> str:
    """The pattern with \\s and \\S spelt out as classes; \\S inside a class is left as it is."""
    out: list[str] = []
    at, in_class, begin = 0, False, 0  # begin: how long out was where the class began
    while at < len(pattern):
        pair = pattern[at:at + 2]
        if pair == "\\s":
            out.append(_SPACES if in_class else f"[{_SPACES}]")
        elif pair == "\\S" and not in_class:
            out.append(f"[^{_SPACES}]")
        elif pair[0] == "\\" or pair == "[^" and not in_class:
            out.append(pair)
            if pair[0] == "[":
                in_class, begin = True, len(out)
        else:
            out.append(pair[0])
            if pair[0] == "[" and not in_class:
                in_class, begin = True, len(out)
            elif pair[0] == "]" and len(out) > begin + 1:
                in_class = False  # the first character of a class is one of it, even where it is this one
            at -= 1
        at += 2
    return "".join(out)


def _macro(match: re.Match[str]) -> str:
    """A Regex macro of EBNF; in its string a backslash is written twice. With other escapes it is left as it
    is."""
    text = match[0]
    begin = match.start(1) - match.start(0)
    if not re.search(r"\\\\[sS]", match[1]) or not re.fullmatch(r"(?:[^\\]|\\\\)*", match[1]):
        return text
    pattern = match[1].replace("\\\\", "\\")
    return text[:begin] + with_unicode_spaces(pattern).replace("\\", "\\\\") + '"'


def with_unicode_spaces_in_macros(ebnf: str) -> str:
    """EBNF with the patterns of its Regex macros in the same way."""
    return _MACRO.sub(_macro, ebnf) if "Regex(" in ebnf else ebnf
