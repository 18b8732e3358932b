"""A server on asyncio: requests come in while others are served. The grammar of a request is compiled while the
device reads its prompt, and the masks of a step are filled while the device computes the logits of that step, so
neither costs time. The device is a stand-in that is busy for some time and gives random logits.

  pip install . numpy && python examples/python/async_server.py [SVG_FILE]      # in a checkout

Writes the outputs, and how much of the compiles and of the masks was hidden behind the device; with SVG_FILE a
picture of who was at work when.
"""
import asyncio
import contextlib
import sys
import time

import numpy
import xgr
from xgr.backend import AsyncXGrammarBackend

STOP, REQUESTS, ARRIVAL, PREFILL, FORWARD_PASS = 95, 12, 0.008, 0.004, 0.0015  # seconds
TOKENS = [bytes([0x20 + i]) for i in range(STOP)] + [b"</s>"]
GRAMMARS = [("json", {"type": "object", "properties": {"id": {"type": "string", "pattern": "^[1-9][0-9]{1,5}$"},
                                                       "ok": {"type": "boolean"}},
                      "required": ["id", "ok"], "additionalProperties": False}),
            ("regex", "[a-f]{3}(-[0-9]{2}){1,4}"),
            ("grammar", 'start: COLOR ("+" COLOR)~2..6\nCOLOR: /red|green|blue/')]
LANES = {"prefill": "#9bd", "forward pass": "#69b", "compile": "#d73", "masks": "#e94"}


class Device:
    """One thing at a time, each as long as it takes."""

    def __init__(self, spans):
        self.spans, self.is_free, self.random = spans, asyncio.Lock(), numpy.random.default_rng(7)

    async def run(self, lane, seconds):
        async with self.is_free:
            with span(self.spans, lane):
                await asyncio.sleep(seconds)

    async def prefill(self):
        await self.run("prefill", PREFILL)

    async def forward_pass(self, rows):
        await self.run("forward pass", FORWARD_PASS)
        return self.random.random((rows, len(TOKENS)), numpy.float32)


@contextlib.contextmanager
def span(spans, lane):
    begin = time.perf_counter()
    yield
    spans.append((lane, begin, time.perf_counter()))


class Server:
    def __init__(self):
        self.spans, self.running, self.outputs = [], [], {}
        self.backend = AsyncXGrammarBackend(TOKENS, disable_any_whitespace=True, timeout=10)
        self.batch = xgr.BatchGrammarMatcher(max_threads=2)
        self.device = Device(self.spans)

    async def compile(self, number):
        # The schemas differ, so that each is compiled; the others are found in the cache.
        kind, spec = GRAMMARS[number % len(GRAMMARS)]
        spec = {**spec, "$comment": str(number)} if kind == "json" else spec
        with span(self.spans, "compile"):
            return await self.backend.compile_grammar_async(kind, spec)

    async def request(self, number):
        """From its arrival to its place in the batch."""
        await asyncio.sleep(ARRIVAL * number)
        grammar, _ = await asyncio.gather(self.compile(number), self.device.prefill())
        self.outputs[number] = b""
        self.running.append((number, grammar))

    def fill(self, matchers, masks):
        """In a thread: the call lets other threads run, the event loop among them."""
        with span(self.spans, "masks"):
            self.batch.batch_fill_next_token_bitmask(matchers, masks)

    async def step(self):
        places = list(self.running)
        matchers, masks = [grammar.matcher for _, grammar in places], self.backend.allocate_token_bitmask(len(places))
        logits, _ = await asyncio.gather(
            self.device.forward_pass(len(places)),
            asyncio.get_running_loop().run_in_executor(None, self.fill, matchers, masks))
        xgr.apply_token_bitmask_inplace(logits, masks)
        self.backend.release_token_bitmask(masks)
        tokens = logits.argmax(axis=1).tolist()
        self.batch.batch_accept_token(matchers, tokens)
        for (number, _), token in zip(places, tokens):
            self.outputs[number] += b"" if token == STOP else TOKENS[token]
        self.running = [(number, grammar) for number, grammar in self.running if not grammar.is_terminated()]

    async def serve(self):
        await self.backend.compile_grammar_async("json_object")  # starts the threads before the first request
        arrivals = asyncio.gather(*(self.request(number) for number in range(REQUESTS)))
        while self.running or not arrivals.done():
            if self.running:
                await self.step()
            else:
                await asyncio.sleep(0.0005)
        await arrivals


def hidden(spans, lane):
    """The share of a lane during which the device was at work, too."""
    busy = [(begin, end) for name, begin, end in spans if name in ("prefill", "forward pass")]
    mine = [(begin, end) for name, begin, end in spans if name == lane]
    both = sum(max(0.0, min(end, e) - max(begin, b)) for begin, end in mine for b, e in busy)
    return both / sum(end - begin for begin, end in mine)


def draw(path, spans):
    """A lane for each kind of work; a millisecond is 10 pixels wide."""
    start, end = min(begin for _, begin, _ in spans), max(end for _, _, end in spans)
    with open(path, "w", encoding="utf-8") as file:
        print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{100 + (end - start) * 1e4:.0f}" height="120" '
              'font-family="sans-serif" font-size="12">', file=file)
        for i, (lane, color) in enumerate(LANES.items()):
            print(f'<text x="4" y="{24 + 28 * i}">{lane}</text>', file=file)
            for _, begin, until in (each for each in spans if each[0] == lane):
                print(f'<rect x="{100 + (begin - start) * 1e4:.2f}" y="{10 + 28 * i}" height="20" fill="{color}" '
                      f'width="{max((until - begin) * 1e4, 0.5):.2f}"/>', file=file)
        print("</svg>", file=file)


async def main():
    server = Server()
    await server.serve()
    for number, output in sorted(server.outputs.items()):
        print(f"request {number:2}  {output.decode()}")
    for lane in ("compile", "masks"):
        print(f"{lane}: {hidden(server.spans, lane):4.0%} behind the device")
    stats = server.backend.get_stats()
    print(f"{stats['compile_count']} grammars compiled, {stats['cache_hits']} kept ones taken, "
          f"{stats['bitmasks_allocated']} bitmasks made, {stats['bitmasks_reused']} reused")
    server.backend.destroy()
    if len(sys.argv) > 1:
        draw(sys.argv[1], server.spans)


if __name__ == "__main__":
    asyncio.run(main())
