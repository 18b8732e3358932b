"""xgr.backend: every parameter of XGrammarBackend and of its classes does what its name says."""
import asyncio
import concurrent.futures
import json
import os
import threading
import time

import pytest

import xgr
from xgr import backend as backends
from xgr.backend import (AsyncXGrammarBackend, CompiledGrammar, GrammarCompiler, GrammarMatcher, GrammarType,
                         TokenizerInfo, VocabType, XGrammarBackend, XGrammarGrammar)
from xgr.backend.grammar_type import is_lark

TOKENS = [bytes([i]) for i in range(256)] + [b"</s>"]
STOP = 256
OTHER_TOKENS = [b"ab", b"c", b"</s>"]
SLOW = "root ::= " + " | ".join(f'"item-{i:06}"' for i in range(50000))
TAG = {"type": "structural_tag", "format": {"type": "triggered_tags", "triggers": ["<f>"], "tags": [
    {"begin": "<f>", "content": {"type": "json_schema", "json_schema": {"type": "integer"}}, "end": "</f>"}]}}
STRUCTURES = {"structures": [{"begin": "<f>", "schema": {"type": "integer"}, "end": "</f>"}], "triggers": ["<f>"]}


class Backend:
    """The shape of a fast tokenizer of transformers, with the printable characters."""

    vocab = {**{chr(c): i for i, c in enumerate([0x120] + list(range(33, 127)))}, "</s>": 95}
    eos_token_id = 95

    class backend_tokenizer:
        @staticmethod
        def to_str():
            return json.dumps({"model": {"type": "BPE", "vocab": {k: v for k, v in Backend.vocab.items() if v < 95},
                                         "merges": []}, "decoder": {"type": "ByteLevel"},
                               "added_tokens": [{"id": 95, "content": "</s>", "special": True}]})

    def get_vocab(self):
        return dict(self.vocab)


def takes(grammar, text):
    """Whether a text, and then the stop token, is an output of a new grammar like this one."""
    matcher = xgr.GrammarMatcher(grammar.ctx.compiled)
    return matcher.accept_tokens(list(text.encode()) + [STOP]) == len(text.encode()) + 1


@pytest.fixture(scope="module")
def tokenizer_info():
    return xgr.TokenizerInfo(TOKENS)


@pytest.fixture
def backend(tokenizer_info):
    made = XGrammarBackend(tokenizer_info)
    yield made
    made.destroy()


# --- kinds of grammars ---


@pytest.mark.parametrize("kind, spec, good, bad", [
    (GrammarType.JSON, '{"type": "integer"}', "12", '"a"'),
    (GrammarType.JSON, {"enum": ["x"]}, '"x"', '"y"'),
    (GrammarType.JSON, True, "[1, null]", "x"),
    (GrammarType.JSON_OBJECT, None, '{"a": [1]}', "[1]"),
    (GrammarType.REGEX, "[ab]{2}", "ab", "abc"),
    (GrammarType.GRAMMAR, 'root ::= "a" | "b"', "b", "c"),
    (GrammarType.GRAMMAR, 'start: "a" | x\nx: "::="', "::=", "b"),
    (GrammarType.GRAMMAR, xgr.Grammar.from_choices(["one", "two"]), "two", "six"),
    (GrammarType.STRUCTURAL_TAG, TAG, "so <f>12</f> then", "<f>x</f>"),
    (GrammarType.STRUCTURAL_TAG, json.dumps(TAG), "<f>1</f>", "<f>"),
    (GrammarType.STRUCTURAL_TAG, STRUCTURES, "a<f>7</f>", "<f>7"),
    (GrammarType.STRUCTURAL_TAG, json.dumps(STRUCTURES), "a<f>7</f>", "<f>7"),
    ("regex", "a+", "aaa", "b"),
    ("JSON", {"type": "null"}, "null", "1"),
])
def test_grammar_types(backend, kind, spec, good, bad):
    grammar = backend.compile_grammar(kind, spec)
    assert isinstance(grammar, XGrammarGrammar) and takes(grammar, good) and not takes(grammar, bad)
    again = backend.compile_grammar(kind, spec)
    assert again.ctx.compiled is grammar.ctx.compiled and again.ctx is not grammar.ctx
    assert again.ctx.cache_key == grammar.ctx.cache_key == again.ctx._compute_cache_key()


@pytest.mark.parametrize("text, lark", [
    ('root ::= "a"', False), ('# note: x\nroot ::= "start: 1"', False), ('root[capture="x"] ::= "a"', False),
    ('start: "a"', True), ('// root ::= no\n?start.2: "a ::= b"', True), ("%llguidance {}\nstart: A\nA: /x/", True),
    ('start[capture]: "a"', True), ("list{x}: x", True), ("nothing", False), ("", False), ('_a: "x"', True)])
def test_lark_is_told_from_ebnf(text, lark):
    assert is_lark(text) is lark


def test_convert_lark_to_ebnf(backend):
    ebnf = backend._convert_lark_to_ebnf("start: NUMBER (\",\" NUMBER)*\nNUMBER: /[0-9]+/")
    assert "::=" in ebnf and not is_lark(ebnf)
    assert takes(backend.compile_grammar("grammar", ebnf), "1,23") and not takes(
        backend.compile_grammar("grammar", ebnf), "1,")


def test_wrong_kinds_and_sources(backend):
    with pytest.raises(ValueError, match="grammar_type is 'yaml'; expected one of 'json', 'json_object'"):
        backend.compile_grammar("yaml", "")
    with pytest.raises(TypeError, match="grammar_type is int"):
        backend.compile_grammar(1, "")
    with pytest.raises(ValueError, match="json_object, which has nothing to specify"):
        backend.compile_grammar("json_object", {"type": "string"})
    for kind, spec in (("json", 5), ("regex", None), ("structural_tag", 1.5)):
        with pytest.raises(TypeError):
            backend.compile_grammar(kind, spec)
    with pytest.raises(TypeError, match="triggers is '<f>'; expected a list of texts"):
        GrammarCompiler(xgr.TokenizerInfo(TOKENS)).compile_structural_tag([], "<f>")
    for kind, spec in (("json", "{"), ("structural_tag", '{"structures": ['), ("regex", "("), ("grammar", "root ::= ("), ("grammar", "start: (")):
        with pytest.raises(xgr.XgrError) as caught:
            backend.compile_grammar(kind, spec)
        assert caught.value.code is xgr.ErrorCode.INVALID_SOURCE


# --- parameters of XGrammarBackend ---


def test_tokenizer():
    """Of transformers' shape, a list of texts, a TokenizerInfo: what it is, is found out."""
    made = XGrammarBackend(Backend())
    assert made.tokenizer_info.vocab_type is VocabType.BYTE_LEVEL and made.vocab_size == 96
    assert made.tokenizer_info.token_bytes(0) == b" " and made.tokenizer_info.stop_token_ids == [95]
    assert XGrammarBackend(TOKENS).vocab_size == 257
    info = xgr.TokenizerInfo(TOKENS, vocab_size=300)
    assert XGrammarBackend(info).tokenizer_info is info
    with pytest.raises(TypeError):
        XGrammarBackend("gpt2")


def test_vocab_size(tokenizer_info):
    """That of the logits: rows of bitmasks are as long, and what is beyond the tokens is never allowed."""
    made = XGrammarBackend(Backend(), vocab_size=200)
    assert made.vocab_size == made.tokenizer_info.vocab_size == 200
    mask = made.allocate_token_bitmask(1)
    assert mask.shape == xgr.get_bitmask_shape(1, 200)
    made.compile_grammar("regex", ".").fill_next_token_bitmask(mask)
    assert xgr.bitmask_tokens(mask)[-1] < 96
    assert XGrammarBackend(Backend(), vocab_size=50).tokenizer_info.token_count == 50  # surplus tokens are cut
    with pytest.raises(ValueError, match="vocab_size is 5, but the TokenizerInfo has 257"):
        XGrammarBackend(tokenizer_info, vocab_size=5)


def test_disable_any_whitespace(tokenizer_info):
    schema = {"type": "array", "items": {"type": "integer"}, "minItems": 2}
    free, fixed = (XGrammarBackend(tokenizer_info, disable_any_whitespace=value) for value in (False, True))
    assert takes(free.compile_grammar("json", schema), "[1,\n 2]")
    assert not takes(fixed.compile_grammar("json", schema), "[1,\n 2]")
    assert takes(fixed.compile_grammar("json", schema), "[1, 2]")
    assert takes(free.compile_grammar("json_object"), '{ "a":1}')
    assert not takes(fixed.compile_grammar("json_object"), '{ "a":1}')
    with pytest.raises(TypeError, match="disable_any_whitespace is 'no'; expected True or False"):
        XGrammarBackend(tokenizer_info, disable_any_whitespace="no")


def test_num_speculative_tokens(tokenizer_info):
    """The rows of a bitmask for each sequence, and the longest draft. Rollback has no limit."""
    made = XGrammarBackend(tokenizer_info, num_speculative_tokens=3)
    mask = made.allocate_token_bitmask(2)
    assert mask.shape[0] == 2 * (3 + 1)
    grammar = made.compile_grammar("regex", "a(b|c)d+")
    assert grammar.fill_draft_bitmask(b"ac", mask, index=4) == 2  # the second sequence
    every = 32 * mask.shape[1]
    assert [xgr.bitmask_count(mask, row) for row in range(8)] == [every] * 4 + [1, 2, 1, 257]
    assert xgr.bitmask_tokens(mask, 5) == [ord("b"), ord("c")] and xgr.bitmask_tokens(mask, 6) == [ord("d")]
    assert grammar.fill_draft_bitmask(b"xbd", mask) == 0 and xgr.bitmask_tokens(mask, 0) == [ord("a")]
    assert grammar.fill_draft_bitmask([], mask) == 0
    with pytest.raises(ValueError, match="a draft of 4 tokens; expected at most num_speculative_tokens"):
        grammar.fill_draft_bitmask(b"abdd", mask)
    assert not grammar.is_terminated() and grammar.accept_tokens(b"ab" + b"d" * 1000) == 1002
    grammar.rollback(1002)
    assert grammar.num_processed_tokens == 0 and grammar.accept_token(ord("a"))
    assert XGrammarBackend(tokenizer_info).allocate_token_bitmask(2).shape[0] == 2
    with pytest.raises(ValueError, match="num_speculative_tokens is -1; expected 0 to"):
        XGrammarBackend(tokenizer_info, num_speculative_tokens=-1)


def native_threads():
    """Threads of this process that are none of Python's, which tell their number a little after they begin."""
    while True:
        tasks, own = set(os.listdir("/proc/self/task")), threading.enumerate()
        if all(thread.native_id is not None for thread in own):
            tasks &= set(os.listdir("/proc/self/task"))
            return set(map(int, tasks)) - {thread.native_id for thread in own}
        time.sleep(0.001)


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted in /proc")
def test_max_threads():
    """Of compiles that wait, so many less one run on threads of the compiler, at least one."""
    for threads, expected in ((1, 1), (2, 1), (4, 3)):
        made, before = AsyncXGrammarBackend(TOKENS, max_threads=threads), native_threads()
        futures = [made.submit("grammar", SLOW.replace("item", f"item-{threads}-{i}")) for i in range(6)]
        most, end = 0, time.monotonic() + 5
        while time.monotonic() < end and (most < expected or time.monotonic() < end - 4.9):
            seen = native_threads()
            time.sleep(0.005)  # Python's own that are about to end are gone then
            most = max(most, len((seen & native_threads()) - before))
        assert most == expected
        for future in futures:
            future.cancel()
        made.destroy()
    with pytest.raises(ValueError, match="max_threads is 0; expected 1 to 256"):
        XGrammarBackend(TOKENS, max_threads=0)


def test_any_thread_may_use_it(backend):
    def work(number):
        for i in range(30):
            mask = backend.allocate_token_bitmask(1 + number % 2)
            grammar = backend.compile_grammar("regex", f"x{i % 5}")
            assert grammar.fill_next_token_bitmask(mask) and xgr.bitmask_tokens(mask) == [ord("x")]
            backend.release_token_bitmask(mask)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    stats = backend.get_stats()
    assert stats["fill_count"] == 240 and stats["bitmasks_lent"] == 0 and stats["bitmasks_allocated"] <= 16
    assert stats["cache_hits"] + stats["cache_misses"] == 240 and stats["cache_entries"] == 5


def test_cache_limit_mb():
    """What is kept is that many MiB at most, the least recently used ones go first; 0 keeps nothing."""
    made = XGrammarBackend(TOKENS, cache_limit_mb=1)
    pattern = "(" + "|".join(f"{i}x" for i in range(3000)) + ")"
    sizes = []
    for i in range(12):
        sizes.append(made.compile_grammar("regex", f"{i}{pattern}").ctx.memory_size_bytes)
    stats = made.get_stats()
    assert stats["cache_limit_bytes"] == 1 << 20 >= stats["cache_size_bytes"] and sum(sizes) > 1 << 20
    assert stats["cache_evictions"] > 0 and 0 < stats["cache_entries"] < 12
    made.compile_grammar("regex", f"11{pattern}")
    made.compile_grammar("regex", f"0{pattern}")
    stats = made.get_stats()
    assert stats["cache_hits"] == 1 and stats["compile_count"] == 13
    none = XGrammarBackend(TOKENS, cache_limit_mb=0)
    for _ in range(2):
        none.compile_grammar("regex", "a")
    stats = none.get_stats()
    assert (stats["compile_count"], stats["cache_entries"], stats["cache_hits"]) == (2, 0, 0)


def test_bitmasks_are_pooled(backend):
    first = backend.allocate_token_bitmask(4)
    first[0, 0] = 0
    backend.release_token_bitmask(first)
    again = backend.allocate_token_bitmask(4)
    assert again is first and again[0, 0] == -1  # it allows every token again
    assert backend.allocate_token_bitmask(4) is not again and backend.allocate_token_bitmask(2).shape[0] == 2
    stats = backend.get_stats()
    assert (stats["bitmasks_allocated"], stats["bitmasks_reused"], stats["bitmasks_lent"]) == (3, 1, 3)
    backend.release_token_bitmask(again)
    for wrong in (again, xgr.allocate_token_bitmask(4, 257), None):
        with pytest.raises(ValueError, match="this bitmask is not lent"):
            backend.release_token_bitmask(wrong)
    with pytest.raises(ValueError, match="max_num_seqs is 0"):
        backend.allocate_token_bitmask(0)


def test_get_stats(backend):
    mask = backend.allocate_token_bitmask(1)
    for _ in range(3):
        grammar = backend.compile_grammar("regex", "[a-z]+")
    grammar.fill_next_token_bitmask(mask)
    grammar.fill_next_token_bitmask(mask)
    stats = backend.get_stats()
    assert (stats["compile_count"], stats["cache_hits"], stats["cache_misses"], stats["fill_count"]) == (1, 2, 1, 2)
    for name in ("compile", "fill"):
        assert 0 < stats[f"{name}_mean"] <= stats[f"{name}_max"] <= stats[f"{name}_total"]
        assert 0 < stats[f"{name}_last"] <= stats[f"{name}_max"]
    assert stats["memory_size_bytes"] > 0 and stats["vocab_size"] == 257
    assert stats["tokenizers"] == [{name: stats[name] for name in stats if name != "tokenizers"}]


def test_several_tokenizers(backend):
    """Each has its own compiler, cache and bitmasks, made when it is first named."""
    mine = backend.compile_grammar("regex", "abc")
    other = backend.compile_grammar("regex", "abc", tokenizer=OTHER_TOKENS)
    again = backend.compile_grammar("regex", "abc", tokenizer=OTHER_TOKENS)
    assert again.ctx.compiled is other.ctx.compiled is not mine.ctx.compiled
    assert other.vocab_size == 3 and other.accept_tokens([0, 1, 2]) == 3 and other.is_terminated()
    mask = backend.allocate_token_bitmask(1, tokenizer=OTHER_TOKENS)
    again.fill_next_token_bitmask(mask)
    assert xgr.bitmask_tokens(mask) == [0]
    backend.release_token_bitmask(mask)
    padded = backend.compile_grammar("regex", "a", tokenizer=Backend(), vocab_size=128)
    assert padded.vocab_size == 128
    figures = backend.get_stats()["tokenizers"]
    assert [each["vocab_size"] for each in figures] == [257, 3, 128] and figures[1]["cache_hits"] == 1
    with pytest.raises(ValueError, match="this tokenizer is served with 3"):
        backend.compile_grammar("regex", "a", tokenizer=OTHER_TOKENS, vocab_size=64)


def test_destroy(backend):
    grammar, mask = backend.compile_grammar("regex", "ab"), backend.allocate_token_bitmask(1)
    backend.destroy()
    backend.destroy()
    assert grammar.accept_token(ord("a")) and grammar.fill_next_token_bitmask(mask)  # what is there stays valid
    for call in (lambda: backend.compile_grammar("regex", "ab"), lambda: backend.allocate_token_bitmask(1)):
        with pytest.raises(xgr.XgrError) as caught:
            call()
        assert caught.value.code is xgr.ErrorCode.INVALID_STATE
    assert backend.get_stats() == {"tokenizers": []}


# --- the classes under it ---


def test_compiled_grammar(tokenizer_info):
    compiler = GrammarCompiler(tokenizer_info)
    grammar = compiler.compile_regex("ab+")
    mask = xgr.allocate_token_bitmask(2, grammar.vocab_size)
    assert (grammar.grammar_type, grammar.grammar_spec) == (GrammarType.REGEX, "ab+")
    assert grammar.accept_token(97) and not grammar.accept_token(97) and grammar.fill_bitmask(mask, 1)
    assert xgr.bitmask_tokens(mask, 1) == [98]
    other = grammar.copy()
    assert other.fill_bitmask(mask) and xgr.bitmask_tokens(mask, 0) == [97]
    assert grammar.accept_token(98) and grammar.accept_token(STOP) and grammar.is_terminated()
    grammar.rollback(2)
    assert not grammar.is_terminated() and grammar.accept_token(98)
    grammar.reset()
    assert grammar.accept_token(97) and grammar.memory_size_bytes > 0
    keys = {compiler.compile_regex("ab+").cache_key, compiler.compile_regex("ab").cache_key,
            compiler.compile_grammar('root ::= "ab"').cache_key, compiler.compile_json_schema({}).cache_key,
            compiler.compile_json_schema({}, any_whitespace=False).cache_key}
    assert len(keys) == 5 and grammar.cache_key in keys and all(len(key) == 64 for key in keys)
    with pytest.raises(TypeError, match="compiled is str; expected xgr.CompiledGrammar"):
        CompiledGrammar(GrammarType.REGEX, "a", grammar.source, "a", compiler)


def test_grammar_matcher(tokenizer_info):
    grammar = GrammarCompiler(tokenizer_info).compile_regex("ab+")
    matcher = GrammarMatcher(grammar, num_speculative_tokens=2, terminate_without_stop_token=True)
    mask = xgr.allocate_token_bitmask(3, 257)
    assert matcher.accept_token(97) and matcher.fill_next_token_bitmask(mask)
    fork = matcher.fork()
    assert type(fork) is GrammarMatcher and fork.num_speculative_tokens == 2
    assert fork.accept_token(98) and fork.is_terminated() and not matcher.is_terminated()
    fork.rollback(2)
    matcher.reset()
    assert matcher.history_size == fork.history_size == 0 and grammar.accept_token(97)
    with pytest.raises(TypeError, match="expected xgr.backend.CompiledGrammar"):
        GrammarMatcher(grammar.compiled)


def test_grammar_compiler(tokenizer_info):
    compiler = GrammarCompiler(tokenizer_info, max_threads=2, cache_enabled=True, cache_limit_bytes=1 << 20)
    assert (compiler.tokenizer_info, compiler.max_threads, compiler.cache_limit_bytes) == (tokenizer_info, 2, 1 << 20)
    items = [xgr.StructuralTagItem(begin="<f>", schema={"type": "integer"}, end="</f>")]
    made = [compiler.compile_json_schema({"type": "null"}, any_whitespace=False), compiler.compile_json_object(),
            compiler.compile_regex("a"), compiler.compile_grammar("start: /b/"),
            compiler.compile_structural_tag(items, ["<f>"]), compiler.compile_structural_tag(TAG)]
    assert [grammar.grammar_type for grammar in made] == [
        GrammarType.JSON, GrammarType.JSON_OBJECT, GrammarType.REGEX, GrammarType.GRAMMAR,
        GrammarType.STRUCTURAL_TAG, GrammarType.STRUCTURAL_TAG]
    assert compiler.get_stats()["cache_entries"] == 6 and compiler.compile_regex("a").compiled is made[2].compiled
    compiler._put_cached("mine", made[0])
    assert compiler._get_cached("mine").compiled is made[0].compiled and compiler._get_cached("not") is None
    compiler.clear_cache()
    assert compiler._get_cached("mine") is None and compiler.get_stats()["cache_entries"] == 0
    assert compiler.compile_regex("a").compiled is not made[2].compiled
    without = GrammarCompiler(tokenizer_info, cache_enabled=False)
    without._put_cached("mine", made[0])
    assert without._get_cached("mine") is None
    assert without.compile_regex("a").compiled is not without.compile_regex("a").compiled
    with pytest.raises(TypeError):
        GrammarCompiler("gpt2")


def test_threads_that_ask_for_the_same_share_a_compile(tokenizer_info):
    compiler, found = GrammarCompiler(tokenizer_info), []
    threads = [threading.Thread(target=lambda: found.append(compiler.compile_grammar(SLOW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sizes = compiler.engine.cache_stats()
    assert len({grammar.cache_key for grammar in found}) == 1 and sizes["misses"] == 1


def test_xgrammar_grammar(tokenizer_info):
    ctx = GrammarCompiler(tokenizer_info).compile_regex('\\{"name": [ab]+')
    grammar = XGrammarGrammar(GrammarMatcher(ctx), 257, ctx)
    mask = xgr.allocate_token_bitmask(1, 257)
    assert grammar.jump_forward_string() == '{"name": ' and grammar.validate_tokens(b'{"x') == 2
    assert grammar.accept_tokens(b'{"name": ') == 9 and grammar.jump_forward_string() == ""
    assert grammar.fill_next_token_bitmask(mask) and xgr.bitmask_tokens(mask) == [97, 98]
    assert grammar.accept_token(97) and not grammar.accept_token(99) and grammar.num_processed_tokens == 10
    fresh = grammar.copy()
    grammar.rollback(10)
    assert grammar.num_processed_tokens == fresh.num_processed_tokens == 0
    assert grammar.jump_forward_string() == fresh.jump_forward_string()
    assert grammar.accept_tokens(b'{"name": b') == 10 and grammar.accept_token(STOP) and grammar.is_terminated()
    grammar.reset()
    assert not grammar.is_terminated() and grammar.num_processed_tokens == 0
    with pytest.raises(ValueError, match="vocab_size is 256, but the grammar was compiled for logits of size 257"):
        XGrammarGrammar(GrammarMatcher(ctx), 256, ctx)
    for wrong in ((xgr.GrammarMatcher(ctx.compiled), 257, ctx), (GrammarMatcher(ctx), 257, ctx.compiled)):
        with pytest.raises(TypeError):
            XGrammarGrammar(*wrong)


def test_tokenizer_info():
    info = TokenizerInfo.from_tokenizer(Backend(), 100)
    assert isinstance(info, TokenizerInfo) and isinstance(info, xgr.TokenizerInfo) and info.vocab_size == 100
    assert TokenizerInfo.from_tokenizer(info, 100) is info and TokenizerInfo.from_tokenizer(TOKENS).vocab_size == 257
    assert TokenizerInfo._detect_vocab_type(Backend()) is VocabType.BYTE_LEVEL

    class Pieces:
        sp_model = object()

        def get_vocab(self):
            return {"<0x0A>": 0, "a": 1}

    class Ranks:
        vocab_files_names = {"vocab_file": "x.tiktoken"}

        def get_vocab(self):
            return {b"a": 0}

    assert TokenizerInfo._detect_vocab_type(Pieces()) is VocabType.BYTE_FALLBACK
    assert TokenizerInfo._detect_vocab_type(Ranks()) is VocabType.RAW


# --- futures ---


def test_async_futures():
    made = AsyncXGrammarBackend(TOKENS, num_speculative_tokens=1)
    future = made.submit("regex", "ab")
    grammar = future.result(60)
    assert isinstance(grammar, XGrammarGrammar) and grammar.matcher.num_speculative_tokens == 1
    kept = made.submit("regex", "ab")
    assert kept.done() and kept.result().ctx.compiled is grammar.ctx.compiled
    assert made.submit("regex", "(").exception(60).offset == 1
    stats = made.get_stats()
    assert (stats["compile_count"], stats["cache_hits"]) == (1, 1)
    assert made.compile_grammar("regex", "ab").ctx.compiled is grammar.ctx.compiled
    assert made.submit("regex", "ab", tokenizer=OTHER_TOKENS).result(60).vocab_size == 3


def test_async_compiles_do_not_block_the_loop():
    made = AsyncXGrammarBackend(TOKENS)

    async def serve():
        ticks, task = 0, asyncio.ensure_future(made.compile_grammar_async("grammar", SLOW))
        while not task.done():
            await asyncio.sleep(0.001)
            ticks += 1
        first, second = await asyncio.gather(made.compile_grammar_async("regex", "a"),
                                             made.compile_grammar_async("json", {}))
        return ticks, task.result(), first, second

    ticks, *grammars = asyncio.run(serve())
    assert ticks > 2 and all(isinstance(grammar, XGrammarGrammar) for grammar in grammars)


def test_async_timeout_and_cancel():
    made = AsyncXGrammarBackend(TOKENS, timeout=0.005)
    assert made.submit("grammar", SLOW).exception(60).code is xgr.ErrorCode.LIMIT_EXCEEDED
    assert made.submit("regex", "a", timeout=30).result(60) is not None
    cancel = xgr.Cancel()
    future = made.submit("grammar", SLOW, timeout=60, cancel=cancel)
    cancel.request()
    assert future.exception(60).code is xgr.ErrorCode.CANCELLED
    future = made.submit("grammar", SLOW, timeout=60)
    assert future.cancel() and future.cancelled() and future.cancel()

    async def give_up():
        await asyncio.wait_for(made.compile_grammar_async("grammar", SLOW, timeout=60), 0.005)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(give_up())
    assert made.compile_grammar("regex", "b") is not None
    for wrong, error in ((0, ValueError), ("1", TypeError)):
        with pytest.raises(error, match="timeout is"):
            AsyncXGrammarBackend(TOKENS, timeout=wrong)


def test_everything_is_named():
    assert set(backends.__all__) <= set(dir(backends)) and xgr.backend is backends
