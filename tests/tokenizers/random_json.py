"""Small random files: every model with every decoder, and tokens that are hard for them."""
from __future__ import annotations

import json
import random
from typing import Any

PIECES = ["a", "b", "ab", "##a", "##", "##ab", "a##", "▁", "▁a", "a▁b", "▁▁", "_a", "a_", "Ġ", "Ġa", "é", "Ġé", "a b", " ",
          "  ", " a ", "</w>", "a</w>", "</w>a", "<0x0A>", "<0xFF>", "<0xE2>", "<0x96>", "<0x81>", "<0x+A>", "<0xG0>",
          "<0x41>", ".", " .", "?", "n't", " n't", "' s", "do not", "'ve", "你", "好a", "Ã", "©", "ď", "\u00ad", "\n",
          "<unk>", "|", "<pad>", "~", "é你", "\u0143", "\u0144", "aa", "aaa", "x.y", "xzy"]


def decoder(choice: random.Random, depth: int = 0) -> Any:
    kind = choice.choice(["ByteLevel", "ByteFallback", "Metaspace", "Replace", "Replace", "Fuse", "Strip", "WordPiece",
                          "BPEDecoder", "CTC", None] + ["Sequence"] * (4 if depth < 2 else 0))
    if kind is None:
        return {"type": "Fuse"} if depth else None
    made: dict[str, Any] = {"type": kind}
    if kind == "ByteLevel":
        made.update(add_prefix_space=choice.random() < 0.5, trim_offsets=True, use_regex=True)
    elif kind == "Metaspace":
        scheme = choice.choice(["always", "never", "first"])
        made.update(replacement=choice.choice("▁▁_"), prepend_scheme=scheme, split=True,
                    add_prefix_space=scheme != "never")  # old versions need it
    elif kind == "Replace":
        how = choice.choice(["String", "String", "Regex"])
        made.update(pattern={how: choice.choice(["▁", "_", "aa", "x.y", "a", "##", " ", "é", r"x\.y"])},
                    content=choice.choice([" ", "", "_", "a", "▁"]))
    elif kind == "Strip":
        made.update(content=choice.choice([" ", "a", "▁"]), start=choice.randrange(3), stop=choice.choice([0, 0, 1]))
    elif kind == "WordPiece":
        made.update(prefix=choice.choice(["##", "##", "", "a"]), cleanup=choice.random() < 0.5)
    elif kind == "BPEDecoder":
        made.update(suffix=choice.choice(["</w>", "a", "</w>"]))
    elif kind == "CTC":
        made.update(pad_token="<pad>", word_delimiter_token="|", cleanup=True)
    elif kind == "Sequence":
        made["decoders"] = [decoder(choice, depth + 1) for _ in range(choice.randrange(5))]
    return made


def file(choice: random.Random) -> str:
    pieces = [p for p in PIECES if choice.random() < 0.8] + ["q", "zz", "w"]
    extra = choice.sample([*PIECES, "added", "Ġadded", "▁added", "é"], 4)
    model_type = choice.choice(["BPE", "Unigram", "WordPiece", "WordLevel"])
    model: dict[str, Any] = {"type": model_type}
    if model_type == "Unigram":
        model.update(unk_id=0, vocab=[[piece, -1.0] for piece in pieces], byte_fallback=False)
    else:
        model["vocab"] = {piece: i for i, piece in enumerate(pieces)}
    if model_type == "BPE":
        model.update(merges=[], unk_token=None, byte_fallback=choice.random() < 0.5, ignore_merges=choice.random() < 0.5,
                     end_of_word_suffix=choice.choice([None, "</w>"]), continuing_subword_prefix=None)
    elif model_type != "Unigram":
        model.update(unk_token="a")
    if model_type == "WordPiece":
        model.update(continuing_subword_prefix="##", max_input_chars_per_word=100)
    added, next_id = [], len(pieces)
    for content in dict.fromkeys(extra):
        known = content in pieces
        token_id = pieces.index(content) if known else next_id
        next_id += not known
        added.append({"id": token_id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
                      "normalized": choice.random() < 0.5, "special": choice.random() < 0.3})
    added.sort(key=lambda token: token["id"])
    return json.dumps({"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
                       "pre_tokenizer": None, "post_processor": None, "decoder": decoder(choice), "model": model},
                      ensure_ascii=False)
