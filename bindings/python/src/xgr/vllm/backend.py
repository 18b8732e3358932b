"""The back end of vLLM's structured outputs, and what checks requests for it."""
from __future__ import annotations

import json
import logging
from typing import Any

import torch
import vllm.envs
from vllm.exceptions import VLLMValidationError
from vllm.v1.structured_output.backend_types import (StructuredOutputBackend, StructuredOutputGrammar,
                                                     StructuredOutputOptions)

from .._engine import EngineCompiler, source_of
from ..bitmask import get_bitmask_shape
from ..error import XgrError
from ..matcher import GrammarMatcher
from .vocabulary import tokenizer_info_of

logger = logging.getLogger(__name__)

_KINDS = {
    StructuredOutputOptions.JSON: "json",
    StructuredOutputOptions.JSON_OBJECT: "json_object",
    StructuredOutputOptions.REGEX: "regex",
    StructuredOutputOptions.GRAMMAR: "grammar",
    StructuredOutputOptions.CHOICE: "choice",
    StructuredOutputOptions.STRUCTURAL_TAG: "structural_tag",
}


class Grammar(StructuredOutputGrammar):
    """One request: a GrammarMatcher with the methods that vLLM calls."""

    def __init__(self, matcher: GrammarMatcher) -> None:
        self.matcher = matcher

    def accept_tokens(self, request_id: str, tokens: list[int]) -> bool:
        """Takes tokens up to the end of the output; False, with those before it taken, at one that is
        refused."""
        if self.matcher.is_terminated():
            return True
        accepted = self.matcher.accept_tokens(tokens)
        if accepted == len(tokens) or self.matcher.is_terminated():
            return True
        logger.error("The grammar of request %s refuses token %s.", request_id, tokens[accepted])
        return False

    def validate_tokens(self, tokens: list[int]) -> list[int]:
        """Those at the beginning that accept_tokens would take."""
        return tokens[:self.matcher.validate_tokens(tokens)]

    def rollback(self, num_tokens: int) -> None:
        """Undoes the last tokens."""
        self.matcher.rollback(num_tokens)

    def fill_bitmask(self, bitmask: torch.Tensor, batch_index: int) -> None:
        """Fills a row of a bitmask on the CPU."""
        self.matcher.fill_next_token_bitmask(bitmask, batch_index)

    def is_terminated(self) -> bool:
        """Whether the output has ended."""
        return self.matcher.is_terminated()

    def reset(self) -> None:
        """Goes back to the beginning."""
        self.matcher.reset()


class Backend(StructuredOutputBackend):
    """Compiles what requests ask for. One for an engine; safe to use from many threads."""

    def __init__(self, vllm_config: Any, tokenizer: Any, vocab_size: int) -> None:
        info = tokenizer_info_of(tokenizer, vocab_size)
        super().__init__(vllm_config, tokenizer, info.vocab_size)
        dense = vllm_config.structured_outputs_config.disable_any_whitespace
        self._layout = {"any_whitespace": False, "separators": (",", ":")} if dense else {}
        self._compiler = EngineCompiler(info, max_threads=8,
                                        cache_limit_bytes=vllm.envs.VLLM_XGRAMMAR_CACHE_MB * 1024 * 1024)

    def compile_grammar(self, request_type: StructuredOutputOptions, grammar_spec: str,
                        stop_token_ids: set[int] | None = None) -> Grammar:
        """Raises XgrError, ValueError or TypeError, which fail the request."""
        kind = _KINDS[request_type]
        limit = vllm.envs.VLLM_REGEX_COMPILATION_TIMEOUT_S
        timeout = limit if kind == "regex" and limit > 0 else None
        layout = self._layout if kind in ("json", "json_object") else {}
        compiled = self._compiler.compile(kind, grammar_spec, timeout=timeout, **layout)
        stop = sorted(token for token in stop_token_ids or () if token < self.vocab_size)
        return Grammar(GrammarMatcher(compiled, override_stop_tokens=stop or None))

    def allocate_token_bitmask(self, max_num_seqs: int) -> torch.Tensor:
        """An int32 tensor of shape (max_num_seqs, words a row) that allows everything."""
        return torch.full(get_bitmask_shape(max_num_seqs, self.vocab_size), -1, dtype=torch.int32)

    def destroy(self) -> None:
        """Gives up the compilers."""
        self._compiler.close()


def validate_grammar(sampling_params: Any) -> None:
    """Raises VLLMValidationError, which tells the user, where Backend cannot compile what the parameters ask
    for. Reads the text only, so a limit may still be hit when it is compiled."""
    asked = sampling_params.structured_outputs
    if asked is None:
        return
    for kind in ("regex", "choice", "json", "json_object", "grammar", "structural_tag"):
        value = getattr(asked, kind)
        if value is None or value is False:
            continue
        try:
            source_of(kind, value if isinstance(value, (str, list)) else json.dumps(value))
        except (XgrError, ValueError, TypeError, KeyError) as error:
            raise VLLMValidationError(f"structured_outputs.{kind}: {error}") from error
        return
    raise VLLMValidationError("structured_outputs asks for nothing; expected json, json_object, regex, choice, "
                              "grammar or structural_tag")
