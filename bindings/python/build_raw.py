#!/usr/bin/env python3
"""Write the C source of the extension module: cffi's wrapper around the declarations of _cdef.py.

  python3 bindings/python/build_raw.py OUTPUT.c
"""
import pathlib
import runpy
import sys

import cffi

declarations = pathlib.Path(__file__).parent / "src" / "xgr" / "_cdef.py"
ffi = cffi.FFI()
ffi.cdef(runpy.run_path(str(declarations))["CDEF"])
ffi.set_source("xgr._xgr_cffi", "#include <xgr/xgr.h>")
ffi.emit_c_code(sys.argv[1])
