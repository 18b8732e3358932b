"""Every parameter of every public call: an object of a wrong type is a TypeError that names the parameter, or says
what is expected in its place. Tags of models by their names raise ValueError instead, as clients of theirs expect."""
import inspect

import pytest

import xgr
from xgr import (BatchGrammarMatcher, CompiledGrammar, Grammar, GrammarCompiler, GrammarMatcher, ReplyReader,
                 TokenizerInfo)

INFO = TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"])
COMPILER = GrammarCompiler(INFO)
COMPILED = COMPILER.compile_regex("[a-z]+")
MASK = xgr.allocate_token_bitmask(1, 257)
FILTER = memoryview(bytearray(b"\xff") * 36).cast("i")
TAG = '{"type": "structural_tag", "format": {"type": "any_text"}}'


class Wrong:
    """An object that is nothing in particular."""


def matcher():
    return GrammarMatcher(COMPILED)


def batch():
    return BatchGrammarMatcher(threads=0)


def several():
    return [matcher()]


def logits():
    return memoryview(bytearray(4 * 257)).cast("f", shape=[1, 257])


def temperatures():
    return memoryview(bytearray(4)).cast("f")


# A call, and arguments that are right.
CALLS = [
    (TokenizerInfo, [b"a"]), (TokenizerInfo.from_huggingface, None), (TokenizerInfo.from_tokenizer_json, None), (TokenizerInfo.from_file, None),
    (TokenizerInfo.from_vocab_and_metadata, [b"a"], "{}"), (INFO.token_bytes, 1), (INFO.token_kind, 1),
    (INFO.token_name, 1),
    (GrammarCompiler, INFO), (COMPILER.compile_json_schema, "{}"), (COMPILER.compile_builtin_json_grammar,),
    (COMPILER.compile_grammar, 'root ::= "a"'), (COMPILER.compile_regex, "a"), (COMPILER.compile_lark, 'start: "a"'),
    (COMPILER.compile_structural_tag, TAG), (COMPILER.compile_json_schema_async, "{}"),
    (COMPILER.compile_grammar_async, 'root ::= "a"'), (COMPILER.compile_regex_async, "a"),
    (COMPILER.compile_lark_async, 'start: "a"'), (COMPILER.compile_structural_tag_async, TAG),
    (COMPILER.compile_builtin_json_grammar_async,),
    (CompiledGrammar.warm_up, COMPILED),
    (Grammar.from_ebnf, 'root ::= "a"'), (Grammar.from_regex, "a"), (Grammar.from_lark, 'start: "a"'),
    (Grammar.from_json_schema, "{}"), (Grammar.from_structural_tag, TAG), (Grammar.builtin_json_grammar,),
    (Grammar.from_choices, ["a"]), (Grammar.from_substring, ["a"]), (Grammar.union, Grammar.from_regex("a")),
    (Grammar.concat, Grammar.from_regex("a")), (Grammar.from_regex("a").intersection, Grammar.from_regex("a")),
    (Grammar.from_regex("a").repeat,), (Grammar.from_regex("a").to_ebnf,),
    (GrammarMatcher, COMPILED), (GrammarMatcher.accept_token, matcher, 97),
    (GrammarMatcher.accept_tokens, matcher, [97]),
    (GrammarMatcher.validate_tokens, matcher, [97]), (GrammarMatcher.accept_string, matcher, "a"),
    (GrammarMatcher.is_token_allowed, matcher, 97), (GrammarMatcher.fill_next_token_bitmask, matcher, MASK),
    (GrammarMatcher.get_captures, matcher), (GrammarMatcher.fill_draft, matcher, [], MASK),
    (GrammarMatcher.fill_draft_tree, matcher, [0], MASK), (GrammarMatcher.forced_bytes, matcher),
    (GrammarMatcher.traverse_draft_tree, matcher, [-1], [-1], [0], MASK),
    (GrammarMatcher.forced_tokens, matcher), (GrammarMatcher.rollback, matcher),
    (GrammarMatcher.set_filter, matcher, FILTER),
    (GrammarMatcher.set_token_limit, matcher, None), (GrammarMatcher.set_closing, matcher, True),
    (GrammarMatcher.set_cancel, matcher, None),
    (BatchGrammarMatcher,), (BatchGrammarMatcher.batch_fill_next_token_bitmask, batch, several, MASK),
    (batch().batch_accept_token, several, [97]), (batch().batch_accept_string, several, ["a"]),
    (batch().batch_rollback, several, 0), (batch().batch_fill_temperature, several, temperatures),
    (BatchGrammarMatcher.set_cancel, batch, None),
    (BatchGrammarMatcher.apply_token_bitmask_inplace, batch, logits, MASK),
    (xgr.allocate_token_bitmask, 1, 8), (xgr.get_bitmask_shape, 1, 8), (xgr.reset_token_bitmask, MASK),
    (xgr.bitmask_count, MASK), (xgr.bitmask_tokens, MASK), (xgr.bitmask_set_tokens, MASK, [1]),
    (xgr.bitmask_filter_tokens, MASK, [1]), (xgr.bitmask_and, MASK, MASK), (xgr.bitmask_or, MASK, MASK),
    (xgr.bitmask_and_not, MASK, MASK), (xgr.apply_token_bitmask_inplace, logits, MASK),
    (xgr.bitmask_apply_candidates, MASK, bytearray(12)),
    (xgr.check_json_schema, "{}"), (xgr.family_structural_tag, "hermes", "{}"), (xgr.family_text, "hermes"),
    (ReplyReader, "hermes"), (lambda data: ReplyReader("hermes").feed(data), ""),
    (xgr.StartSequence, "a"), (xgr.apply_token_bitmask, logits, MASK), (xgr.install_as_xgrammar,),
]
FREE = {"debug_print", "self"}  # whether it is set is all that counts; the object itself


def name_of(call):
    return getattr(call, "__qualname__", repr(call))


def cases():
    for call, *arguments in CALLS:
        parameters = list(inspect.signature(call).parameters.values())
        for i, parameter in enumerate(parameters):
            if parameter.name not in FREE and parameter.kind is not parameter.VAR_KEYWORD:
                yield pytest.param(call, arguments, i, parameter, id=f"{name_of(call)}-{parameter.name}")


@pytest.mark.parametrize("call, arguments, i, parameter", list(cases()))
@pytest.mark.parametrize("wrong", [Wrong(), 1.5], ids=["object", "float"])
def test_wrong_type(call, arguments, i, parameter, wrong):
    if call is xgr.StartSequence:
        call, arguments = lambda *a: GrammarMatcher(COMPILED, starts=[xgr.StartSequence(*a)]), ["a", False]
    elif call is TokenizerInfo.from_huggingface and i:
        arguments = [__import__("test_huggingface").Fast()]
    elif call is TokenizerInfo.from_tokenizer_json and i:
        arguments = [__import__("test_huggingface").TOKENIZER_JSON]
    elif call is TokenizerInfo.from_file and i:
        arguments = [__import__("test_huggingface").TOKENIZER_JSON.encode()]
    if wrong == 1.5 and parameter.name in ("timeout", "default_temperature", "time_threshold"):
        pytest.skip("a number is what it is")
    makers = matcher, batch, several, logits, temperatures
    given = [value() if callable(value) and value in makers else value for value in arguments]
    options = {}
    if i < len(given) or parameter.kind is parameter.VAR_POSITIONAL:
        given[i:i + 1] = [wrong]
    elif parameter.kind in (parameter.POSITIONAL_ONLY,):
        given.append(wrong)
    else:
        options[parameter.name] = wrong
    if parameter.name in ("indent", "separators"):
        options["any_whitespace"] = False
    with pytest.raises(TypeError) as caught:
        call(*given, **options)
    assert parameter.name.strip("_") in str(caught.value) or "expected" in str(caught.value)
