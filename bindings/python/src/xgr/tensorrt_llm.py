"""Constrained generation with TensorRT-LLM, through its logits processors.

  processor = xgr.tensorrt_llm.LogitsProcessor(compiled)
  llm.generate(prompt, SamplingParams(logits_processor=processor))

Nothing of tensorrt_llm is imported: it takes any callable with these arguments.
"""
from __future__ import annotations

import collections
import contextlib
from typing import Any, Callable

from ._rows import Generation
from .logits import apply_token_bitmask_inplace

MAX_REQUESTS = 4096  # the longest unused ones beyond that are forgotten; nobody tells when a request is over


def _on_stream(logits: Any, stream_ptr: int | None) -> contextlib.AbstractContextManager[Any]:
    """What is done inside happens on the stream of the logits."""
    if not stream_ptr or logits.device.type != "cuda":
        return contextlib.nullcontext()
    import torch

    stream: contextlib.AbstractContextManager[Any] = torch.cuda.stream(
        torch.cuda.ExternalStream(stream_ptr, device=logits.device))
    return stream


class LogitsProcessor:
    """For SamplingParams(logits_processor=...). Beams are served. One processor may be given to any number of
    requests.

    compiled_grammar   a CompiledGrammar
    matcher_options    those of GrammarMatcher
    """

    def __init__(self, compiled_grammar: Any, **matcher_options: Any) -> None:
        self._new: Callable[[], Generation] = lambda: Generation(compiled_grammar, **matcher_options)
        self._new()  # tells now what is wrong with the arguments
        self._requests: collections.OrderedDict[int, Generation] = collections.OrderedDict()

    def __call__(self, req_id: int, logits: Any, token_ids: list[list[int]], stream_ptr: int | None = None,
                 client_id: int | None = None) -> None:
        """Changes logits, of shape (..., beams, vocabulary). token_ids are all ids of each beam."""
        generation = self._requests.setdefault(req_id, None) or self._new()  # type: ignore[arg-type]
        self._requests[req_id] = generation
        self._requests.move_to_end(req_id)
        if len(self._requests) > MAX_REQUESTS:
            self._requests.popitem(last=False)
        bitmask, rows = generation.masks([list(beam) for beam in token_ids])
        if rows:
            with _on_stream(logits, stream_ptr):
                flat = logits.reshape(-1, logits.shape[-1])
                apply_token_bitmask_inplace(flat, bitmask, indices=rows)
                if hasattr(flat, "data_ptr") and flat.data_ptr() != logits.data_ptr():
                    logits.copy_(flat.view(logits.shape))  # its rows were not evenly apart: flat is a copy


class BatchedLogitsProcessor:
    """For LLM(batched_logits_processor=...), with one grammar a request: those of requests are chosen by
    client id.

    grammar_of         function of a client id that gives a CompiledGrammar, or None for a free output
    matcher_options    those of GrammarMatcher
    """

    def __init__(self, grammar_of: Callable[[int | None], Any], **matcher_options: Any) -> None:
        self._grammar_of, self._options = grammar_of, matcher_options
        self._processors: collections.OrderedDict[int, LogitsProcessor | None] = collections.OrderedDict()

    def __call__(self, req_ids: list[int], logits: list[Any], token_ids: list[list[list[int]]],
                 stream_ptr: int | None, client_ids: list[int | None]) -> None:
        """Changes the logits of each request, as LogitsProcessor does."""
        for req_id, request_logits, beams, client_id in zip(req_ids, logits, token_ids, client_ids):
            processor = self._processor(req_id, client_id)
            if processor is not None:
                processor(req_id, request_logits, beams, stream_ptr, client_id)

    def _processor(self, req_id: int, client_id: int | None) -> LogitsProcessor | None:
        if req_id not in self._processors:
            grammar = self._grammar_of(client_id)
            self._processors[req_id] = None if grammar is None else LogitsProcessor(grammar, **self._options)
        self._processors.move_to_end(req_id)
        if len(self._processors) > MAX_REQUESTS:
            self._processors.popitem(last=False)
        return self._processors[req_id]
