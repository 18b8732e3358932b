"""Models of tools and of tool_choice, under the original's names."""
from __future__ import annotations

from ..openai_tools import *  # noqa: F403
from ..openai_tools import __all__ as __all__
