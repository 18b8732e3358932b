"""Which library a client runs on: its first argument.

  original   the package xgrammar, as the client installs it
  drop-in    this package in its place
  plug-in    what this package offers the client itself
"""
import os
import sys


def begin():
    """(side, file to write, file to replay or None), with the library in place. Before anything is imported
    that imports xgrammar."""
    side, out = sys.argv[1:3]
    if side == "drop-in":
        import xgr

        xgr.install_as_xgrammar()
        import xgrammar

        assert xgrammar.__name__ == "xgr.drop_in", xgrammar
    elif side.startswith("plug-in"):
        os.environ["XGR_VLLM"] = "1"
    elif side != "original":
        sys.exit(f"{side!r} is no side; expected original, drop-in or plug-in")
    return side, out, (sys.argv[3:] or [None])[0]
