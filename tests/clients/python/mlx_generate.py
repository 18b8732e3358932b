"""mlx-lm on a CPU with xgr.mlx.LogitsProcessor, and the contrib.mlxlm processor on the original and on the drop-in:
mlx_generate.py SIDE OUT [REPLAY]. A Llama with random weights writes outputs, which have to match."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import re

import cases
import mlx.core as mx
import numpy
import tiny
import walks
from mlx_lm.generate import generate_step
from mlx_lm.models import llama
from mlx_lm.sample_utils import make_sampler

TOKENS = tiny.tokenizer()
SIZE = tiny.vocab_size(TOKENS)


def library():
    """(package, class of processors)"""
    if SIDE == "plug-in":
        import xgr
        import xgr.mlx

        return xgr, xgr.mlx.LogitsProcessor
    import xgrammar
    from xgrammar.contrib.mlxlm import XGrammarLogitsProcessor

    return xgrammar, XGrammarLogitsProcessor


LIBRARY, PROCESSOR = library()
COMPILER = LIBRARY.GrammarCompiler(LIBRARY.TokenizerInfo.from_huggingface(TOKENS, vocab_size=SIZE))


def compiled(kind, text):
    return cases.compiled(COMPILER, kind, text)


def walk_of(grammar):
    # The original takes the last token of a prompt for output where the grammar does.
    processor, ids = PROCESSOR(grammar), [*TOKENS.encode("hello world"), tiny.EOS]
    length = len(ids)

    def mask():
        logits = numpy.array(processor(mx.array(ids), mx.zeros((1, SIZE))))[0]
        return walks.words_of_finite(numpy.isfinite(logits))

    def accept(token):
        ids.append(token)
        return True

    return walks.Walk(mask, accept, lambda: len(ids) > length and ids[-1] == tiny.EOS)


def generate():
    """By the loop of mlx-lm, twice with one processor where that is possible."""
    model = llama.Model(llama.ModelArgs(
        model_type="llama", hidden_size=32, num_hidden_layers=2, intermediate_size=64, num_attention_heads=2,
        rms_norm_eps=1e-5, vocab_size=SIZE, tie_word_embeddings=True))
    grammar = compiled("REGEX", "(hello|world)( [a-c]{2,3}){2}")
    processor = PROCESSOR(grammar)
    for seed, prompt in enumerate(("hello!", "hello world!")):
        mx.random.seed(seed)
        output = []
        for token, _ in generate_step(mx.array(TOKENS.encode(prompt)), model, max_tokens=60,
                                      sampler=make_sampler(temp=1.0), logits_processors=[processor]):
            if int(token) == tiny.EOS:
                break
            output.append(int(token))
        assert re.fullmatch("(hello|world)( [a-c]{2,3}){2}", TOKENS.decode(output)), TOKENS.decode(output)
        if SIDE != "plug-in":
            processor = PROCESSOR(grammar)


def main():
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS:
        if kind in ("JSON", "REGEX", "GRAMMAR"):
            traced.record(name, lambda kind=kind, text=text: walk_of(compiled(kind, text)))
    generate()
    traced.write(OUT)


main()
