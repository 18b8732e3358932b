"""Structural tags of the replies of models, by name.

  tag = get_model_structural_tag("qwen_3", tools=tools, tool_choice="required", reasoning=False)
  compiler.compile_structural_tag(tag)

The tags write markers, such as <tool_call>, as text, as engines expect it whose tokenizers give all tokens
their text. Where markers are control tokens, family_structural_tag names the tokens instead.
"""
from __future__ import annotations

import functools
import json
from typing import Any, Callable, Dict, List, Literal, Optional, Sequence, Union, cast

from ._marker_tokens import bind_marker_tokens
from ._model_rows import ROWS, Row
from ._tag_assembly import Wishes, assemble
from ._tool_choice import Choice, normalize_tool_choice
from .family import families, family_structural_tag, family_text
from .openai_tools import BuiltinToolParam, FunctionToolParam
from .structural_tag import StructuralTag

Reasoning = Literal["enabled", "disabled", "auto"]
Builder = Callable[..., StructuralTag]

registry: Dict[str, Builder] = {}
"""What builds the tags of a model, by its name."""
marker_tokens_of: Dict[str, List[str]] = {}
"""The markers that may be asked for as tokens, by the name of the model."""


def register_model_structural_tag(name: str, *, marker_tokens: Optional[Sequence[str]] = None) -> Callable[
        [Builder], Builder]:
    """Decorator: get_model_structural_tag(name) calls the function, which takes functions, built-in tools, the
    choice ("auto", "required" or "forced", then with one tool) and the reasoning ("enabled", "disabled" or
    "auto"), and by keyword any_order, exclude_special_tokens, max_whitespace_cnt and parallel_tool_calls.

    name           of the model; a name that is known means this function from here on
    marker_tokens  markers that token_markers=True makes tokens of; None: it is refused
    """
    def register(builder: Builder) -> Builder:
        registry[name] = builder
        marker_tokens_of.pop(name, None)
        if marker_tokens is not None:
            marker_tokens_of[name] = list(marker_tokens)
        return builder

    return register


def _reasoning(value: Any) -> Reasoning:
    if isinstance(value, bool):
        return "enabled" if value else "disabled"
    if value not in ("enabled", "disabled", "auto"):
        raise ValueError(f"reasoning is {value!r}; expected 'enabled', 'disabled', 'auto', True or False")
    return cast(Reasoning, value)


def _builder(name: str, row: Row) -> Builder:
    """The function that builds the tags of a row."""
    def build(tools: Optional[Sequence[FunctionToolParam]] = None,
              builtin_tools: Optional[Sequence[BuiltinToolParam]] = None, tool_choice: Choice = "auto",
              reasoning: Union[bool, Reasoning] = cast(Reasoning, row.reasoning), any_order: bool = False,
              exclude_special_tokens: bool = True, max_whitespace_cnt: Optional[int] = None,
              parallel_tool_calls: bool = True, **_: Any) -> StructuralTag:
        return assemble(row, tools or [], builtin_tools or [], Wishes(
            tool_choice, _reasoning(reasoning), any_order, exclude_special_tokens, max_whitespace_cnt,
            parallel_tool_calls))

    build.__name__ = build.__qualname__ = f"get_{name}_structural_tag"
    build.__doc__ = f"The structural tag of replies of {name}; see get_model_structural_tag."
    return build


_builders: Dict[int, Builder] = {}  # one a row, which may have several names
for _name, _row in ROWS.items():
    register_model_structural_tag(_name, marker_tokens=_row.marker_tokens)(
        _builders.setdefault(id(_row), _builder(_name, _row)))


@functools.lru_cache(maxsize=None)
def _family_names() -> Dict[str, str]:
    """The family of each name and alias."""
    names = {}
    for family in families():
        for name in (family, *json.loads(family_text(family)).get("aliases", ())):
            names[name] = family
    return names


def _without_excludes(value: Any) -> Any:
    """A family file whose texts and arguments may contain markers."""
    if isinstance(value, dict):
        return {key: _without_excludes(item) for key, item in value.items() if key != "excludes"}
    return [_without_excludes(item) for item in value] if isinstance(value, list) else value


def _of_family(name: str, tools: Any, tool_choice: Any, wishes: Wishes, token_markers: bool) -> StructuralTag:
    """The tag of a family of the library."""
    family = json.loads(family_text(_family_names()[name]))
    request: Dict[str, Any] = {
        "tools": [tool.model_dump(exclude_none=True) if hasattr(tool, "model_dump") else tool
                  for tool in tools or ()],
        "tool_choice": tool_choice.model_dump(exclude_none=True) if hasattr(tool_choice, "model_dump")
        else tool_choice or "auto",
        "reasoning": {"enabled": "on", "disabled": "off", "auto": "auto"}[wishes.reasoning],
        "any_order": wishes.any_order, "parallel_tool_calls": wishes.parallel_tool_calls}
    if wishes.max_whitespace_cnt is not None:
        request["max_whitespace"] = wishes.max_whitespace_cnt
    if token_markers:
        request["token_markers"] = family.get("markers", [])
    if not wishes.exclude_special_tokens:
        family = {**_without_excludes(family), "markers": []}
    return StructuralTag.from_json(family_structural_tag(family, request))


def get_model_structural_tag(
        model: str, tools: Optional[Sequence[Any]] = None, tool_choice: Any = "auto",
        reasoning: Union[bool, Reasoning] = "enabled", force_reasoning: bool = False, any_order: bool = False,
        exclude_special_tokens: bool = True, max_whitespace_cnt: Optional[int] = None,
        parallel_tool_calls: bool = True, token_markers: bool = False) -> StructuralTag:
    """The structural tag of the replies of a model.

    model                   a name that is registered, or a family of the library or an alias of it
    tools                   dicts or models, in the shape of OpenAI's APIs; None: none
    tool_choice             as in OpenAI's APIs; None: "auto"
    reasoning               "enabled" or True: the reply goes on with the reasoning that the prompt has begun, or
                            begins it; "disabled" or False: there is none; "auto": as the model likes
    force_reasoning         not used
    any_order               arguments may be written in any order
    exclude_special_tokens  text and reasoning contain no markers
    max_whitespace_cnt      how many characters of white space may follow each other in arguments; None: any number
    parallel_tool_calls     False: at most one call
    token_markers           markers are single tokens, by their text, where the model declares them

    Raises ValueError where an argument is wrong.
    """
    if model not in registry and model not in _family_names():
        raise ValueError(f"Unknown format type: {model!r}; expected one of {', '.join(registry)}, or a family: "
                         f"{', '.join(families())}")
    mode = _reasoning(reasoning)
    for name, value in (("parallel_tool_calls", parallel_tool_calls), ("token_markers", token_markers)):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}; expected True or False")
    functions, builtins, choice = normalize_tool_choice(tools, tool_choice)
    wishes = Wishes(choice, mode, any_order, exclude_special_tokens, max_whitespace_cnt, parallel_tool_calls)
    if model not in registry:
        return _of_family(model, tools, tool_choice, wishes, token_markers)
    if token_markers and model not in marker_tokens_of:
        raise ValueError(f"token_markers is not supported for {model!r}; expected one of "
                         f"{', '.join(marker_tokens_of)}")
    tag = registry[model](functions, builtins, choice, mode, any_order=any_order,
                          exclude_special_tokens=exclude_special_tokens,
                          max_whitespace_cnt=max_whitespace_cnt, parallel_tool_calls=parallel_tool_calls)
    return bind_marker_tokens(tag, marker_tokens_of[model]) if token_markers else tag


get_builtin_structural_tag = get_model_structural_tag
"""The older name."""

__all__ = ["get_builtin_structural_tag", "get_model_structural_tag", "normalize_tool_choice",
           "register_model_structural_tag"]
