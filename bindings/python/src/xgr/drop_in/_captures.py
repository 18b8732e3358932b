"""The order of captures, where a marker ends a text: the original reports the marker first."""
from __future__ import annotations

import re

_RULE = re.compile(r'^[^\s:"]*\[([^\n]*)\] ::=', re.MULTILINE)
_NAME = re.compile(r'(?<![\w])(stop_capture|capture)="((?:[^"\\]|\\.)*)"')


def marker_names(ebnf: str) -> set[tuple[str, str]]:
    """(name of a text, name of the marker behind it) of the rules of a grammar that have both."""
    pairs = set()
    for attributes in _RULE.findall(ebnf):
        names = dict(_NAME.findall(attributes))
        if "capture" in names and "stop_capture" in names:
            pairs.add((names["capture"], names["stop_capture"]))
    return pairs


def markers_first(captures: list[tuple[str, bytes]], pairs: set[tuple[str, str]]) -> list[tuple[str, bytes]]:
    """The captures with each marker in front of the text that it ends."""
    out = list(captures)
    for i in range(1, len(out)):
        if (out[i - 1][0], out[i][0]) in pairs:
            out[i - 1], out[i] = out[i], out[i - 1]
    return out
