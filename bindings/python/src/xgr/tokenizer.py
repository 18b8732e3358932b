"""TokenizerInfo: the vocabulary of a model."""
from __future__ import annotations

import enum
import json
import os
from typing import Any, Iterable, Sequence, TypeVar

from . import huggingface
from ._calls import Call, counted, owned, printed, written
from ._handle import Handle
from ._library import NULL, array, ffi, lib, struct, utf8
from ._memory import int32s
from ._options import token_array
from ._types import SomeTokenIds, Text, TokenIds
from ._values import choice, flag, whole


SURPLUS = {"cut": True, "error": False}


class VocabType(enum.Enum):
    """How the texts of a vocabulary spell bytes."""

    RAW = lib.XGR_VOCAB_TYPE_RAW
    BYTE_FALLBACK = lib.XGR_VOCAB_TYPE_BYTE_FALLBACK
    BYTE_LEVEL = lib.XGR_VOCAB_TYPE_BYTE_LEVEL


class TokenizerFormat(enum.Enum):
    """Format of a tokenizer's file."""

    DETECT = lib.XGR_TOKENIZER_FORMAT_DETECT  # the contents tell
    JSON = lib.XGR_TOKENIZER_FORMAT_JSON  # tokenizer.json
    TIKTOKEN = lib.XGR_TOKENIZER_FORMAT_TIKTOKEN
    TEKKEN = lib.XGR_TOKENIZER_FORMAT_TEKKEN
    SENTENCEPIECE = lib.XGR_TOKENIZER_FORMAT_SENTENCEPIECE
    GGUF = lib.XGR_TOKENIZER_FORMAT_GGUF


class TokenKind(enum.IntEnum):
    """What a token is for."""

    NORMAL = lib.XGR_TOKEN_KIND_NORMAL  # text of the output
    CONTROL = lib.XGR_TOKEN_KIND_CONTROL  # never text, never allowed
    STOP = lib.XGR_TOKEN_KIND_STOP  # ends the output; never text
    UNUSED = lib.XGR_TOKEN_KIND_UNUSED  # hole in the vocabulary or padding; never allowed


def _texts(encoded_vocab: Iterable[Text]) -> list[bytes]:
    if isinstance(encoded_vocab, (str, bytes, dict)) or not hasattr(encoded_vocab, "__iter__"):
        raise TypeError(f"encoded_vocab is {type(encoded_vocab).__name__}; expected the texts of all tokens in "
                        "the order of their ids; for a tokenizer of transformers there is from_huggingface")
    return [utf8(token) for token in encoded_vocab]


def _id(token_id: int) -> int:
    return whole("token_id", token_id, -2**31, 2**31 - 1)


def _vocab_type(vocab_type: VocabType | int) -> VocabType:
    try:
        return VocabType(vocab_type)
    except ValueError:
        names = ", ".join(f"VocabType.{kind.name}" for kind in VocabType)
        problem = f"vocab_type is {vocab_type!r}; expected one of {names}"
    raise ValueError(problem) if isinstance(vocab_type, int) else TypeError(problem)


def _format(file_format: TokenizerFormat) -> int:
    if not isinstance(file_format, TokenizerFormat):
        names = ", ".join(f"TokenizerFormat.{known.name}" for known in TokenizerFormat)
        raise TypeError(f"format is {file_format!r}; expected one of {names}")
    return int(file_format.value)


def _kinds(token_kinds: Iterable[int] | None) -> tuple[Any, int]:
    """uint8_t array of the kinds, and how many there are."""
    try:
        return array("uint8_t", () if token_kinds is None else token_kinds)
    except TypeError:
        raise TypeError(f"token_kinds is {type(token_kinds).__name__}; expected a TokenKind for each "
                        "token") from None


def _size(vocab_size: int | None) -> int:
    """vocab_size as C takes it."""
    return 0 if vocab_size is None else whole("vocab_size", vocab_size, most=2**31 - 1)


def _saved_options(verify: bool) -> Any:
    return struct("xgr_tokenizer_saved_options_t", verify=flag("verify", verify))


_Info = TypeVar("_Info", bound="TokenizerInfo")


class TokenizerInfo(Handle):
    """The tokens of a model: their bytes, and which of them end the output.

    Tokens are str or bytes in the order of their ids; a tokenizer of the package transformers or
    tokenizers stands for its own, see from_huggingface. `vocab_size` is the size of the logits when
    that is more than the number of tokens. `token_kinds` says what each token is for (TokenKind);
    those of kind STOP are stop tokens beside `stop_token_ids`. With neither, tokens with a well-known
    name are taken, of control tokens only where there are kinds; with `stop_token_ids=[]` none are.
    `cut_excess_tokens` leaves tokens with ids of vocab_size or more out, which otherwise are refused.
    Immutable, and safe to use from many threads.
    """

    __slots__ = ()

    def __init__(self, encoded_vocab: Iterable[Text] | Any, vocab_type: VocabType = VocabType.RAW, *,
                 vocab_size: int | None = None, stop_token_ids: SomeTokenIds = None,
                 add_prefix_space: bool = False, token_kinds: Iterable[int] | None = None,
                 cut_excess_tokens: bool = False) -> None:
        if hasattr(encoded_vocab, "get_vocab"):
            self._handle = self.from_huggingface(encoded_vocab, vocab_size=vocab_size,
                                                 stop_token_ids=stop_token_ids)._handle
            return
        texts = _texts(encoded_vocab)
        stop, stop_count = token_array(stop_token_ids, "stop_token_ids")
        kinds, kind_count = _kinds(token_kinds)
        options = struct("xgr_tokenizer_options_t", token_kinds=kinds, token_kind_count=kind_count,
                         stop_tokens=stop, stop_token_count=stop_count,
                         no_stop_detection=stop_token_ids is not None,
                         vocab_type=_vocab_type(vocab_type).value, vocab_size=_size(vocab_size),
                         add_prefix_space=flag("add_prefix_space", add_prefix_space),
                         cut_excess_tokens=flag("cut_excess_tokens", cut_excess_tokens))
        data = b"".join(texts)
        self._handle = owned("tokenizer", lib.xgr_tokenizer_create, data, len(data),
                             ffi.new("uint32_t[]", [len(text) for text in texts]), len(texts),
                             options)

    @classmethod
    def _of(cls: type[_Info], handle: Any) -> _Info:
        info = cls.__new__(cls)
        info._handle = handle
        return info

    @classmethod
    def from_huggingface(cls: type[_Info], tokenizer: Any, *, vocab_size: int | None = None,
                         stop_token_ids: SomeTokenIds = None, surplus: str = "cut") -> _Info:
        """The vocabulary of a tokenizer of the package transformers (fast, on SentencePiece, on
        tiktoken) or tokenizers. Its special tokens are never text. Stop tokens are its eos_token_id,
        else the special tokens with a well-known name.

        vocab_size  size of the logits, such as config.vocab_size of the model; None: as many as there are tokens
        surplus     what becomes of tokens that the logits have no place for: "cut" leaves those with an id of
                    vocab_size or more out, as the model never writes them; "error" is a ValueError
        """
        if isinstance(stop_token_ids, (list, tuple)) and not stop_token_ids:
            raise ValueError("stop_token_ids is empty; pass None to use the tokenizer's own")
        found = huggingface.read(tokenizer, _size(vocab_size) or None, choice("surplus", surplus, SURPLUS))
        stop = found.stop_token_ids if stop_token_ids is None else stop_token_ids
        if found.json is not None:
            return cls.from_tokenizer_json(found.json, vocab_size=vocab_size, stop_token_ids=stop,
                                           cut_excess_tokens=True)
        return cls(found.tokens, VocabType(found.vocab_type), vocab_size=vocab_size,
                   stop_token_ids=stop, add_prefix_space=found.add_prefix_space,
                   token_kinds=found.token_kinds)

    @classmethod
    def from_tokenizer_json(cls: type[_Info], text: Text, *, vocab_size: int | None = None,
                            stop_token_ids: SomeTokenIds = None, cut_excess_tokens: bool = False) -> _Info:
        """The vocabulary of a tokenizer.json: its text, as str or bytes. Special tokens of it are
        never text. Stop tokens are those with a well-known name; with `stop_token_ids=[]` none are."""
        data = utf8(text)
        stop, count = token_array(stop_token_ids, "stop_token_ids")
        options = struct("xgr_tokenizer_json_options_t", stop_tokens=stop, stop_token_count=count,
                         no_stop_detection=stop_token_ids is not None, vocab_size=_size(vocab_size),
                         cut_excess_tokens=flag("cut_excess_tokens", cut_excess_tokens))
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_create_from_json, data, len(data),
                             options))

    @classmethod
    def from_file(cls: type[_Info], contents: bytes, *, format: TokenizerFormat = TokenizerFormat.DETECT,
                  vocab_size: int | None = None, stop_token_ids: SomeTokenIds = None,
                  cut_excess_tokens: bool = False) -> _Info:
        """The vocabulary of a tokenizer's file: its contents, not its name. Stop tokens are those that the
        file names, else those with a well-known name; with `stop_token_ids=[]` none are. What is not
        understood is an error that names it, see also findings.

        format             which one it is; DETECT looks at the contents
        cut_excess_tokens  leaves tokens with ids of vocab_size or more out, which otherwise are refused
        """
        if not isinstance(contents, (bytes, bytearray, memoryview)):
            raise TypeError(f"contents is {type(contents).__name__}; expected the bytes of the file, such as "
                            "pathlib.Path(name).read_bytes()")
        data = bytes(contents)
        stop, count = token_array(stop_token_ids, "stop_token_ids")
        options = struct("xgr_tokenizer_file_options_t", stop_tokens=stop, stop_token_count=count,
                         format=_format(format), no_stop_detection=stop_token_ids is not None,
                         vocab_size=_size(vocab_size),
                         cut_excess_tokens=flag("cut_excess_tokens", cut_excess_tokens))
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_create_from_file, data, len(data), options))

    @classmethod
    def open(cls: type[_Info], path: str | os.PathLike[str], *, verify: bool = False) -> _Info:
        """Opens a file that holds what save wrote, and uses it where it lies: it is mapped for reading, and
        must not be changed or shortened while it is open.

        verify  also checks that the tables are those of the tokens, at the cost of creating the tokenizer
        """
        name = utf8(os.fspath(path))
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_open, name, len(name), _saved_options(verify)))

    @classmethod
    def from_saved(cls: type[_Info], data: bytes, *, verify: bool = False) -> _Info:
        """The tokenizer of what save wrote, from a copy, as C could not borrow bytes that Python may free;
        verify as in open."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data is {type(data).__name__}; expected the bytes that save has returned")
        saved = bytes(data)
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_create_from_saved, saved, len(saved),
                             _saved_options(verify)))

    def save(self) -> bytes:
        """All that creating the tokenizer has computed, to be opened without that work."""
        return written(lib.xgr_tokenizer_save, self._handle)

    def encode(self, text: Text) -> list[int]:
        """The text as token ids, each the longest token that fits, which is mostly not how the model's own
        tokenizer writes it. Names of special tokens are text. XgrError with INVALID_DATA where none fits."""
        data = utf8(text)
        def call(handle: Any, ids: Any, room: int, count: Any, error: Any) -> int:
            return int(lib.xgr_tokenizer_encode(handle, data, len(data), ids, room, count, error))
        return counted(call, self._handle)

    def decode(self, tokens: TokenIds, special_names: bool = False) -> bytes:
        """The bytes that the tokens add to an output; special_names: also the names of control and stop
        tokens, which add nothing otherwise."""
        ids, count = int32s(tokens, "tokens")
        names = flag("special_names", special_names)
        def call(handle: Any, memory: Any, room: int, size: Any, error: Any) -> int:
            return int(lib.xgr_tokenizer_decode(handle, ids, count, names, memory, room, size, error))
        return written(call, self._handle)

    @classmethod
    def from_vocab_and_metadata(cls: type[_Info], encoded_vocab: Sequence[Text], metadata: str) -> _Info:
        """The inverse of dump_metadata."""
        data = json.loads(utf8(metadata))
        if not isinstance(data, dict):
            raise ValueError(f"the metadata is {type(data).__name__}; expected an object, as dump_metadata writes it")
        if isinstance(encoded_vocab, (str, bytes)) or not hasattr(encoded_vocab, "__len__"):
            raise TypeError(f"encoded_vocab is {type(encoded_vocab).__name__}; expected a list of token texts")
        control = set(data.get("control_token_ids", ()))
        kinds = [TokenKind.CONTROL if i in control else TokenKind.NORMAL
                 for i in range(len(encoded_vocab))] if control else None
        try:
            return cls(encoded_vocab, VocabType(data["vocab_type"]),
                       vocab_size=data["vocab_size"], stop_token_ids=data["stop_token_ids"],
                       add_prefix_space=data["add_prefix_space"], token_kinds=kinds)
        except KeyError as key:
            raise ValueError(f"the metadata has no member {key}") from None

    def dump_metadata(self) -> str:
        """Everything but the tokens, as compact JSON."""
        data: dict[str, Any] = {
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
        """How the texts of the vocabulary spell bytes."""
        return VocabType(lib.xgr_tokenizer_vocab_type(self._handle))

    @property
    def vocab_size(self) -> int:
        """Size of the logits and of a mask in bits."""
        return int(lib.xgr_tokenizer_vocab_size(self._handle))

    @property
    def token_count(self) -> int:
        """The number of tokens that were given, without padding."""
        return int(lib.xgr_tokenizer_token_count(self._handle))

    @property
    def mask_words(self) -> int:
        """The number of 32-bit words of a mask."""
        return int(lib.xgr_tokenizer_mask_words(self._handle))

    @property
    def memory_size_bytes(self) -> int:
        """About how much memory it occupies."""
        return int(lib.xgr_tokenizer_memory_size(self._handle))

    @property
    def add_prefix_space(self) -> bool:
        """Whether the tokenizer puts a space in front of each text."""
        return bool(lib.xgr_tokenizer_add_prefix_space(self._handle))

    @property
    def model_type(self) -> str:
        """What a tokenizer.json describes: "BPE", "Unigram", "WordPiece", "WordLevel"; else ""."""
        return str(ffi.string(lib.xgr_tokenizer_model_type(self._handle)), "utf-8")

    @property
    def detected_by(self) -> str:
        """Which part of a tokenizer.json decided vocab_type: "decoder", "vocabulary"; else ""."""
        return str(ffi.string(lib.xgr_tokenizer_detected_by(self._handle)), "utf-8")

    @property
    def fingerprint(self) -> str:
        """What tells vocabularies apart: a SHA-256 of the sizes, texts and kinds of all tokens."""
        return str(ffi.string(lib.xgr_tokenizer_fingerprint(self._handle)), "utf-8")

    @property
    def findings(self) -> dict[str, Any]:
        """What was found in a tokenizer's file and why: format, decoder, stop tokens and their reasons."""
        found: dict[str, Any] = json.loads(printed(lib.xgr_tokenizer_findings, self._handle))
        return found

    @property
    def stop_token_ids(self) -> list[int]:
        """The tokens that end an output, ascending."""
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
        return TokenKind(lib.xgr_tokenizer_token_kind(self._handle, _id(token_id)))

    def token_bytes(self, token_id: int) -> bytes:
        """What a token adds to the output; b"" for tokens that are not normal."""
        return self._bytes_of(lib.xgr_tokenizer_token_bytes, token_id)

    def token_name(self, token_id: int) -> bytes:
        """How the vocabulary spells a control or stop token; b"" for tokens of other kinds."""
        return self._bytes_of(lib.xgr_tokenizer_token_name, token_id)

    def _bytes_of(self, call: Call, token_id: int) -> bytes:
        size = ffi.new("size_t *")
        data = call(self._handle, _id(token_id), size)
        if data == NULL:
            raise IndexError(f"token_id is {token_id}; the vocabulary has {self.vocab_size} ids")
        return bytes(ffi.buffer(data, size[0]))

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
