"""Requests to stop, timeouts, and the compile cache."""
import concurrent.futures
import threading
import time

import pytest

import xgr

# Some tenths of a second of compiling.
SLOW = "root ::= r0\n" + "".join(f'r{i} ::= "a{i}" r{i + 1} | "x"\n' for i in range(30000)) + \
    'r30000 ::= "b"'
SOON = 0.5  # how long an answer to a request to stop may take on a busy machine


def code_of(call, *arguments, **options):
    with pytest.raises(xgr.XgrError) as caught:
        call(*arguments, **options)
    return caught.value.code


def test_a_request_that_was_made_before_stops_every_compile(compiler):
    cancel = xgr.Cancel()
    compiler.compile_regex("a", cancel=cancel)
    assert not cancel.is_requested()
    cancel.request()
    cancel.request()
    assert cancel.is_requested()
    for call, *arguments in (
            (compiler.compile_json_schema, {}), (compiler.compile_builtin_json_grammar,),
            (compiler.compile_grammar, 'root ::= "a"'),
            (compiler.compile_grammar, xgr.Grammar.from_regex("b")),
            (compiler.compile_regex, "c"), (compiler.compile_lark, 'start: "a"'),
            (compiler.compile_regex_async("d", cancel=cancel).result, 60)):
        options = {} if arguments == [60] else {"cancel": cancel}
        assert code_of(call, *arguments, **options) == xgr.ErrorCode.CANCELLED
    assert compiler.compile_regex("c") is not None


def test_a_request_stops_a_compile_that_runs(compiler):
    cancel, made = xgr.Cancel(), []

    def request():
        time.sleep(0.005)
        made.append(time.monotonic())
        cancel.request()

    thread = threading.Thread(target=request)
    thread.start()
    assert code_of(compiler.compile_grammar, SLOW, cancel=cancel) == xgr.ErrorCode.CANCELLED
    assert time.monotonic() - made[0] < SOON
    thread.join()
    cancel.close()
    assert code_of(cancel.is_requested) == xgr.ErrorCode.INVALID_STATE


def test_a_request_stops_a_matcher_and_a_warm_up(compiler):
    compiled, cancel = compiler.compile_regex("[a-z]+"), xgr.Cancel()
    matcher = xgr.GrammarMatcher(compiled)
    mask = xgr.allocate_token_bitmask(1, matcher.vocab_size)
    matcher.set_cancel(cancel)
    assert matcher.accept_string("a")
    cancel.request()
    for call, *arguments in (
            (matcher.accept_token, 97), (matcher.accept_string, "b"), (matcher.is_token_allowed, 97),
            (matcher.fill_next_token_bitmask, mask), (matcher.lend_next_token_bitmask,),
            (matcher.fork().accept_token, 97)):
        assert code_of(call, *arguments) == xgr.ErrorCode.CANCELLED
    assert code_of(compiled.warm_up, "full", cancel=cancel) == xgr.ErrorCode.CANCELLED
    cancel.close()
    matcher.set_cancel(None)
    assert matcher.history_size == 1 and matcher.accept_string("b") and matcher.is_completed()


def test_a_timeout_is_a_limit(compiler):
    start = time.monotonic()
    assert code_of(compiler.compile_grammar, SLOW, timeout=0.001) == xgr.ErrorCode.LIMIT_EXCEEDED
    future = compiler.compile_grammar_async(SLOW, timeout=1e-9)  # a millisecond
    assert code_of(future.result, 60) == xgr.ErrorCode.LIMIT_EXCEEDED
    assert time.monotonic() - start < 2 * SOON
    compiler.compile_regex("a", timeout=1e30)
    for timeout in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="seconds above 0"):
            compiler.compile_regex("a", timeout=timeout)
    with pytest.raises(TypeError, match="expected Cancel"):
        compiler.compile_regex("a", cancel=True)


def test_one_compile_for_all_who_ask_at_once(compiler):
    jobs = [compiler.compile_grammar_async(SLOW) for _ in range(6)]
    assert jobs[0].cancel()  # which does not fail the others
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(compiler.compile_grammar, SLOW) for _ in range(2)]
    assert all(future.result(60) for future in jobs[1:] + calls)
    stats = compiler.cache_stats()
    assert stats["misses"] == 1 and stats["shared"] + stats["hits"] == 7
    assert stats["entries"] == 1 and stats["compile_nanoseconds"] > 0


def test_the_cache_counts_and_is_cleared(info):
    compiler = xgr.GrammarCompiler(info, cache_limit_bytes=1 << 20, canonical_schemas=True)
    for schema in ('{"const":1}', '{ "const": 1 }'):
        compiler.compile_json_schema(schema)
    stats = compiler.cache_stats()
    assert (stats["entries"], stats["misses"], stats["hits"], stats["evictions"]) == (1, 1, 1, 0)
    assert stats["memory_size"] > 0 and stats["memory_limit"] == 1 << 20
    compiler.compile_regex("a", bypass_cache=True)
    assert compiler.cache_stats()["entries"] == 1
    compiler.clear_cache()
    assert compiler.cache_stats()["entries"] == 0
    compiler = xgr.GrammarCompiler(info, cache_enabled=False)
    compiler.compile_regex("a")
    assert compiler.cache_stats()["entries"] == 0
