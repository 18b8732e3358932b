"""from_huggingface: small tokenizers in the shapes of each family; special tokens are never text."""
import json

import pytest

import xgr
from xgr import TokenizerInfo, TokenKind, VocabType

NAMES = ["<|im_start|>", "<|im_end|>", "<think>", "<tool_call>"]  # the last is added, not special
START, END, THINK, CALL = range(100, 104)
TEXTS = {chr(c): i for i, c in enumerate([0x120] + list(range(33, 127)))}  # byte-level: 95 tokens
TEXTS.update({2 * chr(c): c for c in range(95, 100)})  # before the added ones
TOKENIZER_JSON = json.dumps({
    "added_tokens": [{"id": 100 + i, "content": name, "special": name != "<tool_call>"}
                     for i, name in enumerate(NAMES)],
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
    "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "vocab": TEXTS, "merges": []},
})


class AddedToken:
    """The shape of that of tokenizers."""

    def __init__(self, content, special):
        self.content, self.special = content, special

    def __str__(self):
        return self.content


class Fast:
    """A fast tokenizer."""

    class backend_tokenizer:
        @staticmethod
        def to_str():
            return TOKENIZER_JSON

    eos_token_id = END

    def get_vocab(self):
        return {**TEXTS, **{name: 100 + i for i, name in enumerate(NAMES)}}


class SentencePiece:
    """A slow one on SentencePiece, which tells what its pieces are for."""

    vocab = {"<unk>": 0, "<s>": 1, "</s>": 2, "<0x0A>": 3, "\u2581x": 4, "y": 5, "<pad>": 6,
             "<tool_call>": 7}
    eos_token_id = 2
    all_special_ids = [1, 2]
    added_tokens_decoder = {6: AddedToken("<pad>", True), 7: AddedToken("<tool_call>", False)}

    class sp_model:
        get_piece_size = staticmethod(lambda: 6)
        is_unknown = staticmethod(lambda i: i == 0)
        is_control = staticmethod(lambda i: i in (1, 2))
        is_unused = staticmethod(lambda i: False)

    def get_vocab(self):
        return dict(self.vocab)


class Tiktoken:
    """One on tiktoken: special tokens are in a table of their own, and not in the vocabulary."""

    vocab_files_names = {"vocab_file": "qwen.tiktoken"}
    special_tokens = {"<|endoftext|>": 3, "<|im_start|>": 4, "<|im_end|>": 5}

    def get_vocab(self):
        return {b"a": 0, b"b": 1, b"ab": 2}


def kinds(info):
    return {i: info.token_kind(i) for i in range(info.vocab_size)}


def may_stand_in_a_string(info):
    """Tokens with a name that are allowed inside a JSON string."""
    compiled = xgr.GrammarCompiler(info).compile_json_schema({"type": "string"})
    matcher = xgr.GrammarMatcher(compiled)
    assert matcher.accept_string('"')
    return [i for i in range(100, info.vocab_size) if matcher.is_token_allowed(i)]


@pytest.mark.parametrize("vocab_size", [None, 128])
def test_fast(vocab_size):
    info = TokenizerInfo.from_huggingface(Fast(), vocab_size=vocab_size)
    assert info.vocab_type is VocabType.BYTE_LEVEL
    assert info.vocab_size == (vocab_size or 104) and info.stop_token_ids == [END]
    assert info.token_bytes(0) == b" "
    assert info.token_kind(START) is info.token_kind(THINK) is TokenKind.CONTROL
    assert info.token_kind(CALL) is TokenKind.NORMAL and info.token_name(END) == b"<|im_end|>"
    assert may_stand_in_a_string(info) == [CALL]


def test_fast_with_tokens_left_out():
    info = TokenizerInfo.from_huggingface(Fast(), vocab_size=102)
    assert (info.vocab_size, info.token_count, info.stop_token_ids) == (102, 102, [END])
    assert info.token_kind(START) is TokenKind.CONTROL and info.token_bytes(0) == b" "
    assert info.vocab_type is VocabType.BYTE_LEVEL and may_stand_in_a_string(info) == []
    short = TokenizerInfo.from_huggingface(Fast(), vocab_size=3)  # without its eos_token_id
    assert short.vocab_size == 3 and short.stop_token_ids == []


@pytest.mark.parametrize("tokenizer", [Fast, SentencePiece, Tiktoken])
def test_surplus(tokenizer):
    size = TokenizerInfo.from_huggingface(tokenizer()).vocab_size
    assert TokenizerInfo.from_huggingface(tokenizer(), vocab_size=size - 1).token_count == size - 1
    assert TokenizerInfo.from_huggingface(tokenizer(), vocab_size=size, surplus="error").token_count == size
    with pytest.raises(ValueError, match=f'expected a vocab_size of at least {size}, or surplus="cut"'):
        TokenizerInfo.from_huggingface(tokenizer(), vocab_size=size - 1, surplus="error")
    with pytest.raises(ValueError, match="surplus is 'x'; expected one of 'cut', 'error'"):
        TokenizerInfo.from_huggingface(tokenizer(), surplus="x")


def test_stop_names_are_one_list():
    """A vocabulary that says nothing about stop tokens has the same ones by every constructor."""
    names = ["<|endoftext|>", "<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|tool_call|>"]
    vocab = {**TEXTS, **{name: 100 + i for i, name in enumerate(names)}}
    text = json.dumps({**json.loads(TOKENIZER_JSON), "added_tokens": [
        {"id": 100 + i, "content": name, "special": True} for i, name in enumerate(names)]})

    class Nameless:
        def to_str(self):
            return text

        def get_vocab(self):
            return vocab

    texts = [""] * 105
    for name, i in vocab.items():
        texts[i] = name
    kinds = [TokenKind.CONTROL if i >= 100 else TokenKind.NORMAL for i in range(105)]
    for info in (TokenizerInfo.from_huggingface(Nameless()), TokenizerInfo.from_tokenizer_json(text),
                 TokenizerInfo(texts, VocabType.BYTE_LEVEL, token_kinds=kinds),
                 TokenizerInfo(texts, VocabType.BYTE_LEVEL)):
        assert info.stop_token_ids == [100, 101, 102, 103]


def test_fast_that_knows_of_more_than_its_backend():
    class More(Fast):
        all_special_ids = [END, CALL, 105]

        def get_vocab(self):
            return {**super().get_vocab(), "<late>": 105}

    info = TokenizerInfo.from_huggingface(More())
    assert info.vocab_size == 106 and info.token_kind(104) is TokenKind.UNUSED
    assert info.token_kind(CALL) is info.token_kind(105) is TokenKind.CONTROL
    assert info.token_name(105) == b"<late>" and may_stand_in_a_string(info) == []


def test_word_pieces_are_decoded():
    """No vocabulary type is that of WordPiece, so a tokenizer that knows of more hands over decoded tokens."""
    text = json.dumps({"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
                       "model": {"type": "WordPiece", "vocab": {"go": 0, "##ing": 1, "[SEP]": 2}}})

    class Words:
        all_special_ids = [2]

        def to_str(self):
            return text

        def get_vocab(self):
            return {"go": 0, "##ing": 1, "[SEP]": 2}

    info = TokenizerInfo.from_huggingface(Words())
    assert (info.token_bytes(0), info.token_bytes(1)) == (b" go", b"ing")
    assert info.token_kind(2) is TokenKind.CONTROL and info.token_name(2) == b"[SEP]"


def test_in_place_of_tokens():
    info, same = TokenizerInfo(Fast(), vocab_size=110, stop_token_ids=START), TokenizerInfo.from_huggingface(
        Fast(), vocab_size=110, stop_token_ids=START)
    assert info.dump_metadata() == same.dump_metadata() and info.decoded_vocab == same.decoded_vocab


def test_stop_tokens():
    assert TokenizerInfo.from_huggingface(Fast(), stop_token_ids=START).stop_token_ids == [START]
    with pytest.raises(ValueError):
        TokenizerInfo.from_huggingface(Fast(), stop_token_ids=[])

    class Nameless(Fast):
        eos_token_id = None

    assert TokenizerInfo.from_huggingface(Nameless()).stop_token_ids == [END]  # by its name

    class Several(Fast):
        eos_token_id = [END, START]

    assert TokenizerInfo.from_huggingface(Several()).stop_token_ids == [START, END]


def test_sentencepiece():
    info = TokenizerInfo.from_huggingface(SentencePiece())
    assert info.vocab_type is VocabType.BYTE_FALLBACK and info.add_prefix_space
    assert info.token_bytes(3) == b"\n" and info.token_bytes(4) == b" x"
    control, stop, normal = TokenKind.CONTROL, TokenKind.STOP, TokenKind.NORMAL
    assert kinds(info) == {0: control, 1: control, 2: stop, 3: normal, 4: normal, 5: normal,
                           6: control, 7: normal}
    cut = TokenizerInfo.from_huggingface(SentencePiece(), vocab_size=5)
    assert kinds(cut) == {0: control, 1: control, 2: stop, 3: normal, 4: normal}
    padded = TokenizerInfo.from_huggingface(SentencePiece(), vocab_size=16)
    assert padded.vocab_size == 16 and padded.token_kind(9) is TokenKind.UNUSED


def test_sentencepiece_that_says_little():
    class Plain:
        sp_model = object()

        def get_vocab(self):
            return {"a": 0, "</s>": 1}

    info = TokenizerInfo.from_huggingface(Plain())
    assert info.vocab_type is VocabType.RAW and info.stop_token_ids == [1]


def test_tiktoken():
    info = TokenizerInfo.from_huggingface(Tiktoken())
    assert info.vocab_type is VocabType.RAW and not info.add_prefix_space
    assert info.token_bytes(2) == b"ab" and info.vocab_size == 6
    assert info.stop_token_ids == [3, 5]
    assert info.token_kind(4) is TokenKind.CONTROL and info.token_name(4) == b"<|im_start|>"

    class Within(Tiktoken):
        """The table belongs to an encoding inside; the vocabulary is byte-level."""

        special_tokens = None
        eos_token_id = 4

        class model:
            _special_tokens = {"[BOS]": 3, "[EOS]": 4}

        def get_vocab(self):
            return {"\u0120": 0, "a": 1, "b": 2, "[BOS]": 3, "[EOS]": 4}

    info = TokenizerInfo.from_huggingface(Within())
    assert info.vocab_type is VocabType.BYTE_LEVEL and info.token_bytes(0) == b" "
    assert info.stop_token_ids == [4] and info.token_kind(3) is TokenKind.CONTROL


def test_the_package_tokenizers():
    tokenizers = pytest.importorskip("tokenizers")
    real = tokenizers.Tokenizer.from_str(json.dumps({
        **json.loads(TOKENIZER_JSON), "version": "1.0",
        "added_tokens": [{"id": 100 + i, "content": name, "special": name != "<tool_call>",
                          "single_word": False, "lstrip": False, "rstrip": False,
                          "normalized": False} for i, name in enumerate(NAMES)],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}}))
    info = TokenizerInfo.from_huggingface(real)
    assert info.vocab_type is VocabType.BYTE_LEVEL and info.vocab_size == 104
    assert info.stop_token_ids == [END] and info.token_kind(START) is TokenKind.CONTROL
    assert info.token_kind(CALL) is TokenKind.NORMAL


def test_neither():
    class Unknown:
        def get_vocab(self):
            return {"a": 0}

    for tokenizer in (Unknown(), object()):
        with pytest.raises(TypeError):
            TokenizerInfo.from_huggingface(tokenizer)
