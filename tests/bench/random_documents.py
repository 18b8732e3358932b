"""Random constrained documents of real schemas, checked by an independent validator.

  python tests/bench/random_documents.py SCHEMAS.jsonl[.gz] VOCABULARY_DIR NAME [--documents 20] [--any-order]

SCHEMAS holds a JSON object a line with "id", "schema" and, of a sample, "sample". The vocabulary is read
by a module `vocab` in VOCABULARY_DIR, as benchmark harnesses have it. Every document has to finish,
and the package `jsonschema` has to find it valid. Prints what fails, and last a line of counts.
"""
import argparse
import collections
import gzip
import json
import random
import sys

import numpy as np

MAX_TOKENS = 3000
CLOSERS = [b'"', b"}", b"]", b'"}', b'"]', b"}}", b"]}", b"0", b"e", b","]


class Walk:
    """Random walks over the tokens that a matcher allows."""

    def __init__(self, engine, vocab, seed):
        self.engine, self.vocab = engine, vocab
        self.random = random.Random(seed)
        self.stop = set(vocab.stop)
        self.close = [vocab.raw.index(text) for text in CLOSERS if text in vocab.raw]

    def document(self):
        """(text, whether it is finished)"""
        self.engine.start()
        text, patience = b"", self.random.choice([5, 20, 60])
        for step in range(MAX_TOKENS):
            self.engine.mask()
            token = self.choose(step > patience)
            if token is None:
                return text, False
            if not self.engine.accept(token):
                raise RuntimeError(f"token {token} of the mask is refused behind {text[-200:]}")
            if token in self.stop:
                return text, True
            text += self.vocab.raw[token]
        return text, None

    def choose(self, hurry):
        bits = self.engine.bits
        words = np.flatnonzero(bits)
        if words.size == 0:
            return None
        if hurry:
            stops = [t for t in self.stop if bits[t >> 5] >> (t & 31) & 1]
            near = stops or [t for t in self.close if bits[t >> 5] >> (t & 31) & 1]
            if near and self.random.random() < 0.97:
                return near[0] if self.random.random() < 0.7 else self.random.choice(near)
        # Any token can come, though not all with the same probability: listing them would take longer
        # than everything else.
        word = int(words[self.random.randrange(words.size)])
        there = [bit for bit in range(32) if int(bits[word]) >> bit & 1]
        return word * 32 + self.random.choice(there)


def validator(schema):
    import jsonschema

    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    return kind(schema)


def verdict(judge, text):
    """What the validator says of a document, as it is counted."""
    try:
        return "valid" if judge.is_valid(json.loads(text)) else "invalid"
    except RecursionError:
        return "too deep for the validator"
    except Exception as error:  # unresolvable references, broken patterns
        return f"validator: {type(error).__name__}"


def check(record, walk, documents, count):
    engine = walk.engine
    try:
        engine.compile(json.dumps(record["schema"]))
    except Exception:
        count["refused schemas"] += 1
        return
    judge = validator(record["schema"])
    for _ in range(documents):
        try:
            text, finished = walk.document()
        except RuntimeError as error:
            count["errors"] += 1
            print("ERROR", record["id"], error)
            continue
        if not finished:
            count["dead ends" if finished is False else "unfinished"] += 1
            if finished is False:
                print("DEAD END", record["id"], text[-200:])
            continue
        found = verdict(judge, text)
        count[found] += 1
        if found == "invalid":
            why = next(judge.iter_errors(json.loads(text)))
            print("INVALID", record["id"], why.json_path, why.message[:200], text[:300])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas")
    parser.add_argument("vocabulary")
    parser.add_argument("name")
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--all", action="store_true", help="not only the sample")
    parser.add_argument("--any-order", action="store_true")
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.vocabulary)
    from engine import Libxgr
    from vocab import Vocab

    vocab = Vocab(arguments.name)
    engine = Libxgr()
    engine.any_order = arguments.any_order
    engine.load(vocab)
    walk = Walk(engine, vocab, seed=5)
    count = collections.Counter()
    opener = gzip.open if arguments.schemas.endswith(".gz") else open
    with opener(arguments.schemas, "rt") as file:
        for line in file:
            record = json.loads(line)
            if arguments.all or record.get("sample"):
                check(record, walk, arguments.documents, count)
    print(", ".join(f"{name} {n}" for name, n in count.most_common()))
    return 1 if count["invalid"] or count["dead ends"] or count["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
