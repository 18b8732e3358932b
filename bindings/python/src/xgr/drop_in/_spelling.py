"""Vocabularies that cannot write every text, such as those of a few words.

xgr forbids tokens after which the vocabulary could not complete the text, and refuses grammars no text of
which it can write. The original does not ask. So vocabularies here get a token for each byte that none of
theirs is, behind the last of their ids, which no mask shows and no matcher takes. Those of models mostly have
all bytes, and then nothing is added.
"""
from __future__ import annotations

import typing

from ..tokenizer import VocabType
from ._huggingface import CHARACTER_OF_BYTE

# Bytes that UTF-8 has.
_BYTES = (*range(0xC0), *range(0xC2, 0xF5))
Token = typing.Union[str, bytes]


def _spellings(vocab_type: VocabType, byte: int) -> tuple[Token, ...]:
    """Tokens that are this byte, the one to add first."""
    if vocab_type is VocabType.BYTE_LEVEL:
        return (CHARACTER_OF_BYTE[byte],)
    raw = bytes([byte]), chr(byte) if byte < 0x80 else ""
    if vocab_type is VocabType.RAW:
        return raw
    return (f"<0x{byte:02X}>", *raw, "\u2581" if byte == 0x20 else "")


def missing(vocab_type: VocabType, tokens: typing.Sequence[Token], stop: typing.Iterable[int]) -> list[Token]:
    """A token for each byte that none of the tokens is that may stand in a text."""
    present = set(tokens)
    present.discard("")
    for i in stop:
        if i < len(tokens):
            present.discard(tokens[i])
    out = []
    for byte in _BYTES:
        forms = _spellings(vocab_type, byte)
        if not any(form in present or isinstance(form, str) and form.encode() in present for form in forms):
            out.append(forms[0])
    return out
