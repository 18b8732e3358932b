"""vLLM's two interfaces of logits processors with xgr.vllm:LogitsProcessor, and the same requests on the matchers
of the original: vllm_logits.py SIDE OUT [REPLAY]. The sides are original, plug-in (the V1 interface) and
plug-in-v2."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import json
import types

import cases
import tiny
import torch
import walks

NAMES = {"JSON": "json", "JSON_OBJECT": "json_object", "REGEX": "regex", "GRAMMAR": "grammar", "CHOICE": "choice",
         "STRUCTURAL_TAG": "structural_tag"}
TOKENS = tiny.tokenizer()
SIZE = tiny.vocab_size(TOKENS)
PROMPT = TOKENS.encode("hello world")


def params_of(kind, text, **options):
    from vllm.sampling_params import SamplingParams

    value = True if kind == "JSON_OBJECT" else json.loads(text) if kind in ("CHOICE", "JSON") else text
    return SamplingParams(extra_args={"xgr": {NAMES[kind]: value, **options}}, stop_token_ids=[tiny.EOS])


def config():
    return types.SimpleNamespace(
        model_config=types.SimpleNamespace(get_vocab_size=lambda: SIZE),
        scheduler_config=types.SimpleNamespace(async_scheduling=False), speculative_config=None)


def processor_class():
    """By the name that users give vLLM, as its loaders find it."""
    import vllm.plugins
    import vllm.tokenizers

    vllm.plugins.load_general_plugins()
    vllm.tokenizers.cached_tokenizer_from_config = lambda model_config: TOKENS
    if SIDE == "plug-in":
        from vllm.v1.sample.logits_processor import _load_custom_logitsprocs as load
    else:
        from vllm.v1.worker.gpu.sample.logits_processor.loader import _load_v2_logitsprocs as load
    found, = load(["xgr.vllm:LogitsProcessor"])
    return found


def words_of(logits):
    """The mask that turned zeros into these logits."""
    return walks.words_of_finite(logits.isfinite())


class V1:
    """A batch of the V1 runner: requests come, go and move, between others without a constraint."""

    def __init__(self, kind):
        from vllm.sampling_params import SamplingParams
        from vllm.v1.sample.logits_processor.interface import BatchUpdate, MoveDirectionality

        self.update, self.swap, self.free = BatchUpdate, MoveDirectionality.SWAP, SamplingParams()
        self.processor = kind(config(), torch.device("cpu"), False)
        assert self.processor.is_argmax_invariant() is False

    def walk(self, params):
        output, place = [], 1
        self.processor.update_state(self.update(3, [], [(0, self.free, PROMPT, []), (1, params, PROMPT, output),
                                                        (2, self.free, None, [])], []))

        def mask():
            nonlocal place
            if len(output) == 3:  # rows change places
                self.processor.update_state(self.update(3, [], [], [(1, 2, self.swap)]))
                place = 2
            else:
                self.processor.update_state(None)
            logits = self.processor.apply(torch.zeros(3, SIZE))
            assert all(logits[i].isfinite().all() for i in range(3) if i != place)
            return words_of(logits[place])

        def accept(token):
            output.append(token)
            return True

        return walks.Walk(mask, accept, lambda: bool(output) and output[-1] == tiny.EOS)


class V2:
    """The V2 runner: ids on the device, slots that are used again, rows for drafts."""

    def __init__(self, kind):
        from vllm.v1.worker.gpu.sample.logits_processor import LogitsProcRequestState

        column = lambda: types.SimpleNamespace(gpu=torch.zeros(4, dtype=torch.int32),  # noqa: E731
                                               np=torch.zeros(4, dtype=torch.int32).numpy())
        self.ids = types.SimpleNamespace(gpu=torch.zeros((4, 256), dtype=torch.int32))
        self.state = LogitsProcRequestState(
            device=torch.device("cpu"), max_num_reqs=4, vocab_size=SIZE, all_token_ids=self.ids,
            prompt_len=column(), prefill_len=column(), total_len=column())
        self.processor = kind(config(), self.state)
        self.slot = 0

    def context(self, slots, fed, drafts):
        """Rows of the slots, each with its drafts."""
        from vllm.v1.worker.gpu.sample.logits_processor import LogitsContext

        rows, local = [], []
        for slot, draft in zip(slots, drafts):
            rows += [slot] * (1 + len(draft))
            local += range(1 + len(draft))
        return LogitsContext(
            expanded_idx_mapping=torch.tensor(rows), idx_mapping=torch.tensor(slots),
            idx_mapping_np=torch.tensor(slots).numpy(), expanded_local_pos=torch.tensor(local),
            input_ids=torch.tensor(fed), pos=torch.zeros(len(rows)), seq_lens_upper_bound_np=None)

    def walk(self, params):
        from vllm.sampling_params import SamplingParams

        output, slot = [], self.slot
        self.slot = (slot + 1) % 4
        other = (slot + 2) % 4
        for index, asked in ((slot, params), (other, SamplingParams())):
            self.ids.gpu[index, :len(PROMPT)] = torch.tensor(PROMPT, dtype=torch.int32)
            self.state.prompt_len.np[index] = self.state.prefill_len.np[index] = len(PROMPT)
            self.state.total_len.gpu[index] = len(PROMPT)
            assert self.processor.add_request(index, asked) == (index == slot)

        def step(draft):
            self.processor.apply_staged_writes()
            last = (PROMPT + output)[-1]
            context = self.context([other, slot], [PROMPT[-1], last, *draft], [[], draft])
            return self.processor.apply(torch.zeros(2 + len(draft), SIZE), context)

        def mask():
            return words_of(step([])[1])

        def accept(token):
            if len(output) % 3 == 1:  # the token as a draft: masks before and behind it
                rows = step([token, -1])
                before = words_of(rows[1])
                assert rows[0].isfinite().all() and before == mask()
                self.behind = words_of(rows[2])
            output.append(token)
            end = len(PROMPT) + len(output)
            self.ids.gpu[slot, end - 1] = token
            self.state.total_len.gpu[slot] = end
            if len(output) % 3 == 2 and token != tiny.EOS:
                assert mask() == self.behind
            return True

        return walks.Walk(mask, accept, lambda: bool(output) and output[-1] == tiny.EOS)


def check_params(kind):
    """What is refused when a request comes."""
    from vllm.sampling_params import SamplingParams

    for spec in ({"json": {"type": "no"}}, {"regex": "("}, {}, {"json": {}, "regex": "a"}, {"regex": "a", "draft": 7}, "x",
                 {"choice": []}):
        try:
            kind.validate_params(SamplingParams(extra_args={"xgr": spec}))
        except ValueError as error:
            assert "xgr" in str(error), error
        else:
            raise AssertionError(f"{spec} is valid")
    kind.validate_params(SamplingParams())
    kind.validate_params(SamplingParams(extra_args={"xgr": {"json": {}, "starts": ["</think>"], "max_waiting_tokens": 9}}))


def main():
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    if SIDE == "original":
        import vllm_backend

        batch = types.SimpleNamespace(walk=vllm_backend.walker())
        make = lambda kind, text: batch.walk(kind, text, {tiny.EOS})  # noqa: E731
    else:
        kind_of = processor_class()
        batch = (V1 if SIDE == "plug-in" else V2)(kind_of)
        make = lambda kind, text: batch.walk(params_of(kind, text))  # noqa: E731
        check_params(kind_of)
    for name, kind, text in cases.REQUESTS:
        traced.record(name, lambda kind=kind, text=text: make(kind, text), seeds=2)
    if SIDE != "original":
        think(batch)
    traced.write(OUT)


def think(batch):
    """Free until the end of the thinking, and not for longer than the budget."""
    walk = batch.walk(params_of("REGEX", "yes|no", starts=[[tiny.THINK_END]], max_waiting_tokens=2, may_end_waiting=True))
    for token in TOKENS.encode("hello")[:1] * 2:
        assert len(walks.allowed(walks.as_words(walk.mask()), SIZE)) == SIZE - tiny.UNUSED
        walk.accept(token)
    assert walks.allowed(walks.as_words(walk.mask()), SIZE) == [tiny.THINK_END]
    walk.accept(tiny.THINK_END)
    allowed = walks.allowed(walks.as_words(walk.mask()), SIZE)
    assert allowed and all(TOKENS.decode([token])[0] in "yn" for token in allowed)


main()
