"""install_as_xgrammar: what a program that imports xgrammar gets. Each in a process of its own."""
import os
import pathlib
import pickle
import subprocess
import sys

import pytest

import xgr

BESIDE = str(pathlib.Path(xgr.__file__).parents[1])


def run(program, **environment):
    """What a program prints, in a new interpreter that has this package and no variable of ours."""
    variables = {name: value for name, value in os.environ.items() if name != "XGR_AS_XGRAMMAR"}
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, (BESIDE, os.environ.get("PYTHONPATH"))))
    done = subprocess.run([sys.executable, "-c", program], env={**variables, **environment},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_modules_are_those_of_the_drop_in():
    assert run("""
import sys, xgr
xgr.install_as_xgrammar()
xgr.install_as_xgrammar()
import importlib.util
print(importlib.util.find_spec("xgrammar").name, importlib.util.find_spec("xgrammar.exception").name)
import xgrammar.exception
from xgrammar.exception import InvalidJSONError
import xgr.drop_in.exception
print(sys.modules["xgrammar"] is xgr.drop_in, sys.modules["xgrammar.exception"] is xgr.drop_in.exception)
print(InvalidJSONError is xgr.InvalidJSONError, xgrammar.exception.__spec__.name)
print(importlib.util.find_spec("xgrammar.nothing"))
""") == ["xgrammar xgrammar.exception", "True True", "True xgr.drop_in.exception", "None"]


def test_metadata():
    assert run("""
import importlib.metadata as metadata, xgr
xgr.install_as_xgrammar()
import xgrammar
print(metadata.version("xgrammar"), xgrammar.__version__, metadata.distribution("XGrammar").metadata["Name"])
""") == ["0.2.9 0.2.9 xgrammar"]


def test_the_variable_is_enough_and_children_have_it():
    program = "import _xgr_as_xgrammar, sys; print('xgr' in sys.modules); import xgrammar; print(xgrammar.__version__)"
    assert run(program, XGR_AS_XGRAMMAR="1") == ["False", "0.2.9"]
    assert run(program, XGR_AS_XGRAMMAR="0.2.7") == ["False", "0.2.7"]
    assert run("import os, xgr; xgr.install_as_xgrammar(); print(os.environ['XGR_AS_XGRAMMAR'])") == ["1"]
    assert run("import os, xgr; xgr.install_as_xgrammar(children=False); "
               "print('XGR_AS_XGRAMMAR' in os.environ)") == ["False"]


def test_without_the_variable_nothing_happens():
    assert run("import _xgr_as_xgrammar, sys; print(_xgr_as_xgrammar.Finder in sys.meta_path)",
               XGR_AS_XGRAMMAR="0") == ["False"]


def test_too_late():
    assert run("""
import sys, types, xgr
sys.modules["xgrammar"] = types.ModuleType("xgrammar")
try:
    xgr.install_as_xgrammar()
except RuntimeError as error:
    print(error)
""")[0].startswith("xgrammar is already imported")


@pytest.mark.parametrize("error", [xgr.InvalidJSONError, xgr.InvalidStructuralTagError,
                                   xgr.DeserializeFormatError, xgr.DeserializeVersionError])
def test_errors_are_runtime_errors_and_can_be_pickled(error):
    copy = pickle.loads(pickle.dumps(error("wrong")))
    assert type(copy) is error and isinstance(copy, RuntimeError) and str(copy) == "wrong"
