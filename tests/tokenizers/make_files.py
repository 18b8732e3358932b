#!/usr/bin/env python3
"""Trains small tokenizers of every model with every decoder that goes with it, and writes their tokenizer.json.

    python3 tests/tokenizers/make_files.py FOLDER

Needs the package tokenizers. The files under tests/tokenizers/files were made by it.
"""
from __future__ import annotations

import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # type: ignore[import-not-found]

TEXT = ["The house stands by the river, and the river runs to the sea.", "She isn't here; they've gone fishing.",
        "def area(width, height):\n    return width * height", "{\"name\": \"Zoë\", \"age\": 41, \"tags\": [\"a\", \"b\"]}",
        "Straße, naïve, été, niño, Ångström", "река течёт к морю", "川は海へ流れる 🌊🌊", "1234567890 + 3.14 = ?"]
SPECIAL = ["<unk>", "<s>", "</s>"]


def byte_level(add_prefix_space: bool = False) -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=340, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    made.add_tokens(["<think>", "</think>", "Ġadded", "two words"])
    return made


def byte_fallback() -> Tokenizer:
    pieces = {name: i for i, name in enumerate(SPECIAL)}
    for byte in range(256):
        pieces[f"<0x{byte:02X}>"] = len(pieces)
    for text in TEXT:
        for char in text.replace(" ", "▁"):
            pieces.setdefault(char, len(pieces))
    merges = []
    for left, right in [("▁", "t"), ("h", "e"), ("▁t", "he"), ("▁", "r"), ("i", "n"), ("in", "g"), ("▁", "▁")]:
        pieces.setdefault(left + right, len(pieces))
        merges.append((left, right))
    made = Tokenizer(models.BPE(pieces, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                      decoders.Strip(" ", 1, 0)])
    made.add_special_tokens(SPECIAL)
    made.add_tokens(["▁▁▁", "<tool>"])
    return made


def unigram() -> Tokenizer:
    made = Tokenizer(models.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Metaspace()
    made.train_from_iterator(TEXT, trainers.UnigramTrainer(vocab_size=120, unk_token="<unk>", special_tokens=SPECIAL,
                                                           show_progress=False))
    return made


def word_piece() -> Tokenizer:
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.train_from_iterator(TEXT, trainers.WordPieceTrainer(
        vocab_size=160, special_tokens=["[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    return made


def word_ends() -> Tokenizer:
    made = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.decoder = decoders.BPEDecoder()
    made.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=220, special_tokens=SPECIAL, end_of_word_suffix="</w>",
                                                       show_progress=False))
    return made


def words() -> Tokenizer:
    made = Tokenizer(models.WordLevel(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(TEXT, trainers.WordLevelTrainer(special_tokens=SPECIAL, show_progress=False))
    return made


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("byte_level", byte_level), ("byte_fallback", byte_fallback), ("unigram", unigram),
                       ("word_piece", word_piece), ("word_ends", word_ends), ("words", words)):
        (folder / f"{name}.json").write_text(make().to_str(pretty=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
