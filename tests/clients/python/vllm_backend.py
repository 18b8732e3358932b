"""vLLM's XgrammarBackend, on the original and on the drop-in, and xgr.vllm.Backend, driven as its scheduler
does: vllm_backend.py SIDE OUT [REPLAY]."""
import time
import types

import sides

SIDE, OUT, REPLAY = sides.begin()

import cases
import tiny
import walks


def config(**structured):
    settings = {"disable_any_whitespace": False, "backend": "xgrammar", "reasoning_parser": None, **structured}
    return types.SimpleNamespace(
        structured_outputs_config=types.SimpleNamespace(**settings), speculative_config=None,
        model_config=types.SimpleNamespace(hf_config=types.SimpleNamespace(model_type="gpt2")))


def backend_class():
    """What the manager of vLLM takes for "xgrammar"."""
    import vllm.v1.structured_output as manager

    if SIDE == "plug-in":
        import vllm.plugins

        vllm.plugins.load_general_plugins()  # finds the entry point of the installed package
        assert manager.XgrammarBackend.__module__ == "xgr.vllm.backend", manager.XgrammarBackend
    return manager.XgrammarBackend


def walk_of(backend, kind, text, stop=None):
    from vllm.v1.structured_output.backend_types import StructuredOutputOptions

    grammar = backend.compile_grammar(StructuredOutputOptions[kind], text, stop)
    mask = backend.allocate_token_bitmask(2)

    def fill():
        grammar.fill_bitmask(mask, 1)
        return mask[1]

    return walks.Walk(fill, lambda token: grammar.accept_tokens("r", [token]), grammar.is_terminated), grammar


def check_steps(backend, traced):
    """rollback, validate_tokens, reset: what they say along an output."""
    walk, grammar = walk_of(backend, "JSON", cases.REQUESTS[0][2])
    tokens = tiny.tokenizer().encode('{"name": "alpha", "age": 12}') + [tiny.EOS]
    before = walks.as_words(walk.mask())
    traced.note("validate whole", grammar.validate_tokens(tokens))
    traced.note("validate broken", grammar.validate_tokens(tokens[:4] + [tokens[0]]))
    assert walks.as_words(walk.mask()) == before
    assert grammar.accept_tokens("r", tokens[:5])
    middle = walks.as_words(walk.mask())
    traced.note("refused", grammar.accept_tokens("r", [tokens[0], tokens[0]]))
    grammar.reset()
    assert grammar.accept_tokens("r", tokens) and grammar.is_terminated()
    traced.note("after the end", [grammar.validate_tokens([5]), grammar.accept_tokens("r", [5])])
    grammar.rollback(len(tokens) - 5)
    assert not grammar.is_terminated() and walks.as_words(walk.mask()) == middle
    grammar.rollback(5)
    assert walks.as_words(walk.mask()) == before
    assert grammar.accept_tokens("r", tokens[:5])
    grammar.reset()
    assert walks.as_words(walk.mask()) == before


def check_validation(traced):
    """Which requests are refused before they reach the engine."""
    from vllm.sampling_params import SamplingParams, StructuredOutputsParams
    from vllm.v1.structured_output import backend_xgrammar

    names = {"JSON": "json", "JSON_OBJECT": "json_object", "REGEX": "regex", "GRAMMAR": "grammar",
             "CHOICE": "choice", "STRUCTURAL_TAG": "structural_tag"}
    for name, kind, text in cases.REQUESTS + cases.WRONG:
        value = True if kind == "JSON_OBJECT" else cases.CHOICES if kind == "CHOICE" else text
        params = SamplingParams(structured_outputs=StructuredOutputsParams(**{names[kind]: value}))
        try:
            backend_xgrammar.validate_xgrammar_grammar(params)
            outcome = "valid"
        except Exception as error:  # what it is differs between versions
            outcome = "refused"
            assert str(error)
        traced.note(f"validate {name}", outcome)


def check_manager(traced):
    """The manager of the engine: compiling in its threads, masks of a batch, drafts with padding and with tokens
    that are refused."""
    import vllm.v1.structured_output as manager
    from vllm.sampling_params import SamplingParams, StructuredOutputsParams
    from vllm.v1.structured_output.request import StructuredOutputRequest

    tokens = tiny.tokenizer()
    manager.cached_tokenizer_from_config = lambda model_config: tokens
    settings = config(reasoning_parser_plugin="", enable_in_reasoning=False)
    settings.model_config.__dict__.update(skip_tokenizer_init=False, is_diffusion=False,
                                          get_vocab_size=lambda: tiny.vocab_size(tokens))
    settings.parallel_config = types.SimpleNamespace(distributed_executor_backend=None)
    settings.scheduler_config = types.SimpleNamespace(max_num_seqs=4)
    settings.num_speculative_tokens = 3
    engine = manager.StructuredOutputManager(settings)

    def request(name, **asked):
        params = SamplingParams(structured_outputs=StructuredOutputsParams(**asked))
        params.structured_outputs._backend = "xgrammar"
        structured = StructuredOutputRequest.from_sampling_params(params)
        made = types.SimpleNamespace(request_id=name, sampling_params=params, structured_output_request=structured,
                                     use_structured_output=True, prompt_token_ids=[5], all_token_ids=[5])
        engine.grammar_init(made)
        while not structured.is_grammar_ready:
            time.sleep(0.01)
        return made

    requests = {"a": request("a", regex="(ab|cd)+x"), "b": request("b", json=cases.PERSON),
                "c": request("c", grammar='root ::= "total: " [0-9]+')}
    first = tokens.encode('{"name"')
    drafts = {"a": [tokens.encode(text)[0] for text in ("a", "b", "x")], "b": [first[0], -1, -1],
              "c": [tokens.encode("q")[0], tokens.encode("t")[0], -1]}
    for step in range(2):  # the second time as the first: nothing was taken
        masks = engine.grammar_bitmask(requests, ["a", "b", "c"], drafts)
        for row, words in enumerate(masks):
            traced.mask(f"manager, step {step}, row {row}", words)
    for name, draft in drafts.items():
        traced.note(f"manager, valid draft {name}", engine.validate_tokens(requests[name], draft))
    masks = engine.grammar_bitmask(requests, ["b", "a"], {})
    for row, words in enumerate(masks):
        traced.mask(f"manager, no drafts, row {row}", words)
    check_runner(masks, traced)


def check_runner(masks, traced):
    """How the V1 runner applies the masks of requests b and a to its rows."""
    import torch
    from vllm.v1.structured_output.utils import apply_grammar_bitmask

    for kind in (torch.float32, torch.bfloat16):
        logits = torch.zeros(3, tiny.vocab_size(tiny.tokenizer()), dtype=kind)
        apply_grammar_bitmask(types.SimpleNamespace(scheduled_spec_decode_tokens={}),
                              types.SimpleNamespace(grammar_bitmask=masks, structured_output_request_ids=["b", "a"]),
                              types.SimpleNamespace(req_ids=["free", "a", "b"]), logits)
        traced.note(f"runner, {kind}", [logits[row].isfinite().nonzero().flatten().tolist() for row in range(3)])


def check_tool_tags(backend, traced):
    """The structural tags that vLLM makes of tools for each kind of model."""
    from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionToolsParam
    from vllm.tool_parsers import structural_tag_registry as registry

    tools = [ChatCompletionToolsParam(**{**tool, "function": {**tool["function"], "strict": True}})
             for tool in cases.TOOLS]
    for model in sorted(registry.SUPPORTED_STRUCTURAL_TAG_MODELS):
        for choice in ("auto", "required"):
            def make(model=model, choice=choice):
                tag = registry.get_model_structural_tag(model, tools, choice, False)
                return walk_of(backend, "STRUCTURAL_TAG", tag.model_dump_json())[0]
            traced.record(f"tool tag {model} {choice}", make, seeds=2)


def walker():
    """Makes outputs of the back end of vLLM: for other clients."""
    tokens = tiny.tokenizer()
    backend = backend_class()(config(), tokenizer=tokens, vocab_size=tiny.vocab_size(tokens))
    return lambda kind, text, stop: walk_of(backend, kind, text, stop)[0]


def main():
    tokens = tiny.tokenizer()
    size = tiny.vocab_size(tokens)
    backend = backend_class()(config(), tokenizer=tokens, vocab_size=size)
    traced = walks.Trace(tiny.token_bytes(tokens), size, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS:
        traced.record(name, lambda kind=kind, text=text: walk_of(backend, kind, text)[0])
        traced.record(f"{name}, stop tokens", lambda kind=kind, text=text: walk_of(
            backend, kind, text, {tiny.EOS, 7})[0], seeds=1)
    dense = backend_class()(config(disable_any_whitespace=True), tokenizer=tokens, vocab_size=size)
    for name, kind, text in cases.REQUESTS:
        if kind.startswith("JSON"):
            traced.record(f"{name}, dense", lambda kind=kind, text=text: walk_of(dense, kind, text)[0], seeds=2)
    for name, kind, text in cases.WRONG:
        traced.record(name, lambda kind=kind, text=text: walk_of(backend, kind, text)[0], seeds=1)
    check_steps(backend, traced)
    check_validation(traced)
    check_tool_tags(backend, traced)
    check_manager(traced)
    traced.write(OUT)


if __name__ == "__main__":
    main()
