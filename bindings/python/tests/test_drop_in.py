"""xgr.drop_in: the defaults and the contracts of the original where they differ from those of xgr."""
import json
import logging
import warnings

import numpy as np
import pytest

import xgr
import xgr.drop_in as xgrammar
from xgr.drop_in import testing

BYTES = [bytes([i]) for i in range(256)]
VOCABULARY = BYTES + ["true", b'{"', "</s>", "<|im_start|>", ""]
TRUE, OPEN, STOP, MARKER, EMPTY = range(256, 261)
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


@pytest.fixture(scope="module")
def info():
    return xgrammar.TokenizerInfo(VOCABULARY, vocab_size=300)


@pytest.fixture
def compiler(info):
    return xgrammar.GrammarCompiler(info)


def allowed(matcher):
    mask = np.zeros((1, (matcher.vocab_size + 31) // 32), np.int32)
    matcher.fill_next_token_bitmask(mask)
    return {token for token in xgr.bitmask_tokens(mask) if token < matcher.vocab_size}


def accepts(grammar, text):
    return testing._is_grammar_accept_string(grammar, text)


def test_names():
    for name in xgrammar.__all__:
        if name != "hf":
            assert getattr(xgrammar, name) is not None
    assert set(xgrammar.__all__) <= set(dir(xgrammar))
    with pytest.raises(AttributeError):
        xgrammar.nothing  # noqa: B018


def test_vocabulary(info):
    assert (info.vocab_size, info.stop_token_ids) == (300, [STOP])
    assert info.special_token_ids == [EMPTY, *range(261, 300)]
    assert info.decoded_vocab == [token if isinstance(token, bytes) else token.encode() for token in VOCABULARY]
    same = xgrammar.TokenizerInfo.from_vocab_and_metadata(VOCABULARY, info.dump_metadata())
    assert json.loads(same.dump_metadata()) == {"vocab_type": 0, "vocab_size": 300, "add_prefix_space": False,
                                                "stop_token_ids": [STOP]}
    with pytest.warns(DeprecationWarning):
        assert not info.prepend_space_in_tokenization
    with pytest.raises(RuntimeError):
        xgrammar.TokenizerInfo.from_vocab_and_metadata(VOCABULARY, "{}")


def test_stop_tokens():
    assert xgrammar.TokenizerInfo(["a", "<|im_end|>"]).stop_token_ids == []
    assert xgrammar.TokenizerInfo(["a", "<eos>", "</s>"]).stop_token_ids == [1, 2]
    assert xgrammar.TokenizerInfo(["a", "b"], stop_token_ids=1).stop_token_ids == [1]
    assert xgrammar.TokenizerInfo(["a", "b"], stop_token_ids=[7, 1, -1, 0]).stop_token_ids == [0, 1]
    assert xgrammar.TokenizerInfo(["a", "</s>"], stop_token_ids=[]).stop_token_ids == []


def test_markers_are_text(compiler):
    matcher = xgrammar.GrammarMatcher(compiler.compile_regex(".*"))
    assert MARKER in allowed(matcher) and EMPTY not in allowed(matcher)
    assert matcher.accept_token(MARKER) and not matcher.accept_token(EMPTY) and not matcher.accept_token(10**9)
    assert accepts(xgrammar.Grammar.from_ebnf('root ::= "<|im_start|>"'), "<|im_start|>")


def test_few_tokens():
    """The library would forbid what such a vocabulary cannot complete."""
    info = xgrammar.TokenizerInfo(["a", "b", "ab"], stop_token_ids=[])
    assert (info.vocab_size, info.mask_words, info.token_count, len(info.decoded_vocab)) == (3, 1, 3, 3)
    compiled = xgrammar.GrammarCompiler(info).compile_regex("abc|b.")
    matcher = xgrammar.GrammarMatcher(compiled)
    assert (matcher.vocab_size, matcher.mask_words) == (3, 1)
    assert allowed(matcher) == {0, 1, 2} and matcher.is_token_allowed(2) and not matcher.is_token_allowed(99)
    mask = np.full((2, 1), -1, np.int32)
    assert not matcher.fill_next_token_bitmask(mask, 1) and mask.tolist() == [[-1], [7]]
    fork = matcher.fork()
    assert fork.accept_token(0) and not fork.accept_token(3) and not fork.accept_token(ord("c") + 3)
    xgrammar.BatchGrammarMatcher(1).batch_fill_next_token_bitmask([fork, matcher], mask, [1, 0])
    assert mask.tolist() == [[7], [2]]
    assert xgrammar.BatchGrammarMatcher.batch_accept_token([fork, matcher], [100, 1]) == [False, True]
    with pytest.raises(RuntimeError):
        xgrammar.BatchGrammarMatcher(1).batch_fill_next_token_bitmask([fork, matcher], mask, [1])
    with pytest.raises(RuntimeError):
        fork.fill_next_token_bitmask(np.zeros((1, 2), np.int32))
    assert xgrammar.TokenizerInfo([]).vocab_size == 0


@pytest.mark.parametrize("vocab_type, tokens", [
    (xgrammar.VocabType.BYTE_LEVEL, ["\u0120a", "\u00e9", "\u4e00", "</s>"]),
    (xgrammar.VocabType.BYTE_FALLBACK, ["\u2581a", "<0xC3>", "\u4e00", "</s>"]),
    (xgrammar.VocabType.RAW, [" a", b"\xc3", "\u4e00", "</s>"])])
def test_serialized_vocabulary(vocab_type, tokens):
    info = xgrammar.TokenizerInfo(tokens, vocab_type, vocab_size=9, add_prefix_space=True)
    text = info.serialize_json()
    same = xgrammar.TokenizerInfo.deserialize_json(text)
    assert same.serialize_json() == text and same.decoded_vocab == info.decoded_vocab
    assert same.vocab_type is vocab_type and same.stop_token_ids == [3] and same.vocab_size == 9
    for member, value in (("vocab_size", 2), ("stop_token_ids", [10]), ("decoded_vocab", ["\u4e00"]),
                          ("vocab_type", 5)):
        with pytest.raises(xgrammar.DeserializeFormatError):
            xgrammar.TokenizerInfo.deserialize_json(json.dumps({**json.loads(text), member: value}))


def test_serialized_grammars(compiler, info):
    grammar = xgrammar.Grammar.from_ebnf('root ::= "[" [a-z]+')
    same = xgrammar.Grammar.deserialize_json(grammar.serialize_json())
    assert str(same) == str(grammar) and accepts(same, "[ab")
    compiled = compiler.compile_grammar(grammar)
    text = compiled.serialize_json()
    again = xgrammar.CompiledGrammar.deserialize_json(text, info)
    assert again.serialize_json() == text and isinstance(again, xgrammar.CompiledGrammar)
    other = xgrammar.TokenizerInfo(VOCABULARY, vocab_size=301)
    for error, call in (
            (xgrammar.DeserializeFormatError, lambda: xgrammar.CompiledGrammar.deserialize_json(text, other)),
            (xgrammar.DeserializeFormatError, lambda: xgrammar.Grammar.deserialize_json(text)),
            (xgrammar.DeserializeFormatError, lambda: xgrammar.Grammar.deserialize_json(
                json.dumps({"kind": "grammar", "ebnf": "root ::=", "__VERSION__": "xgr1"}))),
            (xgrammar.DeserializeFormatError, lambda: xgrammar.Grammar.deserialize_json("[]")),
            (xgrammar.DeserializeVersionError, lambda: xgrammar.Grammar.deserialize_json('{"__VERSION__":"v18"}')),
            (xgrammar.InvalidJSONError, lambda: xgrammar.Grammar.deserialize_json("no JSON"))):
        with pytest.raises(error):
            call()
    with xgrammar.max_recursion_depth(3), pytest.raises(xgrammar.InvalidJSONError, match="recursion depth"):
        xgrammar.Grammar.deserialize_json("[[[[]]]]")


def test_depth():
    assert xgrammar.get_max_recursion_depth() == 10000 and xgrammar.get_serialization_version() == "xgr1"
    with xgrammar.max_recursion_depth(7):
        assert xgrammar.get_max_recursion_depth() == 7
    for wrong in (0, -1, 10**7, "7"):
        with pytest.raises(RuntimeError):
            xgrammar.set_max_recursion_depth(wrong)


def test_schemas(compiler, caplog):
    strict = xgrammar.Grammar.from_json_schema(SCHEMA)
    assert accepts(strict, '{"a" : 1}') and not accepts(strict, '{"a": 1, "b": 2}')
    assert accepts(xgrammar.Grammar.from_json_schema(SCHEMA, strict_mode=False), '{"a": 1, "b": 2}')
    fixed = xgrammar.Grammar.from_json_schema(SCHEMA, any_whitespace=False, separators=(",", ":"),
                                              max_whitespace_cnt=2)
    assert accepts(fixed, '{"a":1}') and not accepts(fixed, '{"a": 1}')
    # What the library cannot enforce does not fail.
    assert accepts(xgrammar.Grammar.from_json_schema({"type": "string", "minLength": 2**70}), '"a"')
    # Nor does what only strict mode makes impossible.
    undeclared = {"type": "object", "properties": {}, "required": ["a"]}
    assert accepts(xgrammar.Grammar.from_json_schema(undeclared), '{"a": 1}')
    assert compiler.compile_json_schema(undeclared)
    with xgrammar.max_recursion_depth(2), pytest.raises(RuntimeError, match="recursion depth"):
        compiler.compile_json_schema(SCHEMA)
    assert compiler.compile_json_schema(True) and compiler.compile_json_schema(json.dumps(SCHEMA))
    with caplog.at_level(logging.INFO, "xgr"):
        xgrammar.Grammar.from_json_schema(SCHEMA, print_converted_ebnf=True)
    assert "root ::=" in caplog.text
    for wrong, options in ((7, {}), (SCHEMA, {"max_whitespace_cnt": 0}), ("{", {})):
        with pytest.raises(RuntimeError):
            compiler.compile_json_schema(wrong, **options)


def test_grammars(compiler):
    json_grammar = xgrammar.Grammar.builtin_json_grammar()
    assert accepts(json_grammar, "[1]") and accepts(json_grammar, "{}") and not accepts(json_grammar, "1")
    assert not testing._is_grammar_accept_string(json_grammar, "[1")
    assert testing._is_grammar_accept_string(json_grammar, "[1", require_termination=False)
    matcher = xgrammar.GrammarMatcher(compiler.compile_builtin_json_grammar())
    assert not matcher.accept_string("1") and matcher.accept_string("[1]")
    both = xgrammar.Grammar.union(xgrammar.Grammar.from_regex("a"), xgrammar.Grammar.from_ebnf('root ::= "b"'))
    twice = both + xgrammar.Grammar.concat(both, both)
    assert type(twice) is xgrammar.Grammar and accepts(twice, "aba")
    assert type(both | twice) is xgrammar.Grammar
    printed = str(compiler.compile_grammar(twice).grammar)
    assert accepts(printed, "aba") and isinstance(compiler.compile_grammar(printed).grammar, xgrammar.Grammar)
    assert accepts(xgrammar.Grammar.from_ebnf('start ::= "x"', root_rule_name="start"), "x")


def test_lark(compiler, info):
    source, named = "start: @word <|im_start|>", {"word": xgrammar.Grammar.from_regex("[a-z]+")}
    grammar = xgrammar.Grammar.from_lark(source, tokenizer_info=info, named_grammars=named)
    assert "Token(259)" in str(grammar)
    assert compiler.compile_lark(source, named_grammars=named)
    with pytest.raises(RuntimeError):
        xgrammar.Grammar.from_lark("start: <|nobody|>", tokenizer_info=info)
    for wrong in ([], {1: "start: A"}, {"a": 1}):
        with pytest.raises(TypeError):
            xgrammar.Grammar.from_lark("start: @a", named_grammars=wrong)


TAG = {"type": "structural_tag", "format": {
    "type": "triggered_tags", "triggers": ["<f"], "tags": [
        {"begin": "<f>", "content": {"type": "json_schema", "json_schema": SCHEMA}, "end": "</f>"}]}}


def test_structural_tags(compiler):
    tags = [xgr.StructuralTagItem(begin="<f>", schema=json.dumps(SCHEMA), end="</f>")]
    for make in (xgrammar.Grammar.from_structural_tag, lambda *a, **k: compiler.compile_structural_tag(*a, **k).grammar):
        for grammar in (make(TAG), make(json.dumps(TAG)), make(tags, ["<f"]), make(tags=tags, triggers=["<f"])):
            assert accepts(grammar, 'x<f>{"a":1}</f>') and not accepts(grammar, "<f>{}</f>")
        with pytest.raises(xgrammar.InvalidJSONError):
            make("{")
        with pytest.raises(xgrammar.InvalidStructuralTagError):
            make({"type": "structural_tag", "format": {"type": "nothing"}})


def test_compiler_options(info):
    compiler = xgrammar.GrammarCompiler(info, max_threads=1, cache_limit_bytes=-1)
    assert compiler.cache_limit_bytes == -1 and compiler.get_cache_size_bytes() == 0
    compiler.compile_regex("a+")
    assert compiler.get_cache_size_bytes() > 0
    assert xgrammar.GrammarCompiler(info, cache_limit_bytes=0).cache_limit_bytes == 0
    assert xgrammar.GrammarCompiler(tokenizer_info=info, enable_dynamic_compilation=True).compile_regex("a")
    for wrong in ({"cache_limit_bytes": -2}, {"max_threads": 0}):
        with pytest.raises(RuntimeError):
            xgrammar.GrammarCompiler(info, **wrong)
    with pytest.raises(ValueError):
        xgrammar.GrammarCompiler("no tokenizer")


def test_end_of_an_output(compiler):
    compiled = compiler.compile_regex("ab")
    matcher, mask = xgrammar.GrammarMatcher(compiled), np.zeros((1, 10), np.int32)
    assert matcher.accept_string(b"ab") and matcher.find_jump_forward_string() == ""
    assert matcher.find_jump_forward_tokens() == []
    assert matcher.accept_token(STOP) and matcher.is_terminated() and not matcher.accept_token(STOP)
    for call in (lambda: matcher.fill_next_token_bitmask(mask), matcher.find_jump_forward_string,
                 lambda: xgrammar.BatchGrammarMatcher().batch_fill_next_token_bitmask([matcher], mask)):
        with pytest.raises(RuntimeError, match="terminated"):
            call()
    matcher.rollback(-1)
    assert matcher.is_terminated()
    matcher.rollback()
    assert allowed(matcher) == {STOP}
    alone = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
    assert alone.accept_string("ab") and alone.is_terminated() and allowed(alone) == set()
    xgrammar.BatchGrammarMatcher().batch_fill_next_token_bitmask([alone], mask)
    assert not mask.any()
    with pytest.raises(RuntimeError):
        alone.rollback(2)


def test_without_stop_tokens():
    info = xgrammar.TokenizerInfo(BYTES, stop_token_ids=[])
    matcher = xgrammar.GrammarMatcher(xgrammar.GrammarCompiler(info).compile_regex("a|ab"))
    assert matcher.accept_string("a") and matcher.is_completed() and not matcher.is_terminated()
    assert allowed(matcher) == {ord("b")}
    fork = matcher.fork()
    assert fork.accept_token(ord("b")) and allowed(fork) == set() and not fork.is_terminated()


def test_arguments_of_matchers(compiler):
    compiled = compiler.compile_regex("[ab]+")
    for stop in (TRUE, [TRUE]):
        matcher = xgrammar.GrammarMatcher(compiled, override_stop_tokens=stop)
        assert matcher.stop_token_ids == [TRUE] and matcher.accept_string("a") and matcher.accept_token(TRUE)
    with pytest.warns(DeprecationWarning):
        assert xgrammar.GrammarMatcher(compiled, max_rollback_tokens=5).max_rollback_tokens == -1
    for wrong in ({"override_stop_tokens": []}, {"override_stop_tokens": [300]}, {"default_temperature": -1.0},
                  {"default_temperature": float("nan")}):
        with pytest.raises(RuntimeError):
            xgrammar.GrammarMatcher(compiled, **wrong)
    with pytest.raises(ValueError):
        xgrammar.GrammarMatcher("no grammar")
    for mask, index in ((np.zeros((1, 9), np.int32), 0), (np.zeros((1, 10), np.int64), 0),
                        (np.zeros((1, 10), np.int32), 1), ("mask", 0)):
        with pytest.raises(RuntimeError):
            matcher.fill_next_token_bitmask(mask, index)
    assert "incomplete" in xgrammar.GrammarMatcher(compiled)._debug_print_internal_state()


@pytest.mark.parametrize("tokens, ebnf, expected", [
    (["ab", "c"], 'root ::= "abc" [xy]', [0, 1]),
    (["ab", "c", "cd"], 'root ::= "abc" [xy]', [0]),  # whatever may follow
    (["ab", "d"], 'root ::= "abcd"', [0]),
    (["a", "a"], 'root ::= "a"*', [])])
def test_forced_tokens(tokens, ebnf, expected):
    info = xgrammar.TokenizerInfo(tokens, stop_token_ids=[])
    matcher = xgrammar.GrammarMatcher(xgrammar.GrammarCompiler(info).compile_grammar(ebnf))
    assert matcher.find_jump_forward_tokens() == matcher.find_jump_forward_tokens() == expected


def test_forced_text_inside_a_character(compiler):
    matcher = xgrammar.GrammarMatcher(compiler.compile_regex("\u00e9x"))
    assert matcher.find_jump_forward_string() == "\u00e9x"
    assert matcher.accept_token(0xC3) and matcher.find_jump_forward_string() == ""


@pytest.mark.parametrize("pattern, text, other", [
    (r"a\sb", "a\u00a0b", "ab"), (r"a[\s,]b", "a\u3000b", "a\u200bb"), (r"a[^\s]b", "axb", "a\u00a0b"),
    (r"a\Sb", "axb", "a\ufeffb"), (r"a[]\s]b", "a]b", "a\\b"), (r"a[^]\s]b", "axb", "a]b"),
    (r"a\\sb", "a\\sb", "a b"), (r"[[]\s[]]", "[ ]", "[x]")])
def test_white_space_of_patterns(compiler, pattern, text, other):
    for grammar in (xgrammar.Grammar.from_regex(pattern), compiler.compile_regex(pattern).grammar):
        assert accepts(grammar, text) and not accepts(grammar, other)


def test_white_space_of_macros(compiler):
    spaces = 'root ::= Regex("a\\\\s[^\\\\s]b")'
    for grammar in (xgrammar.Grammar.from_ebnf(spaces), compiler.compile_grammar(spaces).grammar):
        assert accepts(grammar, "a\u00a0xb") and not accepts(grammar, "a\u00a0\u00a0b")
    assert accepts('root ::= Regex("\\"\\\\s")', '" ')


@pytest.mark.parametrize("schema, text, other", [
    ({"$defs": {"V": {"oneOf": [{"type": "integer"}, {"$ref": "#/$defs/V"}]}}, "$ref": "#/$defs/V"}, "1", '"a"'),
    ({"$defs": {"V": {"oneOf": [{"const": "oneOf"}, {"$ref": "#/$defs/V"},
                                {"type": "object", "properties": {"oneOf": {"$ref": "#/$defs/V"}}}]}},
      "$ref": "#/$defs/V"}, '{"oneOf": "oneOf"}', '{"anyOf": "oneOf"}')])
def test_one_of_that_leads_back_to_itself(compiler, schema, text, other):
    tag = {"type": "structural_tag", "format": {"type": "json_schema", "json_schema": schema}}
    for grammar in (xgrammar.Grammar.from_json_schema(schema), compiler.compile_json_schema(schema).grammar,
                    xgrammar.Grammar.from_structural_tag(tag)):
        assert accepts(grammar, text) and not accepts(grammar, other)


def test_host_names_can_be_printed(compiler):
    schema = {"type": "object", "properties": {"host": {"format": "hostname", "type": "string"}}, "required": ["host"]}
    for grammar in (str(xgrammar.Grammar.from_json_schema(schema)), compiler.compile_json_schema(schema).grammar):
        assert accepts(str(grammar), '{"host": "a-b.example"}')
        assert not any(accepts(str(grammar), f'{{"host": "{wrong}"}}') for wrong in ("-", "a.", "ab--c"))
    matcher = xgrammar.GrammarMatcher(compiler.compile_json_schema(schema))
    assert not matcher.accept_string('{"host": "' + ".".join(["a" * 60] * 5))
    with pytest.raises(RuntimeError):
        xgrammar.Grammar.from_json_schema(schema).serialize_json()  # which has to be exact


def test_markers_come_before_their_text():
    grammar = xgrammar.Grammar.from_lark("""
        start[capture="outer"]: r "z"
        r[capture="inner", suffix=/!!+/, stop_capture="marker"]: /[a-z]*/
    """)
    matcher = testing._get_matcher_from_grammar(grammar)
    assert matcher.accept_string("ab!!z")
    assert matcher.get_captures() == [("marker", b"!!"), ("inner", b"ab"), ("outer", b"ab!!z")]
    assert matcher.fork().get_captures() == matcher.get_captures()


def test_draft_trees(compiler):
    matcher, mask = xgrammar.GrammarMatcher(compiler.compile_regex("ab|ac")), np.full((3, 10), 7, np.int32)
    tree = np.array([1, 2, -1]), np.array([-1, -1, -1]), np.array([0, ord("a"), ord("x")])
    assert matcher.traverse_draft_tree(*tree, mask)
    assert xgr.bitmask_tokens(mask, 1) == [ord("b"), ord("c")] and not mask[2].any()
    for wrong in ((tree[0].astype(np.int32), *tree[1:]), (tree[0][:2], *tree[1:]), (tree[0] + 5, *tree[1:])):
        with pytest.raises(RuntimeError):
            matcher.traverse_draft_tree(*wrong, mask)
    with pytest.raises(RuntimeError):
        matcher.traverse_draft_tree(*tree, mask[:2])
    assert testing._traverse_draft_tree(*tree, matcher, mask)


def test_batches(compiler):
    matchers = [xgrammar.GrammarMatcher(compiler.compile_regex("a+")) for _ in range(2)]
    assert xgrammar.BatchGrammarMatcher.batch_accept_string(matchers, ["aa", "b"]) == [True, False]
    assert xgrammar.BatchGrammarMatcher().batch_fill_next_token_bitmask(matchers, np.zeros((2, 10), np.int32)) is None
    for call in (lambda: xgrammar.BatchGrammarMatcher.batch_rollback(matchers, [1]),
                 lambda: xgrammar.BatchGrammarMatcher.batch_accept_token(matchers, [1]),
                 lambda: xgrammar.BatchGrammarMatcher(0)):
        with pytest.raises(RuntimeError):
            call()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        xgrammar.BatchGrammarMatcher(10**6)
    assert "max_threads" in str(caught[0].message)


def test_testing_helpers():
    assert testing._regex_to_ebnf("a", with_rule_name=False) == '"a"'
    assert "root ::=" in testing._json_schema_to_ebnf(SCHEMA)
    assert '"<parameter="' in testing._json_schema_to_ebnf(SCHEMA, json_format="qwen_xml")
    for call in (testing._print_grammar_fsms, testing._get_allow_empty_rule_ids):
        with pytest.raises(xgr.XgrError, match="not here"):
            call(None)
    with pytest.raises(AttributeError, match="native layer"):
        from xgr.drop_in.base import _core

        _core.GrammarCompiler  # noqa: B018


def test_bitmasks_of_torch(compiler):
    torch = pytest.importorskip("torch")
    pytest.importorskip("xgr.logits")
    mask = xgrammar.allocate_token_bitmask(2, 300)
    assert mask.dtype is xgrammar.bitmask_dtype is torch.int32 and tuple(mask.shape) == (2, 10)
    xgrammar.GrammarMatcher(compiler.compile_regex("a")).fill_next_token_bitmask(mask, 1)
    assert testing._is_single_token_bitmask(mask, 300, 1) == (True, ord("a"))
    assert len(testing._get_masked_tokens_from_bitmask(mask, 300, 1)) == 299
    bits = testing.bitmask_to_bool_mask(mask, 300)
    assert (testing.bool_mask_to_bitmask(bits)[:, :9] == mask[:, :9]).all()
    logits = torch.zeros(2, 300)
    xgrammar.apply_token_bitmask_inplace(logits, mask, indices=[1])
    assert (logits[0] == 0).all() and (logits[1] == 0).sum() == 1
    xgrammar.reset_token_bitmask(mask)
    assert (mask == -1).all()
    with pytest.warns(UserWarning, match="left unmasked"):
        xgrammar.apply_token_bitmask_inplace(torch.zeros(2, 400), mask)
    for options in ({"backend": "nothing"}, {"vocab_size": 400}):
        with pytest.raises(ValueError):
            xgrammar.apply_token_bitmask_inplace(logits, mask, **options)


def test_generate_processor(compiler):
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    pytest.importorskip("xgr.logits")
    processor = xgrammar.hf.LogitsProcessor(compiler.compile_regex("ab"))
    ids = torch.tensor([[1], [2]])
    for token in (ord("a"), ord("b"), STOP):
        scores = processor(ids, torch.zeros(2, 300))
        assert (scores == 0).sum(dim=1).tolist() == [1, 1] and (scores[:, token] == 0).all()
        ids = torch.cat([ids, torch.full((2, 1), token)], dim=1)
    processor(ids, torch.zeros(2, 300))
    with pytest.raises(RuntimeError):
        processor(ids[:1], torch.zeros(1, 300))


class TestAVocabularyWithoutAllBytes:
    @pytest.fixture
    def grammar(self):
        info = xgrammar.TokenizerInfo(["a", "b", "ab", "</s>"])
        return xgrammar.GrammarCompiler(info).compile_grammar('root ::= "a" "\u00e9"? "b"')

    def test_only_its_tokens_are_accepted(self, grammar):
        matcher = xgrammar.GrammarMatcher(grammar)
        assert matcher.accept_token(0) and not matcher.accept_token(195)
        assert matcher.validate_tokens([195]) == 0 and matcher.accept_tokens([195]) == 0
        assert matcher.accept_tokens([1, 3]) == 2 and matcher.is_terminated()

    def test_subclasses(self, grammar):
        class Plain(xgrammar.GrammarMatcher):
            def accept_token(self, token_id, *, debug_print=False):
                return "mine"

        class Slotted(Plain):
            __slots__ = ()

        for kind in (Plain, Slotted):
            matcher = kind(grammar)
            assert isinstance(matcher, kind) and type(matcher).__name__ == kind.__name__
            assert matcher.accept_token(0) == "mine" and matcher.validate_tokens([0, 195]) == 1


def test_what_is_no_matcher_or_array():
    matcher = testing._get_matcher_from_grammar(xgrammar.Grammar.from_regex("a"))
    for call in (lambda: xgrammar.BatchGrammarMatcher.batch_accept_token([1], [1]),
                 lambda: xgrammar.BatchGrammarMatcher().batch_fill_next_token_bitmask([1], None),
                 lambda: matcher.traverse_draft_tree([0], [0], [0], None),
                 lambda: xgrammar.apply_token_bitmask_inplace(None, None)):
        with pytest.raises(RuntimeError, match="expected"):
            call()
