"""Outlines: its xgrammar back end on the original and on the drop-in, and xgr.outlines.Backend:
outlines_generator.py SIDE OUT [REPLAY]."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import json
import re

import cases
import jsonschema
import outlines
import tiny
import torch
import walks

TOKENS = tiny.tokenizer()
SIZE = len(TOKENS)  # Outlines compiles for the tokens, not for the logits


def backend_of(model):
    if SIDE == "plug-in":
        import xgr.outlines

        return xgr.outlines.Backend(model)
    from outlines.backends.xgrammar import XGrammarBackend

    return XGrammarBackend(model)


def processor_of(backend, kind, text):
    if kind == "JSON":
        return backend.get_json_schema_logits_processor(text)
    return (backend.get_regex_logits_processor if kind == "REGEX" else backend.get_cfg_logits_processor)(text)


def walk_of(processor):
    processor.reset()
    ids = TOKENS.encode("hello")

    def mask():
        logits = processor(torch.tensor([ids]), torch.zeros(1, SIZE))
        return walks.words_of_finite(logits[0].isfinite())

    def accept(token):
        ids.append(token)
        return True

    return walks.Walk(mask, accept, lambda: ids[-1] == tiny.EOS)


def main():
    config = tiny.model(TOKENS).config
    config.vocab_size = SIZE
    torch.manual_seed(1)
    model = outlines.from_transformers(type(tiny.model(TOKENS))(config).eval(), TOKENS)
    backend = backend_of(model)
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS:
        if kind in ("JSON", "REGEX", "GRAMMAR") and name != "grammar lark":
            traced.record(name, lambda kind=kind, text=text: walk_of(processor_of(backend, kind, text)))
    schema = {"type": "object", "properties": {"a": {"enum": ["x", "yy"]}, "b": {"type": "boolean"}},
              "required": ["a", "b"], "additionalProperties": False}
    for processor, check in (
            (backend.get_json_schema_logits_processor(json.dumps(schema)),
             lambda text: jsonschema.validate(json.loads(text), schema)),
            (backend.get_regex_logits_processor("[a-c]{3}-(yes|no)"), re.compile("[a-c]{3}-(yes|no)$").match),
            (backend.get_cfg_logits_processor('root ::= "x" root | "y"' if SIDE != "plug-in" else 'start: "x" start | "y"'),
             re.compile("x*y$").match)):
        generator = outlines.Generator(model, processor=processor)
        for prompt in ("hello", "hello world"):  # a generator may be used again
            assert check(generator(prompt, max_new_tokens=80, do_sample=True)) is not False
        texts = generator.batch(["hello", "hello world"], max_new_tokens=80, do_sample=True)
        assert all(check(text) is not False for text in texts)
    traced.write(OUT)


main()
