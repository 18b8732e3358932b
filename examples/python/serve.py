"""Continuous batching: 32 requests share 8 places of a batch, each with a grammar of its own. While the
"model" computes the logits of a step, the masks of that step are filled on the processor; so a step takes
as long as the slower of the two. The model is a device that is ready some time after it was started, and
its logits are random.

  pip install . numpy && python examples/python/serve.py [SVG_FILE]      # in a checkout

Writes one line a step, `m` where masks were filled and `.` where the program waited for the model; the
same as a picture; and the outputs.
"""
import sys
import time

import numpy
import xgr

STOP, PLACES, REQUESTS, COLUMNS = 95, 8, 32, 40
FORWARD_PASS = 500e-6  # seconds
TOKENS = [bytes([0x20 + i]) for i in range(STOP)] + [b""]
PATTERNS = ['\\{"id": [1-9][0-9]{0,5}, "ok": (true|false)\\}', "[a-f]{3}(-[0-9]{2}){1,4}",
            "(red|green|blue)(, (red|green|blue)){2,6}", '"[A-Z][a-z ]{3,20}\\."']


class Request:
    """One output: its matcher, and the bytes written."""

    def __init__(self, grammar):
        self.matcher, self.text = xgr.GrammarMatcher(grammar), b""


class Engine:
    def __init__(self):
        self.info = xgr.TokenizerInfo(TOKENS, stop_token_ids=STOP)
        self.batch = xgr.BatchGrammarMatcher(threads=1)  # and the one that calls
        self.masks = xgr.allocate_token_bitmask(PLACES, self.info.vocab_size)
        self.random = numpy.random.default_rng(42)

    def requests(self):
        compiler = xgr.GrammarCompiler(self.info)
        grammars = [compiler.compile_regex(pattern) for pattern in PATTERNS]
        return [Request(grammars[i % len(grammars)]) for i in range(REQUESTS)]

    def step(self, places):
        """Starts the model, fills masks, waits, applies, chooses, accepts. Times of each."""
        begin = time.perf_counter()
        matchers = [request.matcher for request in places]
        masks = self.masks[:len(places)]
        self.batch.batch_fill_next_token_bitmask(matchers, masks)
        filled = time.perf_counter()
        while time.perf_counter() < begin + FORWARD_PASS:
            pass  # the device is at work
        logits = self.random.random((len(places), len(TOKENS)), numpy.float32)
        end = time.perf_counter()
        xgr.apply_token_bitmask_inplace(logits, masks)
        tokens = logits.argmax(axis=1).tolist()
        self.batch.batch_accept_token(matchers, tokens)
        for request, token in zip(places, tokens):
            request.text += TOKENS[token]
        return begin, filled, end, len(places)


def serve(engine, requests):
    """Runs until all are done; places that become free are taken by those that wait."""
    places, waiting, steps = [], list(requests), []
    while places or waiting:
        while waiting and len(places) < PLACES:
            places.append(waiting.pop(0))
        steps.append(engine.step(places))
        places = [request for request in places if not request.matcher.is_terminated()]
    return steps


def print_timeline(steps):
    for number, (begin, filled, end, places) in enumerate(steps):
        part = round((filled - begin) / (end - begin) * COLUMNS)
        print(f"step {number:3}  {places} requests  {'m' * part:.<{COLUMNS}}  "
              f"masks {1e6 * (filled - begin):6.1f} us of {1e6 * (end - begin):6.1f} us")


def draw_timeline(path, steps):
    """Two lanes: the model above, the masks below; a millisecond is 100 pixels wide."""
    start, scale = steps[0][0], 1e5
    with open(path, "w", encoding="utf-8") as file:
        print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{(steps[-1][2] - start) * scale:.0f}" '
              'height="60">', file=file)
        for begin, filled, end, _ in steps:
            for y, to, color in ((5, end, "#9bd"), (30, filled, "#d73")):
                print(f'<rect x="{(begin - start) * scale:.2f}" y="{y}" width="{(to - begin) * scale:.2f}" '
                      f'height="20" fill="{color}"/>', file=file)
        print("</svg>", file=file)


def main():
    engine = Engine()
    requests = engine.requests()
    steps = serve(engine, requests)
    print_timeline(steps)
    if len(sys.argv) > 1:
        draw_timeline(sys.argv[1], steps)
    for number, request in enumerate(requests):
        print(f"request {number:2}  {request.text.decode()}")


if __name__ == "__main__":
    main()
