#!/usr/bin/env python3
"""What first uses cost, in time and memory: the tables of docs/performance.md.

  python3 tests/bench/first_use.py VOCABULARY...     # needs the package xgr

VOCABULARY has a token a line, by id (a letter, a space, its bytes in base64: see vocabulary.h), and may be
gzipped. Times are CPU time of one thread, the middle one of five rounds; each round begins with a new compiler.
Cold: no output has been there before. Warm: the same output once more. The documents are cut into the longest
tokens. Memory is what the getters of the package report.
"""
import base64
import gzip
import json
import pathlib
import statistics
import sys
import time

import xgr

ROUNDS = 5
KINDS = {"N": xgr.TokenKind.NORMAL, "B": xgr.TokenKind.NORMAL, "C": xgr.TokenKind.CONTROL,
         "E": xgr.TokenKind.STOP, "U": xgr.TokenKind.UNUSED}
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/grammars"
KIB = 1024


def clock():
    return time.thread_time_ns() / 1000  # microseconds


def timed(call):
    start = clock()
    result = call()
    return result, clock() - start


def read_vocabulary(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="ascii") as file:
        lines = [line.rstrip("\n") for line in file]
    kinds = [KINDS[line[0]] for line in lines]
    return [b"" if line[0] == "U" else base64.b64decode(line[2:]) for line in lines], kinds


def longest_tokens(texts, kinds):
    """A function from text to the ids of the longest tokens it begins with, one after the other."""
    ids = {text: i for i, text in enumerate(texts) if kinds[i] == xgr.TokenKind.NORMAL}
    longest = max(map(len, ids))

    def cut(text):
        data, out, at = text.encode(), [], 0
        while at < len(data):
            size = next(n for n in range(longest, 0, -1) if data[at:at + n] in ids)
            out.append(ids[data[at:at + size]])
            at += size
        return out

    return cut


def sources():
    """(name, a function that compiles it, an output)"""
    call = {"type": "object", "properties": {
        "name": {"const": "get_weather"},
        "arguments": {"type": "object", "properties": {
            "city": {"type": "string", "maxLength": 40}, "unit": {"enum": ["celsius", "fahrenheit"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 14}}, "required": ["city", "unit"],
            "additionalProperties": False}}, "required": ["name", "arguments"], "additionalProperties": False}
    kinds = [({"type": "string"}, "some text"), ({"type": "integer"}, 12345), ({"type": "number"}, 0.25),
             ({"type": "string", "format": "date"}, "2024-02-29"), ({"type": "array", "items": {"type": "boolean"}}, [True]),
             ({"enum": ["low", "middle", "high"]}, "middle")]
    form = {"type": "object", "properties": {f"field_{i}": kinds[i % 6][0] for i in range(60)},
            "required": [f"field_{i}" for i in range(60)], "additionalProperties": False}
    filled = {f"field_{i}": kinds[i % 6][1] for i in range(60)}
    sql = (EXAMPLES / "sql.ebnf").read_text(encoding="utf-8")
    query = (EXAMPLES / "sql.accept").read_text(encoding="utf-8").split("\n----\n")[3]
    return [
        ("a function call, 3 arguments", lambda c: c.compile_json_schema(call, strict_mode=False),
         json.dumps({"name": "get_weather", "arguments": {"city": "São Paulo", "unit": "celsius", "days": 3}})),
        ("an object of 60 properties", lambda c: c.compile_json_schema(form, strict_mode=False), json.dumps(filled)),
        ("any JSON", lambda c: c.compile_builtin_json_grammar(), json.dumps(filled)),
        ("SQL, in EBNF", lambda c: c.compile_grammar(sql), query),
    ]


def write(grammar, tokens):
    """Goes through an output; microseconds of each mask, and the matcher."""
    matcher = xgr.GrammarMatcher(grammar)
    mask = xgr.allocate_token_bitmask(1, grammar.tokenizer_info.vocab_size)
    times = []
    for token in tokens:
        times.append(timed(lambda: matcher.fill_next_token_bitmask(mask))[1])
        if not matcher.accept_token(token):
            raise SystemExit(f"token {token} was rejected")
    return times, matcher


def measure(info, compile_source, tokens):
    rounds = []
    for _ in range(ROUNDS):
        compiler = xgr.GrammarCompiler(info, max_threads=1)
        grammar, compile_time = timed(lambda: compile_source(compiler))
        compiled_size = grammar.memory_size_bytes
        cold, _ = write(grammar, tokens)
        warm, matcher = write(grammar, tokens)
        sizes = (compiled_size, compiler.memory_size_bytes, matcher.memory_size_bytes)
        fresh = compile_source(xgr.GrammarCompiler(info, max_threads=1))
        warm_up_time = timed(fresh.warm_up)[1]
        ahead, _ = write(fresh, tokens)
        rounds.append((compile_time, sum(cold), max(cold), statistics.median(warm), warm_up_time, sum(ahead), *sizes))
    return [statistics.median(column) for column in zip(*rounds)]


def main(paths):
    for path in paths:
        texts, kinds = read_vocabulary(path)
        info, creation = timed(lambda: xgr.TokenizerInfo(texts, token_kinds=kinds))
        compiler, empty = timed(lambda: xgr.GrammarCompiler(info, max_threads=1))
        print(f"{pathlib.Path(path).name}: {info.vocab_size} tokens; tokenizer {creation / 1000:.0f} ms, "
              f"{info.memory_size_bytes / KIB / KIB:.1f} MiB; compiler {empty / 1000:.2f} ms, "
              f"{compiler.memory_size_bytes / KIB:.0f} KiB; a mask {info.mask_words * 4 / KIB:.0f} KiB")
        print("| source | tokens | compile ms | first output: all masks ms | slowest mask µs | second output: "
              "mask µs | warm-up ms | then first output ms | grammar KiB | in the compiler after it KiB | matcher KiB |")
        cut = longest_tokens(texts, kinds)
        for name, compile_source, text in sources():
            tokens = cut(text)
            compile_time, cold, slowest, warm, warm_up_time, ahead, size, grown, matcher = measure(
                info, compile_source, tokens)
            print(f"| {name} | {len(tokens)} | {compile_time / 1000:.2f} | {cold / 1000:.2f} | {slowest:.0f} | "
                  f"{warm:.1f} | {warm_up_time / 1000:.1f} | {ahead / 1000:.2f} | {size / KIB:.0f} | "
                  f"{grown / KIB:.0f} | {matcher / KIB:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
