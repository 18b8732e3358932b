"""GrammarType: in which form a request says what its output has to be."""
from __future__ import annotations

import enum
import re

# The beginning of a rule: `name ::=` of EBNF and GBNF, maybe with attributes; `name:`, `?name.1:`, `name{x}:` or
# a `%` directive of Lark.
_EBNF_RULE = re.compile(r"\s*[A-Za-z_][\w-]*\s*(\[[^\]]*\]|\([^)]*\))?\s*::=")
_LARK_RULE = re.compile(r"\s*(%\w|[?!]*_*[A-Za-z][\w-]*(\{[^}]*\})?(\[[^\]]*\])?(\.-?\d+)?\s*(\[[^\]]*\])?\s*:(?!:))")


class GrammarType(enum.Enum):
    """What a specification is."""

    JSON = "json"  # a JSON Schema: text, dict, True, or a class of pydantic's models
    JSON_OBJECT = "json_object"  # any JSON object; there is nothing to specify
    REGEX = "regex"  # a regular expression that the whole output matches
    GRAMMAR = "grammar"  # EBNF, GBNF or Lark, told apart by how their rules begin
    STRUCTURAL_TAG = "structural_tag"  # free text, and tags in it whose content has a grammar

    @classmethod
    def of(cls, value: GrammarType | str) -> GrammarType:
        """The type that a value or name stands for; ValueError where none has it."""
        if isinstance(value, cls):
            return value
        names = ", ".join(repr(kind.value) for kind in cls)
        if not isinstance(value, str):
            raise TypeError(f"grammar_type is {type(value).__name__}; expected GrammarType, or one of {names}")
        try:
            return cls(value.lower())
        except ValueError:
            raise ValueError(f"grammar_type is {value!r}; expected one of {names}") from None


def is_lark(text: str) -> bool:
    """Whether a grammar is written in Lark: what its first rule looks like decides. What begins like a rule of
    neither counts as EBNF, which then tells what is wrong."""
    for line in text.splitlines():
        if _EBNF_RULE.match(line):
            return False
        if _LARK_RULE.match(line):
            return True
    return False
