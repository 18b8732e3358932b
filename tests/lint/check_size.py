#!/usr/bin/env python3
"""Size: files of at most 800 lines and functions of at most 100; aim at 300 and 30.

Generated files and tables (*_table.cc) are exempt. C and C++ functions are
found by their braces, Python's by its own parser.
"""
import ast
import re

import tree

MAX_FILE = 800
MAX_FUNCTION = 100

# Comments, strings and preprocessor lines go, their line breaks stay.
NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    r"|^[ \t]*\#(?:[^\n\\]|\\\n|\\.)*",
    re.S | re.M)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def without_noise(text):
    digit_groups = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", text)
    return NOISE.sub(lambda match: "\n" * match.group().count("\n"), digit_groups)


def functions_in_c(text):
    """(first line, line count) of each function body, by matching braces outside of types."""
    stack, header, line = [], "", 1
    for char in without_noise(text):
        if char == "{":
            in_function = any(kind == "function" for kind, _ in stack)
            is_scope = SCOPE.search(header) and not header.rstrip().endswith(")")
            is_table = header.rstrip().endswith("=")
            kind = "inner" if in_function else "scope" if is_scope or is_table else "function"
            stack.append((kind, line))
            header = ""
        elif char == "}":
            kind, start = stack.pop() if stack else ("inner", line)
            if kind == "function":
                yield start, line - start + 1
            header = ""
        elif char == ";":
            header = ""
        else:
            header += char
        line += char == "\n"


def functions_in_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


found = []
for path in tree.files(".cc", ".h", ".c", ".py", ".sh", ".build"):
    text = tree.read(path)
    if path.name.endswith("_table.cc") or tree.is_generated(text):
        continue
    line_count = text.count("\n")
    if line_count > MAX_FILE:
        found.append(f"{path}: {line_count} lines; at most {MAX_FILE}: which two ideas does it hold?")
    if path.suffix in (".cc", ".h", ".c", ".py"):
        functions = functions_in_python if path.suffix == ".py" else functions_in_c
        for start, length in functions(text):
            if length > MAX_FUNCTION:
                found.append(f"{path}:{start}: a function of {length} lines; at most {MAX_FUNCTION}")
tree.finish(found)
