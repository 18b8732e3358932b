#!/usr/bin/env python3
"""Turn vocabulary.tokens into C arrays: embed.py vocabulary.tokens vocabulary.c"""
import re
import sys

KINDS = {"n": 0, "c": 1, "s": 2}  # XGR_TOKEN_KIND_NORMAL, _CONTROL, _STOP


def read_tokens(path):
    """(kind, bytes) of each token, in the order of their ids."""
    with open(path, encoding="ascii") as file:
        for line in file:
            text = re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), line[2:-1])
            yield line[0], text.encode("latin-1")


def c_array(declaration, numbers):
    lines = [", ".join(map(str, numbers[start:start + 24])) for start in range(0, len(numbers), 24)]
    return f"const {declaration}[] = {{\n  " + ",\n  ".join(lines) + "};\n"


def main(source, target):
    tokens = list(read_tokens(source))
    everything = b"".join(token for _, token in tokens)
    with open(target, "w", encoding="ascii") as file:
        file.write('#include "vocabulary.h"\n\n')
        file.write(f"const size_t example_token_count = {len(tokens)};\n")
        file.write(f"const size_t example_token_bytes_size = {len(everything)};\n")
        file.write(c_array("uint8_t example_token_bytes", everything))
        file.write(c_array("uint32_t example_token_sizes", [len(token) for _, token in tokens]))
        file.write(c_array("uint8_t example_token_kinds", [KINDS[kind] for kind, _ in tokens]))


main(*sys.argv[1:])
