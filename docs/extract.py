#!/usr/bin/env python3
"""Take the examples out of a page.

extract.py page.md program.c: the first C program. The #line directive makes compilers report errors at
their place in the page.
extract.py page.md page.case: all ```case blocks, one behind the other, for tests/cases/run_cases.cc.
"""
import pathlib
import sys


def program(text, page):
    before, fence, rest = text.partition("```c\n")
    if not fence:
        sys.exit(f"{page}: no ```c block")
    line = before.count("\n") + 2
    code = rest.split("\n```", 1)[0]
    return f'#line {line} "{pathlib.Path(page).name}"\n{code}\n'


def cases(text, page):
    blocks = [rest.split("\n```", 1)[0] for rest in text.split("\n```case\n")[1:]]
    if not blocks:
        sys.exit(f"{page}: no ```case block")
    return "\n\n".join(blocks) + "\n"


source, target = sys.argv[1:]
content = pathlib.Path(source).read_text(encoding="utf-8")
take = cases if target.endswith(".case") else program
pathlib.Path(target).write_text(take(content, source), encoding="utf-8")
