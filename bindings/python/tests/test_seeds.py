"""The documents that this project began with: their snippets run as they stand, under both names of the package, and
what they name has those methods and parameters.

  python3 test_seeds.py     # the snippets with `import xgrammar as xgr`, after install_as_xgrammar()
"""
import asyncio
import enum
import inspect
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

import xgr as own

HERE = pathlib.Path(__file__).resolve().parent
STOP = 256


class Tokenizer:
    """Stands in for one of transformers, where that is missing: it offers what a fast one does."""

    eos_token_id = 95
    vocab = {**{chr(c): i for i, c in enumerate([0x120] + list(range(33, 127)))}, "</s>": 95}

    class backend_tokenizer:
        @staticmethod
        def to_str():
            return json.dumps({"model": {"type": "BPE", "merges": [], "vocab": {
                text: i for text, i in Tokenizer.vocab.items() if i < 95}}, "decoder": {"type": "ByteLevel"},
                "added_tokens": [{"id": 95, "content": "</s>", "special": True}]})

    def get_vocab(self):
        return dict(self.vocab)


class AutoConfig:
    """Stands in for that of transformers: the config.json of a folder, as attributes."""

    @classmethod
    def from_pretrained(cls, folder):
        config = cls()
        config.__dict__ = json.loads((pathlib.Path(folder) / "config.json").read_text())
        return config


def tokenizer():
    try:
        import tokenizers
        import transformers
    except ImportError:
        return Tokenizer()
    model = tokenizers.Tokenizer(tokenizers.models.BPE({k: v for k, v in Tokenizer.vocab.items() if v < 95}, []))
    model.decoder = tokenizers.decoders.ByteLevel()
    model.add_special_tokens(["</s>"])
    return transformers.PreTrainedTokenizerFast(tokenizer_object=model, eos_token="</s>")


def auto_config():
    try:
        from transformers import AutoConfig as real
    except ImportError:
        return AutoConfig
    return real


# --- snippets: name, what they take for granted, text, what has to hold then ---

COMPILE_IN_PARALLEL = """
grammar_compiler = xgr.GrammarCompiler(tokenizer_info, max_threads=8)

# Use asyncio to compile multiple grammars in parallel
async def compile_grammars():
    # Submit two grammars in sequence
    future1 = asyncio.to_thread(grammar_compiler.compile_grammar, grammar1)
    future2 = asyncio.to_thread(grammar_compiler.compile_grammar, grammar2)

    # Wait for both futures to complete
    compiled_grammar1 = await future1
    compiled_grammar2 = await future2

    return compiled_grammar1, compiled_grammar2

compiled_grammar1, compiled_grammar2 = asyncio.run(compile_grammars())
"""

CACHE = """
grammar_compiler = xgr.GrammarCompiler(tokenizer_info, cache_enabled=True, cache_limit_bytes=128 * 1024 * 1024)
compiled_grammar1 = grammar_compiler.compile_grammar(grammar)
# return immidiately
compiled_grammar2 = grammar_compiler.compile_grammar(grammar)
grammar_compiler.clear_cache()
"""

PADDING = """
tokenizer_info = xgr.TokenizerInfo(tokenizer, vocab_size=129280)
token_bitmask = xgr.allocate_token_bitmask(1, tokenizer_info.vocab_size)
"""

PADDING_OF_HUGGING_FACE = """
tokenizer_info = xgr.TokenizerInfo.from_huggingface(tokenizer, vocab_size=129280)
token_bitmask = xgr.allocate_token_bitmask(1, tokenizer_info.vocab_size)
"""

CONFIG = """
config = AutoConfig.from_pretrained(model_path)
vocab_size = config.vocab_size
"""

BATCH = """
batch_grammar_matcher = xgr.BatchGrammarMatcher(max_threads=8)
"""

BATCH_FILL = """
matchers = [grammar_matcher_1, grammar_matcher_2, grammar_matcher_3]
batch_size = len(matchers)
token_bitmask = xgr.allocate_token_bitmask(batch_size, tokenizer_info.vocab_size)
batch_grammar_matcher = xgr.BatchGrammarMatcher(max_threads=8)
batch_grammar_matcher.batch_fill_next_token_bitmask(matchers, token_bitmask)
"""

BATCH_ACCEPT = """
inputs = [token_id_1, token_id_2, token_id_3]
results = xgr.BatchGrammarMatcher.batch_accept_token(matchers, inputs) # List[Bool]
inputs = [str_1, str_2, str_3]
string_results = xgr.BatchGrammarMatcher.batch_accept_string(matchers, inputs) # List[Bool]
"""


def byte_info(xgr):
    return xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=[STOP])


def matchers(xgr):
    compiler = xgr.GrammarCompiler(byte_info(xgr))
    return [xgr.GrammarMatcher(compiler.compile_regex(pattern)) for pattern in ("a+", "b+", "[ac]+")]


def ends(xgr, compiled, text):
    matcher = xgr.GrammarMatcher(compiled)
    return all(matcher.accept_token(token) for token in text) and matcher.accept_token(STOP)


def parallel_setup(xgr):
    return {"tokenizer_info": byte_info(xgr), "grammar1": 'root ::= "a"+', "grammar2": 'root ::= "b" | "c"'}


def parallel_check(xgr, names):
    assert ends(xgr, names["compiled_grammar1"], b"aa") and ends(xgr, names["compiled_grammar2"], b"c")


def cache_check(xgr, names):
    assert ends(xgr, names["compiled_grammar1"], b"a") and ends(xgr, names["compiled_grammar2"], b"a")
    compiler = names["grammar_compiler"]
    assert compiler.cache_limit_bytes == 128 << 20 and compiler.get_cache_size_bytes() == 0


def padding_check(xgr, names):
    info, mask = names["tokenizer_info"], names["token_bitmask"]
    assert info.vocab_size == 129280 and tuple(mask.shape) == (1, 129280 // 32)
    assert info.stop_token_ids == [95] and len(info.decoded_vocab) in (96, 129280)


def config_setup(_):
    folder = tempfile.mkdtemp()
    (pathlib.Path(folder) / "config.json").write_text('{"model_type": "gpt2", "vocab_size": 129280}')
    return {"AutoConfig": auto_config(), "model_path": folder}


def config_check(_, names):
    assert names["vocab_size"] == 129280


def batch_setup(xgr):
    one, two, three = matchers(xgr)
    return {"grammar_matcher_1": one, "grammar_matcher_2": two, "grammar_matcher_3": three,
            "tokenizer_info": byte_info(xgr)}


def batch_check(_, names):
    mask = names["token_bitmask"]
    allowed = [[i for i in range(257) if int(mask[row, i // 32]) >> i % 32 & 1] for row in range(3)]
    assert allowed == [[97], [98], [97, 99]]


def accept_setup(xgr):
    return {"matchers": matchers(xgr), "token_id_1": 97, "token_id_2": 97, "token_id_3": 99, "str_1": "aa",
            "str_2": "bb", "str_3": "ab"}


def accept_check(_, names):
    assert names["results"] == [True, False, True] and names["string_results"] == [True, True, False]


SNIPPETS = {
    "compile in parallel": (parallel_setup, COMPILE_IN_PARALLEL, parallel_check),
    "cache": (lambda xgr: {"tokenizer_info": byte_info(xgr), "grammar": 'root ::= "a"'}, CACHE, cache_check),
    "padding": (lambda _: {"tokenizer": tokenizer()}, PADDING, padding_check),
    "padding of Hugging Face": (lambda _: {"tokenizer": tokenizer()}, PADDING_OF_HUGGING_FACE, padding_check),
    "config": (config_setup, CONFIG, config_check),
    "batch": (lambda _: {}, BATCH, lambda xgr, names: None),
    "batch fill": (batch_setup, BATCH_FILL, batch_check),
    "batch accept": (accept_setup, BATCH_ACCEPT, accept_check),
}


def run(xgr, name):
    setup, text, check = SNIPPETS[name]
    names = {"xgr": xgr, "asyncio": asyncio, **setup(xgr)}
    exec(compile(text, name, "exec"), names)
    check(xgr, names)


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet(name):
    run(own, name)


def main():
    """All snippets with the other name; writes those that went well."""
    own.install_as_xgrammar()
    import xgrammar

    for name in SNIPPETS:
        run(xgrammar, name)
        print(name)


def test_snippets_with_the_other_name():
    done = subprocess.run([sys.executable, HERE / "test_seeds.py"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300, check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.stdout.splitlines() == list(SNIPPETS), done.stderr


# --- what they say about the compiler ---


def test_compiling_lets_other_threads_run():
    """It releases the GIL: the loop goes on ticking meanwhile."""
    compiler = own.GrammarCompiler(byte_info(own), max_threads=8)
    slow = "root ::= " + " | ".join(f'"item-{i:06}"' for i in range(50000))

    async def count():
        ticks, future = 0, asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(
            None, compiler.compile_grammar, slow))
        while not future.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks

    assert asyncio.run(count()) > 2


@pytest.mark.parametrize("method, sources", [
    ("compile_grammar", ['root ::= "a"', 'root ::= "b"']), ("compile_json_schema", ["{}", '{"type": "null"}']),
    ("compile_regex", ["a", "b"])])
def test_sources_are_the_keys_of_the_cache(method, sources):
    compiler = own.GrammarCompiler(byte_info(own), cache_enabled=True)
    for source in sources * 3:
        getattr(compiler, method)(source)
    assert (compiler.cache_stats()["misses"], compiler.cache_stats()["hits"]) == (2, 4)


def test_the_least_recently_used_is_evicted():
    pattern = "(" + "|".join(f"{i}x" for i in range(2000)) + ")"
    size = own.GrammarCompiler(byte_info(own)).compile_regex(f"a{pattern}").memory_size_bytes
    compiler = own.GrammarCompiler(byte_info(own), cache_limit_bytes=4 * size)
    for letter in "abcdefgh":
        compiler.compile_regex(f"{letter}{pattern}")
        compiler.compile_regex(f"a{pattern}")  # used again and again, so it stays
    before = compiler.cache_stats()
    assert before["evictions"] > 0
    compiler.compile_regex(f"a{pattern}")
    compiler.compile_regex(f"b{pattern}")
    after = compiler.cache_stats()
    assert (after["hits"] - before["hits"], after["misses"] - before["misses"]) == (1, 1)


# --- what the back-end module names ---

CLASSES = {
    "GrammarType": {},
    "VocabType": {},
    "TokenizerInfo": {"from_tokenizer": "tokenizer, vocab_size", "_detect_vocab_type": "tokenizer"},
    "CompiledGrammar": {"__post_init__": "self", "_compute_cache_key": "self", "accept_token": "self, token_id",
                        "rollback": "self, num_tokens", "reset": "self", "is_terminated": "self",
                        "fill_bitmask": "self, bitmask"},
    "GrammarMatcher": {"accept_token": "self, token_id", "rollback": "self, num_tokens", "reset": "self",
                       "fill_next_token_bitmask": "self, bitmask"},
    "GrammarCompiler": {"__init__": "self, tokenizer_info, max_threads, cache_enabled, cache_limit_bytes",
                        "compile_json_schema": "self, schema, any_whitespace", "compile_regex": "self, pattern",
                        "compile_grammar": "self, ebnf", "compile_structural_tag": "self, spec, triggers",
                        "_get_cached": "self, key", "_put_cached": "self, key, grammar", "get_stats": "self",
                        "clear_cache": "self"},
    "XGrammarGrammar": {"__init__": "self, matcher, vocab_size, ctx", "accept_token": "self, token_id",
                        "rollback": "self, num_tokens", "reset": "self", "is_terminated": "self",
                        "fill_next_token_bitmask": "self, bitmask", "jump_forward_string": "self"},
    "XGrammarBackend": {"__init__": "self, tokenizer, vocab_size, disable_any_whitespace, num_speculative_tokens, "
                                    "max_threads, cache_limit_mb",
                        "compile_grammar": "self, grammar_type, grammar_spec",
                        "allocate_token_bitmask": "self, max_num_seqs",
                        "release_token_bitmask": "self, bitmask", "_convert_lark_to_ebnf": "self, lark_grammar",
                        "get_stats": "self", "destroy": "self"},
    "AsyncXGrammarBackend": {"__init__": "self"},
    "CompositeGrammar": {"__init__": "self, grammars", "accept_token": "self, token_id",
                         "rollback": "self, num_tokens", "reset": "self", "is_terminated": "self",
                         "fill_next_token_bitmask": "self, bitmask"},
}


@pytest.mark.parametrize("name", CLASSES)
def test_named_class(name):
    """It is there, with the methods and parameters that are named, in their order; others have defaults."""
    kind = getattr(own.backend, name)
    assert inspect.isclass(kind) and kind.__doc__
    for method, named in CLASSES[name].items():
        parameters = list(inspect.signature(getattr(kind, method)).parameters.values())
        first, others = named.split(", "), parameters[len(named.split(", ")):]
        assert [parameter.name for parameter in parameters[:len(first)]] == first, method
        assert all(parameter.default is not parameter.empty or parameter.kind in (
            parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in others), method


def test_bases():
    named = own.backend
    assert issubclass(named.GrammarType, enum.Enum) and issubclass(named.VocabType, enum.Enum)
    assert issubclass(named.AsyncXGrammarBackend, named.XGrammarBackend)
    assert {kind.value for kind in named.GrammarType} == {"json", "json_object", "regex", "grammar", "structural_tag"}
    assert {kind.name for kind in named.VocabType} == {"RAW", "BYTE_FALLBACK", "BYTE_LEVEL"}


def test_a_request_through_the_module():
    """JSON, a regular expression, EBNF and a structural tag, each compiled and followed to its end."""
    backend = own.backend.XGrammarBackend([bytes([i]) for i in range(256)] + ["</s>"], 257, False, 2, 4, 64)
    tag = {"structures": [{"begin": "<f>", "schema": {"type": "null"}, "end": "</f>"}], "triggers": ["<f>"]}
    mask = backend.allocate_token_bitmask(1)
    for kind, spec, text in (("json", '{"type": "null"}', b"null"), ("regex", "a{3}", b"aaa"),
                             ("grammar", 'root ::= "x"', b"x"), ("structural_tag", tag, b"<f>null</f>")):
        grammar = backend.compile_grammar(kind, spec)
        for token in [*text, STOP]:
            assert not grammar.is_terminated() and grammar.fill_next_token_bitmask(mask) in (True, False)
            assert int(mask[0, token // 32]) >> token % 32 & 1 and grammar.accept_token(token)
        assert grammar.is_terminated()
        grammar.rollback(len(text) + 1)
        assert grammar.accept_token(text[0])
    backend.release_token_bitmask(mask)
    backend.destroy()


if __name__ == "__main__":
    main()
