"""Puts the structural tag of a model together from its row.

  reasoning, if any; then text with calls in it, a section of calls, or the messages of harmony
"""
from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Literal, Optional, Sequence, Tuple, Union, cast

from ._model_rows import Call, Messages, Row, Section, Think
from .openai_tools import BuiltinToolParam, FunctionToolParam
from .structural_tag import (AnyTextFormat, ConstStringFormat, JSONSchemaFormat, OptionalFormat, OrFormat,
                             RegexFormat, SequenceFormat, StructuralTag, TagFormat, TagsWithSeparatorFormat,
                             TriggeredTagsFormat)

_Tool = Tuple[str, Union[bool, Dict[str, Any]]]  # a name and the schema of the arguments


@dataclasses.dataclass(frozen=True)
class Wishes:
    """What a reply is to be like, beside its tools."""

    choice: Literal["auto", "required", "forced"]
    reasoning: Literal["enabled", "disabled", "auto"]
    any_order: bool = False
    exclude_special_tokens: bool = True
    max_whitespace_cnt: Optional[int] = None
    parallel_tool_calls: bool = True


def assemble(row: Row, tools: Sequence[FunctionToolParam], builtins: Sequence[BuiltinToolParam],
             wishes: Wishes) -> StructuralTag:
    """The structural tag of a reply. ValueError where the choice and the tools do not go together."""
    if row.no_builtins and builtins:
        raise ValueError(f"the model has no builtin tools, found {builtins[0].type!r}")
    functions = [(tool.function.name, True if tool.function.strict is False or tool.function.parameters is None
                  else tool.function.parameters) for tool in tools]
    provided = [(tool.name or tool.type, True if tool.parameters is None else tool.parameters)
                for tool in builtins] if row.messages else []
    count = len(functions) + len(provided)
    if wishes.choice == "forced" and count != 1:
        raise ValueError(f"a forced call needs exactly one tool that the model can call, found {count}")
    if wishes.choice == "required" and count == 0:
        raise ValueError("a required call needs a tool that the model can call, found none")
    assembly = _Assembly(row, wishes)
    if row.messages is not None:
        return StructuralTag(format=assembly.messages(row.messages, functions, provided))
    return StructuralTag(format=assembly.reply(functions))


def _sequence(*parts: Any) -> Any:
    """What is there of the parts, one after the other."""
    there = [part for part in parts if part is not None]
    return there[0] if len(there) == 1 else SequenceFormat(elements=there)


def _const(text: str) -> ConstStringFormat:
    return ConstStringFormat(value=text)


class _Assembly:
    def __init__(self, row: Row, wishes: Wishes) -> None:
        self.row = row
        self.wishes = wishes
        self.required = wishes.choice == "required"
        self.single = not wishes.parallel_tool_calls

    def excluded(self, words: Sequence[str]) -> List[str]:
        return list(words) if self.wishes.exclude_special_tokens else []

    def call(self, call: Call, tool: _Tool) -> TagFormat:
        """One call of a tool."""
        def named(text: str) -> str:
            quoted = json.dumps(tool[0], ensure_ascii=False)[1:-1]
            return text.replace("QUOTED", quoted) if "QUOTED" in text else text.replace("NAME", tool[0])

        arguments = JSONSchemaFormat(json_schema=tool[1], style=call.style, any_order=self.wishes.any_order,
                                     max_whitespace_cnt=self.wishes.max_whitespace_cnt,
                                     excludes=self.excluded(call.excludes))
        content: Any = arguments
        if call.index is not None:
            content = _sequence(RegexFormat(pattern=r"\d+"), _const(named(call.index)), arguments)
        return TagFormat(begin=named(call.begin), content=content, end=call.end)

    # --- replies that are text with calls in it ---

    def reply(self, functions: List[_Tool]) -> Any:
        assert self.row.call is not None
        calls = [self.call(self.row.call, function) for function in functions]
        if self.row.text is not None:
            return self.blocks(calls)
        think, body = self.row.think, self.body(calls)
        if think is not None and self.wishes.reasoning == "disabled":
            return _sequence(*map(_const, think.off), body)
        return _sequence(self.thinking(think), body)

    def thinking(self, think: Optional[Think]) -> Any:
        """The block of reasoning; None: there is none."""
        if think is None or self.wishes.reasoning == "disabled":
            return None
        opened = self.wishes.reasoning == "enabled"
        excludes = self.excluded(self.row.excludes if think.excludes or not opened else ())
        block: Any = TagFormat(begin="" if opened and think.in_prompt else think.begin,
                               content=AnyTextFormat(excludes=excludes), end=think.end)
        if think.after:
            block = _sequence(block, _const(think.after))
        if opened:
            return block
        return OptionalFormat(content=OrFormat(elements=[block, _const(think.end)]) if think.lone_end else block)

    def body(self, calls: List[TagFormat]) -> Any:
        """What follows reasoning."""
        row, section = self.row, self.row.section
        if not calls:
            return AnyTextFormat(excludes=[*self.excluded(row.excludes), *row.excludes_without_tools])
        if section is None:
            return calls[0] if self.wishes.choice == "forced" else self.text(row.trigger, calls)
        if self.wishes.choice == "auto" or self.required and section.required == "text":
            return self.text(section.begin.rstrip("\n"), [self.whole(section, calls)])
        return self.section(section, calls)

    def text(self, trigger: str, tags: List[TagFormat]) -> TriggeredTagsFormat:
        """Text with tags in it."""
        section = self.row.section
        words = [word for word in self.row.excludes if word != trigger]
        return TriggeredTagsFormat(
            triggers=[trigger], tags=tags, excludes=self.excluded([*words, *self.row.excludes_with_tools]),
            at_least_one=self.required,
            stop_after_first=self.single or section is not None and section.last)

    def several(self, section: Section, calls: List[TagFormat]) -> TagsWithSeparatorFormat:
        return TagsWithSeparatorFormat(tags=calls, separator=section.separator, at_least_one=True,
                                       stop_after_first=self.single)

    def whole(self, section: Section, calls: List[TagFormat]) -> TagFormat:
        return TagFormat(begin=section.begin, content=self.several(section, calls), end=section.end)

    def section(self, section: Section, calls: List[TagFormat]) -> Any:
        """A section that has to come now."""
        forced = self.wishes.choice == "forced"
        if section.required == "texts":
            inside = calls[0] if forced else self.several(section, calls)
            return _sequence(_const(section.lead + section.begin), inside, _const(section.end))
        if not forced:
            return self.whole(section, calls)
        if section.required == "tag":
            begin, end = cast(str, calls[0].begin), cast(str, calls[0].end)
            return TagFormat(begin=section.begin + begin, content=calls[0].content, end=end + section.end)
        return TagFormat(begin=section.begin, content=calls[0], end=section.end)

    def blocks(self, calls: List[TagFormat]) -> Any:
        """Reasoning, a block of text, a section of calls, the end of the turn."""
        row, think, section = self.row, self.row.think, self.row.section
        assert row.text is not None and section is not None
        begin = "" if self.wishes.reasoning == "disabled" else row.text[0]
        text = TagFormat(begin=begin, content=AnyTextFormat(excludes=self.excluded(row.excludes)),
                         end=row.text[1])
        after: Any = None
        if calls and self.wishes.choice == "auto":
            after = OptionalFormat(content=self.whole(section, calls))
        elif calls:
            after = self.section(section, calls)
        return _sequence(self.thinking(think), text, after, _const(row.turn_end))

    # --- replies that are messages ---

    def messages(self, spoken: Messages, functions: List[_Tool], provided: List[_Tool]) -> Any:
        calls = [self.call(form, tool) for tool in functions for form in spoken.calls]
        calls += [self.call(form, tool) for tool in provided for form in spoken.builtin_calls]
        begins = [spoken.text] if self.wishes.choice == "auto" else []
        begins += [spoken.thinking] if self.wishes.reasoning != "disabled" else []
        others = [TagFormat(begin=begin, content=AnyTextFormat(), end=list(spoken.ends)) for begin in begins]

        def joined(tags: List[TagFormat], at_least_one: bool = False,
                   stop_after_first: bool = False) -> TagsWithSeparatorFormat:
            return TagsWithSeparatorFormat(tags=tags, separator=spoken.separator, at_least_one=at_least_one,
                                           stop_after_first=stop_after_first)

        if not self.single or not calls:
            return joined([*calls, *others])
        one = joined(calls, at_least_one=True, stop_after_first=True)
        if not others:
            return OptionalFormat(content=one)
        return OrFormat(elements=[
            joined(others), one,
            _sequence(joined(others, at_least_one=True), _const(spoken.separator), one.model_copy(deep=True))])
