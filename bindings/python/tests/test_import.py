"""What `import xgr` costs, what it imports, and what comes when it is first asked for."""
import os
import statistics
import subprocess
import sys

import pytest

import xgr

HEAVY = ["asyncio", "concurrent.futures", "dataclasses", "inspect", "logging", "numpy", "pydantic", "tokenizers",
         "torch", "transformers"]


def asked(program, **environment):
    """What a program writes that another Python runs."""
    return subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True, timeout=60,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}).stdout.split()


def test_nothing_heavy_is_imported():
    program = "import sys; before = set(sys.modules); import xgr; print(*set(sys.modules) - before)"
    if "XGR_LIBRARY" in os.environ:  # what reads the declarations then is heavy itself
        program = "import cffi, cffi.api, cffi.cparser; cffi.FFI().cdef('int x;');" + program
    loaded = set(asked(program))
    assert loaded.isdisjoint(HEAVY)
    assert not {name for name in loaded if name.startswith(("xgr.backend", "xgr.drop_in", "xgr.plugins"))}


@pytest.mark.skipif("XGR_LIBRARY" in os.environ, reason="the declarations are read at run time")
def test_it_takes_little_time_and_memory(tmp_path):
    """At most 50 ms of the processor, once it is compiled to bytecode, and 25 MB."""
    bytecode = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    asked("import xgr", **bytecode)
    times, sizes = zip(*(map(float, asked(
        "import time; begin = time.process_time(); import xgr; end = time.process_time(); "
        "pages = open('/proc/self/statm').read().split()[1] if __import__('os').path.exists('/proc/self/statm') else 0;"
        "print(1000 * (end - begin), int(pages) * 4096 / 1e6)")) for _ in range(7)))
    assert statistics.median(times) <= 50 and max(sizes) <= 25


def test_names_that_come_when_asked_for():
    names = sorted({*xgr._LAZY, *xgr._MODULES})
    assert asked("import xgr\nbefore = set(vars(xgr))\n"
                 f"for name in {names}:\n print(name in before, getattr(xgr, name) is vars(xgr)[name])"
                 ) == ["False", "True"] * len(names)
    assert set(names) <= set(dir(xgr))


def test_names_that_are_not_there():
    with pytest.raises(AttributeError, match="module 'xgr' has no attribute 'nothing'"):
        xgr.nothing  # noqa: B018
    assert set(xgr.__all__) <= set(dir(xgr))
