#!/usr/bin/env python3
"""Imports: no module of a binding imports itself, directly or by way of others."""
import ast
import pathlib
import re

import tree

RUST = re.compile(r"\bcrate::(?:(\w+)|\{([^}]*)\})")


def rust(folder):
    """module -> modules that it names by `crate::`; the root, which only lists them, is none."""
    paths = [path for path in tree.files(".rs", under=folder) if path.name != "lib.rs"]
    known = {path.stem for path in paths}
    for path in paths:
        code = re.sub(r"//[^\n]*", "", tree.read(path))
        names = {name for one, list_ in RUST.findall(code) for name in re.findall(r"\w+", one or list_)}
        yield path.stem, names & known - {path.stem}


def top_level(body):
    """Statements that run on import: not those of functions, nor those for type checkers."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from top_level(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for name in ("body", "orelse", "finalbody", "handlers"):
                yield from top_level(getattr(node, name, []))


def imported(node, package):
    """Dotted names that an import statement may load."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = package[: len(package) - node.level + 1] if node.level else []
    base = ".".join(base + ([node.module] if node.module else []))
    return [base] + [f"{base}.{alias.name}" for alias in node.names]


def python(folder):
    """module -> modules that it imports when it is imported; packages count as their `__init__`."""
    files = {}
    for path in tree.files(".py", under=folder):
        parts = path.relative_to(pathlib.Path(folder).parent).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    for name, path in files.items():
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        nodes = top_level(ast.parse(tree.read(path)).body)
        found = {target for node in nodes for target in imported(node, package)}
        # A package loads before its modules; that is no import of one of them.
        yield name, {target for target in found if target in files} - {name, ".".join(package)}


def circle(graph):
    """The modules of one circle, the first one again at the end; none when there is none."""
    done, way = set(), []

    def visit(module):
        if module in way:
            return way[way.index(module):] + [module]
        if module in done:
            return None
        way.append(module)
        found = next(filter(None, map(visit, sorted(graph[module]))), None)
        way.pop()
        done.add(module)
        return found

    return next(filter(None, map(visit, sorted(graph))), None)


def check():
    for folder, read in ((("bindings/rust/xgr/src"), rust), ("bindings/python/src/xgr", python)):
        graph = dict(read(folder))
        if not graph:
            yield f"{folder}: no modules"
        found = circle(graph)
        if found:
            yield f"{folder}: {' imports '.join(found)}; move what both need into a module below them"


tree.finish(list(check()))
