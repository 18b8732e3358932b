"""Reads the vocabulary of a transformers tokenizer without importing transformers.

Three families, told apart by what the object offers: a fast one has the text of its tokenizer.json,
which the library itself inspects; others stand on SentencePiece or on tiktoken.
"""
import typing

from ._library import ffi, lib, owned


class Found(typing.NamedTuple):
    tokens: list
    vocab_type: int
    add_prefix_space: bool
    stop_token_ids: typing.Optional[typing.List[int]]


def _tokens(tokenizer, vocab_size):
    """Texts by id; ids that nobody has are empty."""
    if not hasattr(tokenizer, "get_vocab"):
        raise ValueError(f"{type(tokenizer).__name__} has no get_vocab()")
    vocab = tokenizer.get_vocab()
    count = max(len(vocab), max(vocab.values(), default=-1) + 1)
    if vocab_size is not None:
        count = min(count, vocab_size)
    tokens = [""] * count
    for text, i in vocab.items():
        if i < count:
            tokens[i] = text
    return tokens


def _stop(tokenizer):
    eos = getattr(tokenizer, "eos_token_id", None)
    return None if eos is None else [eos] if isinstance(eos, int) else list(eos)


def _backend_json(tokenizer):
    backend = getattr(tokenizer, "backend_tokenizer", None)
    to_str = getattr(backend, "to_str", None)
    return to_str() if to_str else None


def _sentencepiece(tokenizer):
    inner = getattr(tokenizer, "tokenizer", None)
    return any(hasattr(t, name) for t in (tokenizer, inner) for name in ("sp_model", "tok"))


def _tiktoken(tokenizer):
    files = getattr(tokenizer, "vocab_files_names", None) or {}
    inner = (tokenizer, getattr(tokenizer, "tokenizer", None), getattr(tokenizer, "encoder", None))
    return any("tiktoken" in type(t).__module__ for t in inner if t is not None) or any(
        "tiktoken" in str(name) for name in files.values())


def read(tokenizer, vocab_size=None):
    """What TokenizerInfo needs of the tokenizer; ValueError when it is of no known family."""
    tokens = _tokens(tokenizer, vocab_size)
    stop = _stop(tokenizer)
    text = _backend_json(tokenizer)
    if text is not None:
        data = text.encode()
        handle = owned("tokenizer", lib.xgr_tokenizer_create_from_json, data, len(data), ffi.NULL)
        return Found(tokens, lib.xgr_tokenizer_vocab_type(handle),
                     bool(lib.xgr_tokenizer_add_prefix_space(handle)), stop)
    if _tiktoken(tokenizer):
        # Some write the byte-level alphabet after all: a space is U+0120 then.
        byte_level = "\u0120" in tokens
        kind = lib.XGR_VOCAB_TYPE_BYTE_LEVEL if byte_level else lib.XGR_VOCAB_TYPE_RAW
        return Found(tokens, kind, False, stop)
    if _sentencepiece(tokenizer):
        fallback = "<0x0A>" in tokens
        kind = lib.XGR_VOCAB_TYPE_BYTE_FALLBACK if fallback else lib.XGR_VOCAB_TYPE_RAW
        return Found(tokens, kind, True, stop)
    raise ValueError(f"{type(tokenizer).__name__} is neither a fast tokenizer nor one on "
                     "SentencePiece or tiktoken")
