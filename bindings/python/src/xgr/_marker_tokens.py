"""Makes tokens of the markers of a structural tag that are written as text.

  begin "<tool_call>f", end "</tool_call>"   ->   begin token <tool_call>, content "f" ..., end token </tool_call>

Text that such a token ends becomes tokens as well: what it excludes are tokens then, too.
"""
from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

from .structural_tag import (AnyTextFormat, AnyTokensFormat, ConstStringFormat, DispatchFormat, OptionalFormat,
                             OrFormat, PlusFormat, RepeatFormat, SequenceFormat, StarFormat, StructuralTag,
                             TagFormat, TagsWithSeparatorFormat, TokenDispatchFormat, TokenFormat,
                             TokenTriggeredTagsFormat, TriggeredTagsFormat)


def bind_marker_tokens(tag: StructuralTag, markers: Sequence[str]) -> StructuralTag:
    """The tag with each marker in it as a token, looked up by its text when the tag is compiled; the tag itself
    where it has none. Repetitions with a bound are left as they are.

    Raises ValueError where a marker stands in a place that takes no token.
    """
    made = _Binder(markers).bind(tag.format)
    return tag if made is tag.format else StructuralTag(format=made)


def _with(node: Any, name: str, value: Any) -> Any:
    """The node with another value of a field; itself where that changes nothing."""
    old = getattr(node, name)
    same = all(a is b for a, b in zip(old, value)) if isinstance(value, list) else old is value
    return node if same else node.model_copy(update={name: value})


def _inside(node: Any, change: Callable[[Any], Any]) -> Any:
    """A format made of formats, with each of them changed."""
    if isinstance(node, (SequenceFormat, OrFormat)):
        return _with(node, "elements", [change(element) for element in node.elements])
    if isinstance(node, (OptionalFormat, PlusFormat, StarFormat)):
        return _with(node, "content", change(node.content))
    return node


class _Binder:
    def __init__(self, markers: Sequence[str]) -> None:
        self.markers = sorted(markers, key=len, reverse=True)  # of two that fit, the longer one is meant

    def bind(self, node: Any) -> Any:
        if isinstance(node, ConstStringFormat):
            pieces = self.pieces(node.value)
            return pieces[0] if len(pieces) == 1 else SequenceFormat(elements=pieces) if pieces else node
        if isinstance(node, TagFormat):
            return self.tag(node)
        if isinstance(node, TriggeredTagsFormat):
            return self.triggered(node)
        if isinstance(node, (TagsWithSeparatorFormat, TokenTriggeredTagsFormat)):
            return _with(node, "tags", [self.tag(tag) for tag in node.tags])
        return _inside(node, self.bind)

    def leading(self, text: str) -> Optional[str]:
        return next((marker for marker in self.markers if text.startswith(marker)), None)

    def pieces(self, text: str) -> List[Any]:
        """A text as texts and tokens; empty where it has no marker."""
        made: List[Any] = []
        start = at = 0
        while at < len(text):
            marker = self.leading(text[at:])
            if marker is None:
                at += 1
                continue
            made += [ConstStringFormat(value=text[start:at])] * (start < at) + [TokenFormat(token=marker)]
            start = at = at + len(marker)
        return made + [ConstStringFormat(value=text[start:])] * (bool(made) and start < len(text))

    def text(self, text: str) -> List[Any]:
        """A text as texts and tokens."""
        return self.pieces(text) or [ConstStringFormat(value=text)] * bool(text)

    def tag(self, tag: TagFormat) -> TagFormat:
        begin, end, content = tag.begin, tag.end, self.bind(tag.content)
        before: List[Any] = []
        after: List[Any] = []
        opener = self.leading(begin) if isinstance(begin, str) else None
        if opener is not None and isinstance(begin, str):
            before, begin = self.text(begin[len(opener):]), TokenFormat(token=opener)
        if isinstance(end, list) and any(isinstance(e, str) and self.pieces(e) for e in end):
            raise ValueError(f"the ends {end!r} of a tag are a list of alternatives with a marker; "
                             "expected one end")
        closer = next((m for m in self.markers if end.endswith(m)), None) if isinstance(end, str) else None
        if closer is not None and isinstance(end, str):
            after, end = self.text(end[:-len(closer)]), TokenFormat(token=closer)
            content = self.tokens(content)
        if begin is tag.begin and end is tag.end and content is tag.content:
            return tag
        parts = [*before, content, *after]
        return TagFormat(begin=begin, end=end,
                         content=content if len(parts) == 1 else SequenceFormat(elements=parts))

    def tokens(self, node: Any) -> Any:
        """The content of a tag that ends with a token: text in it as tokens."""
        if isinstance(node, AnyTextFormat):
            others = [word for word in node.excludes if word not in self.markers]
            if others or node.max_chars is not None:
                raise ValueError(f"text in front of a marker token excludes {others!r}; what it excludes must be "
                                 "markers, and it has no max_chars")
            return AnyTokensFormat(exclude_tokens=list(node.excludes), max_tokens=node.max_tokens)
        if isinstance(node, (RepeatFormat, DispatchFormat, TokenDispatchFormat)):
            raise ValueError(f"{type(node).__name__} in front of a marker token; a Repeat or Dispatch cannot tell "
                             "where the token ends it")
        return _inside(node, self.tokens)

    def triggered(self, node: TriggeredTagsFormat) -> Any:
        openers = [self.leading(trigger) for trigger in node.triggers]
        tags = [self.tag(tag) for tag in node.tags]
        if not any(openers):
            return _with(node, "tags", tags)
        if not all(openers):
            raise ValueError(f"of the triggers {node.triggers!r} only some begin with a marker; expected all or none")
        return TokenTriggeredTagsFormat(
            trigger_tokens=list(dict.fromkeys(filter(None, openers))), tags=tags,
            exclude_tokens=[word for word in node.excludes if word in self.markers],
            at_least_one=node.at_least_one, stop_after_first=node.stop_after_first)
