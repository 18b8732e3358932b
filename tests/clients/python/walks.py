"""What a client did, step by step: the masks it saw and the tokens it chose, so that two libraries can be
compared.

A client runs once for each side: with the original, with this package in its place ("drop-in"), with the
plug-in of this package. The first run chooses tokens; the others replay them.
"""
import json
import pathlib
import random
import zlib

MAX_TOKENS = 48


class Walk:
    """One output. A client gives three functions: mask() -> the words of the next mask; accept(token) -> whether
    it was taken; ended()."""

    def __init__(self, mask, accept, ended):
        self.mask, self.accept, self.ended = mask, accept, ended


def allowed(words, size):
    """The tokens of a mask."""
    return [token for token in range(size) if words[token >> 5] >> (token & 31) & 1]


def as_words(mask):
    """Words of a mask as a list, of a tensor, an array or a list."""
    values = mask.tolist() if hasattr(mask, "tolist") else list(mask)
    return [value & 0xffffffff for value in (values[0] if isinstance(values[0], list) else values)]


def words_of_finite(finite):
    """The words of the mask that left these logits of a row finite, an array or a tensor of bool."""
    bits = finite.tolist() + [False] * (-len(finite) % 32)
    return [sum(1 << i for i in range(32) if bits[word + i]) for word in range(0, len(bits), 32)]


class Trace:
    """The outputs of one run.

    tokens   the bytes of all tokens; the name of special ones
    size     bits of a mask that count
    avoid    tokens that the first run does not choose. Those beside printable ASCII are never chosen, since
             the original allows some of them by mistake and an output with one of them ends there
    replay   file of the first run, or None
    """

    def __init__(self, tokens, size, avoid, replay=None):
        self.tokens, self.size, self.cases = tokens, size, {}
        self.avoid = {i for i in range(size) if i >= len(tokens) or not all(31 < byte < 127 for byte in tokens[i])}
        self.avoid.update(avoid)
        self.replay = json.loads(pathlib.Path(replay).read_text("utf-8"))["cases"] if replay else None

    def record(self, name, make, seeds=3):
        """Outputs of one request; make() gives the Walk of a new one, or raises."""
        for seed in range(seeds):
            key = f"{name} #{seed}"
            if self.replay is not None and key not in self.replay:
                continue
            try:
                walk = make()
            except Exception as error:  # what it is differs; that there is one does not
                self.cases[key] = {"error": f"{type(error).__name__}: {error}"[:300], "steps": []}
                continue
            self.cases[key] = self._steps(key, walk)

    def mask(self, name, words):
        """One mask."""
        self.cases[name] = {"steps": [{"allowed": allowed(as_words(words), self.size), "token": None}]}

    def note(self, name, value):
        """A result other than a mask."""
        self.cases[name] = {"value": value}

    def _steps(self, key, walk):
        chooser = random.Random(zlib.crc32(key.encode()))
        replayed = None if self.replay is None else self.replay[key].get("steps", [])
        steps = []
        for place in range(MAX_TOKENS):
            if walk.ended():
                break
            words = as_words(walk.mask())
            tokens = allowed(words, self.size)
            if replayed is None:
                choices = [token for token in tokens if token not in self.avoid] or tokens
                token = chooser.choice(choices) if choices else None
            else:
                token = replayed[place]["token"] if place < len(replayed) else None
            steps.append({"allowed": tokens, "token": token})
            if token is None or not walk.accept(token):
                break
        return {"steps": steps, "ended": bool(walk.ended())}

    def write(self, path):
        """Everything, for compare.py."""
        names = [token.decode("latin-1") for token in self.tokens]
        pathlib.Path(path).write_text(json.dumps({"tokens": names, "cases": self.cases}), "utf-8")
