"""The version of xgrammar whose API this is."""
from __future__ import annotations

import os


def _wanted() -> str:
    """XGR_AS_XGRAMMAR may name another version of the same API, where a client asks for that exactly."""
    value = os.environ.get("XGR_AS_XGRAMMAR", "")
    return value if value.count(".") >= 2 else "0.2.9"


__version__ = version = _wanted()
__version_tuple__ = version_tuple = tuple(int(part) if part.isdigit() else part
                                          for part in version.split("."))
