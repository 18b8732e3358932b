"""Compile jobs as futures of concurrent.futures: awaiting, cancelling."""
import asyncio
import concurrent.futures
import gc
import os
import threading
import time

import pytest

import xgr

# Some tenths of a second of compiling.
SLOW = "root ::= " + " | ".join(f'"item-{i:06}"' for i in range(50000))


def test_every_kind_of_source(compiler, matches):
    futures = {
        compiler.compile_json_schema_async({"type": "boolean"}): "true",
        compiler.compile_builtin_json_grammar_async(any_whitespace=False): "[1, 2]",
        compiler.compile_grammar_async('x ::= "1"', root_rule_name="x"): "1",
        compiler.compile_regex_async("A", flags=xgr.RegexFlags.CASELESS): "a",
        compiler.compile_lark_async('start: "a"+'): "aaa",
    }
    for future in concurrent.futures.as_completed(futures, timeout=60):
        assert matches(future.result(), futures[future])


def test_errors_come_with_the_result(compiler):
    future = compiler.compile_regex_async("(a")
    with pytest.raises(xgr.XgrError) as caught:
        future.result(60)
    assert caught.value.offset == 2 and future.exception() is caught.value


def test_awaiting(compiler, matches):
    async def work():
        first, second = await asyncio.gather(
            compiler.compile_regex_async("a+"), compiler.compile_regex_async("b+"))
        return matches(first, "aa") and matches(second, "b")

    assert asyncio.run(work())


def test_a_deadline_does_not_wait(compiler):
    async def work():
        await asyncio.wait_for(compiler.compile_grammar_async(SLOW), 0.001)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(work())


def test_cancelling_stops_the_compiles(info):
    compiler = xgr.GrammarCompiler(info)
    sources = [SLOW.replace("item", f"item-{n}") for n in range(4)]
    futures = [compiler.compile_grammar_async(source) for source in sources]
    time.sleep(0.02)  # the first is being compiled, the others wait for it
    start = time.monotonic()
    assert all(future.cancel() for future in futures)
    assert all(future.cancel() and future.cancelled() for future in futures)
    assert concurrent.futures.wait(futures, timeout=10).done == set(futures)
    assert time.monotonic() - start < 0.5
    with pytest.raises(concurrent.futures.CancelledError):
        futures[0].result()
    assert compiler.compile_regex_async("a").result(60) is not None
    assert compiler.cache_stats()["entries"] == 1


def test_cancelling_a_task_stops_the_compile(compiler):
    future = compiler.compile_grammar_async(SLOW)

    async def wait():
        return await future

    async def main():
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)  # until it waits
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert future.cancelled()
    assert compiler.compile_regex_async("a").result(60) is not None
    assert compiler.cache_stats()["entries"] == 1


def test_a_result_may_be_asked_for_again(compiler):
    future = compiler.compile_regex_async("a+")
    assert future.result(60) is future.result() and not future.cancel()


def test_one_thread_waits_for_all(info, matches):
    compiler = xgr.GrammarCompiler(info, max_threads=2, cache_enabled=False)
    futures = [compiler.compile_regex_async(f"x{{{n}}}") for n in range(1, 200)]
    assert [t.name for t in threading.enumerate()].count("xgr-compile") <= 1
    for n, future in enumerate(futures, 1):
        assert matches(future.result(60), "x" * n)
    for thread in threading.enumerate():
        if thread.name == "xgr-compile":
            thread.join(10)
    assert "xgr-compile" not in [thread.name for thread in threading.enumerate()]


def test_the_cache_answers_at_once(compiler):
    compiler.compile_regex("a+")
    assert compiler.compile_regex_async("a+").done()


def test_a_callback_that_fails_harms_nobody_else(compiler):
    def fail(_):
        raise SystemExit

    first, second = compiler.compile_grammar_async(SLOW), compiler.compile_grammar_async(SLOW)
    first.add_done_callback(fail)
    assert first.result(60) and second.result(60)
    assert compiler.compile_regex_async("a").result(60) is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_compiles_too(compiler):
    future = compiler.compile_grammar_async(SLOW)
    child = os.fork()
    if child == 0:  # makes its own objects
        info = xgr.TokenizerInfo(["a", "</s>"])
        done = xgr.GrammarCompiler(info).compile_regex_async("a").result(30)
        os._exit(done is None)
    assert os.waitpid(child, 0)[1] == 0
    assert future.result(60)


def test_callbacks(compiler):
    done = threading.Event()
    future = compiler.compile_regex_async("a")
    future.add_done_callback(lambda _: done.set())
    assert done.wait(60)


def test_the_compiler_may_go_first(info, matches):
    future = xgr.GrammarCompiler(info).compile_regex_async("a")
    gc.collect()
    assert matches(future.result(60), "a")


def test_a_closed_compiler_starts_nothing(info):
    compiler = xgr.GrammarCompiler(info)
    compiler.close()
    with pytest.raises(xgr.XgrError):
        compiler.compile_regex_async("a")


def test_a_callback_may_wait_for_other_compiles(compiler):
    waited = []
    first = compiler.compile_grammar_async(SLOW)
    first.add_done_callback(lambda _: waited.append(compiler.compile_regex_async("(a|b){3,40}c").result(60)))
    assert compiler.compile_regex_async("x{3}y").result(60) and first.result(60)
    deadline = time.monotonic() + 60
    while not waited and time.monotonic() < deadline:
        time.sleep(0.01)
    assert waited


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_a_compiler_of_the_parent_tells_so_in_the_child(compiler):
    compiler.compile_regex_async("ab").result(60)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            compiler.compile_regex_async("cd")
        except xgr.XgrError as error:
            code = 0 if error.code == xgr.ErrorCode.INVALID_STATE and "forked" in error.message else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
