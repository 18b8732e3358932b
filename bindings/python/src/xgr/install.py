"""install_as_xgrammar: programs that were written for xgrammar get this package instead."""
from __future__ import annotations

import os
import sys

from ._values import flag


def install_as_xgrammar(*, children: bool = True) -> None:
    """Makes `import xgrammar`, and of its modules, give xgr.drop_in from here on.

    Call it before anything imports xgrammar: in the first lines of the program, before it imports its
    engine. Calling it again does nothing. Servers whose first lines nobody can change start with the
    environment variable XGR_AS_XGRAMMAR=1 instead.

    children    sets that variable, so that processes that this one starts do the same

    Raises RuntimeError where the original is imported already: what has names of it would go on using it.
    """
    import _xgr_as_xgrammar

    flag("children", children)
    loaded = sys.modules.get("xgrammar")
    if loaded is not None and loaded.__name__ != "xgr.drop_in":
        raise RuntimeError(f"xgrammar is already imported, from {getattr(loaded, '__file__', None)}; call "
                           "install_as_xgrammar() before whatever imports it, or start Python with the "
                           "environment variable XGR_AS_XGRAMMAR=1")
    _xgr_as_xgrammar.install()
    if children:
        os.environ.setdefault("XGR_AS_XGRAMMAR", "1")
