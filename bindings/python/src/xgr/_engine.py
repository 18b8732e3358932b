"""What the plug-ins for engines share: what a request asks for, and the compilers of an engine.

A request has one kind of constraint and its text. Engines name the markers of their models, such as
`<tool_call>`, as text also where they are special tokens, but only in what is written for one model: in
structural tags and in some grammars. So an engine has two compilers: for one, special tokens are never text;
for the other, they are ordinary text.
"""
from __future__ import annotations

import json
import threading
from typing import Any, Collection, Mapping

from .compiler import CompiledGrammar, GrammarCompiler
from .futures import CompileFuture
from .grammar import Grammar
from .tokenizer import TokenizerInfo, VocabType

KINDS = ("json", "json_object", "regex", "grammar", "choice", "structural_tag")


def is_ebnf(text: str) -> bool:
    """Whether a grammar is EBNF or GBNF; otherwise it is Lark, whose rules have single colons."""
    return "::=" in text


def compile_text(compiler: GrammarCompiler, text: str) -> CompiledGrammar:
    """Compiles a grammar in EBNF, GBNF or Lark."""
    return compiler.compile_grammar(text) if is_ebnf(text) else compiler.compile_lark(text)


def structural_tag_of(tag: Any) -> dict[str, Any]:
    """A structural tag as a dict: of its JSON text or a dict. Engines also send the old form, with `structures`
    and `triggers`. Schemas that are null stand for anything: tools without parameters have them."""
    data = json.loads(tag) if isinstance(tag, (str, bytes)) else tag
    if not isinstance(data, Mapping):
        raise TypeError(f"structural_tag is {type(data).__name__}; expected a JSON object")
    if data.get("structures") is None:
        return _with_schemas(data)
    tags = [{"begin": item["begin"], "end": item["end"], "content": {
        "type": "json_schema", "json_schema": _schema_of(item.get("schema"))}} for item in data["structures"]]
    return {"type": "structural_tag", "format": {
        "type": "triggered_tags", "triggers": list(data["triggers"]), "tags": tags,
        "at_least_one": bool(data.get("at_least_one", False))}}


def _schema_of(schema: Any) -> Any:
    if schema is None:
        return {}
    return json.loads(schema) if isinstance(schema, (str, bytes)) else schema


def _with_schemas(tag: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with {} for schemas that are null."""
    copy: dict[str, Any] = json.loads(json.dumps(tag))
    todo: list[Any] = [copy.get("format")]
    while todo:
        found = todo.pop()
        if isinstance(found, list):
            todo.extend(found)
        elif isinstance(found, dict):
            if "json_schema" in found and found["json_schema"] is None:
                found["json_schema"] = {}
            todo.extend(value for key, value in found.items() if key != "json_schema")
    return copy


def source_of(kind: str, value: Any, *, any_whitespace: bool = True, separators: tuple[str, str] | None = None,
              strict_mode: bool = True, deferred: bool = False, **options: Any) -> Grammar:
    """The language that a request asks for.

    kind          one of KINDS: "json" is a schema, "json_object" any object, "grammar" EBNF, GBNF or Lark,
                  "choice" a list of texts or its JSON
    strict_mode   objects hold only what the schema describes, as engines have it by default
    options       further ones of Grammar.from_json_schema, for "json" only
    deferred      whoever compiles it reads the text

    Raises XgrError, ValueError or TypeError.
    """
    layout: dict[str, Any] = {"any_whitespace": any_whitespace, "separators": separators, "deferred": deferred}
    if kind == "json":
        return Grammar.from_json_schema(value, strict_mode=strict_mode, **layout, **options)
    if options:
        raise TypeError(f"{', '.join(options)}: options of a JSON Schema, for a constraint of kind {kind}; expected "
                        "none")
    if kind == "json_object":
        return Grammar.from_json_schema({"type": "object"}, **layout)
    if kind == "regex":
        return Grammar.from_regex(value, deferred=deferred)
    if kind == "grammar":
        read = Grammar.from_ebnf if is_ebnf(value) else Grammar.from_lark
        return read(value, deferred=deferred)
    if kind == "choice":
        texts = json.loads(value) if isinstance(value, str) else value
        if not isinstance(texts, (list, tuple)) or not texts or not all(isinstance(text, str) for text in texts):
            raise ValueError("choice is empty or has something other than strings; expected a list of strings")
        return Grammar.from_choices(texts)
    if kind == "structural_tag":
        return Grammar.from_structural_tag(structural_tag_of(value), deferred=deferred)
    raise ValueError(f"{kind!r} is no kind of constraint; expected one of {', '.join(map(repr, KINDS))}")


def with_markers_as_text(info: TokenizerInfo) -> TokenizerInfo:
    """The same vocabulary, with special tokens as ordinary text, which is their name."""
    return TokenizerInfo(info.decoded_vocab, VocabType.RAW, vocab_size=info.vocab_size,
                         stop_token_ids=info.stop_token_ids, add_prefix_space=info.add_prefix_space)


class EngineCompiler:
    """The compilers of an engine, for one model. Safe to use from many threads.

    tokenizer_info     the vocabulary, its special tokens being control tokens
    markers_in         where special tokens are text: "structural_tag", "ebnf", "lark"
    compiler_options   those of GrammarCompiler
    """

    def __init__(self, tokenizer_info: TokenizerInfo, markers_in: Collection[str] = ("structural_tag", "lark"),
                 **compiler_options: Any) -> None:
        self.tokenizer_info = tokenizer_info
        self._markers_in, self._options = markers_in, compiler_options
        self._plain = GrammarCompiler(tokenizer_info, **compiler_options)
        self._marked: GrammarCompiler | None = None
        self._lock = threading.Lock()

    def _compiler(self, kind: str, value: Any) -> GrammarCompiler:
        form = kind if kind != "grammar" else "ebnf" if is_ebnf(value) else "lark"
        if form not in self._markers_in:
            return self._plain
        with self._lock:
            if self._marked is None:
                self._marked = GrammarCompiler(with_markers_as_text(self.tokenizer_info), **self._options)
            return self._marked

    def compile(self, kind: str, value: Any, *, timeout: float | None = None, **options: Any) -> CompiledGrammar:
        """Compiles what source_of makes of the arguments. Raises XgrError, ValueError or TypeError."""
        source = source_of(kind, value, deferred=True, **options)
        return self._compiler(kind, value).compile_grammar(source, timeout=timeout)

    def start(self, kind: str, value: Any, **options: Any) -> CompileFuture:
        """The same in a thread of the compiler."""
        source = source_of(kind, value, deferred=True, **options)
        return self._compiler(kind, value).compile_grammar_async(source)

    def clear_cache(self) -> None:
        """Gives up grammars that nobody uses."""
        for compiler in (self._plain, self._marked):
            if compiler is not None:
                compiler.clear_cache()

    def close(self) -> None:
        """Gives up the compilers; grammars that somebody uses stay."""
        for compiler in (self._plain, self._marked):
            if compiler is not None:
                compiler.close()
