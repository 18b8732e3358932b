"""generate() of transformers with xgr.transformers.LogitsProcessor, and the contrib.hf processor on the original
and on the drop-in: transformers_generate.py SIDE OUT [REPLAY]. Masks are those of the processor, called as
generate() does; then a model with random weights writes outputs, which have to match."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import json
import re

import cases
import jsonschema
import tiny
import torch
import walks

TOKENS = tiny.tokenizer()
SIZE = tiny.vocab_size(TOKENS)
KINDS = ("JSON", "REGEX", "GRAMMAR")


def library():
    """(tokenizer info, compiler, class of processors)"""
    if SIDE == "plug-in":
        import xgr
        import xgr.transformers

        return xgr, xgr.TokenizerInfo.from_huggingface(TOKENS, vocab_size=SIZE), xgr.transformers.LogitsProcessor
    import xgrammar
    from xgrammar.contrib.hf import LogitsProcessor

    return xgrammar, xgrammar.TokenizerInfo.from_huggingface(TOKENS, vocab_size=SIZE), LogitsProcessor


LIBRARY, INFO, PROCESSOR = library()
COMPILER = LIBRARY.GrammarCompiler(INFO)


def compiled(kind, text):
    return cases.compiled(COMPILER, kind, text)


def walk_of(grammar):
    """Outputs of one row, as generate() shows them."""
    processor, ids = PROCESSOR(grammar), TOKENS.encode("hello world")

    def mask():
        scores = processor(torch.tensor([ids]), torch.zeros(1, SIZE))
        return walks.words_of_finite(scores[0].isfinite())

    def accept(token):
        ids.append(token)
        return True

    return walks.Walk(mask, accept, lambda: ids[-1] == tiny.EOS)


def generate(**how):
    """Texts of a batch of two prompts."""
    grammar = compiled("REGEX", r'\{"a": "[a-z]{2,4}", "b": (true|null)\}')
    model, given = tiny.model(TOKENS), TOKENS(["hello", "hello world"], return_tensors="pt", padding=True,
                                              padding_side="left")
    torch.manual_seed(5)
    rows = model.generate(given["input_ids"], attention_mask=given["attention_mask"], max_new_tokens=60,
                          logits_processor=[PROCESSOR(grammar)], **how)
    schema = {"properties": {"a": {"pattern": "^[a-z]{2,4}$"}, "b": {"enum": [True, None]}}, "required": ["a", "b"]}
    for row in rows:
        jsonschema.validate(json.loads(TOKENS.decode(row[given["input_ids"].shape[1]:], skip_special_tokens=True)), schema)


def drafts():
    """Assisted generation, which the original's processor does not follow."""
    grammar = compiled("REGEX", "(hello|world)( (alpha|beta)){3}")
    model, given = tiny.model(TOKENS), TOKENS("hello world alpha beta", return_tensors="pt")
    outputs = []
    for how in ({}, {"assistant_model": tiny.model(TOKENS, 1)}, {"prompt_lookup_num_tokens": 3}):
        row = model.generate(given["input_ids"], attention_mask=given["attention_mask"], max_new_tokens=60,
                             logits_processor=[PROCESSOR(grammar)], **how)[0]
        outputs.append(TOKENS.decode(row[given["input_ids"].shape[1]:], skip_special_tokens=True))
        assert re.fullmatch("(hello|world)( (alpha|beta)){3}", outputs[-1]), outputs
    assert outputs[0] == outputs[1] == outputs[2], outputs


def main():
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS:
        if kind in KINDS:
            traced.record(name, lambda kind=kind, text=text: walk_of(compiled(kind, text)))
    generate()
    generate(do_sample=True)
    if SIDE == "plug-in":
        generate(num_beams=3, num_return_sequences=2)
        generate(num_beams=3, do_sample=True)
        generate(do_sample=True, num_return_sequences=3)
        drafts()
    traced.write(OUT)


main()
