#!/usr/bin/env python3
"""Print the version of the library, read from include/xgr/base.h (its only home)."""
import pathlib
import re

header = pathlib.Path(__file__).resolve().parent.parent / "include" / "xgr" / "base.h"
text = header.read_text(encoding="utf-8")
parts = [re.search(rf"define XGR_VERSION_{name} +(\d+)", text) for name in ("MAJOR", "MINOR", "PATCH")]
print(".".join(part.group(1) for part in parts if part), end="")
