"""Thinking before the answer, for SGLang: a deferred start of the matcher.

SGLang gives what a registered back end returns to its scheduler as it is, so the back end takes care of the
thinking. The engine's own class keeps the frames and the variants of cached grammars; what is replaced is the
object of a request, whose matcher waits for the end of the thinking: with the budget, and with tokens that strict
thinking forbids, also undone when tokens are.
"""
from __future__ import annotations

from typing import Any, Sequence

import torch
from sglang.srt.constrained.base_grammar_backend import BaseGrammarObject
from sglang.srt.constrained.reasoner_grammar_backend import ReasonerGrammarBackend, ReasonerGrammarObject
from sglang.srt.parser.reasoning_parser import ReasoningParser

from .backend import Backend
from .grammar import Grammar, Masks


def _setting(server_args: Any, name: str) -> Any:
    """A setting as the server has resolved it; outside of a server, that of its arguments."""
    from sglang.srt.runtime_context import get_serving

    try:
        return getattr(get_serving(), name)
    except (AttributeError, ValueError):
        return getattr(server_args, name, None)


def backend_of(server_args: Any, tokenizer: Any, vocab_size: int, eos_token_ids: Any) -> Any:
    """The back end of a server, with thinking where it has a parser for that."""
    backend = Backend(tokenizer, vocab_size, eos_token_ids,
                      any_whitespace=not _setting(server_args, "constrained_json_disable_any_whitespace"),
                      max_whitespace_cnt=_setting(server_args, "constrained_json_max_whitespace_cnt"))
    model_type = _setting(server_args, "reasoning_parser")
    if not model_type:
        return backend
    parser = ReasoningParser(model_type=model_type, stream_reasoning=False, tokenizer=tokenizer)
    if not parser.detector.get_think_end_token_ids(tokenizer):
        return backend
    return ReasoningBackend(backend, parser, tokenizer,
                            enable_strict_thinking=bool(_setting(server_args, "enable_strict_thinking")))


class ReasoningBackend(ReasonerGrammarBackend):
    """The engine's back end for thinking, with ReasoningGrammar for its requests."""

    def initialize_vocab_mask_buffer(self, name: str, vocab_size: int, max_rows: int, device: Any) -> Any:
        """That of the back end inside."""
        return self.grammar_backend.initialize_vocab_mask_buffer(name, vocab_size, max_rows, device)

    def reset(self) -> None:
        """Forgets all grammars that nobody uses, here and in the back end inside."""
        super().reset()
        self.grammar_backend.reset()

    def _make_grammar_object(self, grammar: BaseGrammarObject | None, reasoning: bool) -> Any:
        plain = super()._make_grammar_object(grammar, reasoning)
        if not isinstance(grammar, Grammar):
            return plain  # strict thinking before a free answer: tokens are filtered, there is nothing to match
        return ReasoningGrammar._of(plain, reasoning)


class ReasoningGrammar(Masks, ReasonerGrammarObject):
    """A request that thinks, then answers with an output of its grammar. The matcher of the grammar gets every
    token. Until it has begun, the engine may choose the end of the thinking and the budget of the request.

    Where the grammar describes the thinking as well (set_reasoning_in_grammar), the engine's own rules count.
    """

    @classmethod
    def _of(cls, plain: ReasonerGrammarObject, reasoning: bool) -> ReasoningGrammar:
        self = cls.__new__(cls)
        self.__dict__.update(plain.__dict__)
        self.maybe_init_reasoning(reasoning)
        return self

    def maybe_init_reasoning(self, reasoning: bool) -> None:
        """Begins anew, with thinking or with the answer."""
        super().maybe_init_reasoning(reasoning)
        self._reasoning = reasoning
        self._begun: dict[str, Any] | None = None  # the options that its matcher has

    def set_request_think_end_ids(self, think_end_ids: Sequence[int]) -> None:
        """What ends the thinking of this request."""
        super().set_request_think_end_ids(think_end_ids)
        self._begun = None

    def set_reasoning_in_grammar(self) -> None:
        """The grammar describes the thinking, too."""
        super().set_reasoning_in_grammar()
        self._begun = None

    def _matcher_options(self) -> dict[str, Any]:
        if not self._reasoning or self.reasoning_in_grammar:
            return {}
        options: dict[str, Any] = {"starts": [list(self.think_end_ids)], "may_end_waiting": True}
        if self.enable_token_filter:
            options["forbidden_tokens"] = self.think_excluded_token_ids or None
            options["max_waiting_tokens"] = self.max_think_tokens if self.max_think_tokens >= 0 else None
        return options

    def _grammar(self) -> Grammar:
        """The grammar, whose matcher has the options of the request. They are final with the first token."""
        if self._begun is None or (self.current_token is None and self._begun != self._matcher_options()):
            self._begun = self._matcher_options()
            self.grammar.restart(**self._begun)
        grammar: Grammar = self.grammar
        return grammar

    @property
    def deciding_matcher(self) -> Any:
        """The matcher, unless the engine narrows its mask."""
        if self.reasoning_in_grammar and self.enable_token_filter:
            return None
        return self._grammar().matcher

    def accept_token(self, token: int) -> None:
        """Takes the chosen token. Raises ValueError where it is refused."""
        grammar = self._grammar()
        if self.reasoning_in_grammar:
            super().accept_token(token)
        else:
            self.current_token = token
            grammar.accept_token(token)

    def rollback(self, k: int) -> None:
        """Undoes the last tokens, also across the end of the thinking."""
        if self.reasoning_in_grammar:
            super().rollback(k)
        else:
            self._grammar().rollback(k)

    def is_terminated(self) -> bool:
        """Whether the output has ended."""
        return self._grammar().is_terminated()

    def fill_vocab_mask(self, vocab_mask: torch.Tensor, idx: int) -> None:
        """Fills row idx."""
        if self.reasoning_in_grammar:
            self._grammar()
            super().fill_vocab_mask(vocab_mask, idx)
        else:
            self._grammar().fill_vocab_mask(vocab_mask, idx)

    def copy(self) -> ReasoningGrammar:
        """Another output in the same state."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        for name in ("_thinking_match_history", "_opening"):
            setattr(other, name, list(getattr(self, name)))
        other.grammar = self._grammar().copy()
        return other

    @property
    def grammar_stats(self) -> Any:
        """Those of the grammar."""
        return self.grammar.grammar_stats

    @grammar_stats.setter
    def grammar_stats(self, stats: Any) -> None:
        pass  # the grammar has them

    def try_jump_forward(self, tokenizer: Any) -> Any:
        """The forced text of the answer, once the thinking is over."""
        return self._grammar().try_jump_forward(tokenizer)

    def jump_forward_str_state(self, helper: Any) -> Any:
        """See Grammar."""
        return self.grammar.jump_forward_str_state(helper)

    def jump_and_retokenize(self, old_output_ids: Sequence[int], new_output_ids: Sequence[int],
                            next_state: int) -> None:
        """See Grammar; the ids are all of the output, the thinking included."""
        self._grammar().jump_and_retokenize(old_output_ids, new_output_ids, next_state)
