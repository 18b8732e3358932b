#!/usr/bin/env python3
"""Take the examples out of a page.

extract.py page.md page.case: all ```case blocks, one behind the other, for tests/cases/run_cases.cc.

The programs are run by tests/pages/run.sh, which imports this file. The word behind ``` says what a
block is:

    ```python              a whole program; so are c, cpp, rust, go, csharp
    ```python continued    goes on from the program before it, as if both were one
    ```python fragment     a piece that shows something and is not run
    ```output              what the program above writes; ... stands for any text in a line. A
                           program without such a block writes nothing
    ```json schema.json    a file of that name, which lies beside the programs that follow
    ```sh, ebnf, ...       other text; see OTHER
"""
import dataclasses
import pathlib
import re
import sys

LANGUAGES = ("c", "cpp", "csharp", "go", "python", "rust")
OTHER = ("case", "cmake", "ebnf", "json", "lark", "regex", "sh", "text", "toml")
LINE_DIRECTIVES = {"c": '#line {line} "{page}"\n', "cpp": '#line {line} "{page}"\n',
                   "csharp": '#line {line} "{page}"\n', "go": "//line {page}:{line}\n"}


@dataclasses.dataclass
class Block:
    words: list  # what stands behind the fence
    line: int  # of the first line inside
    text: str


@dataclasses.dataclass
class Program:
    page: str
    line: int
    language: str
    text: str
    expected: str = ""
    files: dict = dataclasses.field(default_factory=dict)
    is_fragment: bool = False


class PageError(Exception):
    """What a page has that this file cannot make sense of, with its place."""


def blocks(text):
    """The fenced blocks of a page in their order; code indented behind a fence is not looked into."""
    for match in re.finditer(r"^(`{3,})([^`\n]*)\n(.*?\n)??\1[ ]*$", text, re.M | re.S):
        yield Block(match[2].split(), text.count("\n", 0, match.start()) + 2, match[3] or "")


def programs(text, page):
    """The programs and fragments of a page, each with what it is to write."""
    out, files, last, awaits_output = [], {}, None, False  # last: the program that may go on
    for block in blocks(text):
        name, *rest = block.words or [""]
        place = f"{page}:{block.line - 1}"
        if name == "output":
            if not awaits_output:
                raise PageError(f"{place}: the output of what? It has to follow a program")
            last.expected += block.text
            awaits_output = False
        elif name in OTHER:
            if rest and "." in rest[0]:
                files[rest[0]] = block.text
        elif name not in LANGUAGES:
            raise PageError(f"{place}: the block is marked {name!r}; a program is one of "
                            f"{', '.join(LANGUAGES)}, other text one of {', '.join(OTHER)}")
        elif rest == ["continued"]:
            if last is None or last.language != name:
                raise PageError(f"{place}: there is no program in {name} before it to go on from")
            add_lines(last, block)
            awaits_output = True
        elif rest in ([], ["fragment"]):
            out.append(Program(page, block.line, name, block.text, files=dict(files), is_fragment=bool(rest)))
            awaits_output = not rest
            last = out[-1] if awaits_output else last
        else:
            raise PageError(f"{place}: {' '.join(rest)!r} behind {name}; expected continued or fragment")
    return out


def add_lines(program, block):
    """Appends a block, with empty lines before it so that errors have their lines in the page."""
    program.text += "\n" * (block.line - program.line - program.text.count("\n")) + block.text


def source_text(program):
    """The program as a file; compilers report errors at their place in the page."""
    directive = LINE_DIRECTIVES.get(program.language, "")
    return directive.format(line=program.line, page=pathlib.Path(program.page).name) + program.text


def cases(text):
    found = [block.text.rstrip("\n") for block in blocks(text) if block.words == ["case"]]
    return "\n\n".join(found) + "\n"


def main(source, target):
    out = cases(pathlib.Path(source).read_text(encoding="utf-8"))
    if not out.strip():
        sys.exit(f"{source}: no ```case block")
    pathlib.Path(target).write_text(out, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
