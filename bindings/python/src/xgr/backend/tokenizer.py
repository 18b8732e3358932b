"""TokenizerInfo of a back-end: made of whatever an engine calls its tokenizer."""
from __future__ import annotations

from typing import Any

from .. import huggingface
from ..tokenizer import TokenizerInfo as _TokenizerInfo
from ..tokenizer import VocabType


class TokenizerInfo(_TokenizerInfo):
    """The tokens of a model; see xgr.TokenizerInfo."""

    __slots__ = ()

    @classmethod
    def from_tokenizer(cls, tokenizer: Any, vocab_size: int | None = None) -> _TokenizerInfo:
        """The vocabulary of a tokenizer.

        tokenizer   one of the packages transformers or tokenizers, a list of token texts, or a TokenizerInfo, which
                    is returned as it is
        vocab_size  size of the logits; None: as many as there are tokens. Tokens beyond it are left out
        """
        if isinstance(tokenizer, _TokenizerInfo):
            if vocab_size is not None and vocab_size != tokenizer.vocab_size:
                raise ValueError(f"vocab_size is {vocab_size}, but the TokenizerInfo has {tokenizer.vocab_size}; "
                                 "expected the same, or None")
            return tokenizer
        if isinstance(tokenizer, (list, tuple)):
            return cls(tokenizer, vocab_size=vocab_size)
        return cls.from_huggingface(tokenizer, vocab_size=vocab_size)

    @staticmethod
    def _detect_vocab_type(tokenizer: Any) -> VocabType:
        """How a tokenizer of transformers or tokenizers spells bytes."""
        return VocabType(huggingface.read(tokenizer).vocab_type)
