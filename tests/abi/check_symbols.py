#!/usr/bin/env python3
"""The library exports the functions of bindings/api.json and nothing else, and needs the C library only.

  check_symbols.py LIBRARY.so [LIBRARY THAT IT MAY NEED...]     skipped (77) where there is no nm
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
C_LIBRARY = {"c", "m", "pthread", "dl", "rt", "ld-linux-x86-64", "ld-linux-aarch64"}


def exported(library):
    """(name, version node) of every symbol that the dynamic linker can see."""
    out = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                         text=True).stdout
    for line in out.splitlines():
        kind, symbol = line.split()[-2:]
        name, _, version = symbol.partition("@")
        if kind != "A":  # the version nodes themselves
            yield name, version.lstrip("@")


def needed(library):
    """Names of the shared libraries that it asks for, without version."""
    out = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(?:lib)?([\w-]+)\.so", out))


def main(library, *allowed):
    if shutil.which("nm") is None:
        return 77
    api = json.loads((ROOT / "bindings" / "api.json").read_text(encoding="utf-8"))
    wanted = {f["name"]: f"XGR_{f['since']}" for f in api["functions"]}
    found = dict(exported(library))
    problems = [f"not exported: {name}" for name in wanted if name not in found]
    problems += [f"exported, but in no header: {name}" for name in found if name not in wanted]
    problems += [f"{name} is in version {found[name]}; expected {wanted[name]}"
                 for name in wanted if found.get(name) and found[name] != wanted[name]]
    problems += [f"needs {name}, which is not part of the C library"
                 for name in sorted(needed(library) - C_LIBRARY - set(allowed))]
    print("\n".join(problems) or f"{len(wanted)} functions")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
