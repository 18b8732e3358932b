"""The grammar back end of SGLang: compiles what requests ask for."""
from __future__ import annotations

import json
import logging
from typing import Any, Callable, Iterable, Sequence

from sglang.srt.constrained.base_grammar_backend import (BaseGrammarBackend, BaseGrammarObject, GrammarStats,
                                                         InvalidGrammarObject, register_vocab_mask_buffer)

from .._engine import EngineCompiler, with_markers_as_text
from ..compiler import GrammarCompiler
from ..error import XgrError
from ..tokenizer import TokenizerInfo, TokenKind, VocabType
from .grammar import Grammar, Masks, new_vocab_mask, set_token_filter

logger = logging.getLogger(__name__)

WRONG = (XgrError, ValueError, TypeError, KeyError)  # what a wrong request raises


class Backend(Masks, BaseGrammarBackend):
    """One for a server; compiles in the threads of its executor.

    tokenizer             of the model; what TokenizerInfo.from_huggingface takes
    vocab_size            of the logits
    eos_token_ids         ids that end an output; None: those of the tokenizer
    any_whitespace, max_whitespace_cnt
                          layout of JSON, see GrammarCompiler.compile_json_schema
    compiler_options      those of GrammarCompiler

    A tokenizer of no known family makes every request invalid, with the reason; the server goes on.
    """

    def __init__(self, tokenizer: Any, vocab_size: int, eos_token_ids: Iterable[int] | None = None, *,
                 any_whitespace: bool = True, max_whitespace_cnt: int | None = None, **compiler_options: Any) -> None:
        super().__init__()
        self.vocab_size = vocab_size
        self._layout = {"any_whitespace": any_whitespace, "max_whitespace_cnt": max_whitespace_cnt}
        self._reserved: list[int] = []
        self._framing: GrammarCompiler | None = None
        self._problem: str | None = None
        stop = sorted(token for token in eos_token_ids or () if token < vocab_size)
        try:
            info = TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocab_size, stop_token_ids=stop or None)
            options = {"max_threads": 8, **compiler_options}
            self.compiler = EngineCompiler(info, ("structural_tag", "ebnf", "lark"), **options)
        except WRONG as error:
            self._problem = f"the tokenizer {type(tokenizer).__name__} is not supported: {error}"
            logger.error("Structured outputs are not available: %s", self._problem)

    def initialize_vocab_mask_buffer(self, name: str, vocab_size: int, max_rows: int, device: Any) -> Any:
        """Registers a bitmask of max_rows rows under a name."""
        return register_vocab_mask_buffer(name, new_vocab_mask(vocab_size, max_rows), max_rows)

    # --- what requests ask for

    def _compile(self, dispatch_type: str, kind: str, key_string: str, **options: Any) -> BaseGrammarObject:
        """A Grammar, or an InvalidGrammarObject that says what is wrong."""
        try:
            if self._problem is not None:
                raise ValueError(self._problem)
            compiled = self.compiler.compile(kind, key_string, **options)
        except WRONG as error:
            logger.error("Invalid %s %.1000r: %s", dispatch_type, key_string, error)
            return InvalidGrammarObject(str(error))
        size = len(key_string) if dispatch_type == "ebnf" else None
        return Grammar(compiled, key_string=key_string,
                       grammar_stats=GrammarStats(dispatch_type=dispatch_type, ebnf_size=size))

    def dispatch_json(self, key_string: str) -> BaseGrammarObject:
        """A JSON Schema; `$$ANY$$` stands for any JSON."""
        if key_string == "$$ANY$$":
            return self._compile("json", "json", "true", any_whitespace=self._layout["any_whitespace"])
        options = {name: value for name, value in self._layout.items() if value is not None}
        return self._compile("json", "json", key_string, **options)

    def dispatch_regex(self, key_string: str) -> BaseGrammarObject:
        """A regular expression that the output matches as a whole."""
        return self._compile("regex", "regex", key_string)

    def dispatch_ebnf(self, key_string: str) -> BaseGrammarObject:
        """EBNF, GBNF or Lark."""
        return self._compile("ebnf", "grammar", key_string)

    def dispatch_structural_tag(self, key_string: str) -> BaseGrammarObject:
        """A structural tag, in the new or the old form."""
        return self._compile("structural_tag", "structural_tag", key_string)

    # --- answers in a frame

    def reserve_framing_tokens(self, token_ids: Sequence[int]) -> None:
        """These ids match only where a frame names them, never as text of an answer."""
        self._reserved, self._framing = list(token_ids), None

    def _framing_compiler(self) -> GrammarCompiler:
        if self._framing is None:
            info = with_markers_as_text(self.compiler.tokenizer_info)
            reserved = set(self._reserved)
            kinds = [TokenKind.CONTROL if token in reserved else info.token_kind(token)
                     for token in range(info.token_count)]
            self._framing = GrammarCompiler(TokenizerInfo(
                info.decoded_vocab, VocabType.RAW, vocab_size=info.vocab_size, stop_token_ids=info.stop_token_ids,
                token_kinds=[TokenKind.NORMAL if kind == TokenKind.STOP else kind for kind in kinds]))
        return self._framing

    def compile_framed_grammar(self, grammar: BaseGrammarObject,
                               frame: Callable[[dict[str, Any]], dict[str, Any]]) -> BaseGrammarObject | None:
        """The structural tag that frame() puts around a grammar."""
        if not isinstance(grammar, Grammar):
            return None
        tag = json.dumps(frame({"type": "grammar", "grammar": grammar.compiled.grammar}))
        compiled = self._framing_compiler().compile_structural_tag(tag)
        return Grammar(compiled, key_string=tag, grammar_stats=GrammarStats(dispatch_type="structural_tag"))

    # --- strict thinking

    @property
    def is_support_token_filter(self) -> bool:
        """Yes: see set_token_filter."""
        return True

    def set_token_filter(self, vocab_mask: Any, token_ids: list[int], batch_idx: int, is_allowed: bool = True,
                         reset_vocab_mask: bool = True) -> None:
        """Allows or forbids tokens in a row of a bitmask."""
        set_token_filter(vocab_mask, token_ids, batch_idx, is_allowed, reset_vocab_mask)

    def reset(self) -> None:
        """Forgets all grammars that nobody uses."""
        super().reset()
        if self._problem is None:
            self.compiler.clear_cache()
