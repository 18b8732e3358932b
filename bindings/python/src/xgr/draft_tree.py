"""Draft trees, walked node by node: for as long as there is time, and with what masks alone don't tell."""
from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from . import _memory
from . import bitmask as bitmasks
from ._library import ffi
from ._types import Memory, TokenIds
from ._values import real
from .error import ErrorCode, XgrError


if TYPE_CHECKING:
    from .matcher import GrammarMatcher


class Nodes(NamedTuple):
    """A tree: node 0 is its root, and each of the others is reached at most once from there."""

    first_child: list[int]
    next_sibling: list[int]
    tokens: list[int]


def _wrong(message: str) -> XgrError:
    return XgrError(message, ErrorCode.INVALID_ARGUMENT)


def read(first_children: TokenIds, next_siblings: TokenIds, tokens: TokenIds) -> Nodes:
    """The nodes of a tree given by links; XgrError where they are no tree."""
    nodes = Nodes(*(ffi.unpack(*_memory.int32s(values, name, clamp=True)) for values, name in (
        (first_children, "retrieve_next_token"), (next_siblings, "retrieve_next_sibling"),
        (tokens, "draft_tokens"))))
    count = len(nodes.tokens)
    if not count or len(nodes.first_child) != count or len(nodes.next_sibling) != count:
        raise _wrong(f"a tree of {len(nodes.first_child)} retrieve_next_token, {len(nodes.next_sibling)} "
                     f"retrieve_next_sibling and {count} draft_tokens; expected as many of each, at least one")
    seen = [False] * count
    for name, links in (("retrieve_next_token", nodes.first_child),
                        ("retrieve_next_sibling", nodes.next_sibling)):
        for i, node in enumerate(links):
            if node == -1:
                continue
            if not 0 < node < count or node == i:
                raise _wrong(f"{name}[{i}] is {node}; expected -1, or another node below {count} that is not "
                             "the root")
            if seen[node]:
                raise _wrong(f"{name}[{i}] is {node}, which has a place in the tree already")
            seen[node] = True
    if nodes.next_sibling[0] != -1:
        raise _wrong(f"retrieve_next_sibling[0] is {nodes.next_sibling[0]}; the root has no siblings")
    return nodes


class _Rows:
    """The rows of the nodes, and their temperatures."""

    def __init__(self, matcher: GrammarMatcher, bitmask: Memory, temperatures: Memory | None,
                 count: int) -> None:
        words = matcher.mask_words
        self.masks = bitmasks.rows_for(bitmask, words, exact=True)
        if self.masks.rows < count:
            raise _wrong(f"the bitmask has {self.masks.rows} rows, for {count} nodes; expected as many")
        self.matcher, self.bitmask, self.words = matcher, bitmask, words
        self.temperatures = None
        if temperatures is not None:
            self.temperatures, size = _memory.floats(temperatures, "temperatures")
            if size < count:
                raise _wrong(f"temperatures has {size}, for {count} nodes; expected as many")

    def fill(self, node: int) -> None:
        self.matcher.fill_next_token_bitmask(self.bitmask, node)
        if self.temperatures is not None:
            value = self.matcher.temperature
            self.temperatures[node] = -1.0 if value is None else value

    def forbid(self, node: int) -> None:
        ffi.memmove(self.masks.row(node), bytes(4 * self.words), 4 * self.words)


def traverse(matcher: GrammarMatcher, nodes: Nodes, bitmask: Memory, time_threshold: float,
             temperatures: Memory | None) -> bool:
    """GrammarMatcher.traverse_draft_tree, with a matcher that nobody else uses and that is left anywhere."""
    rows = _Rows(matcher, bitmask, temperatures, len(nodes.tokens))
    threshold = real("time_threshold", time_threshold)
    deadline = time.monotonic() + threshold if threshold > 0 else None
    rows.fill(0)
    waiting, depth_now = [(nodes.first_child[0], 1)], 0  # nodes to visit, deepest last
    while waiting:
        node, depth = waiting.pop()
        if node == -1:
            continue
        if deadline is not None and time.monotonic() >= deadline:
            return False
        waiting.append((nodes.next_sibling[node], depth))
        matcher.rollback(depth_now - (depth - 1))
        depth_now = depth - 1
        if matcher.accept_token(nodes.tokens[node]):
            depth_now = depth
            if not matcher.is_terminated():
                rows.fill(node)
                waiting.append((nodes.first_child[node], depth + 1))
                continue
        rows.forbid(node)
    return True
