"""The cases of tests/cases: one token a byte, and at every byte three ways to ask give one answer."""
import pytest
from case_file import all_cases

import xgr

STOP = 256
CASES = all_cases()


@pytest.fixture(scope="module")
def compiler():
    return xgr.GrammarCompiler(
        xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b""], stop_token_ids=STOP))


OPTIONS = {"compact", "indent", "max_whitespace", "max_digits", "escapes", "strict", "any_order",
           "unique_names", "draft", "formats", "unknown_keywords"}


def layout(options):
    assert options.keys() <= OPTIONS, f"unknown options: {options.keys() - OPTIONS}"
    escapes = options.get("escapes", "any")
    if "compact" in options or "indent" in options:
        return {"any_whitespace": False, "indent": options.get("indent"), "escapes": escapes}
    return {"max_whitespace_cnt": options.get("max_whitespace"), "max_digits": options.get("max_digits"),
            "escapes": escapes}


def compile_case(compiler, case):
    if case.kind == "ebnf":
        return compiler.compile_grammar(case.source)
    if case.kind == "regex":
        return compiler.compile_regex(case.source)
    if case.kind == "lark":
        return compiler.compile_lark(case.source, named_grammars=case.remotes)
    if case.kind == "structural_tag":
        return compiler.compile_structural_tag(case.source)
    if case.kind == "tokenizer_json":
        return xgr.TokenizerInfo.from_tokenizer_json(case.source)
    if case.kind == "json":
        return compiler.compile_builtin_json_grammar(**layout(case.options))
    flags = {name: name in case.options for name in ("any_order", "unique_names")}
    return compiler.compile_json_schema(
        case.source, **layout(case.options), **flags, strict_mode="strict" in case.options,
        formats=case.options.get("formats", "enforce"), draft=case.options.get("draft"),
        remotes=case.remotes, unknown_keywords=case.options.get("unknown_keywords", "ignore"))


def accept(matcher, mask, token):
    matcher.fill_next_token_bitmask(mask)
    bit = mask[token // 32] >> token % 32 & 1
    allowed = matcher.is_token_allowed(token)
    accepted = matcher.accept_token(token)
    assert bit == allowed == accepted, f"token {token}: mask, is_token_allowed, accept_token disagree"
    return accepted


def check_text(compiled, expectation):
    matcher = xgr.GrammarMatcher(compiled)
    mask = memoryview(bytearray(matcher.mask_words * 4)).cast("I")
    text, at = expectation.text, expectation.at
    taken = len(text) if at is None else at
    for i in range(taken + 1):
        token = text[i] if i < len(text) else STOP
        wanted = i < taken or expectation.verb == "accept"
        assert accept(matcher, mask, token) == wanted, f"line {expectation.line}, byte {i}"


def check_error(error, expectation):
    assert error is not None and error.code.name.encode() == expectation.text, error
    assert expectation.at in (None, error.offset)
    assert expectation.pointer in (None, error.json_pointer)
    assert expectation.says in str(error)


@pytest.mark.parametrize("case", CASES, ids=[case.place for case in CASES])
def test_case(compiler, case):
    compiled = error = None
    try:
        compiled = compile_case(compiler, case)
    except xgr.XgrError as caught:
        error = caught
    for expectation in case.expectations:
        if expectation.verb == "error":
            check_error(error, expectation)
        else:
            assert error is None, error
            check_text(compiled, expectation)
