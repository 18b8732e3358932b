#!/usr/bin/env python3
"""libxgr beside llguidance, xgrammar and outlines-core, on real schemas: the table of README.

  pip install . numpy tiktoken mistral-common llguidance outlines-core xgrammar
  git clone --depth 1 https://github.com/guidance-ai/jsonschemabench
  python3 tests/bench/peers.py jsonschemabench/maskbench/data --sample 610

Needs MaskBench, real schemas with valid and invalid instances: its folder, or one object a line in a file
(.jsonl, .jsonl.gz; {"id", "schema", "tests": [{"valid", "data"}]}). --sample N takes N schemas, evenly spaced
by size; --engines names some of the four. The vocabulary is Tekken, 131,072 tokens, from mistral-common;
--tekken names its file elsewhere. xgrammar runs without torch where torch is not installed.

Each engine is a process with one thread. All get the same schema in turn, so that the machine is the same for
all: read ratios. A schema that takes longer than --timeout seconds counts as refused, and its engine starts anew.
An instance is right when it is accepted if and only if it is valid: each token allowed by the mask and taken,
and a stop token allowed at the end.
"""
import argparse
import base64
import gzip
import importlib.util
import json
import pathlib
import select
import subprocess
import sys
import time

SIZE, SPECIAL, STOP = 131072, 1000, 2  # of Tekken: ids, special tokens before the others, "</s>"
WORDS = SIZE // 32
now = time.perf_counter_ns


def read_tekken(path):
    """(bytes of each ordinary token in the order of ids, the pattern that splits texts)."""
    data = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    texts = [base64.b64decode(token["token_bytes"]) for token in data["vocab"][:SIZE - SPECIAL]]
    return texts, data["config"]["pattern"]


def encoder(texts, pattern):
    """A function from text to token ids."""
    import tiktoken

    ranks = {text: rank for rank, text in enumerate(texts)}
    encoding = tiktoken.Encoding("tekken", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda text: [rank + SPECIAL for rank in encoding.encode_ordinary(text)]


def padded(texts):
    """Texts by id; special tokens have none."""
    return [b""] * SPECIAL + texts


class Libxgr:
    def __init__(self, texts, _):
        import numpy
        import xgr

        self.xgr, self.bits = xgr, numpy.zeros(WORDS, numpy.int32)
        info = xgr.TokenizerInfo(padded(texts), vocab_size=SIZE, stop_token_ids=[STOP])
        self.compiler = xgr.GrammarCompiler(info, max_threads=1)

    def compile(self, schema):
        self.grammar = self.compiler.compile_json_schema(schema, strict_mode=False)

    def start(self):
        self.matcher = self.xgr.GrammarMatcher(self.grammar)

    def mask(self):
        self.matcher.fill_next_token_bitmask(self.bits)

    def accept(self, token):
        return self.matcher.accept_token(token)


class Llguidance:
    def __init__(self, texts, pattern):
        import llguidance
        import numpy

        self.matcher_type, self.bits = llguidance.LLMatcher, numpy.zeros(WORDS, numpy.int32)
        special = {f"<special_{i}>": i for i in range(SPECIAL) if i != STOP} | {"</s>": STOP}
        self.tokenizer = llguidance.LLTokenizer.from_tiktoken(
            encoder={text: i + SPECIAL for i, text in enumerate(texts)}, special_tokens=special,
            pattern=pattern, n_vocab=SIZE, eos_token=[STOP])

    def compile(self, schema):
        self.grammar = self.matcher_type(self.tokenizer, '{"grammars":[{"json_schema":%s}]}' % schema, log_level=0)
        self.check(self.grammar)

    def start(self):
        self.matcher = self.grammar.deep_copy()

    def mask(self):
        self.matcher.unsafe_compute_mask_ptr(self.bits.ctypes.data, self.bits.nbytes)

    def accept(self, token):
        taken = self.matcher.consume_token(token)
        self.check(self.matcher)
        return taken

    @staticmethod
    def check(matcher):
        if matcher.is_error():
            raise ValueError(matcher.get_error())


def without_torch():
    """Makes xgrammar importable where torch and transformers are not: it only needs their names."""
    class Module(type(sys)):
        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return type(name, (), {"__init__": lambda self, *_, **__: None})

    for name in ("torch", "transformers"):
        if importlib.util.find_spec(name) is None:
            sys.modules[name] = Module(name)
            sys.modules[name].__version__ = "0"
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.cuda = argparse.Namespace(is_available=lambda: False)
        torch.version = argparse.Namespace(hip=None, cuda=None)


class Xgrammar:
    def __init__(self, texts, _):
        without_torch()
        import numpy
        import xgrammar

        self.xgrammar, self.bits = xgrammar, numpy.zeros(WORDS, numpy.int32)
        self.rows = self.bits.reshape(1, WORDS)
        info = xgrammar.TokenizerInfo(padded(texts), xgrammar.VocabType.RAW, vocab_size=SIZE, stop_token_ids=[STOP])
        self.compiler = xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False, **self.options())

    @staticmethod
    def options():
        """Masks when a state is first visited, not all at compile time: its best compile times."""
        return {"enable_dynamic_compilation": True}

    def compile(self, schema):
        self.grammar = self.compiler.compile_json_schema(schema, strict_mode=False)

    def start(self):
        self.matcher = self.xgrammar.GrammarMatcher(self.grammar)

    def mask(self):
        self.matcher.fill_next_token_bitmask(self.rows)

    def accept(self, token):
        return self.matcher.accept_token(token)


class Outlines:
    def __init__(self, texts, _):
        import numpy
        import outlines_core
        import outlines_core.json_schema

        self.core, self.bits = outlines_core, numpy.zeros(WORDS, numpy.int32)
        ids = {}
        for i, text in enumerate(texts):
            ids.setdefault(text, []).append(i + SPECIAL)
        self.vocabulary = outlines_core.Vocabulary(STOP, ids)

    def compile(self, schema):
        pattern = self.core.json_schema.build_regex_from_schema(schema)
        self.index = self.core.Index(pattern, self.vocabulary)

    def start(self):
        self.guide = self.core.Guide(self.index)

    def mask(self):
        self.guide.write_mask_into(self.bits.ctypes.data, WORDS, 4)

    def accept(self, token):
        self.guide.advance(token, False)
        return True


ENGINES = {"libxgr": Libxgr, "llguidance": Llguidance, "xgrammar": Xgrammar, "outlines": Outlines}


def allowed(engine, token):
    return int(engine.bits[token >> 5]) >> (token & 31) & 1


def accepts(engine, tokens, masks):
    """Whether the instance can be written; appends the microseconds of each mask."""
    engine.start()
    for token in [*tokens, STOP]:
        begin = now()
        engine.mask()
        masks.append((now() - begin) / 1000)
        if not allowed(engine, token):
            return False
        if token != STOP and not engine.accept(token):
            raise RuntimeError(f"token {token} is allowed, but not accepted")
    return True


def run_schema(engine, encode, record):
    """What one engine does with one schema."""
    schema = json.dumps(record["schema"])
    tests = [(test["valid"], encode(json.dumps(test["data"], ensure_ascii=False))) for test in record["tests"]]
    out = {"first": None, "masks": [], "right": 0, "refused_valid": 0, "accepted_invalid": 0}
    begin = now()
    try:
        engine.compile(schema)
        engine.start()
        engine.mask()
        out["first"] = (now() - begin) / 1000
        for valid, tokens in tests:
            accepted = accepts(engine, tokens, out["masks"])
            out["right"] += accepted == valid
            out["refused_valid"] += valid and not accepted
            out["accepted_invalid"] += accepted and not valid
    except Exception as error:  # whatever an engine raises, the next schema goes on
        out["error"] = f"{type(error).__name__}: {error}"[:200]
    return out


def work(name, tekken):
    """A process for one engine: schemas come in, results go out, one a line."""
    out = sys.stdout
    sys.stdout = sys.stderr
    texts, pattern = read_tekken(tekken)
    engine, encode = ENGINES[name](texts, pattern), encoder(texts, pattern)
    run_schema(engine, encode, {"schema": {"type": "boolean"}, "tests": []})
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(run_schema(engine, encode, json.loads(line))), file=out, flush=True)


class Worker:
    def __init__(self, name, options):
        self.command = [sys.executable, __file__, "--worker", name, "--tekken", options.tekken, "unused"]
        self.timeout, self.process = options.timeout, None

    def ask(self, record):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                            stderr=subprocess.DEVNULL)
            if self.process.stdout.readline() != "ready\n":
                sys.exit(f"{self.command[3]} does not start; is its package installed?")
        self.process.stdin.write(json.dumps(record) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline() if select.select([self.process.stdout], [], [], self.timeout)[0] else ""
        if line:
            return json.loads(line)
        self.process.kill()
        self.process = None
        return {"first": None, "masks": [], "right": 0, "error": "no answer in time, or none at all"}


def records(path):
    path = pathlib.Path(path)
    if path.is_dir():
        return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(path.glob("*.json"))]
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sample(rows, count):
    """`count` of them, evenly spaced by the size of the schema."""
    rows = sorted((row for row in rows if "schema" in row), key=lambda row: len(json.dumps(row["schema"])))
    return rows if not count or count >= len(rows) else [rows[i * len(rows) // count] for i in range(count)]


def percentile(values, share):
    values = sorted(values)
    return f"{values[min(int(len(values) * share), len(values) - 1)]:,.1f}" if values else "-"


def report(results, schemas, instances):
    names = list(results)
    first = {name: [row["first"] for row in rows if row["first"]] for name, rows in results.items()}
    masks = {name: [t for row in rows for t in row["masks"]] for name, rows in results.items()}
    total = {key: {name: sum(row.get(key, 0) for row in rows) for name, rows in results.items()}
             for key in ("right", "accepted_invalid")}
    print("| | " + " | ".join(names) + " |\n|---|" + "--:|" * len(names))
    rows = [(f"schemas compiled, of {schemas}", {n: len(first[n]) for n in names}),
            (f"instances answered right, of {instances}", total["right"]),
            ("invalid instances accepted", total["accepted_invalid"])]
    for label, times in (("compile and first mask", first), ("mask", masks)):
        for text, share in (("p50", .5), ("p99", .99), ("worst", 1)):
            rows.append((f"{label}, {text}, µs", {n: percentile(times[n], share) for n in names}))
    for label, values in rows:
        print(f"| {label} | " + " | ".join(str(values[n]) for n in names) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemas")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("--tekken")
    parser.add_argument("--worker", choices=ENGINES)
    options = parser.parse_args()
    if options.tekken is None:
        package = importlib.util.find_spec("mistral_common")
        if package is None:
            sys.exit("needs mistral-common for its vocabulary, or --tekken FILE")
        options.tekken = str(pathlib.Path(package.origin).parent / "data" / "tekken_240911.json")
    if options.worker:
        return work(options.worker, options.tekken)
    rows = sample(records(options.schemas), options.sample)
    results = {name: [] for name in options.engines.split(",")}
    workers = {name: Worker(name, options) for name in results}
    for number, row in enumerate(rows, 1):
        for name, worker in workers.items():
            results[name].append(worker.ask({"schema": row["schema"], "tests": row["tests"]}))
        if number % 50 == 0:
            print(f"{number} of {len(rows)}", file=sys.stderr, flush=True)
    report(results, len(rows), sum(len(row["tests"]) for row in rows))


if __name__ == "__main__":
    main()
