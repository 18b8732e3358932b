"""Models of tools and of tool_choice, in the shape of OpenAI's Chat Completions API.

Where pydantic is installed these are models of pydantic; otherwise they have the same methods.
"""
from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Union

from ._model import BaseModel


class FunctionDefinition(BaseModel):
    """A function that the model may call."""

    name: str
    description: Optional[str] = None
    parameters: Optional[Dict[str, Any]] = None
    """JSON Schema of the arguments; None: any."""
    strict: Optional[bool] = None
    """False: any arguments are allowed, whatever parameters says."""


class FunctionToolParam(BaseModel):
    """A tool of the type "function"."""

    type: Literal["function"] = "function"
    function: FunctionDefinition


class BuiltinToolParam(BaseModel):
    """A tool that the engine provides, by its type."""

    type: str
    name: Optional[str] = None
    """What the model calls it; None: its type."""
    parameters: Optional[Dict[str, Any]] = None
    """JSON Schema of the arguments; None: any."""


ToolParam = Union[FunctionToolParam, BuiltinToolParam]
"""A tool."""


class NamedToolChoiceFunction(BaseModel):
    """The name of a function."""

    name: str


class NamedToolChoiceParam(BaseModel):
    """Call this function."""

    type: Literal["function"] = "function"
    function: NamedToolChoiceFunction


class BuiltinToolChoiceParam(BaseModel):
    """Call the built-in tool of this type."""

    type: str
    name: Optional[str] = None
    """Not used: the type says which."""


class AllowedToolRef(BaseModel):
    """One of the tools that are allowed: a function by its name, a built-in tool by its type."""

    type: str
    function: Optional[NamedToolChoiceFunction] = None
    name: Optional[str] = None


class AllowedToolsParam(BaseModel):
    """The tools that are allowed, and whether one has to be called."""

    mode: Literal["auto", "required"]
    tools: List[AllowedToolRef]


class AllowedToolChoiceParam(BaseModel):
    """Only some of the tools."""

    type: Literal["allowed_tools"] = "allowed_tools"
    allowed_tools: AllowedToolsParam


ToolChoiceOptionParam = Union[Literal["none", "auto", "required"], NamedToolChoiceParam,
                              AllowedToolChoiceParam, BuiltinToolChoiceParam]
"""Whether and what the model calls."""

__all__ = ["AllowedToolChoiceParam", "AllowedToolRef", "AllowedToolsParam", "BuiltinToolChoiceParam",
           "BuiltinToolParam", "FunctionDefinition", "FunctionToolParam", "NamedToolChoiceFunction",
           "NamedToolChoiceParam", "ToolChoiceOptionParam", "ToolParam"]
