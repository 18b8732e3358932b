"""Constrained generation with llama-cpp-python.

  info = xgr.llama_cpp.tokenizer_info(llm)
  processor = xgr.llama_cpp.LogitsProcessor(xgr.GrammarCompiler(info).compile_json_schema(schema))
  llm(prompt, logits_processor=llama_cpp.LogitsProcessorList([processor]))

Nothing of llama_cpp is imported: it takes any callable with these arguments.
"""
from __future__ import annotations

from typing import Any

from ._rows import Generation, id_lists
from .logits import apply_token_bitmask_inplace
from .tokenizer import TokenizerInfo, TokenKind

# llama_token_attr of llama.h
_UNUSED, _NEVER_TEXT = 1 << 1, 1 << 0 | 1 << 3  # unknown and control


class LogitsProcessor:
    """For the logits_processor of llama_cpp.Llama. One at a time: it begins anew with the next prompt.

    compiled_grammar   a CompiledGrammar, compiled for the vocabulary that tokenizer_info reads
    matcher_options    those of GrammarMatcher
    """

    def __init__(self, compiled_grammar: Any, **matcher_options: Any) -> None:
        self._generation = Generation(compiled_grammar, **matcher_options)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Changes and returns scores, an array of NumPy of shape (vocabulary,). input_ids are the ids so far."""
        bitmask, rows = self._generation.masks([id_lists(input_ids)])
        if rows:
            apply_token_bitmask_inplace(scores, bitmask, indices=rows)
        return scores


def tokenizer_info(llm: Any) -> TokenizerInfo:
    """The vocabulary of a llama_cpp.Llama. Its control tokens are never text; it stops at the end of the turn
    and at the end of the text."""
    vocabulary = llm._model.vocab
    import llama_cpp  # whoever has a Llama has it

    count = llm.n_vocab()
    attributes = [llama_cpp.llama_vocab_get_attr(vocabulary, token) for token in range(count)]
    kinds = [TokenKind.CONTROL if attribute & _NEVER_TEXT else
             TokenKind.UNUSED if attribute & _UNUSED else TokenKind.NORMAL for attribute in attributes]
    stop = [token for token in range(count) if llama_cpp.llama_vocab_is_eog(vocabulary, token)]
    texts = [llm._model.token_to_piece(token, special=True) for token in range(count)]
    return TokenizerInfo(texts, stop_token_ids=stop, token_kinds=kinds)
