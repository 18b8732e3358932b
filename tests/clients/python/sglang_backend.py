"""SGLang's XGrammarGrammarBackend, on the original and on the drop-in, and the back end that this package
registers, driven as its scheduler does: sglang_backend.py SIDE OUT [REPLAY]."""
import sides

SIDE, OUT, REPLAY = sides.begin()

import ast
import pathlib
import types
import typing

import cases
import tiny
import torch
import walks
from sglang.srt.constrained import base_grammar_backend as base

KEYS = {"JSON": "json", "REGEX": "regex", "GRAMMAR": "ebnf", "STRUCTURAL_TAG": "structural_tag"}
TOKENS = tiny.tokenizer()
SIZE = tiny.vocab_size(TOKENS)


def backend_of(**settings):
    """The back end of a server with these settings, made by SGLang. Servers publish the settings; here they are
    handed to those who ask."""
    from sglang.srt import runtime_context

    asked = types.SimpleNamespace(**{
        "constrained_json_disable_any_whitespace": False, "constrained_json_max_whitespace_cnt": None,
        "reasoning_parser": None, "enable_strict_thinking": False, **settings})
    name = "xgr" if SIDE == "plug-in" else "xgrammar"
    base.get_serving = runtime_context.get_serving = lambda: asked
    base.get_exec = lambda: types.SimpleNamespace(kernel=types.SimpleNamespace(grammar_backend=name))
    return base.create_grammar_backend(asked, TOKENS, SIZE, {tiny.EOS}, think_end_ids=[tiny.THINK_END])


def request(backend, key, reasoning=False):
    """What the scheduler gets for a request."""
    value, hit = backend.get_cached_or_future_value(key, reasoning)
    if not hit:
        value = value.result()
        if not isinstance(value, base.InvalidGrammarObject):
            backend.set_cache(key, value.copy())
    if isinstance(value, base.InvalidGrammarObject):
        raise ValueError(value.error_message)
    return value


def walk_of(grammar):
    """Masks in a batch of three, where the others are free."""
    def fill():
        mask = grammar.allocate_vocab_mask(vocab_size=SIZE, batch_size=3, device="cpu")
        grammar.fill_vocab_mask_batched([base.GrammarRow(row=1, grammar=grammar)], mask)
        assert mask[0].eq(-1).all() and mask[2].eq(-1).all()
        return grammar.move_vocab_mask(mask, "cpu")[1]

    def accept(token):
        try:
            grammar.accept_token(token)
        except ValueError:
            return False
        return True

    return walks.Walk(fill, accept, grammar.is_terminated)


def check_steps(backend, traced):
    """Undoing, copies, jumping forward, applying masks."""
    grammar = request(backend, ("json", cases.REQUESTS[0][2]))
    ids = TOKENS.encode('{"name": "alpha", "age": 12}')
    first = walks.as_words(walk_of(grammar).mask())
    for token in ids:
        grammar.accept_token(token)
    middle = walks.as_words(walk_of(grammar).mask())
    grammar.accept_token(tiny.EOS)
    assert grammar.is_terminated() and grammar.current_token == tiny.EOS
    grammar.rollback(1)
    assert walks.as_words(walk_of(grammar).mask()) == middle
    grammar.rollback(len(ids))
    assert walks.as_words(walk_of(grammar).mask()) == first
    copy = grammar.copy()
    copy.accept_token(ids[0])
    assert walks.as_words(walk_of(grammar).mask()) == first
    assert copy.grammar_stats.is_cache_hit and copy.grammar_stats.dispatch_type == "json"
    again, hit = backend.get_cached_or_future_value(("json", cases.REQUESTS[0][2]), False)
    assert hit and walks.as_words(walk_of(again).mask()) == first

    forced = request(backend, ("ebnf", 'root ::= "total: alpha " [0-9]'))
    helper = forced.try_jump_forward(TOKENS)
    traced.note("jump", forced.jump_forward_str_state(helper)[0])
    old = TOKENS.encode("tot")
    for token in old:
        forced.accept_token(token)
    forced.jump_and_retokenize(old, TOKENS.encode("total: alpha "), -1)
    traced.mask("after the jump", walk_of(forced).mask())

    if SIDE == "plug-in":  # the original has no such mask on a CPU
        logits, mask = torch.zeros(3, SIZE), again.allocate_vocab_mask(SIZE, 3, "cpu")
        again.fill_vocab_mask(mask, 1)
        again.apply_vocab_mask(logits=logits, vocab_mask=mask)
        allowed = walks.allowed(walks.as_words(mask[1]), SIZE)
        assert logits[1].isfinite().nonzero().flatten().tolist() == allowed and logits[0].isfinite().all()
        again.reset_vocab_mask(mask)
        assert mask.eq(-1).all()


def traverse_tree(*arguments, **options):
    """That of sglang.srt.speculative.spec_utils, whose module needs packages for images and kernels."""
    path = pathlib.Path(base.__file__).parents[1] / "speculative/spec_utils.py"
    tree = ast.parse(path.read_text("utf-8"))
    function, = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "traverse_tree")
    scope = {"torch": torch, "Optional": typing.Optional, "BaseGrammarObject": base.BaseGrammarObject}
    exec(compile(ast.Module([function], []), path, "exec"), scope)
    return scope["traverse_tree"](*arguments, **options)


def check_tree(backend, traced):
    """The masks of a tree of drafts, by the engine's own walk."""
    grammar = request(backend, ("regex", "(ab|cd)+(x|yz)"))
    ids = [0] + [TOKENS.encode(text)[0] for text in ("a", "c", "b", "d", "x")]
    child, sibling = torch.tensor([1, 3, 4, 5, -1, -1]), torch.tensor([-1, 2, -1, -1, -1, -1])
    mask = grammar.allocate_vocab_mask(vocab_size=SIZE, batch_size=len(ids), device="cpu")
    traverse_tree(child, sibling, torch.tensor(ids), grammar, mask, vocab_size=SIZE)
    for i, row in enumerate(mask):
        traced.mask(f"tree {i}", row)


def check_frame(backend, traced):
    """An answer in a frame of tokens that text cannot spell."""
    backend.reserve_framing_tokens([6, 7])

    def make():
        grammar = backend.dispatch_regex("[a-z]{1,3}")
        framed = backend.compile_framed_grammar(grammar, lambda content: {
            "type": "structural_tag", "format": {"type": "sequence", "elements": [
                {"type": "token", "token": 6}, content, {"type": "token", "token": 7}]}})
        return walk_of(framed)

    traced.record("framed", make)


def check_filter(backend, traced):
    mask = backend.allocate_vocab_mask(SIZE, 2, "cpu")
    for allow in (True, False):
        for reset in (True, False):
            backend.set_token_filter(mask, [3, 40, 41], 1, is_allowed=allow, reset_vocab_mask=reset)
            traced.mask(f"filter {allow} {reset}", mask[1])
    assert backend.is_support_token_filter and mask[0].eq(-1).all()


def think(traced):
    """Thinking, with and without rules for it, and the answer behind it."""
    thoughts = TOKENS.encode("hello world alpha")
    for strict in (False, True):
        backend = backend_of(reasoning_parser="qwen3", enable_strict_thinking=strict)
        key = ("json", cases.REQUESTS[0][2])
        for reasoning in (True, False):
            for budget in (None, 2):
                def make(reasoning=reasoning, budget=budget):
                    grammar = request(backend, key, reasoning)
                    grammar.maybe_init_reasoning(reasoning)
                    if budget is not None:
                        grammar.max_think_tokens = budget
                    walk = walk_of(grammar)
                    if reasoning and not (strict and budget is not None):
                        for token in thoughts:
                            assert walk.accept(token)
                        traced.mask(f"thinking {strict} {budget}", walk.mask())
                        before = walks.as_words(walk.mask())
                        assert walk.accept(tiny.THINK_END)
                        answer = walks.as_words(walk.mask())
                        assert walk.accept(TOKENS.encode("{")[0])
                        grammar.rollback(2)
                        assert walks.as_words(walk.mask()) == before
                        assert walk.accept(tiny.THINK_END) and walks.as_words(walk.mask()) == answer
                    return walk
                traced.record(f"think strict {strict} reasoning {reasoning} budget {budget}", make, seeds=1)
        if strict:
            free = backend.init_strict_reasoning_grammar(True)
            traced.record("think strict, free answer", lambda free=free: walk_of(free.copy()), seeds=1)


def choices():
    from sglang.srt.server_args import GRAMMAR_BACKEND_CHOICES

    return GRAMMAR_BACKEND_CHOICES


def main():
    from sglang.srt.plugins import load_plugins

    load_plugins()
    assert SIDE != "plug-in" or "xgr" in base.GRAMMAR_BACKEND_REGISTRY and "xgr" in choices()
    backend = backend_of()
    traced = walks.Trace(tiny.token_bytes(TOKENS), SIZE, range(2, len(tiny.SPECIAL)), REPLAY)
    for name, kind, text in cases.REQUESTS + cases.WRONG:
        if kind in KEYS and name != "grammar lark":
            traced.record(name, lambda kind=kind, text=text: walk_of(request(backend, (KEYS[kind], text))))
    traced.record("any JSON", lambda: walk_of(request(backend, ("json", "$$ANY$$"))))
    traced.record("NUL", lambda: walk_of(request(backend, ("regex", "a\0"))), seeds=1)
    spaced = backend_of(constrained_json_max_whitespace_cnt=2)
    dense = backend_of(constrained_json_disable_any_whitespace=True)
    for name, kind, text in cases.REQUESTS:
        if kind == "JSON":
            for label, some in (("two spaces", spaced), ("dense", dense)):
                traced.record(f"{name}, {label}", lambda some=some, text=text: walk_of(request(some, ("json", text))))
    for check in (check_steps, check_tree, check_frame, check_filter):
        check(backend, traced)
    think(traced)
    traced.write(OUT)


main()
