#!/usr/bin/env python3
"""What an engine does around a mask: batches, drafts, several tokens, logits; libxgr beside llguidance.

  pip install . numpy tiktoken mistral-common llguidance
  python3 tests/bench/serving.py jsonschemabench/maskbench/data --sample 64

Schemas and vocabulary as in peers.py. One matcher a schema goes along its first valid instance, all in step, as
in continuous batching; an instance that ends begins anew. Rounds of all variants take turns, so that the machine
is the same for all: read ratios. `threads 2` is one thread beside the caller's.
"""
import argparse
import importlib.util
import json
import pathlib
import statistics
import time

import numpy

import peers

now = time.perf_counter_ns


class LibxgrBatch:
    """One step of a batch: fill all masks, accept a token each."""

    def __init__(self, threads):
        import xgr

        self.batch = xgr.BatchGrammarMatcher(threads=threads - 1)

    def begin(self, matchers):
        self.matchers = [matcher.fork() for matcher in matchers]

    def fill(self, masks):
        self.batch.batch_fill_next_token_bitmask(self.matchers, masks)

    def step(self, tokens, fresh):
        self.batch.batch_accept_token(self.matchers, tokens)
        for i in fresh:
            self.matchers[i].reset()


class LlguidanceBatch:
    def __init__(self, threads):
        import llguidance

        self.executor = llguidance.LLExecutor(num_threads=threads)

    def begin(self, matchers):
        self.matchers = [matcher.deep_copy() for matcher in matchers]

    def fill(self, masks):
        import llguidance.numpy

        llguidance.numpy.fill_next_token_bitmask_par(
            self.executor, [(matcher, i) for i, matcher in enumerate(self.matchers)], masks)

    def step(self, tokens, fresh):
        for matcher, token in zip(self.matchers, tokens):
            matcher.consume_token(token)
        for i in fresh:
            self.matchers[i].reset()


def compile_all(engine, encode, rows):
    """(matcher, tokens of an instance) by schema, where the engine takes both."""
    out = {}
    for number, row in enumerate(rows):
        instances = [test["data"] for test in row["tests"] if test["valid"]]
        if not instances:
            continue
        tokens = encode(json.dumps(instances[0], ensure_ascii=False))
        try:
            engine.compile(json.dumps(row["schema"]))
            engine.start()
            if tokens and all(engine.accept(token) for token in tokens):
                engine.start()
                out[number] = engine.matcher, tokens
        except Exception:  # whatever an engine raises, it does not take this schema
            pass
    return out


def run_batches(variants, matchers, instances, steps):
    """Nanoseconds of each fill of all masks, by variant."""
    masks = numpy.zeros((len(instances), peers.WORDS), numpy.int32)
    times = {name: [] for name in variants}
    at = [0] * len(instances)
    for name, batch in variants.items():
        batch.begin(matchers[name.split(",")[0]])
    for _ in range(steps):
        tokens = [instance[place] for instance, place in zip(instances, at)]
        at = [(place + 1) % len(instance) for instance, place in zip(instances, at)]
        fresh = [i for i, place in enumerate(at) if place == 0]
        for name, batch in variants.items():
            begin = now()
            batch.fill(masks)
            times[name].append(now() - begin)
            batch.step(tokens, fresh)
    return times


def best_of(call, rounds):
    """The quickest of some rounds: nanoseconds."""
    best = float("inf")
    for _ in range(rounds):
        begin = now()
        call()
        best = min(best, now() - begin)
    return best


def ratio(first, second, rounds=400):
    """How many times longer the first call takes, the two in turn."""
    return best_of(first, rounds) / best_of(second, rounds)


def measure_drafts(matchers, instances):
    """A tree of 64 nodes, and 8 validated tokens, beside the same one by one."""
    long = max(range(len(instances)), key=lambda i: len(instances[i]))
    matcher, tokens = matchers[long].fork(), list(instances[long])
    chain = tokens[:63]
    masks = numpy.zeros((len(chain) + 1, peers.WORDS), numpy.int32)
    parents = [-1] + list(range(len(chain)))
    matcher.fill_draft(chain, masks)

    def rejected():
        matcher.accept_token(tokens[0])
        matcher.rollback(1)

    tree = ratio(lambda: matcher.fill_draft_tree([0, *chain], masks, parents=parents),
                 lambda: matcher.fill_draft(chain, masks))
    validate = ratio(lambda: matcher.validate_tokens(tokens[:8]), rejected)
    print(f"tree of {len(chain) + 1} nodes, a chain: {tree:.2f} x fill_draft")
    print(f"validate_tokens of {len(tokens[:8])} tokens: {validate:.2f} x accept_token and rollback")


def measure_logits():
    """Gigabytes of logits a second, one row of the vocabulary, half of the tokens allowed in runs."""
    import llguidance.numpy
    import xgr

    random = numpy.random.default_rng(1)
    for share in (0.01, 0.5, 0.99):
        bits = random.random((1, peers.WORDS * 32)) < share
        mask = numpy.packbits(bits, axis=1, bitorder="little").view(numpy.int32)
        for kind in (numpy.float32, numpy.float16):
            logits = numpy.zeros((1, peers.SIZE), kind)
            rates = {"libxgr": logits.nbytes / best_of(lambda: xgr.apply_token_bitmask_inplace(logits, mask), 300)}
            if kind is numpy.float32:
                call = lambda: llguidance.numpy.apply_token_bitmask_inplace(logits, mask)
                rates["llguidance"] = logits.nbytes / best_of(call, 300)
            print(f"apply, {share:.0%} allowed, {numpy.dtype(kind)}: "
                  + ", ".join(f"{name} {rate:.2f} GB/s" for name, rate in rates.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemas")
    parser.add_argument("--sample", type=int, default=64)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--tekken")
    options = parser.parse_args()
    if options.tekken is None:
        package = importlib.util.find_spec("mistral_common")
        options.tekken = str(pathlib.Path(package.origin).parent / "data" / "tekken_240911.json")
    texts, pattern = peers.read_tekken(options.tekken)
    encode = peers.encoder(texts, pattern)
    rows = peers.sample(peers.records(options.schemas), 2 * options.sample)
    found = {name: compile_all(peers.ENGINES[name](texts, pattern), encode, rows)
             for name in ("libxgr", "llguidance")}
    numbers = [n for n in range(len(rows)) if all(n in each for each in found.values())][:options.sample]
    instances = [found["libxgr"][n][1] for n in numbers]
    matchers = {name: [each[n][0] for n in numbers] for name, each in found.items()}
    variants = {"libxgr, threads 1": LibxgrBatch(1), "libxgr, threads 2": LibxgrBatch(2),
                "llguidance, threads 1": LlguidanceBatch(1), "llguidance, threads 2": LlguidanceBatch(2)}
    run_batches(variants, matchers, instances, 10)
    times = run_batches(variants, matchers, instances, options.steps)
    print(f"batch of {len(numbers)} matchers, {options.steps} steps")
    for name, values in times.items():
        print(f"{name}: mean {statistics.mean(values) / 1e3:,.0f} us, p50 {statistics.median(values) / 1e3:,.0f} us, "
              f"worst {max(values) / 1e3:,.0f} us a step")
    measure_drafts(matchers["libxgr"], instances)
    measure_logits()


if __name__ == "__main__":
    main()
