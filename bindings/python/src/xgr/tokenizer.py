"""TokenizerInfo: the vocabulary of a model."""
from __future__ import annotations

import enum
import json

from . import huggingface
from ._handle import Handle
from ._library import NULL, array, ffi, lib, owned, struct, utf8
from ._options import token_array


class VocabType(enum.Enum):
    """How the texts of a vocabulary spell bytes."""

    RAW = lib.XGR_VOCAB_TYPE_RAW
    BYTE_FALLBACK = lib.XGR_VOCAB_TYPE_BYTE_FALLBACK
    BYTE_LEVEL = lib.XGR_VOCAB_TYPE_BYTE_LEVEL


class TokenKind(enum.IntEnum):
    """What a token is for."""

    NORMAL = lib.XGR_TOKEN_KIND_NORMAL  # text of the output
    CONTROL = lib.XGR_TOKEN_KIND_CONTROL  # never text, never allowed
    STOP = lib.XGR_TOKEN_KIND_STOP  # ends the output; never text
    UNUSED = lib.XGR_TOKEN_KIND_UNUSED  # hole in the vocabulary or padding; never allowed


class TokenizerInfo(Handle):
    """The tokens of a model: their bytes, and which of them end the output.

    Tokens are str or bytes in the order of their ids. `vocab_size` is the size of the logits when
    that is more than the number of tokens. `token_kinds` says what each token is for (TokenKind);
    those of kind STOP are stop tokens beside `stop_token_ids`. With neither, tokens with a well-known
    name are taken, of control tokens only where there are kinds; with `stop_token_ids=[]` none are.
    Immutable, and safe to use from many threads.
    """

    __slots__ = ()

    def __init__(self, encoded_vocab, vocab_type=VocabType.RAW, *, vocab_size=None,
                 stop_token_ids=None, add_prefix_space=False, token_kinds=None):
        texts = [utf8(token) for token in encoded_vocab]
        stop, stop_count = token_array(stop_token_ids)
        kinds, kind_count = array("uint8_t", () if token_kinds is None else token_kinds)
        options = struct("xgr_tokenizer_options_t", token_kinds=kinds, token_kind_count=kind_count,
                         stop_tokens=stop, stop_token_count=stop_count,
                         no_stop_detection=stop_token_ids is not None,
                         vocab_type=VocabType(vocab_type).value, vocab_size=vocab_size or 0,
                         add_prefix_space=bool(add_prefix_space))
        data = b"".join(texts)
        self._handle = owned("tokenizer", lib.xgr_tokenizer_create, data, len(data),
                             ffi.new("uint32_t[]", [len(text) for text in texts]), len(texts),
                             options)

    @classmethod
    def _of(cls, handle):
        info = cls.__new__(cls)
        info._handle = handle
        return info

    @classmethod
    def from_huggingface(cls, tokenizer, *, vocab_size=None, stop_token_ids=None):
        """The vocabulary of a tokenizer of the package transformers (fast, on SentencePiece, on
        tiktoken) or tokenizers. Its special tokens are never text. Stop tokens are its eos_token_id,
        else the special tokens with a well-known name. A `vocab_size` below its own leaves the tokens
        from there on out."""
        if isinstance(stop_token_ids, (list, tuple)) and not stop_token_ids:
            raise ValueError("stop_token_ids is empty; pass None to use the tokenizer's own")
        found = huggingface.read(tokenizer, vocab_size)
        stop = found.stop_token_ids if stop_token_ids is None else stop_token_ids
        if found.json is not None:
            return cls.from_tokenizer_json(found.json, vocab_size=vocab_size, stop_token_ids=stop)
        return cls(found.tokens, VocabType(found.vocab_type), vocab_size=vocab_size,
                   stop_token_ids=stop, add_prefix_space=found.add_prefix_space,
                   token_kinds=found.token_kinds)

    @classmethod
    def from_tokenizer_json(cls, text, *, vocab_size=None, stop_token_ids=None):
        """The vocabulary of a tokenizer.json: its text, as str or bytes. Special tokens of it are
        never text. Stop tokens are those with a well-known name; with `stop_token_ids=[]` none are."""
        data = utf8(text)
        stop, count = token_array(stop_token_ids)
        options = struct("xgr_tokenizer_json_options_t", stop_tokens=stop, stop_token_count=count,
                         no_stop_detection=stop_token_ids is not None, vocab_size=vocab_size or 0)
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_create_from_json, data, len(data),
                             options))

    @classmethod
    def from_vocab_and_metadata(cls, encoded_vocab, metadata):
        """The inverse of dump_metadata."""
        data = json.loads(metadata)
        control = set(data.get("control_token_ids", ()))
        kinds = [TokenKind.CONTROL if i in control else TokenKind.NORMAL
                 for i in range(len(encoded_vocab))] if control else None
        try:
            return cls(encoded_vocab, VocabType(data["vocab_type"]),
                       vocab_size=data["vocab_size"], stop_token_ids=data["stop_token_ids"],
                       add_prefix_space=data["add_prefix_space"], token_kinds=kinds)
        except KeyError as key:
            raise ValueError(f"the metadata has no member {key}") from None

    def dump_metadata(self):
        """Everything but the tokens, as compact JSON."""
        data = {
            "vocab_type": self.vocab_type.value,
            "vocab_size": self.vocab_size,
            "add_prefix_space": self.add_prefix_space,
            "stop_token_ids": self.stop_token_ids,
        }
        control = [i for i in range(self.token_count) if self.token_kind(i) == TokenKind.CONTROL]
        if control:
            data["control_token_ids"] = control
        return json.dumps(data, separators=(",", ":"))

    @property
    def vocab_type(self) -> VocabType:
        return VocabType(lib.xgr_tokenizer_vocab_type(self._handle))

    @property
    def vocab_size(self) -> int:
        """Size of the logits and of a mask in bits."""
        return lib.xgr_tokenizer_vocab_size(self._handle)

    @property
    def token_count(self) -> int:
        """The number of tokens that were given, without padding."""
        return lib.xgr_tokenizer_token_count(self._handle)

    @property
    def mask_words(self) -> int:
        """The number of 32-bit words of a mask."""
        return lib.xgr_tokenizer_mask_words(self._handle)

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory it occupies."""
        return lib.xgr_tokenizer_memory_size(self._handle)

    @property
    def add_prefix_space(self) -> bool:
        return bool(lib.xgr_tokenizer_add_prefix_space(self._handle))

    @property
    def model_type(self) -> str:
        """What a tokenizer.json describes: "BPE", "Unigram", "WordPiece", "WordLevel"; else ""."""
        return ffi.string(lib.xgr_tokenizer_model_type(self._handle)).decode()

    @property
    def detected_by(self) -> str:
        """Which part of a tokenizer.json decided vocab_type: "decoder", "vocabulary"; else ""."""
        return ffi.string(lib.xgr_tokenizer_detected_by(self._handle)).decode()

    @property
    def stop_token_ids(self) -> list[int]:
        count = ffi.new("size_t *")
        tokens = lib.xgr_tokenizer_stop_tokens(self._handle, count)
        return [] if tokens == NULL else ffi.unpack(tokens, count[0])

    @property
    def special_token_ids(self) -> list[int]:
        """Ids that are never allowed: control tokens, empty tokens and padding, ascending."""
        never = (TokenKind.CONTROL, TokenKind.UNUSED)
        kind = lib.xgr_tokenizer_token_kind
        return [i for i in range(self.vocab_size) if kind(self._handle, i) in never]

    def token_kind(self, token_id: int) -> TokenKind:
        """What a token is for; UNUSED for ids outside the vocabulary."""
        return TokenKind(lib.xgr_tokenizer_token_kind(self._handle, token_id))

    def token_bytes(self, token_id: int) -> bytes:
        """What a token adds to the output; b"" for tokens that are not normal."""
        return self._bytes_of(lib.xgr_tokenizer_token_bytes, token_id)

    def token_name(self, token_id: int) -> bytes:
        """How the vocabulary spells a control or stop token; b"" for tokens of other kinds."""
        return self._bytes_of(lib.xgr_tokenizer_token_name, token_id)

    def _bytes_of(self, call, token_id):
        size = ffi.new("size_t *")
        data = call(self._handle, token_id, size)
        if data == NULL:
            raise IndexError(f"token_id is {token_id}; the vocabulary has {self.vocab_size} ids")
        return ffi.buffer(data, size[0])[:]

    @property
    def decoded_vocab(self) -> list[bytes]:
        """The bytes of every token; of control and stop tokens the name."""
        size = ffi.new("size_t *")
        out = []
        for i in range(self.token_count):
            data = lib.xgr_tokenizer_token_bytes(self._handle, i, size)
            if not size[0]:
                data = lib.xgr_tokenizer_token_name(self._handle, i, size)
            out.append(ffi.buffer(data, size[0])[:])
        return out
