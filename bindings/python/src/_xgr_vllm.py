"""The entry point of vLLM's general plug-ins, and what keeps the name `xgr` for this package in its processes.

vLLM loads xgrammar when it first needs it, calls it xgr, and enters it into sys.modules under that name, too.
Parts of this package that are loaded later would be looked for in xgrammar. So a finder puts the package back
under its name whenever a module of it is looked for. (In functions, `from .. import module` does not do that:
write `from ..module import name`.)
"""
import os
import sys
from typing import Any

_own: Any = None


class Finder:
    """A finder of sys.meta_path, for the modules of xgr."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if not name.startswith("xgr."):
            return None
        from importlib.machinery import PathFinder

        own = restore()
        return PathFinder.find_spec(name, own.__path__) if name.count(".") == 1 else None


def restore() -> Any:
    """Makes sys.modules["xgr"] this package again, and returns it."""
    global _own
    found = sys.modules.get("xgr")
    if getattr(found, "__name__", None) == "xgr":
        _own = found
    elif _own is not None:
        sys.modules["xgr"] = _own
    else:
        sys.modules.pop("xgr", None)
        import xgr

        _own = xgr
    return _own


def keep_name() -> None:
    """Puts the finder in front of all others; doing so again does nothing."""
    finder: Any = Finder
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)


def activate() -> None:
    """The entry point of the group vllm.general_plugins. Changes nothing of vLLM unless XGR_VLLM=1; see
    xgr.vllm."""
    keep_name()
    if os.environ.get("XGR_VLLM") == "1":
        from xgr.vllm import activate as replace

        replace()
