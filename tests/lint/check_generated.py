#!/usr/bin/env python3
"""Generated files are what bindings/generate.py makes of the headers today.

Skipped (exit status 77) where Python has no libclang, which the generator needs.
"""
import importlib.util
import subprocess
import sys

import tree

generator = tree.ROOT / "bindings" / "generate.py"
if importlib.util.find_spec("clang") is None or not generator.exists():
    print("skipped: needs bindings/generate.py and the Python package libclang")
    sys.exit(77)
sys.exit(subprocess.run([sys.executable, str(generator), "--check"], check=False).returncode)
