#!/usr/bin/env python3
"""Generated files are what bindings/generate.py makes of the headers today.

Skipped where Python has no libclang, which the generator needs; in CI that fails.
"""
import importlib.util
import subprocess
import sys

import tree

generator = tree.ROOT / "bindings" / "generate.py"
if importlib.util.find_spec("clang") is None or not generator.exists():
    tree.skip("needs bindings/generate.py and the Python package libclang")
sys.exit(subprocess.run([sys.executable, str(generator), "--check"], check=False).returncode)
