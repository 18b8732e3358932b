#!/usr/bin/env python3
"""Train the examples' vocabulary: a byte-level BPE of 4,096 tokens.

    python3 examples/vocabulary/train.py            writes vocabulary.tokens
    python3 examples/vocabulary/train.py --size N   another number of tokens

The corpus is the project's own text: the samples beside this script, the
pages of the manual, the headers and the sources. The result is committed and
only changes when someone runs this again. The same corpus gives the same
vocabulary: of the most frequent pairs the smallest one, by bytes, is merged.

One line of vocabulary.tokens is one token, in the order of their ids: a kind
(n normal, c control, s stop), a space, and the token's text, in which a
backslash, a space and every byte outside of printable ASCII is written \\xNN.
"""
import argparse
import collections
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SPECIAL = [("s", b"<|end|>"), ("c", b"<|start|>"), ("c", b"<|tool|>"), ("c", b"<|pad|>")]
SAMPLE_WEIGHT = 4  # the samples resemble what a model writes; the sources are there for volume
# A word is a run of letters, of up to three digits, of punctuation or of white space;
# a single space belongs to the word that follows it.
WORD = re.compile(r" ?[^\W\d_]+| ?\d{1,3}| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def corpus():
    """(text, weight) of every file, in a fixed order."""
    for path in sorted(HERE.glob("*.txt")):
        yield path.read_text(encoding="utf-8"), SAMPLE_WEIGHT
    for pattern in ("*.md", "docs/*.md", "include/xgr/*.h", "src/*/**/*.h", "src/*/**/*.cc"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8"), 1


def count_words():
    words = collections.Counter()
    for text, weight in corpus():
        for word in WORD.findall(text):
            words[word.encode("utf-8")] += weight
    return words


class Trainer:
    """Words as lists of tokens, and how often each pair of tokens stands side by side."""

    def __init__(self, words):
        self.words = [[bytes([byte]) for byte in word] for word in words]
        self.counts = list(words.values())
        self.pairs = collections.Counter()
        self.where = collections.defaultdict(set)
        for index in range(len(self.words)):
            self._count_pairs(index, +1)

    def _count_pairs(self, index, sign):
        word = self.words[index]
        for pair in zip(word, word[1:]):
            self.pairs[pair] += sign * self.counts[index]
            if sign > 0:
                self.where[pair].add(index)

    def best_pair(self):
        pair, count = min(self.pairs.items(), key=lambda item: (-item[1], item[0]))
        return pair if count > 1 else None

    def merge(self, pair):
        """Make one token of the pair wherever it stands."""
        for index in self.where.pop(pair):
            self._count_pairs(index, -1)
            old, new = self.words[index], []
            for token in old:
                if new and (new[-1], token) == pair:
                    new[-1] += token
                else:
                    new.append(token)
            self.words[index] = new
            self._count_pairs(index, +1)
        del self.pairs[pair]
        return pair[0] + pair[1]


def train(size):
    """The normal tokens: 256 single bytes, then the merged ones in the order of merging."""
    tokens = [bytes([byte]) for byte in range(256)]
    known = set(tokens)
    trainer = Trainer(count_words())
    while len(tokens) < size:
        pair = trainer.best_pair()
        if pair is None:
            break
        merged = trainer.merge(pair)
        if merged not in known:  # two pairs can spell the same token
            known.add(merged)
            tokens.append(merged)
    return tokens


def escape(token):
    return "".join(chr(b) if 0x20 < b < 0x7F and b != 0x5C else f"\\x{b:02x}" for b in token)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--size", type=int, default=4096)
    options = parser.parse_args()
    lines = [("n", token) for token in train(options.size - len(SPECIAL))] + SPECIAL
    text = "".join(f"{kind} {escape(token)}\n" for kind, token in lines)
    (HERE / "vocabulary.tokens").write_text(text, encoding="ascii")
    print(f"{len(lines)} tokens, {sum(len(token) for _, token in lines)} bytes")


main()
