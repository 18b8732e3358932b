"""LMDeploy: its GuidedDecodingManager on the original and on the drop-in, and xgr.lmdeploy.LogitsProcessor where
its engine calls logits processors: lmdeploy_guided.py SIDE OUT [REPLAY]."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import json

import cases
import tiny
import torch
import walks

TOKENS = tiny.tokenizer()
SIZE = tiny.vocab_size(TOKENS)


def words_of(logits):
    return walks.words_of_finite(logits.isfinite())


def response_format(kind, text):
    if kind == "JSON":
        return {"type": "json_schema", "json_schema": {"name": "x", "schema": json.loads(text)}}
    if kind == "REGEX":
        return {"type": "regex_schema", "regex_schema": text}
    if kind == "JSON_OBJECT":
        return {"type": "json_object"}
    return json.loads(text)


def manager_walks():
    from lmdeploy._guided_decoding import ensure_response_format_compilable
    from lmdeploy.pytorch.engine.guided_process import GuidedDecodingManager

    manager, numbers = GuidedDecodingManager(TOKENS, SIZE), iter(range(10**6))

    def walk(kind, text):
        asked = response_format(kind, text)
        ensure_response_format_compilable(asked)
        contexts = [{"session_id": next(numbers), "seq_id": i} for i in range(2)]
        found = manager.get_processors(contexts, ({"type": "text"}, asked))
        processor, = found.values()
        assert list(found) == [1]
        bitmap = manager.allocate_batched_bitmap(2)

        def mask():
            manager.fill_bitmap(processor, bitmap, 1)
            logits = torch.zeros(2, SIZE)
            manager.apply_batched_bitmap(logits, bitmap)
            assert logits[0].isfinite().all()
            return words_of(logits[1])

        def accept(token):
            manager.accept_token(processor, token)
            return True

        return walks.Walk(mask, accept, lambda: manager.is_terminated(processor))

    return walk


def processor_walks():
    import xgr
    import xgr._engine
    import xgr.lmdeploy
    from lmdeploy.pytorch.engine.logits_process import _apply_custom_logits_processors

    compiler = xgr.GrammarCompiler(xgr.TokenizerInfo.from_huggingface(TOKENS, vocab_size=SIZE))
    marked = xgr.GrammarCompiler(xgr._engine.with_markers_as_text(compiler.tokenizer_info))

    def compiled(kind, text):
        if kind == "JSON":
            return compiler.compile_json_schema(text, strict_mode=True)
        if kind == "JSON_OBJECT":
            return compiler.compile_json_schema({"type": "object"})
        return compiler.compile_regex(text) if kind == "REGEX" else marked.compile_structural_tag(text)

    def walk(kind, text):
        processor = xgr.lmdeploy.LogitsProcessor(compiled(kind, text))
        ids, other = TOKENS.encode("hello world"), TOKENS.encode("hi")

        def mask():  # beside a free sequence; rows are filled up on the left
            rows = torch.full((2, len(ids) + 1), tiny.PAD)
            rows[0, -len(ids):] = torch.tensor(ids)
            rows[1, -len(other):] = torch.tensor(other)
            logits = _apply_custom_logits_processors([[processor], None], rows, torch.zeros(2, SIZE))
            assert logits[1].isfinite().all()
            return words_of(logits[0])

        def accept(token):
            ids.append(token)
            return True

        return walks.Walk(mask, accept, lambda: ids[-1] == tiny.EOS)

    return walk


def main():
    walk = processor_walks() if SIDE == "plug-in" else manager_walks()
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS + cases.WRONG:
        if kind in ("JSON", "JSON_OBJECT", "REGEX", "STRUCTURAL_TAG") and name != "structural tag, old form":
            traced.record(name, lambda kind=kind, text=text: walk(kind, text))
    traced.write(OUT)


main()
