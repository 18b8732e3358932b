#!/usr/bin/env python3
"""Text: notes at the top of sources, guards, source lists, unique names, marks of unfinished work, lines that
install from a registry."""
import collections
import re

import tree

MIN_NOTE = 3  # comment lines at the top of a .cc file
# Written in two pieces, so that this file does not find itself.
MARKS = re.compile("|".join(left + right for left, right in [
    (r"\bTO", r"DO\b"), (r"\bFIX", r"ME\b"), (r"\bXX", r"X\b"), (r"\bHA", r"CK\b"),
    (r"not ", r"implemented"), (r"Not", r"ImplementedError"), (r"\bplace", r"holder implementation"),
    (r"/wo", r"rk/"), (r"/ro", r"ot/"), (r"/ho", r"me/\w+/")]))
# No registry has the packages; a path or a folder has to be named.
REGISTRY = re.compile(r"(pip install|cargo add|go get|dotnet add package) +(lib)?xgr(-sys)?(?![\w*-])"
                      r"(?!.* --(path|source) )", re.I)


def check_notes():
    for path in tree.files(".cc", under="src"):
        lines = tree.read(path).splitlines()
        note = 0
        while note < len(lines) and lines[note].startswith("//"):
            note += 1
        if note < MIN_NOTE:
            yield f"{path}: opens with {note} comment lines; say what it does, its entry point and its test"


def check_guards():
    for path in tree.files(".h"):
        text = tree.read(path)
        name = re.search(r"^#ifndef (\w+)\n#define \1\b", text, re.M)
        if "#pragma once" not in text and not name:
            yield f"{path}: neither #pragma once nor an include guard"


def check_source_lists():
    for folder, suffix in (("src", ".cc"), ("tests/unit", "_test.cc")):
        listed = tree.read(f"{folder}/sources.txt").split()
        if listed != sorted(set(listed)):
            yield f"{folder}/sources.txt: keep the lines sorted and single"
        there = {path.relative_to(folder).as_posix() for path in tree.files(suffix, under=folder)}
        there.discard("xgr_all.cc")  # all of them once more, see check_one_unit.py
        for name in sorted(there - set(listed)):
            yield f"{folder}/{name}: not in {folder}/sources.txt, so nothing builds it"
        for name in sorted(set(listed) - there):
            yield f"{folder}/sources.txt: {name} does not exist"


def check_names():
    by_name = collections.defaultdict(list)
    for path in tree.files(".cc", ".h", under="src"):
        by_name[path.name].append(path)
        if not re.fullmatch(r"[a-z0-9_]+\.(cc|h)", path.name):
            yield f"{path}: file names are snake_case"
    for paths in by_name.values():
        if len(paths) > 1:
            yield f"{paths[1]}: the name is taken by {paths[0]}; names are unique in src/"


def check_types():
    """Two types of one name in namespace xgr::core break the program in ways no compiler sees."""
    home = {}
    for path in tree.files(".h", under="src"):
        for name in re.findall(r"^(?:class|struct|enum class) (\w+)(?!\w|::)[^;{]*\{", tree.read(path), re.M):
            if home.setdefault(name, path) != path:
                yield f"{path}: the type name {name} is taken by {home[name]}"


def check_marks():
    for path in tree.files(".cc", ".h", ".c", ".py", ".sh", ".build", ".md", ".txt", ".wrap"):
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            mark = MARKS.search(line)
            if mark:
                yield f"{path}:{number}: '{mark.group()}' does not belong in a commit"


def check_registries():
    for path in tree.files(".md", ".py", ".rs", ".cs", ".go", ".toml"):
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            found = REGISTRY.search(line)
            if found:
                yield f"{path}:{number}: '{found.group()}' works once it is published; until then: from a checkout"


found = []
for check in (check_notes, check_guards, check_source_lists, check_names, check_types, check_marks, check_registries):
    found += check()
tree.finish(found)
