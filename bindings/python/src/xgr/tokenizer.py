"""TokenizerInfo: the vocabulary of a model."""
import enum
import json

from . import huggingface
from ._library import NULL, ffi, lib, owned


class VocabType(enum.Enum):
    """How the texts of a vocabulary spell bytes."""

    RAW = 0
    BYTE_FALLBACK = 1
    BYTE_LEVEL = 2


# Names under which tokenizers end their output, for vocabularies that do not say which token does.
STOP_NAMES = frozenset(
    name.encode()
    for name in (
        "</s>", "<|end_of_text|>", "<|eot_id|>", "<|endoftext|>", "<eos>", "<|eos|>",
        "<end_of_turn>", "<\uff5cend\u2581of\u2581sentence\uff5c>",
    )
)


def _bytes(token):
    return token.encode() if isinstance(token, str) else bytes(token)


def _stop_tokens(texts, vocab_size, given):
    """The ids that end the output: those given that exist, else those with a well-known name."""
    if given is None:
        return [i for i, text in enumerate(texts) if text in STOP_NAMES]
    size = len(texts) if vocab_size is None else vocab_size
    return sorted({i for i in ([given] if isinstance(given, int) else given) if 0 <= i < size})


class TokenizerInfo:
    """The tokens of a model: their bytes, and which of them end the output.

    Tokens are str or bytes in the order of their ids. `vocab_size` is the size of the logits when
    that is more than the number of tokens. Without `stop_token_ids` well-known names are looked
    for. Immutable, and safe to use from many threads.
    """

    def __init__(self, encoded_vocab, vocab_type=VocabType.RAW, *, vocab_size=None,
                 stop_token_ids=None, add_prefix_space=False):
        texts = [_bytes(token) for token in encoded_vocab]
        stop = ffi.new("int32_t[]", _stop_tokens(texts, vocab_size, stop_token_ids))
        options = ffi.new("xgr_tokenizer_options_t *")
        options.struct_size = ffi.sizeof("xgr_tokenizer_options_t")
        options.stop_tokens = stop
        options.stop_token_count = len(stop)
        options.vocab_type = VocabType(vocab_type).value
        options.vocab_size = vocab_size or 0
        options.add_prefix_space = bool(add_prefix_space)
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
        """The vocabulary of a tokenizer of the package transformers: fast, SentencePiece, tiktoken."""
        if isinstance(stop_token_ids, (list, tuple)) and not stop_token_ids:
            raise ValueError("stop_token_ids is empty; pass None to use the tokenizer's own")
        found = huggingface.read(tokenizer, vocab_size)
        stop = found.stop_token_ids if stop_token_ids is None else stop_token_ids
        return cls(found.tokens, VocabType(found.vocab_type), vocab_size=vocab_size,
                   stop_token_ids=stop, add_prefix_space=found.add_prefix_space)

    @classmethod
    def from_tokenizer_json(cls, text, *, vocab_size=None, stop_token_ids=None):
        """The vocabulary of a tokenizer.json: its text, as str or bytes. Special tokens of it are
        never text here."""
        data = _bytes(text)
        stop = ffi.new("int32_t[]", [stop_token_ids] if isinstance(stop_token_ids, int)
                       else list(stop_token_ids or []))
        options = ffi.new("xgr_tokenizer_json_options_t *")
        options.struct_size = ffi.sizeof("xgr_tokenizer_json_options_t")
        options.stop_tokens = stop
        options.stop_token_count = len(stop)
        options.vocab_size = vocab_size or 0
        return cls._of(owned("tokenizer", lib.xgr_tokenizer_create_from_json, data, len(data),
                             options))

    @classmethod
    def from_vocab_and_metadata(cls, encoded_vocab, metadata):
        """The inverse of dump_metadata."""
        data = json.loads(metadata)
        try:
            return cls(encoded_vocab, VocabType(data["vocab_type"]),
                       vocab_size=data["vocab_size"], stop_token_ids=data["stop_token_ids"],
                       add_prefix_space=data["add_prefix_space"])
        except KeyError as key:
            raise ValueError(f"the metadata has no member {key}") from None

    def dump_metadata(self):
        """Everything but the tokens, as compact JSON."""
        return json.dumps(
            {
                "vocab_type": self.vocab_type.value,
                "vocab_size": self.vocab_size,
                "add_prefix_space": self.add_prefix_space,
                "stop_token_ids": self.stop_token_ids,
            },
            separators=(",", ":"),
        )

    @property
    def vocab_type(self):
        return VocabType(lib.xgr_tokenizer_vocab_type(self._handle))

    @property
    def vocab_size(self):
        """Size of the logits and of a mask in bits."""
        return lib.xgr_tokenizer_vocab_size(self._handle)

    @property
    def add_prefix_space(self):
        return bool(lib.xgr_tokenizer_add_prefix_space(self._handle))

    @property
    def stop_token_ids(self):
        count = ffi.new("size_t *")
        tokens = lib.xgr_tokenizer_stop_tokens(self._handle, count)
        return [] if tokens == NULL else ffi.unpack(tokens, count[0])

    @property
    def special_token_ids(self):
        """Ids that are never allowed: control tokens, empty tokens and padding, ascending."""
        never = (lib.XGR_TOKEN_KIND_CONTROL, lib.XGR_TOKEN_KIND_UNUSED)
        kind = lib.xgr_tokenizer_token_kind
        return [i for i in range(self.vocab_size) if kind(self._handle, i) in never]

    @property
    def decoded_vocab(self):
        """The bytes of every token; of control and stop tokens the name."""
        size = ffi.new("size_t *")
        out = []
        for i in range(lib.xgr_tokenizer_token_count(self._handle)):
            data = lib.xgr_tokenizer_token_bytes(self._handle, i, size)
            if not size[0]:
                data = lib.xgr_tokenizer_token_name(self._handle, i, size)
            out.append(ffi.buffer(data, size[0])[:])
        return out
