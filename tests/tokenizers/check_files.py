#!/usr/bin/env python3
"""Compares the bytes of every token of tokenizer files with the libraries that the files are from.

    python3 tests/tokenizers/check_files.py FILE...                 # real files
    python3 tests/tokenizers/check_files.py --random 5000 --seed 7  # small random tokenizer.json files

Needs the package xgr, and the package of the format: tokenizers for tokenizer.json. A file that is refused is told,
with the reason; it is no difference. Ends with 1 when there are differences. `--write` keeps the bytes of files without
differences in FILE.bytes, a token a line in hexadecimal digits, for the test same_bytes.
"""
from __future__ import annotations

import argparse
import collections
import pathlib
import random
import re
import sys

import tokenizers  # type: ignore[import-not-found]

import json_file
import random_json
import xgr


def check_one(contents: bytes) -> tuple[str, list[str], int]:
    """What became of a file, its differences, how many tokens were compared."""
    try:
        info = xgr.TokenizerInfo.from_file(contents, stop_token_ids=[])
    except xgr.XgrError as error:
        return f"refused: {error}", [], 0
    problems, count = json_file.check(contents, info, tokenizers)
    return f"{info.findings['format']}, {'+'.join(info.findings['decoder']) or 'no decoder'}", problems, count


def check_files(names: list[str], write: bool) -> int:
    wrong = 0
    for name in names:
        told, problems, count = check_one(pathlib.Path(name).read_bytes())
        print(f"{pathlib.Path(name).name}: {told}: {count} tokens, {len(problems)} differences")
        for problem in problems[:10]:
            print("   ", problem)
        wrong += len(problems)
        if write and count and not problems:
            write_bytes(pathlib.Path(name))
    return wrong


def write_bytes(path: pathlib.Path) -> None:
    info = xgr.TokenizerInfo.from_file(path.read_bytes(), stop_token_ids=[])
    lines = [info.token_bytes(i).hex() for i in range(info.token_count)]
    pathlib.Path(f"{path}.bytes").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def check_random(count: int, seed: int) -> int:
    wrong, tokens = 0, 0
    told: collections.Counter[str] = collections.Counter()
    for i in range(count):
        text = random_json.file(random.Random(f"{seed} {i}"))
        outcome, problems, compared = check_one(text.encode())
        real = [problem for problem in problems if not problem.startswith("no token to compare")]
        told["no anchor" if len(real) < len(problems) else re.sub(r"/decoder\S* ", "", outcome)[:60]
             if outcome.startswith("refused") else "compared"] += 1
        tokens += compared
        wrong += len(real)
        if real and wrong < 50:
            print(f"file {i}: {outcome}\n    {text[text.index('decoder'):][:400]}")
            for problem in real[:4]:
                print("   ", problem)
    for outcome, times in told.most_common():
        print(f"{times:7} {outcome}")
    print(f"{tokens} tokens, {wrong} differences, tokenizers {tokenizers.__version__}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--write", action="store_true", help="keep the bytes in FILE.bytes")
    parser.add_argument("--random", type=int, default=0, help="so many small random files")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    return int(check_files(arguments.files, arguments.write) + check_random(arguments.random, arguments.seed) > 0)


if __name__ == "__main__":
    sys.exit(main())
