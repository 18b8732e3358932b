#!/usr/bin/env python3
"""Take the examples out of a page.

extract.py page.md program.c: the first C program. The #line directive makes compilers report errors at
their place in the page.
extract.py page.md page.case: all ```case blocks, one behind the other, for tests/cases/run_cases.cc.
extract.py page.md#Section program.rs: the first program of the section; the suffix says its language.
"""
import pathlib
import re
import sys

FENCES = {".c": "c", ".cc": "cpp", ".cs": "csharp", ".go": "go", ".py": "python", ".rs": "rust"}


def program(text, page, suffix, first_line):
    fence = f"```{FENCES[suffix]}\n"
    before, found, rest = text.partition(fence)
    if not found:
        sys.exit(f"{page}: no {fence.strip()} block")
    code = rest.split("\n```", 1)[0]
    line = first_line + before.count("\n") + 1
    head = f'#line {line} "{pathlib.Path(page).name}"\n' if suffix in (".c", ".cc", ".cs") else ""
    return f"{head}{code}\n"


def cases(text, page):
    blocks = [rest.split("\n```", 1)[0] for rest in text.split("\n```case\n")[1:]]
    if not blocks:
        sys.exit(f"{page}: no ```case block")
    return "\n\n".join(blocks) + "\n"


def section(text, title):
    """(text of a section, its first line)"""
    start = re.search(rf"^## {re.escape(title)}$", text, re.M)
    if not start:
        sys.exit(f"{source}: no section {title}")
    end = re.compile(r"^## ", re.M).search(text, start.end())
    return text[start.start():end.start() if end else None], text.count("\n", 0, start.start()) + 1


source, target = sys.argv[1:]
source, _, name = source.partition("#")
content, line_number = pathlib.Path(source).read_text(encoding="utf-8"), 1
if name:
    content, line_number = section(content, name)
if target.endswith(".case"):
    out = cases(content, source)
else:
    out = program(content, source, pathlib.Path(target).suffix, line_number)
pathlib.Path(target).write_text(out, encoding="utf-8")
