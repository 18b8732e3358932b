#!/usr/bin/env python3
"""Layers: a file of src/ includes its own folder or a lower layer, never a sibling or a higher one."""
import re

import tree

LAYER = {
    "support": 0,
    "tokenizer": 1,
    "automata": 1,
    "chat": 4,
    "grammar": 2,
    "frontend": 3,
    "parser": 3,
    "mask": 4,
    "compiler": 5,
    "matcher": 6,
    "capi": 7,
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)


def front_end(parts):
    """The front end a path belongs to: frontend/<name>/file; frontend/macros is open to all."""
    own = parts[0] == "frontend" and len(parts) > 2 and parts[1] != "macros"
    return parts[1] if own else None


def problems_of(path, text):
    own = path.parts[1:]
    if own[0] not in LAYER:
        yield f"{path}: folder {own[0]} is in no layer; add it to the table in tests/lint/check_layers.py"
        return
    for quote, name in INCLUDE.findall(text):
        parts = name.split("/")
        if parts[0] == "xgr":
            if own[0] != "capi":
                yield f"{path}: includes <{name}>; only src/capi may include the public header"
        elif parts[0] in LAYER and len(parts) > 1:
            other = parts[0]
            if other != own[0] and LAYER[other] >= LAYER[own[0]]:
                yield (f"{path}: layer {LAYER[own[0]]} ({own[0]}) includes {name} of layer "
                       f"{LAYER[other]}; only lower layers are open to it")
            if front_end(parts) and own[0] == "frontend" and len(own) > 2:
                if front_end(parts) != front_end(own):
                    yield f"{path}: includes another front end, {name}; call frontend/frontend.h instead"
        elif quote == '"':
            yield f'{path}: includes "{name}"; write the path from src/, as in "grammar/expr.h"'


found = []
for source in tree.files(".cc", ".h", under="src"):
    if len(source.parts) > 2:
        found += problems_of(source, tree.read(source))
tree.finish(found)
