"""Reads tools and tool_choice: which tools a reply may call, and whether it has to."""
from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Sequence, Tuple, Type, TypeVar

from ._model import BaseModel, ValidationError
from .openai_tools import (AllowedToolChoiceParam, AllowedToolsParam, BuiltinToolChoiceParam, BuiltinToolParam,
                           FunctionToolParam, NamedToolChoiceParam)

Choice = Literal["auto", "required", "forced"]
_Read = TypeVar("_Read", bound=BaseModel)


def _read(model: Type[_Read], value: Any, place: str) -> _Read:
    """A model of a dict; a ValueError names the member from the argument on."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        told = [".".join([place, *map(str, problem["loc"])]) + ": " + problem["msg"]
                for problem in error.errors()]
        raise ValueError("; ".join(told)) from None


def _members(value: Any, place: str) -> Dict[str, Any]:
    """The dict that a tool or a choice is, or that a model of another package says."""
    if isinstance(value, dict):
        return value
    if hasattr(value, "model_dump"):
        return dict(value.model_dump(exclude_none=True))
    raise ValueError(f"{place} is {value!r}; expected a dict or a model".replace("\n", " ")[:200])


def _nested(members: Dict[str, Any], key: str) -> Dict[str, Any]:
    """What Chat Completions nests in a member, from the flat shape of the Responses API."""
    if key in members:
        return members
    return {"type": members.get("type", key), key: {k: v for k, v in members.items() if k != "type"}}


def read_tools(tools: Optional[Sequence[Any]]) -> Tuple[List[FunctionToolParam], List[BuiltinToolParam]]:
    """Functions and built-in tools, in their order. ValueError says which tool is wrong and where."""
    if not isinstance(tools, (list, tuple, type(None))):
        raise ValueError(f"tools must be a list, found {type(tools).__name__}")
    functions, builtins = [], []
    for i, tool in enumerate(tools or ()):
        place = f"tools.{i}"
        if isinstance(tool, FunctionToolParam):
            functions.append(tool)
        elif isinstance(tool, BuiltinToolParam):
            builtins.append(tool)
        else:
            members = _members(tool, place)
            if members.get("type", "function") == "function":
                functions.append(_read(FunctionToolParam, _nested(members, "function"), place))
            else:
                builtins.append(_read(BuiltinToolParam, members, place))
    return functions, builtins


def _allowed(choice: AllowedToolsParam, functions: List[FunctionToolParam],
             builtins: List[BuiltinToolParam]) -> Tuple[List[FunctionToolParam], List[BuiltinToolParam]]:
    """The tools that a choice allows."""
    names = {ref.function.name if ref.function else ref.name for ref in choice.tools if ref.type == "function"}
    types = {ref.type for ref in choice.tools if ref.type != "function"}
    for what, wanted, known in (("functions", names, {tool.function.name for tool in functions}),
                                ("builtin tools", types, {tool.type for tool in builtins})):
        if wanted - known:
            missing = ", ".join(sorted(map(repr, wanted - known)))
            raise ValueError(f"tool_choice: Allowed {what} that tools does not have: {missing}")
    return ([tool for tool in functions if tool.function.name in names],
            [tool for tool in builtins if tool.type in types])


def _one_of(what: str, found: List[Any], name: str) -> List[Any]:
    if len(found) != 1:
        raise ValueError(f"tool_choice: exactly one {what} must be {name!r}, but tools has {len(found)}")
    return found


def normalize_tool_choice(tools: Optional[Sequence[Any]] = None, tool_choice: Any = "auto") -> Tuple[
        List[FunctionToolParam], List[BuiltinToolParam], Choice]:
    """Which functions and which built-in tools a reply may call, and how: "auto", "required" (at least one
    call) or "forced" (a call of the one tool that is left).

    tools         dicts or models, in the shape of Chat Completions or the flat one of the Responses API
    tool_choice   "auto" or None, "none", "required", a function, a built-in tool by its type, or allowed tools

    Raises ValueError where a tool is malformed, a choice names one that is not there, or a call is required
    and there is no tool.
    """
    functions, builtins = read_tools(tools)
    mode: Choice = "auto"
    if tool_choice is None or tool_choice == "auto":
        return functions, builtins, mode
    if tool_choice == "none":
        return [], [], mode
    if tool_choice != "required":
        if isinstance(tool_choice, str):
            raise ValueError(f"tool_choice is {tool_choice!r}; expected 'auto', 'none', 'required', or a dict")
        members = _members(tool_choice, "tool_choice")
        if members.get("type") == "function":
            name = _read(NamedToolChoiceParam, _nested(members, "function"), "tool_choice").function.name
            matching = [tool for tool in functions if tool.function.name == name]
            return _one_of("function", matching, name), [], "forced"
        if members.get("type") != "allowed_tools":
            kind = _read(BuiltinToolChoiceParam, members, "tool_choice").type
            return [], _one_of("builtin tool", [tool for tool in builtins if tool.type == kind], kind), "forced"
        choice = _read(AllowedToolChoiceParam, _nested(members, "allowed_tools"), "tool_choice").allowed_tools
        functions, builtins = _allowed(choice, functions, builtins)
        mode = choice.mode
    else:
        mode = "required"
    if mode == "required" and not functions and not builtins:
        raise ValueError("tools is empty, but tool_choice is 'required'; expected at least one tool")
    return functions, builtins, mode
