#!/usr/bin/env python3
"""Write the C source of the extension module: cffi's wrapper around the declarations of _cdef.py, and
around the steps of steps.c, which _steps.py declares.

  python3 bindings/python/build_raw.py OUTPUT.c
"""
import ast
import pathlib
import runpy
import sys

import cffi

HERE = pathlib.Path(__file__).parent
PACKAGE = HERE / "src" / "xgr"


def steps():
    """CDEF of _steps.py, which cannot be run before there is an extension module."""
    for node in ast.parse((PACKAGE / "_steps.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "CDEF":
            return ast.literal_eval(node.value)
    raise SystemExit("_steps.py: no CDEF")


ffi = cffi.FFI()
ffi.cdef(runpy.run_path(str(PACKAGE / "_cdef.py"))["CDEF"])
ffi.cdef(steps())
source = (HERE / "steps.c").read_text(encoding="utf-8")
ffi.set_source("xgr._xgr_cffi", "#include <xgr/xgr.h>\n" + source)
ffi.emit_c_code(sys.argv[1])
