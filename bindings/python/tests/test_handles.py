"""Closing, copies, misuse, leaks: nothing that Python does makes the library crash or grow."""
import contextlib
import copy
import gc
import os
import pathlib
import pickle
import random
import threading
import time

import pytest
from conftest import STOP, TRUE, VOCAB_SIZE

import xgr
from xgr import _memory

ROUNDS = int(os.environ.get("XGR_LEAK_ROUNDS", "3000"))
MIB = 1 << 20


def make_all(info):
    compiler = xgr.GrammarCompiler(info)
    compiled = compiler.compile_regex("[a-z]+")
    return [xgr.TokenizerInfo(["a"]), compiler, compiled, xgr.GrammarMatcher(compiled),
            xgr.Grammar.from_regex("a"), xgr.ReplyReader("hermes", begin="outside")]


# What can be done with an object of each kind, by the name of its class.
USES = {
    "TokenizerInfo": [lambda o: o.vocab_size, lambda o: o.token_bytes(0), lambda o: o.decoded_vocab,
                      lambda o: o.stop_token_ids, lambda o: o.dump_metadata(),
                      lambda o: xgr.GrammarCompiler(o), lambda o: o.memory_size_bytes],
    "GrammarCompiler": [lambda o: o.compile_regex("a"), lambda o: o.stats(),
                        lambda o: o.compile_json_schema("{}"), lambda o: o.memory_size_bytes,
                        lambda o: o.compile_grammar(xgr.Grammar.from_regex("a"))],
    "CompiledGrammar": [lambda o: o.grammar, lambda o: xgr.GrammarMatcher(o), lambda o: o.stats(),
                        lambda o: o.warm_up(), lambda o: o.memory_size_bytes,
                        lambda o: o.diagnostics],
    "GrammarMatcher": [lambda o: o.accept_token(97), lambda o: o.accept_string("a"),
                       lambda o: o.accept_tokens([97]),
                       lambda o: o.is_token_allowed(97), lambda o: o.fork(), lambda o: o.reset(),
                       lambda o: o.validate_tokens([97]), lambda o: o.set_filter(None),
                       lambda o: o.fill_draft([], bytearray(o.mask_words * 4)),
                       lambda o: o.fill_draft_tree([0], bytearray(o.mask_words * 4), parents=[-1]),
                       lambda o: o.forced_bytes(), lambda o: o.forced_tokens(),
                       lambda o: o.find_jump_forward_string(),
                       lambda o: o.fill_next_token_bitmask(bytearray(o.mask_words * 4)),
                       lambda o: o.lend_next_token_bitmask(), lambda o: o.rollback(0),
                       lambda o: o.is_terminated(), lambda o: o.is_completed(), lambda o: o.stats(),
                       lambda o: o.history_size, lambda o: o.stop_token_ids,
                       lambda o: o.explain(None), lambda o: o.explain_token(None, 97),
                       lambda o: o.get_captures(), lambda o: o.temperature],
    "Grammar": [str, lambda o: o | o, lambda o: o + o, lambda o: o & o, lambda o: o.repeat(),
                lambda o: o.check(), lambda o: xgr.Grammar.from_lark(
                    "start: @n", named_grammars={"n": o})],
    "ReplyReader": [lambda o: o.feed("a"), lambda o: o.finish()],
}


def test_use_after_close_is_an_error(info):
    for thing in make_all(info):
        uses = USES[type(thing).__name__]
        assert not thing.closed
        for use in uses:
            use(thing)
        thing.close()
        thing.close()
        assert thing.closed
        for use in uses:
            with pytest.raises(xgr.XgrError) as caught:
                use(thing)
            assert caught.value.code is xgr.ErrorCode.INVALID_STATE
            assert type(thing).__name__ in str(caught.value)


def test_a_closed_matcher_forgets_its_bitmask(info):
    mask = bytearray((VOCAB_SIZE + 31) // 32 * 4)
    matcher = make_all(info)[3]
    matcher.fill_next_token_bitmask(mask)
    matcher.close()
    with pytest.raises(xgr.XgrError):
        matcher.fill_next_token_bitmask(mask)
    mask.append(0)  # nothing holds its memory any more


def test_with_closes(info):
    with xgr.GrammarCompiler(info) as compiler, compiler.compile_regex("a") as compiled:
        with xgr.GrammarMatcher(compiled) as matcher:
            assert matcher.accept_token(97)
    assert compiler.closed and compiled.closed and matcher.closed


def test_what_was_made_outlives_what_it_was_made_from(info):
    own = xgr.TokenizerInfo(info.decoded_vocab, vocab_size=VOCAB_SIZE)
    compiler = xgr.GrammarCompiler(own)
    compiled = compiler.compile_grammar('root ::= "true"')
    matcher = xgr.GrammarMatcher(compiled)
    lent = matcher.lend_next_token_bitmask()
    own.close()
    assert compiled.tokenizer_info.decoded_vocab == info.decoded_vocab
    assert compiled.tokenizer_info is compiled.tokenizer_info is not own
    compiled.close()
    compiler.close()
    matcher.fork().close()
    assert matcher.accept_token(TRUE) and matcher.accept_token(STOP)
    matcher.close()
    lent.tobytes()


def test_copies(info):
    tokenizer, compiler, compiled, matcher, grammar, reader = make_all(info)
    for shared in (tokenizer, compiled, grammar, compiler):
        assert copy.copy(shared) is shared and copy.deepcopy(shared) is shared
    for twin in (copy.copy(matcher), copy.deepcopy(matcher)):
        assert twin.accept_token(97) and matcher.history_size == 0
    for thing in (tokenizer, compiler, compiled, matcher, grammar, reader):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
        with pytest.raises(AttributeError):
            thing.nothing
    error = pickle.loads(pickle.dumps(xgr.XgrError("a", xgr.ErrorCode.INTERNAL, 3)))
    assert (error.message, error.code, error.offset) == ("a", xgr.ErrorCode.INTERNAL, 3)


def test_wrong_arguments(info):
    _, compiler, compiled, matcher, _, _ = make_all(info)
    for call in (lambda: matcher.accept_token("a"), lambda: matcher.accept_token(None),
                 lambda: matcher.accept_string(None), lambda: compiler.compile_regex(None),
                 lambda: xgr.GrammarMatcher(None), lambda: xgr.GrammarCompiler(compiled),
                 lambda: matcher.fill_next_token_bitmask(None), lambda: info.token_bytes("a"),
                 lambda: xgr.TokenizerInfo([None]), lambda: xgr.TokenizerInfo(["a"], 7),
                 lambda: xgr.GrammarCompiler(info, max_threads=2**40)):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            call()
    assert not matcher.accept_token(2**70) and matcher.accept_token(97)


def test_finalizers_run_in_other_threads(info):
    def work(things):
        random.shuffle(things)
        while things:
            things.pop()

    for _ in range(20):
        threads = [threading.Thread(target=work, args=(make_all(info),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    gc.collect()


def test_closing_while_a_thread_compiles(info):
    compiler = xgr.GrammarCompiler(info)
    choices = xgr.Grammar.from_choices(f"item-{i:05}" for i in range(20000))
    thread = threading.Thread(target=compiler.compile_grammar, args=(choices,))
    thread.start()
    compiler.close()
    choices.close()
    thread.join()


def test_a_second_thread_inside_a_matcher_is_an_error(info):
    matcher = xgr.GrammarMatcher(xgr.GrammarCompiler(info).compile_regex("[a-z]*"))
    answers, errors = [], []

    def work():
        for _ in range(1000):
            with contextlib.suppress(xgr.XgrError):  # this may be the second one, too
                answers.append(matcher.accept_string(b"a" * 1000000))
            if answers and errors:  # on a busy machine the other one may come too late at first
                return

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        for use in USES["GrammarMatcher"][3:]:  # those that do not lengthen the output
            try:
                use(matcher)
            except xgr.XgrError as error:
                errors.append(error)
    thread.join()
    assert errors and {error.code for error in errors} == {xgr.ErrorCode.INVALID_STATE}
    assert "another thread" in errors[0].message
    assert all(answers) and matcher.accept_string("a")


def test_closing_while_a_thread_is_inside(info):
    matcher = xgr.GrammarMatcher(xgr.GrammarCompiler(info).compile_regex("[a-z]*"))

    def work():
        with contextlib.suppress(xgr.XgrError):
            while True:
                matcher.accept_string(b"a" * 100000)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.05)
    matcher.close()
    thread.join()
    assert matcher.closed


def resident():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Population:
    """At most a hundred objects of each kind, made from each other; which one goes is left to chance."""

    def __init__(self, info):
        self.random = random.Random(7)
        self.mask = bytearray((VOCAB_SIZE + 31) // 32 * 4)
        self.infos, self.compilers, self.grammars, self.compiled, self.matchers, self.readers = (
            [info], [xgr.GrammarCompiler(info)], [xgr.Grammar.from_regex("a")], [], [], [])
        self.compiled.append(self.compilers[0].compile_regex("[a-z]{1,3}"))
        self.makers = [
            (self.infos, lambda: xgr.TokenizerInfo(["a", "b", "</s>"])),
            (self.compilers, lambda: xgr.GrammarCompiler(self.any(self.infos))),
            (self.grammars, lambda: xgr.Grammar.from_regex("[ab]") | self.grammars[0]),
            (self.compiled, lambda: self.any(self.compilers).compile_grammar(self.any(self.grammars))),
            (self.matchers, lambda: xgr.GrammarMatcher(self.any(self.compiled))),
            (self.matchers, lambda: self.any(self.matchers or [self.matcher()]).fork()),
            (self.matchers, self.matcher),
            (self.readers, self.reader),
        ]

    def any(self, things):
        return self.random.choice(things)

    def matcher(self):
        matcher = xgr.GrammarMatcher(self.compiled[0])
        matcher.fill_next_token_bitmask(self.mask)
        matcher.accept_token(97)
        return matcher

    def reader(self):
        reader = xgr.ReplyReader("hermes", None, self.any(self.infos), begin="outside")
        reader.feed('a<tool_call>{"name": "f", "arguments": {}}</tool_call>')
        return reader

    def error(self):
        with pytest.raises(xgr.XgrError):
            self.compilers[0].compile_regex("(")

    def step(self):
        things, make = self.any(self.makers)
        things.append(make())
        if len(things) > 100:
            gone = things.pop(self.random.randrange(1, len(things)))  # the first one stays
            if self.random.random() < 0.5:
                gone.close()


@pytest.mark.skipif(not pathlib.Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_does_not_grow(info):
    population = Population(info)
    for _ in range(ROUNDS // 3 + 2000):  # until there are a hundred of each
        population.step()
    before = resident()
    for i in range(ROUNDS):
        population.step()
        if i % 100 == 0:
            population.error()
    assert resident() - before < 8 * MIB


def test_memory_may_go_in_a_cycle():
    """Bitmasks that a traceback refers to are collected with it, in any order."""
    for thing in (bytearray(40), xgr.allocate_token_bitmask(1, VOCAB_SIZE), memoryview(bytearray(80))[40:]):
        memory = _memory.of(thing, "bitmask")
        assert memory.pinned
        cycle = [memory]
        cycle.append(cycle)
        del memory, cycle, thing
        gc.collect()
