"""The vocabulary of a tokenizer as vLLM has it."""
from __future__ import annotations

from typing import Any

from ..tokenizer import TokenizerInfo, TokenKind, VocabType


def _is_mistral(tokenizer: Any) -> bool:
    from vllm.utils.mistral import is_mistral_tokenizer

    return bool(is_mistral_tokenizer(tokenizer))


def tokenizer_info_of(tokenizer: Any, vocab_size: int) -> TokenizerInfo:
    """Special tokens are control tokens, also those of mistral-common, whose grammars name them by id. Tokens that
    the logits have no room for are left out."""
    if not _is_mistral(tokenizer):
        return TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocab_size)
    special = set(tokenizer.all_special_ids)
    texts = list(tokenizer.vocab)
    kinds = [TokenKind.CONTROL if token in special else TokenKind.NORMAL for token in range(len(texts))]
    kind = VocabType.RAW if tokenizer.is_tekken else VocabType.BYTE_FALLBACK
    return TokenizerInfo(texts, kind, stop_token_ids=[tokenizer.eos_token_id], token_kinds=kinds,
                         add_prefix_space=not tokenizer.is_tekken)
