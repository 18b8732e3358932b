"""Makes `import xgrammar` mean xgr.drop_in.

xgr_as_xgrammar.pth imports this module whenever Python starts. It does nothing unless the environment
variable XGR_AS_XGRAMMAR is set to something other than 0, and imports nothing of xgr before somebody
imports xgrammar.
"""
from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # that of typing would have to be imported whenever Python starts
if TYPE_CHECKING:
    from typing import Any

_ACTUAL = "xgr.drop_in"
_NAME = "xgrammar"


class _Loader:
    """Gives out a module of xgr.drop_in in place of one of xgrammar. It is already initialized."""

    def create_module(self, spec: Any) -> Any:
        from importlib import import_module

        module = import_module(_ACTUAL + spec.name[len(_NAME):])
        self.actual = module.__spec__
        return module

    def exec_module(self, module: Any) -> None:
        module.__spec__ = self.actual  # in whose place the import system put that of the other name


class Finder:
    """A finder of sys.meta_path: for xgrammar, its modules, and its metadata."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name != _NAME and not name.startswith(_NAME + "."):
            return None
        from importlib.machinery import ModuleSpec
        from importlib.util import find_spec

        try:
            actual = find_spec(_ACTUAL + name[len(_NAME):])
        except ModuleNotFoundError:
            return None
        if actual is None:
            return None
        loader: Any = _Loader()
        spec = ModuleSpec(name, loader, origin=actual.origin,
                          is_package=actual.submodule_search_locations is not None)
        spec.has_location = actual.has_location
        return spec

    @staticmethod
    def find_distributions(context: Any = None) -> Any:
        """What importlib.metadata asks for."""
        name = getattr(context, "name", None)
        if name is not None and name.lower().replace("_", "-") != _NAME:
            return ()
        from xgr.drop_in._distribution import Distribution

        return (Distribution(),)


def install() -> None:
    """Puts the finder in front of all others; doing so again does nothing."""
    import _xgr_vllm

    _xgr_vllm.keep_name()  # vLLM enters what it imports as xgrammar into sys.modules as xgr
    finder: Any = Finder
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)


if os.environ.get("XGR_AS_XGRAMMAR", "0") not in ("", "0"):
    install()
