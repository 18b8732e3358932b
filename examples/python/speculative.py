"""Speculative decoding: a small model proposes tokens, and the large one checks all of them in one forward pass. The
masks of all proposed positions come from one call, for a chain and for a tree of proposals. Both models are
stand-ins: the small one writes what it has seen before, the large one wants a certain text.

  pip install . && python examples/python/speculative.py      # in a checkout
"""
import xgr

WANTED = b'{"name": "Ada", "born": 1815, "died": 1852}'
EARLIER = b'{"name": "Alan", "born": 1912, "died": 1954}'  # what the small model has seen
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "born": {"type": "integer"},
                                           "died": {"type": "integer"}},
          "required": ["name", "born", "died"], "additionalProperties": False}
STOP, DRAFT = 256, 4
info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=STOP)
compiled = xgr.GrammarCompiler(info).compile_json_schema(SCHEMA, any_whitespace=False)


def large_model(output, mask):
    """The token that it likes best at the end of an output, of those that the mask allows."""
    allowed = xgr.bitmask_tokens(mask)
    if WANTED.startswith(output):
        liked = WANTED[len(output)] if len(output) < len(WANTED) else STOP
        if liked in allowed:
            return liked
    return allowed[0]


def small_model(output):
    """A draft: what followed the last characters the last time that they were written."""
    seen = EARLIER + output[:-1]
    at = max(seen.rfind(output[-2:]), -1) if output else 0
    return (EARLIER + output)[at + len(output[-2:]):][:DRAFT] if at >= 0 else b""


def chain():
    """Drafts that are one sequence: masks before each of its tokens, and behind the last."""
    matcher, output, passes, taken = xgr.GrammarMatcher(compiled), b"", 0, 0
    masks = xgr.allocate_token_bitmask(DRAFT + 1, info.vocab_size)
    while not matcher.is_terminated():
        draft = small_model(output)
        valid, _ = matcher.fill_draft(draft, masks)
        passes += 1  # the logits of all these positions are of one forward pass
        for i in range(valid + 1):
            token = large_model(output, masks[i:i + 1])
            matcher.accept_token(token)
            output += info.token_bytes(token)
            if i == valid or token != draft[i]:
                break
            taken += 1
    return output, passes, taken


def tree():
    """Drafts that branch: the small model proposes two digits for each place of the year. Node 0 is the output so
    far; parents says which node each goes on from."""
    matcher = xgr.GrammarMatcher(compiled)
    matcher.accept_tokens(b'{"name": "Ada", "born": ')
    tokens = [0, ord("1"), ord("2"), ord("8"), ord("0"), ord("x")]
    parents = [-1, 0, 0, 1, 2, 3]
    masks = xgr.allocate_token_bitmask(len(tokens), info.vocab_size)
    valid, _ = matcher.fill_draft_tree(tokens, masks, parents=parents)
    for node in range(1, len(tokens)):
        state = "goes on with " + "".join(map(chr, xgr.bitmask_tokens(masks, node))) if valid[node] else "is refused"
        print(f"  node {node}, {chr(tokens[node])!r} behind node {parents[node]}: {state}")


output, passes, taken = chain()
print(f"chain: {output.decode()}")
print(f"{passes} forward passes for {len(output) + 1} tokens, {taken} of them drafted")
print("tree:")
tree()
