"""Which vocabulary a tokenizer of transformers has, found out as the original does.

xgr.huggingface knows more: which tokens are special, and so never text. Here tokens are text, as engines
that were written for the original name markers by their text.
"""
from __future__ import annotations

import json
import sys
import typing
import warnings

from ..tokenizer import VocabType
from ._contract import ArgumentError

_SPACE = "\u2581"  # of SentencePiece


def _byte_level_alphabet() -> list[str]:
    """The character that stands for each byte in byte-level vocabularies: itself where it can be seen, else
    one of those from U+0100 on."""
    seen = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = iter(range(0x100, 0x200))
    return [chr(byte if byte in seen else next(hidden)) for byte in range(256)]


CHARACTER_OF_BYTE = _byte_level_alphabet()
BYTE_LEVEL_CHARSET = frozenset(CHARACTER_OF_BYTE)


class Found(typing.NamedTuple):
    tokens: list[str]
    vocab_type: VocabType
    add_prefix_space: bool
    stop_token_ids: list[int] | None


def vocab_type_of(vocab_dict: dict[str, int]) -> VocabType | None:
    """What the vocabulary itself shows: at least half of the bytes as pieces of their own, or almost all
    tokens in the alphabet of bytes. None: neither."""
    if sum(f"<0x{byte:02X}>" in vocab_dict for byte in range(256)) >= 128:
        return VocabType.BYTE_FALLBACK
    if sum(character in vocab_dict for character in BYTE_LEVEL_CHARSET) < 128:
        return None
    spelled = sum(BYTE_LEVEL_CHARSET.issuperset(token) for token in vocab_dict)
    return VocabType.BYTE_LEVEL if spelled >= 0.99 * len(vocab_dict) else None


def _members(part: typing.Any, list_name: str) -> list[dict[str, typing.Any]]:
    """A part of a tokenizer.json, or those that it is a sequence of."""
    if not isinstance(part, dict):
        return []
    if part.get("type") != "Sequence":
        return [part]
    return [member for member in part.get(list_name) or [] if isinstance(member, dict)]


def metadata_of(backend_str: str) -> dict[str, typing.Any]:
    """{"vocab_type": VocabType, "add_prefix_space": bool} of the text of a tokenizer.json."""
    data = json.loads(backend_str)
    kinds = {"ByteLevel": VocabType.BYTE_LEVEL, "ByteFallback": VocabType.BYTE_FALLBACK}
    decoders = [member.get("type") for member in _members(data.get("decoder"), "decoders")]
    vocab_type = next((kinds[name] for name in decoders if name in kinds), VocabType.RAW)
    prepends = any(member.get("type") == "Prepend" and member.get("prepend") == _SPACE
                   for member in _members(data.get("normalizer"), "normalizers"))
    metaspace = any(member.get("type") == "Metaspace" and member.get("prepend_scheme") in ("always", "first")
                    for member in _members(data.get("pre_tokenizer"), "pretokenizers"))
    return {"vocab_type": vocab_type, "add_prefix_space": prepends or metaspace}


def _instance(thing: typing.Any, module: str, name: str) -> bool:
    """Whether it is of a class of a module, which nobody has imported otherwise."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(thing, kind)


def is_tiktoken(tokenizer: typing.Any) -> bool:
    files = getattr(tokenizer, "vocab_files_names", None) or {}
    return (_instance(getattr(tokenizer, "tokenizer", None), "tiktoken", "Encoding")
            or "tiktoken" in str(files.get("vocab_file", "")))


def _sentencepiece_of(tokenizer: typing.Any) -> typing.Any:
    inner = getattr(tokenizer, "tokenizer", None)
    for model in (getattr(tokenizer, "sp_model", None), getattr(inner, "sp_model", None),
                  getattr(tokenizer, "tok", None)):
        if _instance(model, "sentencepiece", "SentencePieceProcessor"):
            return model
    return None


def is_sentencepiece(tokenizer: typing.Any) -> bool:
    return _sentencepiece_of(tokenizer) is not None


def _first_token(tokenizer: typing.Any, text: str, **options: typing.Any) -> str:
    """The first token that a text is written with, or ""."""
    try:
        tokens = tokenizer.convert_ids_to_tokens(tokenizer.encode(text, **options))
    except (AttributeError, TypeError, ValueError):
        return ""
    return (tokens[0] if tokens else "") or ""


def _fast(text: str, tokenizer: typing.Any, vocab: dict[str, int]) -> tuple[VocabType, bool]:
    told, shown = metadata_of(text), vocab_type_of(vocab)
    if shown is None or shown == told["vocab_type"]:
        return told["vocab_type"], told["add_prefix_space"]
    # The vocabulary is what it is; a tokenizer.json that was made from something else may err.
    space = _SPACE if shown is VocabType.BYTE_FALLBACK else "\u0120"
    return shown, _first_token(tokenizer, "a", add_special_tokens=False).startswith(space)


def _kind(tokenizer: typing.Any, vocab: dict[str, int]) -> tuple[VocabType, bool]:
    """(vocab_type, add_prefix_space)"""
    to_str = getattr(getattr(tokenizer, "backend_tokenizer", tokenizer), "to_str", None)
    if to_str is not None:
        return _fast(to_str(), tokenizer, vocab)
    if is_tiktoken(tokenizer):
        byte_level = _first_token(tokenizer, " ") == "\u0120"
        return VocabType.BYTE_LEVEL if byte_level else VocabType.RAW, False
    if is_sentencepiece(tokenizer):
        return VocabType.BYTE_FALLBACK if "<0x0A>" in vocab else VocabType.RAW, True
    raise ArgumentError(f"{type(tokenizer).__name__} is neither a fast tokenizer nor one on SentencePiece or "
                        "tiktoken; expected one of these, or pass its tokens to TokenizerInfo")


def _stop(tokenizer: typing.Any) -> list[int] | None:
    eos = getattr(tokenizer, "eos_token_id", None)
    if eos is None and is_sentencepiece(tokenizer):
        eos = _sentencepiece_of(tokenizer).eos_id()
        eos = None if eos == -1 else eos
    if eos is None:
        warnings.warn("the tokenizer has no eos_token_id, and stop_token_ids is not given: tokens with "
                      "well-known names are taken for stop tokens", stacklevel=5)
        return None
    return [eos] if isinstance(eos, int) else list(eos)


def read(tokenizer: typing.Any, vocab_size: int | None, stop_token_ids: list[int] | None) -> Found:
    """What TokenizerInfo needs of the tokenizer."""
    if stop_token_ids is not None and not stop_token_ids:
        raise ArgumentError("stop_token_ids is empty; expected None, for the tokenizer's own, or at least one")
    get_vocab = getattr(tokenizer, "get_vocab", None)
    if get_vocab is None:
        raise ArgumentError(f"tokenizer is {type(tokenizer).__name__}, which has no get_vocab(); expected one of "
                            "transformers")
    vocab = get_vocab()
    tokens = [""] * (vocab_size or max(len(vocab), max(vocab.values(), default=-1) + 1))
    for token, i in vocab.items():
        if i < len(tokens):
            tokens[i] = token
    vocab_type, add_prefix_space = _kind(tokenizer, vocab)
    stop = _stop(tokenizer) if stop_token_ids is None else stop_token_ids
    return Found(tokens, vocab_type, add_prefix_space, stop)
