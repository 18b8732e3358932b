"""Reads the vocabulary of a transformers tokenizer without importing transformers.

Three families, told apart by what the object offers: a fast one has the text of its tokenizer.json,
which the library itself reads; others stand on SentencePiece or on tiktoken. Which tokens are special,
and so never text, is what the tokenizer and the model under it say; the lists of both are united, as
each family leaves some out of one of them.
"""
from __future__ import annotations

from typing import Any, Dict, NamedTuple, Union

from ._calls import owned
from ._library import ffi, lib


_Vocabulary = Dict[Union[str, bytes], int]
_Names = Dict[int, Union[str, bytes]]  # of special tokens, by id


class Found(NamedTuple):
    tokens: list[str | bytes]
    vocab_type: int
    add_prefix_space: bool
    stop_token_ids: list[int] | None
    token_kinds: list[int] | None = None
    json: str | None = None  # says all that tokens and kinds say, and more


def _vocabulary(tokenizer: Any) -> _Vocabulary:
    if not hasattr(tokenizer, "get_vocab"):
        raise TypeError(f"tokenizer is {type(tokenizer).__name__}; expected one of transformers or "
                        "tokenizers; for a tokenizer.json there is from_tokenizer_json")
    return dict(tokenizer.get_vocab())


def _tokens(vocab: _Vocabulary, special: _Names,
            vocab_size: int | None) -> list[str | bytes]:
    """Texts by id; ids that nobody has are empty."""
    names = {i: name for name, i in vocab.items()}
    for i, name in special.items():
        names.setdefault(i, name)
    count = max(len(vocab), max(names, default=-1) + 1)
    if vocab_size is not None:
        count = min(count, vocab_size)
    return [names.get(i, "") for i in range(count)]


def _stop(tokenizer: Any, vocab_size: int | None) -> list[int] | None:
    eos = getattr(tokenizer, "eos_token_id", None)
    ids = [] if eos is None else [eos] if isinstance(eos, int) else list(eos)
    return [i for i in ids if vocab_size is None or i < vocab_size] or None


def _backend_json(tokenizer: Any) -> str | None:
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)  # of tokenizers: itself
    to_str = getattr(backend, "to_str", None)
    return to_str() if to_str else None


def _inner(tokenizer: Any) -> list[Any]:
    """The tokenizer and what it may stand on."""
    names = ("tokenizer", "encoder", "model", "sp_model", "tok")
    outer = [tokenizer] + [getattr(tokenizer, name, None) for name in names]
    return outer + [getattr(t, "sp_model", None) for t in outer[1:] if t is not None]


def _sentencepiece(tokenizer: Any) -> bool:
    inner = getattr(tokenizer, "tokenizer", None)
    return any(hasattr(t, name) for t in (tokenizer, inner) for name in ("sp_model", "tok"))


def _tiktoken(tokenizer: Any) -> bool:
    files = getattr(tokenizer, "vocab_files_names", None) or {}
    return any("tiktoken" in type(t).__module__ for t in _inner(tokenizer) if t is not None) or any(
        "tiktoken" in str(name) for name in files.values())


def _said_special(tokenizer: Any, vocab: _Vocabulary) -> _Names:
    """Special tokens of the tokenizer itself: name by id. Those that are only added are text."""
    names = {i: name for name, i in vocab.items()}
    ids = getattr(tokenizer, "all_special_ids", None) or ()
    special = {i: names.get(i, "") for i in ids if i is not None}
    for i, token in (getattr(tokenizer, "added_tokens_decoder", None) or {}).items():
        if getattr(token, "special", False):
            special[i] = getattr(token, "content", None) or str(token)
    return special


def _model_special(model: Any, vocab: _Vocabulary) -> _Names:
    """Special tokens of what the tokenizer stands on: a dict of tiktoken, the kinds of SentencePiece."""
    special: _Names = {}
    for name in ("special_tokens", "_special_tokens"):
        table = getattr(model, name, None)
        if isinstance(table, dict):
            special.update((i, text) for text, i in table.items() if isinstance(i, int))
    kinds = [getattr(model, name, None) for name in ("is_control", "is_unknown", "is_unused")]
    said = [kind for kind in kinds if callable(kind)]
    pieces = getattr(model, "get_piece_size", None) or getattr(model, "vocab_size", None)
    if said and callable(pieces):
        names = {i: name for name, i in vocab.items()}
        special.update((i, names.get(i, "")) for i in range(pieces()) if any(k(i) for k in said))
    return special


def _special(tokenizer: Any, vocab: _Vocabulary) -> _Names:
    special: _Names = {}
    for model in _inner(tokenizer):
        special.update(_model_special(model, vocab))
    special.update(_said_special(tokenizer, vocab))
    return special


def _kinds(special: _Names, count: int) -> list[int] | None:
    """XGR_TOKEN_KIND_* by id; None when nothing is known to be special."""
    if not special:
        return None
    return [lib.XGR_TOKEN_KIND_CONTROL if i in special else lib.XGR_TOKEN_KIND_NORMAL
            for i in range(count)]


def _fast(text: str, tokenizer: Any, vocab: _Vocabulary, vocab_size: int | None) -> Found:
    """A tokenizer.json says everything, unless the object around it knows of more; then its tokens are
    listed, with the kinds of both."""
    data = text.encode()
    handle = owned("tokenizer", lib.xgr_tokenizer_create_from_json, data, len(data), ffi.NULL)
    size, kind = lib.xgr_tokenizer_token_count(handle), lib.xgr_tokenizer_token_kind
    special = _said_special(tokenizer, vocab)
    never = (lib.XGR_TOKEN_KIND_CONTROL, lib.XGR_TOKEN_KIND_STOP)
    known = {i for i in range(size) if kind(handle, i) in never}
    stop = _stop(tokenizer, vocab_size)
    vocab_type = lib.xgr_tokenizer_vocab_type(handle)
    prefix = bool(lib.xgr_tokenizer_add_prefix_space(handle))
    inside = {i for i in special if vocab_size is None or i < vocab_size}
    if inside <= known and max(vocab.values(), default=-1) < size:
        return Found([], vocab_type, prefix, stop, json=text)
    names = {i: name for name, i in vocab.items()}
    special.update((i, names.get(i, "")) for i in known)
    tokens = _tokens(vocab, special, vocab_size)
    if vocab_type == lib.XGR_VOCAB_TYPE_RAW:
        # No other type says what the decoder does, so the tokens are given decoded.
        out = ffi.new("size_t *")
        for i in range(min(size, len(tokens))):
            data = lib.xgr_tokenizer_token_bytes(handle, i, out)
            if i not in special and out[0]:
                tokens[i] = ffi.buffer(data, out[0])[:]
    return Found(tokens, vocab_type, prefix, stop, _kinds(special, len(tokens)))


def _refuse_surplus(tokenizer: Any, vocab: _Vocabulary, vocab_size: int) -> None:
    beyond = sorted(i for i in {*vocab.values(), *_special(tokenizer, vocab)} if i >= vocab_size)
    if beyond:
        raise ValueError(f"vocab_size is {vocab_size}, and {len(beyond)} tokens of the tokenizer have ids up to "
                         f"{beyond[-1]}; expected a vocab_size of at least {beyond[-1] + 1}, or surplus=\"cut\", "
                         "which leaves them out")


def read(tokenizer: Any, vocab_size: int | None = None, may_cut: bool = True) -> Found:
    """What TokenizerInfo needs of the tokenizer; TypeError when it is of no known family. may_cut: tokens with
    ids of vocab_size or more are left out, otherwise they are a ValueError."""
    vocab = _vocabulary(tokenizer)
    if vocab_size is not None and not may_cut:
        _refuse_surplus(tokenizer, vocab, vocab_size)
    text = _backend_json(tokenizer)
    if text is not None:
        return _fast(text, tokenizer, vocab, vocab_size)
    is_tiktoken = _tiktoken(tokenizer)
    if not is_tiktoken and not _sentencepiece(tokenizer):
        raise TypeError(f"{type(tokenizer).__name__} is neither a fast tokenizer nor one on "
                        "SentencePiece or tiktoken; expected one of these, or pass its tokens to "
                        "TokenizerInfo")
    special = _special(tokenizer, vocab)
    tokens, stop = _tokens(vocab, special, vocab_size), _stop(tokenizer, vocab_size)
    if is_tiktoken:
        # Some write the byte-level alphabet after all: a space is U+0120 then.
        byte_level = "\u0120" in vocab
        kind = lib.XGR_VOCAB_TYPE_BYTE_LEVEL if byte_level else lib.XGR_VOCAB_TYPE_RAW
    else:
        fallback = "<0x0A>" in vocab
        kind = lib.XGR_VOCAB_TYPE_BYTE_FALLBACK if fallback else lib.XGR_VOCAB_TYPE_RAW
    return Found(tokens, kind, not is_tiktoken, stop, _kinds(special, len(tokens)))
