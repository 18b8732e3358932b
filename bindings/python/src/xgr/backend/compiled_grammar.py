"""CompiledGrammar: a grammar that was compiled, and the state of one output of it."""
from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any

from .._options import schema_text
from .._types import Memory
from ..compiler import CompiledGrammar as _CompiledGrammar
from ..grammar import Grammar
from ..matcher import GrammarMatcher as _GrammarMatcher
from .grammar_type import GrammarType

if TYPE_CHECKING:
    from .compiler import GrammarCompiler


def cache_key(grammar_type: GrammarType, grammar_spec: Any, options: dict[str, Any]) -> str:
    """What tells grammars of one tokenizer apart: 64 hexadecimal digits."""
    if grammar_type is GrammarType.JSON:
        text = schema_text(grammar_spec)
    elif isinstance(grammar_spec, bytes):
        text = grammar_spec
    elif isinstance(grammar_spec, str):
        text = grammar_spec.encode()
    else:
        text = json.dumps(grammar_spec, default=_written).encode()
    words = json.dumps([grammar_type.value, options], sort_keys=True, default=_written)
    return hashlib.sha256(words.encode() + b"\0" + text).hexdigest()


def _written(value: Any) -> Any:
    """What json.dumps writes for a model of pydantic, or for an item of a list of tags."""
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if isinstance(value, type) and hasattr(value, "model_json_schema"):
        return value.model_json_schema()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} is no JSON")


@dataclasses.dataclass(eq=False)
class CompiledGrammar:
    """A compiled grammar with the state of one output. GrammarCompiler makes a new one for each request; what they
    share is `compiled`. For one thread at a time."""

    grammar_type: GrammarType
    grammar_spec: Any  # as the request has it
    source: Grammar = dataclasses.field(repr=False)  # the same before it was compiled
    compiled: _CompiledGrammar = dataclasses.field(repr=False)
    compiler: GrammarCompiler = dataclasses.field(repr=False)  # which has compiled it
    options: dict[str, Any] = dataclasses.field(default_factory=dict)  # what it was compiled with
    cache_key: str = ""  # computed where it is empty

    def __post_init__(self) -> None:
        if not isinstance(self.compiled, _CompiledGrammar):
            raise TypeError(f"compiled is {type(self.compiled).__name__}; expected xgr.CompiledGrammar")
        self.grammar_type = GrammarType.of(self.grammar_type)
        if not self.cache_key:
            self.cache_key = self._compute_cache_key()
        self._matcher = _GrammarMatcher(self.compiled)

    def _compute_cache_key(self) -> str:
        """What tells it apart from other grammars of its tokenizer."""
        return cache_key(self.grammar_type, self.grammar_spec, self.options)

    @property
    def vocab_size(self) -> int:
        """Size of the logits, and of a row of a bitmask in bits."""
        return self._matcher.vocab_size

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory the compiled grammar occupies; grows as masks are computed."""
        return self.compiled.memory_size_bytes

    def accept_token(self, token_id: int) -> bool:
        """Takes the chosen token; False, and nothing changed, when it may not come next."""
        return self._matcher.accept_token(token_id)

    def rollback(self, num_tokens: int = 1) -> None:
        """Undoes the last tokens, up to the start."""
        self._matcher.rollback(num_tokens)

    def reset(self) -> None:
        """Goes back to the start."""
        self._matcher.reset()

    def is_terminated(self) -> bool:
        """Whether the output has ended, by a stop token."""
        return self._matcher.is_terminated()

    def fill_bitmask(self, bitmask: Memory, index: int = 0) -> bool:
        """Writes which tokens may come next to row `index`; False when all may."""
        return self._matcher.fill_next_token_bitmask(bitmask, index)

    def copy(self) -> CompiledGrammar:
        """The same grammar, at the start of another output."""
        return dataclasses.replace(self)
