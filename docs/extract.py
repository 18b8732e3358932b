#!/usr/bin/env python3
"""Take the first C program out of a page: extract.py page.md program.c

The #line directive makes compilers report errors at their place in the page.
"""
import pathlib
import sys

page, program = sys.argv[1:]
before, fence, rest = pathlib.Path(page).read_text(encoding="utf-8").partition("```c\n")
if not fence:
    sys.exit(f"{page}: no ```c block")
line = before.count("\n") + 2
code = rest.split("\n```", 1)[0]
pathlib.Path(program).write_text(f'#line {line} "{pathlib.Path(page).name}"\n{code}\n', encoding="utf-8")
