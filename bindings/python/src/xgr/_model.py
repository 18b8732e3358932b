"""What models are made of: pydantic 2 where it is installed, else the same names of ours."""
from __future__ import annotations

try:
    from pydantic import BaseModel, BeforeValidator, Field, ValidationError
except ImportError:
    from ._plain_model import BaseModel, BeforeValidator, Field, ValidationError  # type: ignore[assignment, no-redef]

__all__ = ["BaseModel", "BeforeValidator", "Field", "ValidationError"]
