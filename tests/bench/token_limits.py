"""Outputs under a limit of tokens, of real schemas, checked by an independent validator.

  python tests/bench/token_limits.py SCHEMAS.jsonl[.gz] VOCABULARY_DIR NAME [--schemas 200] [--seeds 2]

SCHEMAS holds a JSON object a line with "id", "schema" and, of a sample, "sample"; of the sample, so many
evenly spaced ones are taken. The vocabulary is read by a module `vocab` in VOCABULARY_DIR, as benchmark
harnesses have it. With `min` tokens needed, the limits are min, min + 1, min + 7, 2 min and min + 100. No
mask may be empty, every output has to be complete within its limit, and the package `jsonschema` has to
find it valid. Prints what fails, the times of masks under a limit, and last a line of counts.
"""
import argparse
import collections
import gzip
import json
import random
import sys
import time

import numpy as np
from random_documents import validator, verdict

LIMITS = (lambda n: n, lambda n: n + 1, lambda n: n + 7, lambda n: 2 * n, lambda n: n + 100)


class LimitedWalk:
    """Random walks over the tokens that a matcher with a limit allows."""

    def __init__(self, engine, vocab):
        from xgr._library import ffi, lib

        self.engine, self.vocab, self.ffi, self.lib = engine, vocab, ffi, lib
        self.stop = np.zeros(engine.words, np.uint32)
        for token in vocab.stop:
            self.stop[token >> 5] |= np.uint32(1 << (token & 31))
        self.times = []  # seconds of this thread, so that other programs matter less

    def needed(self):
        """(tokens, whether that is exact, seconds)"""
        tokens, exact = self.ffi.new("uint64_t *"), self.ffi.new("int32_t *")
        begin = time.thread_time()
        status = self.lib.xgr_matcher_min_tokens_to_finish(self.engine.m, tokens, exact)
        seconds = time.thread_time() - begin
        if status:
            message = self.ffi.string(self.lib.xgr_status_message(status)).decode()
            raise RuntimeError(f"min_tokens_to_finish: {message}")
        return tokens[0], bool(exact[0]), seconds

    def document(self, limit, seed):
        """(text, what is wrong with it or None)"""
        choices, engine, text = random.Random(seed), self.engine, b""
        engine.start()
        self.lib.xgr_matcher_set_token_limit(engine.m, limit)
        for _ in range(limit):
            begin = time.thread_time()
            engine.mask()
            self.times.append(time.thread_time() - begin)
            words = np.flatnonzero(engine.bits & ~self.stop)
            if words.size == 0:
                return text, None if (engine.bits & self.stop).any() else "empty mask"
            # Any token can come, though not all with the same probability.
            word = int(words[choices.randrange(words.size)])
            there = int(engine.bits[word] & ~self.stop[word])
            token = word * 32 + choices.choice([bit for bit in range(32) if there >> bit & 1])
            if not engine.accept(token):
                return text, f"token {token} of the mask is refused"
            text += self.vocab.raw[token]
        engine.mask()
        return text, None if (engine.bits & self.stop).any() else "not complete in time"


def check(record, walk, seeds, count, slowest):
    engine = walk.engine
    try:
        engine.compile(json.dumps(record["schema"]))
    except Exception:
        count["refused schemas"] += 1
        return
    engine.start()
    try:
        needed, exact, seconds = walk.needed()
    except RuntimeError as error:
        count["no minimum"] += 1
        print("ERROR", record["id"], error, flush=True)
        return
    count["exact minimums" if exact else "inexact minimums"] += 1
    slowest.append((seconds, record["id"], needed))
    judge = validator(record["schema"])
    for limit in sorted({limit(needed) for limit in LIMITS}):
        for seed in range(seeds):
            try:
                text, wrong = walk.document(limit, seed)
            except RuntimeError as error:
                text, wrong = b"", str(error)
            if wrong:
                count["failed"] += 1
                print("FAILED", record["id"], f"min {needed} limit {limit}: {wrong}", text[-100:], flush=True)
                continue
            found = verdict(judge, text)
            count[found] += 1
            if found == "invalid":
                print("INVALID", record["id"], f"limit {limit}", text[:300], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas")
    parser.add_argument("vocabulary")
    parser.add_argument("name")
    parser.add_argument("--schemas", type=int, default=200, dest="number")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", help="the schema with this id")
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.vocabulary)
    from engine import Libxgr
    from vocab import Vocab

    vocab = Vocab(arguments.name)
    engine = Libxgr()
    engine.load(vocab)
    walk = LimitedWalk(engine, vocab)
    opener = gzip.open if arguments.schemas.endswith(".gz") else open
    with opener(arguments.schemas, "rt") as file:
        records = [record for record in map(json.loads, file) if record.get("sample")]
    if arguments.only:
        records = [record for record in records if record["id"] == arguments.only]
    chosen = [records[i * len(records) // arguments.number] for i in range(arguments.number)]
    if arguments.only:
        chosen = records
    count, slowest = collections.Counter(), []
    for record in chosen:
        begin, masks = time.perf_counter(), len(walk.times)
        check(record, walk, arguments.seeds, count, slowest)
        seconds = time.perf_counter() - begin
        if seconds > 10:
            print("SLOW", record["id"], f"{seconds:.0f} s, {len(walk.times) - masks} masks", flush=True)
    if walk.times:
        at = np.percentile(np.array(walk.times) * 1e6, [50, 90, 99, 99.9, 100])
        print("masks", len(walk.times), "us: p50 %.1f p90 %.1f p99 %.1f p99.9 %.1f max %.0f" % tuple(at))
    for seconds, name, needed in sorted(slowest, reverse=True)[:5]:
        print(f"minimum {needed} of {name}: {seconds * 1e3:.1f} ms")
    print(", ".join(f"{name} {n}" for name, n in count.most_common()))
    return 1 if count["invalid"] or count["failed"] or count["no minimum"] else 0


if __name__ == "__main__":
    sys.exit(main())
