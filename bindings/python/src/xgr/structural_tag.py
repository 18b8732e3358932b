"""Models of structural tags: StructuralTag, and one class a format.

  tag = StructuralTag(format=TriggeredTagsFormat(
      triggers=["<call="],
      tags=[TagFormat(begin="<call=f>", content=JSONSchemaFormat(json_schema=schema), end="</call>")]))
  tag.format.at_least_one = True
  compiler.compile_structural_tag(tag)

docs/structural-tags.md says what the formats mean. Where pydantic is installed these are models of pydantic;
otherwise they have the same methods. Fields may be assigned to; what is wrong then shows when the tag is
compiled. Members that a format does not have are ignored.
"""
from __future__ import annotations

import json
from typing import Annotated, Any, Dict, List, Literal, Optional, Sequence, Tuple, Type, Union

from ._model import BaseModel, BeforeValidator, Field
from ._options import schema_text

ArgumentStyle = Literal[
    "json", "qwen_xml", "minimax_xml", "minimax_m3_xml", "deepseek_xml", "deepseek_v4_1_xml", "glm_xml",
    "glm_4_5_xml", "cohere_xml", "kimi_k3_xml", "gemma", "functiongemma", "python", "python_json", "atem_xml",
    "gcml_xml", "steptml_xml", "ifm_xml", "ifm_xml_typed", "minicpm_xml"]
"""How the arguments of a call are written; docs/json-schema.md has the table."""

Budget = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""How much of a text there may be."""


class ConstStringFormat(BaseModel):
    """This text."""

    type: Literal["const_string"] = "const_string"
    value: str


class JSONSchemaFormat(BaseModel):
    """The values of a JSON Schema."""

    type: Literal["json_schema"] = "json_schema"
    json_schema: Union[bool, Dict[str, Any]]
    style: Union[ArgumentStyle, Dict[str, Any]] = "json"
    """A name; or the notation itself, as docs/arguments.md describes it."""
    any_order: bool = False
    """Whether the members of an object may be written in any order."""
    max_whitespace_cnt: Optional[int] = None
    """How many characters of white space may follow each other; None: any number."""
    max_digits: Optional[int] = None
    """How many digits of a number may follow each other; None: any number."""
    excludes: List[str] = []
    """What no string of the value contains, as it is written."""
    token_markers: List[str] = []
    """Markers of the style that are written as tokens of these texts."""


class QwenXMLParameterFormat(BaseModel):
    """The older name of JSONSchemaFormat with the style qwen_xml."""

    type: Literal["qwen_xml_parameter"] = "qwen_xml_parameter"
    json_schema: Union[bool, Dict[str, Any]]


class GrammarFormat(BaseModel):
    """The texts of a grammar."""

    type: Literal["grammar"] = "grammar"
    grammar: str
    syntax: Literal["ebnf", "lark"] = "ebnf"


class RegexFormat(BaseModel):
    """The texts that a pattern matches as a whole."""

    type: Literal["regex"] = "regex"
    pattern: str


class AnyTextFormat(BaseModel):
    """Any text without the excluded words."""

    type: Literal["any_text"] = "any_text"
    excludes: List[str] = []
    max_tokens: Optional[Budget] = None
    """Counted when tokens are accepted, not characters or bytes."""
    max_chars: Optional[Budget] = None
    """In Unicode code points."""


class TokenFormat(BaseModel):
    """One token as a whole, by its id or its text."""

    type: Literal["token"] = "token"
    token: Union[int, str]


class ExcludeTokenFormat(BaseModel):
    """One token of text that is not excluded."""

    type: Literal["exclude_token"] = "exclude_token"
    exclude_tokens: List[Union[int, str, TokenFormat]] = []


class AnyTokensFormat(BaseModel):
    """Any number of tokens of text that are not excluded."""

    type: Literal["any_tokens"] = "any_tokens"
    exclude_tokens: List[Union[int, str, TokenFormat]] = []
    max_tokens: Optional[Budget] = None


class SequenceFormat(BaseModel):
    """Formats, one after the other."""

    type: Literal["sequence"] = "sequence"
    elements: List[Format]


class OrFormat(BaseModel):
    """One of several formats."""

    type: Literal["or"] = "or"
    elements: List[Format]


class OptionalFormat(BaseModel):
    """A format at most once."""

    type: Literal["optional"] = "optional"
    content: Format


class PlusFormat(BaseModel):
    """A format at least once."""

    type: Literal["plus"] = "plus"
    content: Format


class StarFormat(BaseModel):
    """A format any number of times."""

    type: Literal["star"] = "star"
    content: Format


class RepeatFormat(BaseModel):
    """A format min to max times; max -1: without a bound."""

    type: Literal["repeat"] = "repeat"
    min: int
    max: int
    content: Format


class ImplicitEnd(BaseModel):
    """An end of a tag that is not consumed: what follows the tag begins with it."""

    implicit: bool = True
    end: Union[str, TokenFormat]


End = Union[str, TokenFormat, ImplicitEnd]
"""One end of a tag."""


class TagFormat(BaseModel):
    """Begin, content, end; of several ends any."""

    type: Literal["tag"] = "tag"
    begin: Union[str, TokenFormat]
    content: Format
    end: Union[str, List[End], TokenFormat, ImplicitEnd]


class TriggeredTagsFormat(BaseModel):
    """Text in which each trigger is followed by the rest of a tag that begins with it."""

    type: Literal["triggered_tags"] = "triggered_tags"
    triggers: List[str]
    tags: List[TagFormat]
    """The begin of each is a text that starts with exactly one trigger."""
    at_least_one: bool = False
    """The output begins with a tag."""
    stop_after_first: bool = False
    """The output ends behind the first tag."""
    excludes: List[str] = []
    """What the text does not contain."""


class TagsWithSeparatorFormat(BaseModel):
    """Tags, with the separator between two."""

    type: Literal["tags_with_separator"] = "tags_with_separator"
    tags: List[TagFormat]
    separator: str
    at_least_one: bool = False
    stop_after_first: bool = False


class DispatchFormat(BaseModel):
    """Text in which each pattern is followed by its format."""

    type: Literal["dispatch"] = "dispatch"
    rules: List[Tuple[str, Format]]
    loop: bool = True
    """Whether text goes on behind a format."""
    excludes: List[str] = []


class TokenTriggeredTagsFormat(BaseModel):
    """TriggeredTagsFormat of tokens: tags begin with a token."""

    type: Literal["token_triggered_tags"] = "token_triggered_tags"
    trigger_tokens: List[Union[int, str, TokenFormat]]
    tags: List[TagFormat]
    exclude_tokens: List[Union[int, str, TokenFormat]] = []
    at_least_one: bool = False
    stop_after_first: bool = False


class TokenDispatchFormat(BaseModel):
    """DispatchFormat of tokens."""

    type: Literal["token_dispatch"] = "token_dispatch"
    rules: List[Tuple[Union[int, str, TokenFormat], Format]]
    loop: bool = True
    exclude_tokens: List[Union[int, str, TokenFormat]] = []


_SHAPES: Tuple[Tuple[str, Tuple[str, ...]], ...] = (
    ("tag", ("begin", "content", "end")),
    ("const_string", ("value",)),
    ("json_schema", ("json_schema",)),
    ("sequence", ("elements",)),
    ("triggered_tags", ("triggers", "tags")),
    ("tags_with_separator", ("tags", "separator")),
    ("repeat", ("content", "min", "max")),
    ("optional", ("content",)),
    ("dispatch", ("rules",)),
    ("any_text", ("excludes",)),
)


def _with_type(value: Any) -> Any:
    """A dict without `type` with that of the first format whose members it has, as the library reads it."""
    if not isinstance(value, dict) or "type" in value:
        return value
    for name, members in _SHAPES:
        if not all(member in value for member in members):
            continue
        if name == "dispatch" and value["rules"]:
            first = value["rules"][0]
            by_token = isinstance(first, (list, tuple)) and first and not isinstance(first[0], str)
            name = "token_dispatch" if by_token else name
        return {"type": name, **value}
    return value


Format = Annotated[
    Annotated[
        Union[AnyTextFormat, ConstStringFormat, JSONSchemaFormat, GrammarFormat, RegexFormat,
              QwenXMLParameterFormat, OrFormat, SequenceFormat, TagFormat, TriggeredTagsFormat,
              TokenTriggeredTagsFormat, TagsWithSeparatorFormat, OptionalFormat, PlusFormat, StarFormat,
              TokenFormat, ExcludeTokenFormat, AnyTokensFormat, RepeatFormat, DispatchFormat,
              TokenDispatchFormat],
        Field(discriminator="type")],
    BeforeValidator(_with_type)]
"""Any of the formats."""


class StructuralTagItem(BaseModel):
    """One tag of a list with triggers: begin, a value of the schema, end.

    schema    as GrammarCompiler.compile_json_schema takes it; the field is called schema_
    """

    begin: str
    schema_: Union[str, Type[Any], Dict[str, Any]] = Field(alias="schema")
    end: str

    def __init__(self, *values: Any, **members: Any) -> None:
        names = ("begin", "schema", "end")
        if len(values) > len(names):
            raise TypeError(f"{len(values)} values given; expected at most {len(names)}: {', '.join(names)}")
        super().__init__(**dict(zip(names, values)), **members)

    @property
    def schema(self) -> Any:
        return self.schema_


class StructuralTag(BaseModel):
    """A whole structural tag."""

    type: Literal["structural_tag"] = "structural_tag"
    format: Format

    @staticmethod
    def from_json(json_str: Union[str, bytes, Dict[str, Any]]) -> StructuralTag:
        """From JSON text or a dict. ValidationError, a ValueError, says which member is wrong."""
        if isinstance(json_str, (str, bytes)):
            return StructuralTag.model_validate_json(json_str)
        return StructuralTag.model_validate(json_str)

    @staticmethod
    def from_legacy_structural_tag(tags: Sequence[StructuralTagItem],
                                   triggers: Sequence[str]) -> StructuralTag:
        """From the tags and triggers of the older form: text in which a trigger leads to a tag."""
        return StructuralTag(format=TriggeredTagsFormat(triggers=list(triggers), tags=[
            TagFormat(begin=tag.begin, end=tag.end,
                      content=JSONSchemaFormat(json_schema=json.loads(schema_text(tag.schema_))))
            for tag in tags]))


FORMATS: Tuple[Any, ...] = (
    ConstStringFormat, JSONSchemaFormat, QwenXMLParameterFormat, GrammarFormat, RegexFormat, AnyTextFormat,
    TokenFormat, ExcludeTokenFormat, AnyTokensFormat, SequenceFormat, OrFormat, OptionalFormat, PlusFormat,
    StarFormat, RepeatFormat, TagFormat, TriggeredTagsFormat, TagsWithSeparatorFormat, DispatchFormat,
    TokenTriggeredTagsFormat, TokenDispatchFormat)
"""The classes of all formats."""

if hasattr(BaseModel, "model_rebuild"):  # formats that were named before they were there
    for _format in (*FORMATS, StructuralTag):
        _format.model_rebuild()

__all__ = ["End", "FORMATS", "Format", "ImplicitEnd", "StructuralTag", "StructuralTagItem",
           *(_format.__name__ for _format in FORMATS)]
