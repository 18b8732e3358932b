"""What this package offers engines, on stand-ins for them: tests/clients has the engines themselves."""
import json
import os
import pathlib
import subprocess
import sys
import types

import numpy as np
import pytest

import xgr
import xgr.llama_cpp
import xgr.lmdeploy
import xgr.mlx
import xgr.tensorrt_llm
from conftest import STOP, VOCAB_SIZE
from xgr._engine import EngineCompiler, source_of, structural_tag_of, with_markers_as_text

ROOT = pathlib.Path(__file__).parents[3]


def ids(text):
    return list(text.encode())


@pytest.fixture
def compiled(compiler):
    return compiler.compile_regex("(ab|cd)*(x|yz)")


def free():
    return np.zeros(VOCAB_SIZE, np.float32)


def chosen(logits):
    """The tokens whose logits are finite, as text; `$` is the end."""
    return "".join("$" if token == STOP else chr(token) for token in np.isfinite(logits).nonzero()[-1])


class TestOneRowAtATime:
    @pytest.mark.parametrize("module", [xgr.llama_cpp, xgr.mlx])
    def test_processors(self, compiled, module):
        processor = module.LogitsProcessor(compiled)
        prompt = ids("prompt")
        assert chosen(processor(np.array(prompt), free())) == "acxy"
        assert chosen(processor(np.array([*prompt, ord("y")]), free())) == "z"
        assert chosen(processor([*prompt, *ids("yz")], free())) == "$"
        assert len(chosen(processor([*prompt, *ids("yz"), STOP], free()))) == VOCAB_SIZE
        assert chosen(processor(ids("other"), free())) == "acxy"
        rows = free()[None]
        assert chosen(processor(ids("othera"), rows)) == "b" and module.LogitsProcessor(compiled) is not processor

    def test_what_the_grammar_refuses(self, compiled):
        processor = xgr.llama_cpp.LogitsProcessor(compiled)
        processor(ids("p"), free())
        with pytest.raises(xgr.XgrError, match="the grammar refuses token 113"):
            processor(ids("pq"), free())

    def test_matcher_options(self, compiled):
        processor = xgr.llama_cpp.LogitsProcessor(compiled, starts="!", may_end_waiting=True)
        assert len(chosen(processor(ids("p"), free()))) > 200
        processor(ids("p?"), free())
        assert chosen(processor(ids("p?!"), free())) == "acxy"


def test_vocabulary_of_llama_cpp(monkeypatch):
    texts = [b"<unk>", b"<s>", b"</s>", b"a", b"ab", b"", b"\xff"]
    attributes = [1 << 0, 1 << 3, 1 << 3, 1 << 2, 1 << 4, 1 << 1, 1 << 5]
    module = types.ModuleType("llama_cpp")
    module.llama_vocab_get_attr = lambda vocabulary, token: attributes[token]
    module.llama_vocab_is_eog = lambda vocabulary, token: token == 2
    monkeypatch.setitem(sys.modules, "llama_cpp", module)
    inner = types.SimpleNamespace(vocab=None, token_to_piece=lambda token, special: texts[token])
    info = xgr.llama_cpp.tokenizer_info(types.SimpleNamespace(_model=inner, n_vocab=lambda: len(texts)))
    assert info.stop_token_ids == [2] and info.special_token_ids == [0, 1, 5]
    assert [info.token_bytes(i) for i in (3, 4, 6)] == [b"a", b"ab", b"\xff"]


class TestLmdeploy:
    def test_sequences_by_turns(self, compiled):
        """Rows are filled up on the left to the longest one, and nothing says whose they are."""
        processor = xgr.lmdeploy.LogitsProcessor(compiled)
        outputs = {"one": "", "another": "", "one ": ""}
        for step in range(3):
            length = max(len(prompt) + len(output) for prompt, output in outputs.items())
            for i, (prompt, output) in enumerate(outputs.items()):
                shown = [0] * (length - len(prompt) - len(output)) + ids(prompt + output)
                logits = processor(np.array(shown), free())
                assert chosen(logits) == {"": "acxy", "a": "b", "c": "d", "y": "z", "ab": "acxy", "cd": "acxy",
                                          "yz": "$"}[output]
                outputs[prompt] = ("ab", "cd", "yz")[i][:step + 1]

    def test_two_with_the_same_prompt(self, compiled):
        processor = xgr.lmdeploy.LogitsProcessor(compiled)
        for output in ("", "", "a", "c", "ab", "cd"):
            logits = processor(np.array(ids("p" + output)), free())
            assert chosen(logits) == ("b" if output == "a" else "d" if output == "c" else "acxy")


class TestTensorrtLlm:
    def test_beams_and_requests(self, compiled):
        processor = xgr.tensorrt_llm.LogitsProcessor(compiled)

        def ask(request, *beams):
            logits = np.zeros((1, len(beams), VOCAB_SIZE), np.float32)
            processor(request, logits, [ids(beam) for beam in beams], None, None)
            return [chosen(row) for row in logits[0]]

        assert ask(1, "p", "p") == ["acxy", "acxy"]
        assert ask(2, "p") == ["acxy"]
        assert ask(1, "pa", "py") == ["b", "z"]
        assert ask(2, "pc") == ["d"]
        assert ask(1, "pyz", "pab") == ["$", "acxy"]  # the beams have changed places

    def test_batches(self, compiled):
        processor = xgr.tensorrt_llm.BatchedLogitsProcessor({7: compiled}.get)
        logits = [np.zeros((1, 1, VOCAB_SIZE), np.float32) for _ in range(2)]
        processor([1, 2], logits, [[ids("p")], [ids("p")]], None, [7, None])
        assert chosen(logits[0][0, 0]) == "acxy" and np.isfinite(logits[1]).all()


class TestExllamav3:
    @pytest.fixture
    def module(self, monkeypatch):
        pytest.importorskip("torch", reason="needs torch")

        class Base:
            def __init__(self, tokenizer, trigger_token, prefix_str, eos_after_completed):
                self.trigger_token, self.prefix_str, self.vocab_size = trigger_token, prefix_str, VOCAB_SIZE + 4
                self.logits_dtype = __import__("torch").half

        for name in ("exllamav3", "exllamav3.generator", "exllamav3.generator.filter"):
            monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        sys.modules["exllamav3.generator.filter"].Filter = Base
        monkeypatch.delitem(sys.modules, "xgr.exllamav3", raising=False)
        import importlib

        return importlib.import_module("xgr.exllamav3")

    def test_filter(self, compiled, module):
        made = module.Filter(None, compiled)
        mask = made.get_next_logit_mask()
        assert mask.shape == (1, VOCAB_SIZE + 4) and chosen(mask.numpy()) == "acxy"
        for token in ids("aby"):
            assert not made.is_completed()
            made.accept_token(token)
        made.accept_token(ord("z"))
        assert made.is_completed()
        made.reset()
        assert not made.is_completed() and made.use_background_worker()
        with pytest.raises(xgr.XgrError, match="refuses token 113"):
            made.accept_token(ord("q"))

    def test_prefix(self, compiled, module):
        assert chosen(module.Filter(None, compiled, prefix_str="aby", consume_prefix=True).get_next_logit_mask()
                      .numpy()) == "z"
        with pytest.raises(xgr.XgrError, match="prefix_str is 'q', which no output"):
            module.Filter(None, compiled, prefix_str="q", consume_prefix=True)


class TestEngineCompiler:
    @pytest.fixture(scope="class")
    def marked(self):
        tokens = [bytes([i]) for i in range(256)] + ["<tool>", "</s>"]
        kinds = [xgr.TokenKind.NORMAL] * 256 + [xgr.TokenKind.CONTROL, xgr.TokenKind.STOP]
        return xgr.TokenizerInfo(tokens, token_kinds=kinds)

    def matcher(self, engine, kind, value, **options):
        return xgr.GrammarMatcher(engine.compile(kind, value, **options))

    def test_where_special_tokens_are_text(self, marked):
        engine = EngineCompiler(marked)
        assert not self.matcher(engine, "regex", "<tool>a").is_token_allowed(256)
        tag = {"type": "structural_tag", "format": {"type": "const_string", "value": "<tool>a"}}
        assert self.matcher(engine, "structural_tag", tag).is_token_allowed(256)
        assert not self.matcher(engine, "grammar", 'root ::= "<tool>"').is_token_allowed(256)
        assert self.matcher(EngineCompiler(marked, ["ebnf"]), "grammar", 'root ::= "<tool>"').is_token_allowed(256)
        assert with_markers_as_text(marked).stop_token_ids == [257]

    def test_kinds(self, marked):
        engine = EngineCompiler(marked)
        for kind, value, text in (("json", '{"type": "object", "properties": {"a": {}}}', '{"a": 1}'),
                                  ("json", {"enum": [5]}, "5"), ("json_object", "", '{"b": []}'),
                                  ("regex", "a+", "aa"), ("grammar", 'root ::= "b"', "b"),
                                  ("grammar", 'start: "c"', "c"), ("choice", ["x", "yy"], "yy"),
                                  ("choice", '["x", "yy"]', "x")):
            matcher = self.matcher(engine, kind, value)
            assert matcher.accept_string(text) and matcher.is_completed(), (kind, value)
        assert not self.matcher(engine, "json", {"properties": {"a": {}}}).accept_string('{"b": 1}')
        assert self.matcher(engine, "json", {"properties": {"a": {}}}, strict_mode=False).accept_string('{"b": 1}')
        assert not self.matcher(engine, "json", {"const": [1, 2]}, any_whitespace=False,
                                separators=(",", ":")).accept_string("[1, 2]")
        assert engine.start("regex", "a+").result().grammar

    def test_tags(self):
        old = {"structures": [{"begin": "<a>", "schema": None, "end": "</a>"},
                              {"begin": "<b>", "schema": '{"type": "null"}', "end": "</b>"}], "triggers": ["<"]}
        tags = structural_tag_of(json.dumps(old))["format"]["tags"]
        assert [tag["content"]["json_schema"] for tag in tags] == [{}, {"type": "null"}]
        new = {"type": "structural_tag", "format": {"type": "sequence", "elements": [
            {"type": "json_schema", "json_schema": None}]}}
        assert structural_tag_of(new)["format"]["elements"][0]["json_schema"] == {}
        assert new["format"]["elements"][0]["json_schema"] is None
        with pytest.raises(TypeError, match="structural_tag is list; expected a JSON object"):
            structural_tag_of("[]")

    def test_wrong_requests(self):
        with pytest.raises(ValueError, match="'xml' is no kind of constraint; expected one of 'json'"):
            source_of("xml", "")
        with pytest.raises(ValueError, match="expected a list of strings"):
            source_of("choice", [])
        with pytest.raises(TypeError, match="draft: options of a JSON Schema, for a constraint of kind regex"):
            source_of("regex", "a", draft=7)


def run(program, **environment):
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True,
                          env={**os.environ, **environment}).stdout.strip()


def test_the_installed_package_changes_no_engine():
    """The entry point of vLLM imports nothing of vLLM, and modules of engines nothing of them."""
    program = ("import sys, _xgr_vllm; _xgr_vllm.activate(); _xgr_vllm.activate(); import xgr.vllm, xgr.sglang; "
               "print([name for name in ('vllm', 'sglang', 'torch') if name in sys.modules])")
    assert run(program, XGR_VLLM="") == "[]"


def test_the_name_is_kept_where_vllm_enters_xgrammar_under_it():
    program = ("import sys, types, _xgr_vllm; _xgr_vllm.activate(); sys.modules['xgr'] = types.ModuleType('xgrammar'); "
               "sys.modules['xgr'].__path__ = []; import xgr.family as one; "
               "sys.modules['xgr'] = types.ModuleType('xgrammar'); sys.modules['xgr'].__path__ = []; "
               "import xgr.reply_reader, xgr; print(xgr.__name__, len(one.families()) > 5, xgr.family is one)")
    assert run(program) == "xgr True True"


def test_entry_points_name_functions_that_are_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points."sglang.srt.plugins"]\nxgr = "xgr.sglang:activate"' in text
    assert '[project.entry-points."vllm.general_plugins"]\nxgr = "_xgr_vllm:activate"' in text
    import _xgr_vllm
    import xgr.sglang
    import xgr.vllm

    assert callable(_xgr_vllm.activate) and callable(xgr.sglang.activate) and callable(xgr.vllm.activate)


class TestAfterAnError:
    def test_the_next_call_goes_on_from_the_state_before(self, compiled):
        processor = xgr.llama_cpp.LogitsProcessor(compiled)
        prompt = ids("prompt")
        processor(prompt, free())
        for _ in range(2):
            with pytest.raises(xgr.XgrError, match="refuses token"):
                processor([*prompt, ord("q")], free())
        assert chosen(processor([*prompt, ord("y")], free())) == "z"

    def test_ids_that_are_text(self, compiled):
        with pytest.raises(TypeError, match="ids are str"):
            xgr.llama_cpp.LogitsProcessor(compiled)("ab", free())


def test_tensors_whose_rows_are_not_evenly_apart(compiled):
    torch = pytest.importorskip("torch")
    logits = torch.zeros(2, 3, VOCAB_SIZE).transpose(0, 1)
    xgr.tensorrt_llm.LogitsProcessor(compiled)(0, logits, [[1]] * 6)
    assert (torch.isfinite(logits).sum(dim=-1) == 4).all()
