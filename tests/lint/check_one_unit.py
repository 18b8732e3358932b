#!/usr/bin/env python3
"""One unit: src/xgr_all.cc includes every unit of src/sources.txt, and no unit leaves a macro behind."""
import re
import subprocess
import sys

import tree

MACRO = re.compile(r"^\s*#\s*(define|undef)\s+(\w+)", re.M)


def macros_left(text):
    """Names that `text` defines and does not undefine again, in order."""
    left = {}
    for directive, name in MACRO.findall(text):
        if directive == "define":
            left[name] = True
        else:
            left.pop(name, None)
    return list(left)


found = []
script = tree.ROOT / "src" / "one_unit.py"
done = subprocess.run([sys.executable, str(script), "--check"], check=False, capture_output=True, text=True)
if done.returncode != 0:
    found.append(done.stderr.strip())
for unit in tree.read("src/sources.txt").split():
    for macro in macros_left(tree.read(f"src/{unit}")):
        found.append(f"src/{unit}: #undef {macro} at the end; in src/xgr_all.cc the next units see it")
tree.finish(found)
