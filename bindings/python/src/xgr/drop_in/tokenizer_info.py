"""TokenizerInfo and VocabType, as the original has them."""
from __future__ import annotations

import json
import typing
import warnings

from .. import tokenizer
from ..error import DeserializeFormatError
from ..tokenizer import VocabType
from . import _huggingface, _jump, _serialization, _spelling
from ._contract import ArgumentError, contract
from ._huggingface import BYTE_LEVEL_CHARSET as _BYTE_LEVEL_CHARSET
from ._huggingface import CHARACTER_OF_BYTE

__all__ = ["TokenizerInfo", "VocabType"]

# Texts of stop tokens where nobody says which they are.
_STOP_NAMES = {"</s>", "<eos>", "<|eos|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>",
               "<\uff5cend\u2581of\u2581sentence\uff5c>"}
_STOP_TEXTS: set[str | bytes] = {*_STOP_NAMES, *(name.encode() for name in _STOP_NAMES)}


def _several(stop_token_ids: typing.Any) -> list[int] | None:
    if stop_token_ids is None:
        return None
    return [stop_token_ids] if isinstance(stop_token_ids, int) else list(stop_token_ids)


class TokenizerInfo(tokenizer.TokenizerInfo):
    """The tokens of a model. Tokens whose text is visible are text, whatever they are called; only empty
    ones and padding are special.

    encoded_vocab       tokens in the order of their ids, str or bytes; as vocab_type says
    vocab_size          size of the logits; None: the number of tokens
    stop_token_ids      an id or several; those that the vocabulary does not have are left out. None: tokens
                        with the text of a well-known stop token
    add_prefix_space    what `add_prefix_space` tells; matching does not depend on it
    """

    # How many tokens the model knows of, how many were given, and how many are behind them: _spelling.py.
    __slots__ = ("_added", "_given", "_jumps", "_size")
    _added: int
    _given: int
    _jumps: _jump.Jumps
    _size: int

    @contract
    def __init__(self, encoded_vocab: typing.Any, vocab_type: VocabType = VocabType.RAW, *,
                 vocab_size: int | None = None, stop_token_ids: int | typing.Iterable[int] | None = None,
                 add_prefix_space: bool = False) -> None:
        if hasattr(encoded_vocab, "get_vocab"):
            found = _huggingface.read(encoded_vocab, vocab_size, _several(stop_token_ids))
            encoded_vocab, vocab_type, vocab_size, stop_token_ids, add_prefix_space = (
                found.tokens, found.vocab_type, vocab_size or len(found.tokens), found.stop_token_ids,
                found.add_prefix_space)
        tokens = list(encoded_vocab)
        size = len(tokens) if vocab_size is None else vocab_size
        if size < len(tokens):
            raise ArgumentError(f"vocab_size is {size}, for {len(tokens)} tokens; expected that many or more")
        given = _several(stop_token_ids)
        stop = ([i for i, token in enumerate(tokens) if token in _STOP_TEXTS] if given is None else
                sorted({i for i in given if 0 <= i < size}))
        added = _spelling.missing(vocab_type, tokens, stop)
        self._given, self._size, self._added = len(tokens), size, len(added)
        if added:
            tokens += [""] * (size - len(tokens)) + added
        super().__init__(tokens, vocab_type, vocab_size=size + len(added), stop_token_ids=stop,
                         add_prefix_space=add_prefix_space)

    @classmethod
    def _of(cls, handle: typing.Any) -> TokenizerInfo:
        info = super()._of(handle)
        plain: typing.Any = super(TokenizerInfo, info)
        info._added, info._size, info._given = 0, plain.vocab_size, plain.token_count
        return info

    @staticmethod
    @contract
    def from_huggingface(tokenizer: typing.Any, *, vocab_size: int | None = None,
                         stop_token_ids: int | typing.Iterable[int] | None = None) -> TokenizerInfo:
        """The vocabulary of a tokenizer of transformers: a fast one, or one on tiktoken or SentencePiece."""
        return TokenizerInfo(tokenizer, vocab_size=vocab_size, stop_token_ids=stop_token_ids)

    @staticmethod
    @contract
    def from_vocab_and_metadata(encoded_vocab: typing.Iterable[str | bytes], metadata: str) -> TokenizerInfo:
        """The inverse of dump_metadata."""
        data = json.loads(metadata)
        try:
            return TokenizerInfo(encoded_vocab, VocabType(data["vocab_type"]), vocab_size=data["vocab_size"],
                                 stop_token_ids=data["stop_token_ids"], add_prefix_space=data["add_prefix_space"])
        except KeyError as key:
            raise ArgumentError(f"the metadata has no member {key}") from None

    _detect_vocab_type_from_vocab = staticmethod(_huggingface.vocab_type_of)
    _detect_metadata_from_hf = staticmethod(_huggingface.metadata_of)
    _is_tiktoken_tokenizer = staticmethod(_huggingface.is_tiktoken)
    _is_sentencepiece_tokenizer = staticmethod(_huggingface.is_sentencepiece)

    @property
    def vocab_size(self) -> int:
        """Size of the logits and of a mask in bits."""
        return self._size

    @property
    def token_count(self) -> int:
        """The number of tokens that were given, without padding."""
        return self._given

    @property
    def mask_words(self) -> int:
        """The number of 32-bit words of a mask."""
        return (self._size + 31) // 32

    @property
    def prepend_space_in_tokenization(self) -> bool:
        """The old name of add_prefix_space."""
        warnings.warn("prepend_space_in_tokenization is deprecated; use add_prefix_space", DeprecationWarning,
                      stacklevel=2)
        return self.add_prefix_space

    def _find_jumps(self) -> _jump.Jumps:
        """What find_jump_forward_tokens needs, made when it is first called."""
        try:
            return self._jumps
        except AttributeError:
            self._jumps = _jump.Jumps(self.decoded_vocab)
            return self._jumps

    def serialize_json(self) -> str:
        """JSON text that deserialize_json makes the same vocabulary of."""
        return _serialization.write(
            "tokenizer_info", **json.loads(self.dump_metadata()), special_token_ids=self.special_token_ids,
            decoded_vocab=[text.decode("latin-1") for text in self.decoded_vocab])

    @staticmethod
    def deserialize_json(json_string: str) -> TokenizerInfo:
        """The vocabulary that serialize_json has written."""
        data = _serialization.read(json_string, "tokenizer_info", vocab_type=int, vocab_size=int,
                                   add_prefix_space=bool, stop_token_ids=list, special_token_ids=list,
                                   decoded_vocab=list)
        size = data["vocab_size"]
        for name in ("stop_token_ids", "special_token_ids"):
            for i in data[name]:
                if not isinstance(i, int) or not 0 <= i < size:
                    raise DeserializeFormatError(f"{name} has {i!r}; expected ids below {size}")
        try:
            vocab_type = VocabType(data["vocab_type"])
            tokens = [text.encode("latin-1") for text in data["decoded_vocab"]]
            return TokenizerInfo(map(_encoder(vocab_type), tokens), vocab_type, vocab_size=size,
                                 stop_token_ids=data["stop_token_ids"],
                                 add_prefix_space=data["add_prefix_space"])
        except (RuntimeError, ValueError, AttributeError) as error:
            raise DeserializeFormatError(f"the vocabulary is malformed: {error}") from None


def _encoder(vocab_type: VocabType) -> typing.Callable[[bytes], bytes]:
    """What spells a text so that the vocabulary type decodes it to itself."""
    if vocab_type is VocabType.BYTE_LEVEL:
        return lambda text: "".join([CHARACTER_OF_BYTE[byte] for byte in text]).encode()
    return bytes
