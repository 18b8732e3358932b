#!/usr/bin/env python3
"""Copies the sources of the binding for Mono's mcs, which knows C# 7: without the annotations of C# 8.

  python3 bindings/csharp/for_mcs.py FOLDER    writes FOLDER/*.cs; line numbers stay as they are

The annotations say where null is allowed (string?) and that a value is not null (handle!); they mean nothing to
the program. Compilers of C# 8 and newer take the sources as they are.
"""
import pathlib
import re
import sys

SOURCES = pathlib.Path(__file__).resolve().parent / "Xgr"
STRING = re.compile(r'("(?:[^"\\]|\\.)*")')
NULLABLE = re.compile(r"(\b[\w.]+(?:<[^<>]*>)?(?:\[\])*)\?(?=\[\]|[ ,)>;]|$)")
NOT_NULL = re.compile(r"(?<=[\w)\]])!(?=[.,;)\[])")
VALUES = {"bool", "byte", "int", "uint", "long", "ulong", "float", "double"}  # these know null in C# 7, too


def bare(match):
    return match[0] if match[1] in VALUES else match[1]


def plain(line):
    if line.startswith("#nullable"):
        return ""
    parts = STRING.split(line)
    parts[::2] = [NOT_NULL.sub("", NULLABLE.sub(bare, part)) for part in parts[::2]]
    return "".join(parts)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.cs"):
        old.unlink()
    for path in sorted(SOURCES.glob("*.cs")):
        lines = path.read_text(encoding="utf-8").split("\n")
        (folder / path.name).write_text("\n".join(map(plain, lines)), encoding="utf-8")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(pathlib.Path(sys.argv[1]))
