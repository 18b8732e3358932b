"""What importlib.metadata tells about xgrammar while this package has its name."""
from __future__ import annotations

import importlib.metadata
from typing import Any, NoReturn

from ._version import version

_FILES = {
    "METADATA": "Metadata-Version: 2.1\nName: xgrammar\nVersion: {version}\n"
                "Summary: xgr under the name of xgrammar\n",
    "top_level.txt": "xgrammar\n",
    "INSTALLER": "xgr\n",
}


class Distribution(importlib.metadata.Distribution):
    """A distribution without files."""

    def read_text(self, filename: str) -> str | None:
        text = _FILES.get(filename)
        return None if text is None else text.format(version=version)

    def locate_file(self, path: Any) -> NoReturn:
        raise FileNotFoundError(f"{path}: xgrammar is a name of the package xgr, and has no files")
