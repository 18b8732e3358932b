#!/usr/bin/env python3
"""Notes at the top of sources end with the tests that cover them, and those exist."""
import glob
import re

import tree


def named_tests(note):
    """The paths behind "Tests:", the last thing a note says; none when it does not say it."""
    _, _, names = note.partition("\nTests:")
    return [path for path in re.split(r",?\s+", names.strip().removesuffix(".")) if path]


def head_note(text):
    lines = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return "\n".join(lines)


def expand(path):
    """a/{b,c}.d -> a/b.d, a/c.d"""
    braces = re.search(r"\{([^{}]*)\}", path)
    if not braces:
        return [path]
    return [path[: braces.start()] + part + path[braces.end() :] for part in braces.group(1).split(",")]


def check():
    for path in tree.files(".cc", under="src"):
        text = tree.read(path)
        if tree.is_generated(text):
            continue
        names = named_tests(head_note(text))
        if not names:
            yield f'{path}: the note at the top does not end with "Tests: PATH, PATH."'
            continue
        for name in names:
            for single in expand(name):
                if not single.startswith("tests/") or not glob.glob(str(tree.ROOT / single)):
                    yield f"{path}: the test {single} does not exist; name one that does"


tree.finish(list(check()))
