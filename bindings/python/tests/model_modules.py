"""The modules of models, with pydantic and as they are without it."""
import contextlib
import importlib
import sys
import types

import xgr

NAMES = ("_model", "openai_tools", "structural_tag", "_tool_choice", "_marker_tokens", "_tag_assembly",
         "model_tags")


def have_pydantic():
    return importlib.import_module("xgr._model").BaseModel.__module__.startswith("pydantic")


@contextlib.contextmanager
def modules(plain):
    """The modules by their names; with plain, as if pydantic were not installed."""
    if not plain:
        yield types.SimpleNamespace(**{name: importlib.import_module(f"xgr.{name}") for name in NAMES})
        return
    kept = {key: sys.modules.pop(key) for key in [f"xgr.{name}" for name in NAMES] if key in sys.modules}
    attributes = {name: vars(xgr).pop(name) for name in (*NAMES, *xgr._LAZY) if name in vars(xgr)}
    pydantic = sys.modules.get("pydantic")
    sys.modules["pydantic"] = None
    try:
        yield types.SimpleNamespace(**{name: importlib.import_module(f"xgr.{name}") for name in NAMES})
    finally:
        for name in NAMES:
            sys.modules.pop(f"xgr.{name}", None)
            vars(xgr).pop(name, None)
        sys.modules.update(kept)
        vars(xgr).update(attributes)
        del sys.modules["pydantic"]
        if pydantic is not None:
            sys.modules["pydantic"] = pydantic
