"""The models that get_model_structural_tag knows by the names of the original, as data.

What a reply consists of is the same in all of them but for what a row says; model_tags.py puts it together.
In texts NAME stands for the name of a tool, QUOTED for the same inside of a JSON string.
"""
from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Dict, Optional, Tuple

if TYPE_CHECKING:
    from .structural_tag import ArgumentStyle

Texts = Tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Call:
    """One call: begin, arguments, end."""

    begin: str
    end: str
    style: ArgumentStyle = "json"
    index: Optional[str] = None  # begin is followed by a number, and that by this text
    excludes: Texts = ()  # what strings of the arguments do not contain


@dataclasses.dataclass(frozen=True)
class Section:
    """The frame around all calls."""

    begin: str  # text never contains this but for a line feed at the end
    end: str
    separator: str = ""
    lead: str = ""  # in front of it where the reply begins with calls
    # Where a call is required. "texts": begin, calls, end. "tag": one tag. "text": text may follow.
    required: str = "texts"
    last: bool = False  # nothing follows the section


@dataclasses.dataclass(frozen=True)
class Think:
    """The block of reasoning."""

    begin: str
    end: str
    after: str = ""
    in_prompt: bool = True  # the prompt ends inside of the block when reasoning is switched on
    excludes: bool = True  # also what follows such a prompt contains no markers
    off: Texts = ()  # what the reply begins with when reasoning is switched off
    lone_end: bool = False  # a reply that may think may also begin with the end alone


@dataclasses.dataclass(frozen=True)
class Messages:
    """Replies made of messages in any order, in place of text with calls in it."""

    separator: str
    calls: Tuple[Call, ...]
    builtin_calls: Tuple[Call, ...]
    text: str
    thinking: str
    ends: Texts  # of messages that are no calls


@dataclasses.dataclass(frozen=True)
class Row:
    """One model."""

    call: Optional[Call] = None
    trigger: str = ""  # without a section: what text only contains where a call begins
    section: Optional[Section] = None
    think: Optional[Think] = None
    excludes: Texts = ()  # markers: what text and reasoning never contain
    excludes_with_tools: Texts = ()  # further ones of text in which there may be calls
    excludes_without_tools: Texts = ()  # always, as the section that it begins is never written
    text: Optional[Tuple[str, str]] = None  # begin and end of a block of text in front of the section
    turn_end: str = ""
    messages: Optional[Messages] = None
    no_builtins: bool = False  # built-in tools are an error
    marker_tokens: Optional[Texts] = None  # markers that may be asked for as tokens
    reasoning: str = "enabled"  # where the builder of the model is called without


_THINK = ("<think>", "</think>")
_QWEN_MARKERS = (*_THINK, "<tool_call>", "</tool_call>")
_GLM_MARKERS = (*_QWEN_MARKERS, "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>")
_GEMMA_MARKERS = ("<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>")
_XTML = ("<|open|>", "<|close|>", "<|sep|>")
_BRIEF = Think("<think>", "</think>")
_SPACED = Think("<think>", "</think>", after="\n\n")
_NS = "]<]minimax[>["


def _dsml(space: str, calls: str, style: ArgumentStyle, *, last: bool, without_tools: Texts = ()) -> Row:
    """DeepSeek from V3.2 on."""
    tag = f"｜DSML｜{space}"
    return Row(call=Call(f'<{tag}invoke name="NAME">\n', f"</{tag}invoke>\n", style), excludes=_THINK,
               think=_BRIEF, excludes_without_tools=without_tools,
               section=Section(f"<{tag}{calls}>\n", f"</{tag}{calls}>", lead="\n\n", last=last))


def _harmony() -> Messages:
    def form(begin: str) -> Call:
        return Call(begin + "<|message|>", "<|call|>")

    return Messages(
        separator="<|start|>assistant",
        calls=(form("<|channel|>commentary to=functions.NAME<|constrain|>json"),
               form(" to=functions.NAME<|channel|>commentary <|constrain|>json"),
               form(" to=functions.NAME<|channel|>commentary json")),
        builtin_calls=(form("<|channel|>commentary to=NAME code"), form(" to=NAME<|channel|>commentary code")),
        text="<|channel|>final<|message|>", thinking="<|channel|>analysis<|message|>",
        ends=("<|end|>", "<|return|>"))


_QWEN_CODER = Row(
    call=Call("<tool_call>\n<function=NAME>\n", "\n</function>\n</tool_call>", "qwen_xml"),
    trigger="<tool_call>\n<function=", think=_SPACED, excludes=_THINK, marker_tokens=_QWEN_MARKERS)

ROWS: Dict[str, Row] = {
    "llama": Row(call=Call('{"name": "QUOTED", "parameters": ', "}"), trigger='{"name": ', excludes=_THINK),
    "kimi": Row(
        call=Call("<|tool_call_begin|>functions.NAME:", "<|tool_call_end|>",
                  index="<|tool_call_argument_begin|>"),
        section=Section("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
        think=Think(*_THINK, excludes=False), excludes=_THINK, excludes_with_tools=("<|tool_call_begin|>",)),
    "kimi_k3": Row(
        call=Call('<|open|>call tool="NAME" index="', "<|close|>call<|sep|>", "kimi_k3_xml", '"<|sep|>', _XTML),
        section=Section("<|open|>tools<|sep|>", "<|close|>tools<|sep|>"),
        think=Think("<|open|>think<|sep|>", "<|close|>think<|sep|>"), excludes=_XTML[:2],
        text=("<|open|>response<|sep|>", "<|close|>response<|sep|>"), turn_end="<|close|>message<|sep|>"),
    "deepseek_r1": Row(
        call=Call("<｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME\n```json\n", "\n```<｜tool▁call▁end｜>"),
        section=Section("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "\n", required="tag"),
        think=_BRIEF, excludes=_THINK),
    "deepseek_v3_1": Row(
        call=Call("<｜tool▁call▁begin｜>NAME<｜tool▁sep｜>", "<｜tool▁call▁end｜>"),
        section=Section("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", required="tag"),
        think=_BRIEF, excludes=_THINK),
    "qwen_3_5": _QWEN_CODER,
    "qwen_3_coder": _QWEN_CODER,
    "mimo": Row(
        call=Call("<tool_call><function=NAME>", "</function></tool_call>", "qwen_xml"), trigger="<tool_call>",
        think=Think(*_THINK, in_prompt=False), no_builtins=True,
        excludes=("<tool_call>", *_THINK, "</tool_call>", "<function=")),
    "qwen_3": Row(
        call=Call('<tool_call>\n{"name": "QUOTED", "arguments": ', "}\n</tool_call>"), trigger="<tool_call>",
        think=_SPACED, excludes=_THINK, marker_tokens=_QWEN_MARKERS),
    "harmony": Row(messages=_harmony()),
    "deepseek_v3_2": _dsml("", "function_calls", "deepseek_xml", last=False),
    "minimax": Row(
        call=Call('<invoke name="NAME">\n', "</invoke>\n", "minimax_xml"),
        section=Section("<minimax:tool_call>\n", "</minimax:tool_call>", lead="\n"), excludes=_THINK,
        think=Think(*_THINK, after="\n\n", excludes=False, off=("\n</think>\n\n", "\n\n"))),
    "minimax_m3": Row(
        call=Call(f'{_NS}<invoke name="NAME">', f"{_NS}</invoke>\n", "minimax_m3_xml"), no_builtins=True,
        section=Section(f"{_NS}<tool_call>\n", f"{_NS}</tool_call>", required="text"), reasoning="auto",
        think=Think("<mm:think>", "</mm:think>", lone_end=True),
        excludes=(f"{_NS}<tool_call>", "<mm:think>", "</mm:think>", f"{_NS}</tool_call>", f"{_NS}<invoke",
                  f"{_NS}</invoke>")),
    "glm_4_7": Row(
        call=Call("<tool_call>NAME", "</tool_call>", "glm_xml"), trigger="<tool_call>", think=_BRIEF,
        excludes=_GLM_MARKERS, marker_tokens=_GLM_MARKERS),
    "gemma_4": Row(
        call=Call("<|tool_call>call:NAME", "<tool_call|>", "gemma", excludes=_GEMMA_MARKERS),
        trigger="<|tool_call>", excludes=_GEMMA_MARKERS[:3],
        think=Think("<|channel>thought\n", "<channel|>", in_prompt=False)),
    "deepseek_v4": _dsml("", "tool_calls", "deepseek_xml", last=True),
    "deepseek_v4_1": _dsml(" ", "calls", "deepseek_v4_1_xml", last=True,
                           without_tools=("<｜DSML｜ calls>",)),
    "cohere": Row(
        call=Call('<cofl:tool_call id="', "</cofl:tool_call>", "cohere_xml", '" name="NAME">'),
        section=Section("<cofl:tool_calls>", "</cofl:tool_calls>"),
        think=Think("<|START_THINKING|>", "<|END_THINKING|>", excludes=False),
        excludes=("<|START_THINKING|>", "<|END_THINKING|>")),
    "exaone": Row(
        call=Call('<tool_call>{"name": "QUOTED", "arguments": ', "}</tool_call>"), trigger="<tool_call>",
        think=Think(*_THINK, after="\n\n", excludes=False), excludes=_THINK),
}
