"""xgr.transformers in generate(): sampling, beams, drafts. A model with random weights writes what masks let it."""
import json

import pytest

import xgr

torch = pytest.importorskip("torch", reason="needs torch")
transformers = pytest.importorskip("transformers", reason="needs transformers")
tokenizers = pytest.importorskip("tokenizers", reason="needs tokenizers")

from xgr.transformers import LogitsProcessor  # noqa: E402

PAD, EOS = 0, 1
SCHEMA = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^[a-z]{2,3}$"},
                                           "b": {"enum": ["x", "yy", "zzz"]}}, "required": ["a", "b"]}


@pytest.fixture(scope="module")
def tokens():
    inner = tokenizers.Tokenizer(tokenizers.models.BPE())
    inner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=400, special_tokens=["<pad>", "</s>"], show_progress=False,
                                             initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
    inner.train_from_iterator(['{"a": 12, "b": "yy"} hello world'] * 9, trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="</s>", pad_token="<pad>")


def new_model(tokens, layers):
    torch.manual_seed(layers)
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=len(tokens) + 5, n_positions=256, n_embd=16, n_layer=layers, n_head=2, bos_token_id=EOS,
        eos_token_id=EOS, pad_token_id=PAD)).eval()


@pytest.fixture(scope="module")
def model(tokens):
    return new_model(tokens, 2)


@pytest.fixture(scope="module")
def compiler(tokens):
    return xgr.GrammarCompiler(xgr.TokenizerInfo.from_huggingface(tokens, vocab_size=len(tokens) + 5))


@pytest.fixture(scope="module")
def compiled(compiler):
    return compiler.compile_json_schema(SCHEMA, strict_mode=True, any_whitespace=False)


def prompt(tokens, *texts):
    batch = tokens(list(texts), return_tensors="pt", padding=True, padding_side="left")
    return {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}


def outputs(tokens, given, rows):
    return [tokens.decode(row[given["input_ids"].shape[1]:], skip_special_tokens=True) for row in rows]


def check(text):
    found = json.loads(text)
    assert list(found) == ["a", "b"] and found["a"].isalpha() and found["b"] in ("x", "yy", "zzz")


@pytest.mark.parametrize("how", [
    {}, {"do_sample": True}, {"do_sample": True, "num_return_sequences": 3}, {"num_beams": 4, "num_return_sequences": 3},
    {"num_beams": 3, "do_sample": True, "num_return_sequences": 2}], ids=str)
def test_outputs_match(tokens, model, compiled, how):
    torch.manual_seed(3)
    given, processor = prompt(tokens, "hello", "hello world"), LogitsProcessor(compiled)
    for _ in range(2):  # a processor may be used again
        rows = model.generate(**given, max_new_tokens=60, logits_processor=[processor], **how)
        for text in outputs(tokens, given, rows):
            check(text)


@pytest.mark.parametrize("how", ["assistant", "same", "lookup"])
def test_drafts_change_nothing(tokens, model, compiled, how):
    given = prompt(tokens, 'hello {"a": 12, "b')
    drafts = {"assistant": {"assistant_model": new_model(tokens, 1)}, "same": {"assistant_model": model},
              "lookup": {"prompt_lookup_num_tokens": 3}}[how]
    plain = model.generate(**given, max_new_tokens=60, logits_processor=[LogitsProcessor(compiled)])
    drafted = model.generate(**given, max_new_tokens=60, logits_processor=[LogitsProcessor(compiled)], **drafts)
    assert drafted.tolist() == plain.tolist()
    check(outputs(tokens, given, plain)[0])
    torch.manual_seed(1)
    rows = model.generate(**given, max_new_tokens=60, do_sample=True, logits_processor=[LogitsProcessor(compiled)],
                          **drafts)
    check(outputs(tokens, given, rows)[0])


def test_a_grammar_for_each_prompt(tokens, model, compiler, compiled):
    given = prompt(tokens, "hello", "hello world")
    processor = LogitsProcessor([compiled, compiler.compile_regex("(yes|no)!{3}")])
    rows = model.generate(**given, max_new_tokens=60, num_beams=2, num_return_sequences=2, logits_processor=[processor])
    texts = outputs(tokens, given, rows)
    check(texts[0])
    check(texts[1])
    assert all(text in ("yes!!!", "no!!!") for text in texts[2:])


def test_raw_logits_are_kept(tokens, model, compiled):
    given = prompt(tokens, "hello")
    out = model.generate(**given, max_new_tokens=4, logits_processor=[LogitsProcessor(compiled)], output_logits=True,
                         output_scores=True, return_dict_in_generate=True)
    assert torch.isfinite(out.logits[0]).all() and torch.isinf(out.scores[0]).any()


def test_continuous_batching_is_not_supported():
    assert LogitsProcessor.supports_continuous_batching is False
