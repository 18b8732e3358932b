"""Models of structural tags, under the original's names."""
from __future__ import annotations

from ..structural_tag import *  # noqa: F403
from ..structural_tag import __all__ as __all__
