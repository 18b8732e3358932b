#!/usr/bin/env python3
"""Nothing of the static library meets what a program has itself.

  check_archive.py ARCHIVE            skipped (77) where there is no nm

Two definitions of one weak symbol are no error: the linker takes either. So
1. What the library defines is named xgr_*, belongs to namespace xgr::core or xgr_rapidjson, or is the standard
   library's; so are the objects of a PCRE2 inside.
2. What the library has in common with a program that includes xgr.hpp, all of it instantiated, is the standard
   library's, and concerns no type of the wrapper.
Typeinfo and its name are symbols as others are.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WRAPPER_TEST = ROOT / "bindings/c/tests/wrapper_test.cc"

OURS = re.compile(r"xgr_|_Z\w*3xgr4core|_Z\w*?\d+xgr_")
STANDARD = re.compile(r"_Z(?:T[VTISCHW]|GV|GR|Th\w*?_)?N?Z?N?[KVRO]*(?:S[tabsiod]|9__gnu_cxx|10__cxxabiv1)|"
                      r"_Zn[wa][jm]Pv$|_Zd[la]PvS_$|DW\.ref\.|__clang_call_terminate")
WRAPPER_TYPE = re.compile(r"3xgr(?!4core)\d")


def defined(file):
    out = subprocess.run(["nm", "-g", "--defined-only", "--no-demangle", file], check=True, capture_output=True,
                         text=True).stdout
    return {line.split()[-1] for line in out.splitlines() if len(line.split()) == 3}


def demangled(symbols):
    if shutil.which("c++filt"):
        symbols = subprocess.run(["c++filt"], input="\n".join(symbols), check=True, capture_output=True,
                                 text=True).stdout.splitlines()
    return sorted(set(symbols))


def program_symbols(folder):
    """All of the wrapper: every inline function, and the test that instantiates its templates."""
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    everything = folder / "everything.cc"
    everything.write_text("#include <xgr/xgr.hpp>\n", encoding="utf-8")
    symbols = set()
    for source, flags in ((everything, ["-fkeep-inline-functions"]), (WRAPPER_TEST, [])):
        out = folder / "program.o"
        done = subprocess.run([*compiler, "-std=c++17", "-O0", *flags, "-DXGR_STATIC", f"-I{ROOT}/include", "-c",
                               str(source), "-o", str(out)], check=False, capture_output=True, text=True)
        if done.returncode == 0:
            symbols |= defined(out)
        elif not flags:
            sys.exit(done.stderr)
    return symbols


def main(archive):
    if shutil.which("nm") is None:
        return 77
    library = defined(archive)
    strangers = {name for name in library if not OURS.match(name) and not STANDARD.match(name)}
    with tempfile.TemporaryDirectory() as folder:
        program = program_symbols(pathlib.Path(folder))
    common = {name for name in library & program if not STANDARD.match(name) or WRAPPER_TYPE.search(name)}
    for name in demangled(strangers):
        print(f"the library defines a name that is not its own: {name}")
    for name in demangled(common):
        print(f"defined by the library and by every program with xgr.hpp: {name}")
    print(f"{len(library)} symbols in the library, {len(program)} in the program, "
          f"{len(library & program)} in both, all but {len(common)} of the standard library's")
    return 1 if strangers or common or not library or not program else 0


sys.exit(main(sys.argv[1]))
