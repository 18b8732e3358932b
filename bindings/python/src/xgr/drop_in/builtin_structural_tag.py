"""Structural tags of the replies of models, under the original's names; get_NAME_structural_tag builds those
of one model from tools that normalize_tool_choice has read."""
from __future__ import annotations

from .._marker_tokens import bind_marker_tokens as _bind_marker_tokens
from .._model_rows import ROWS as _ROWS
from ..model_tags import (get_builtin_structural_tag, get_model_structural_tag, normalize_tool_choice,
                          register_model_structural_tag)
from ..model_tags import marker_tokens_of as _structural_tag_marker_tokens
from ..model_tags import registry as _structural_tag_registry

globals().update({f"get_{name}_structural_tag": _structural_tag_registry[name] for name in _ROWS})

__all__ = ["get_builtin_structural_tag", "get_model_structural_tag", "normalize_tool_choice",
           "register_model_structural_tag"]
