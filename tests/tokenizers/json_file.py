"""What the package `tokenizers` makes of a tokenizer.json: the reference of check_files.py.

The bytes of a token behind others are what decoding [anchor, token, anchor] has between the two anchors. Where a
token is a part of a character, that shows replacement characters, so two more things are compared: the bytes that
the byte-level alphabet gives, written here once more, and the texts of random runs of tokens.
"""
from __future__ import annotations

import json
import random
from typing import Any


def alphabet() -> dict[str, int]:
    """Character -> byte of the byte-level alphabet."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    out = {chr(byte): byte for byte in plain}
    out.update((chr(256 + i), byte) for i, byte in enumerate(b for b in range(256) if b not in plain))
    return out


ALPHABET = alphabet()


def part_names(decoder: Any) -> list[str]:
    if decoder is None:
        return []
    if decoder["type"] == "Sequence":
        return [name for part in decoder["decoders"] for name in part_names(part)]
    return [decoder["type"]]


def decode(reference: Any, ids: list[int]) -> str | None:
    """None where the library breaks off: its Strip does, on a token that it would strip twice."""
    try:
        return str(reference.decode(ids, skip_special_tokens=False))
    except BaseException as error:  # a panic of Rust is no Exception
        if type(error).__name__ != "PanicException":
            raise
        return None


def between(whole: str, before: str, behind: str) -> str | None:
    if whole.startswith(before) and whole.endswith(behind) and len(whole) >= len(before) + len(behind):
        return whole[len(before):len(whole) - len(behind)]
    return None


def find_anchor(reference: Any, info: Any, ids: list[int]) -> int | None:
    """A token that stands for itself wherever it is."""
    for i in ids:
        text = info.token_bytes(i)
        byte_piece = reference.id_to_token(i).startswith("<0x")
        if byte_piece or not text.strip().isalnum() or not text.isascii():
            continue
        alone, twice = (decode(reference, [i] * n) for n in (1, 2))
        if alone is not None and twice == alone + text.decode():
            return i
    return None


def check(contents: bytes, info: Any, library: Any, seed: int = 0) -> tuple[list[str], int]:
    """Differences, and how many tokens were compared."""
    text = contents.decode()
    reference = library.Tokenizer.from_str(text)
    names = part_names(json.loads(text).get("decoder"))
    problems = []
    # From 0.23 on the library writes added tokens normalized where they are marked so; earlier ones, and we, do not.
    as_written = {token["id"]: token["content"] for token in json.loads(text).get("added_tokens") or ()
                  if token.get("normalized")}
    other = {i for i, content in as_written.items() if reference.id_to_token(i) != content}
    if other:
        print(f"    {len(other)} added tokens are normalized by this version of the library: not compared")
    ids = [i for i in range(info.token_count) if info.token_kind(i).name in ("NORMAL", "UNUSED")]
    ids = [i for i in ids if reference.id_to_token(i) is not None and i not in other]
    anchor = find_anchor(reference, info, ids)
    if anchor is None:
        return ["no token to compare others with"], 0
    before = decode(reference, [anchor]) or ""
    behind = info.token_bytes(anchor).decode()
    for i in ids:
        ours, spelled = info.token_bytes(i), reference.id_to_token(i)
        if names == ["ByteLevel"]:
            mapped = [ALPHABET.get(c) for c in spelled]
            theirs = spelled.encode() if None in mapped else bytes(mapped)
            if ours != theirs:
                problems.append(f"token {i} {spelled!r}: {ours!r}, the alphabet says {theirs!r}")
            if b"\xef\xbf\xbd" in ours.decode("utf-8", "replace").encode():
                continue
        whole = decode(reference, [anchor, i, anchor])
        if whole is None:
            continue
        theirs = between(whole, before, behind)
        if ours.decode("utf-8", "replace") != theirs:
            problems.append(f"token {i} {spelled!r}: {ours!r}, the library has {theirs!r} in {whole!r}")
    choice = random.Random(seed)
    for _ in range(1000):
        run = [choice.choice(ids) for _ in range(choice.randrange(1, 8))]
        ours = b"".join(info.token_bytes(i) for i in run)
        try:
            expected = before + ours.decode() + behind
        except UnicodeDecodeError:
            continue
        if decode(reference, [anchor, *run, anchor]) not in (expected, None):
            problems.append(f"tokens {run}: {ours!r} differs")
    for i in range(info.token_count):
        if i in other:
            continue
        if info.token_kind(i).name == "CONTROL" and info.token_name(i).decode() != reference.id_to_token(i):
            problems.append(f"control token {i}: {info.token_name(i)!r}, the library has {reference.id_to_token(i)!r}")
        if info.token_kind(i).name == "UNUSED" and reference.id_to_token(i) and i not in ids:
            problems.append(f"token {i} is unused, the library has {reference.id_to_token(i)!r}")
    return problems, len(ids)
