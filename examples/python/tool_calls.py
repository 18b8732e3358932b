"""Tool calls, streamed: the request is turned into a constraint in the words of the model's family, and the reply is
read back piece by piece, whatever the family writes. The model is a stand-in that answers with a certain text.

  pip install . && python examples/python/tool_calls.py [FAMILY]      # in a checkout
"""
import itertools
import sys

import xgr

REQUEST = {"tools": [{"type": "function", "function": {
    "name": "forecast", "parameters": {
        "type": "object",
        "properties": {"city": {"enum": ["Oslo", "Rome"]}, "days": {"type": "integer", "maximum": 14}},
        "required": ["city", "days"], "additionalProperties": False}}}], "tool_choice": "auto", "reasoning": "off"}
REPLIES = {
    "hermes": 'Let me look.\n<tool_call>\n'
              '{"name": "forecast", "arguments": {"city": "Oslo", "days": 3}}\n</tool_call>',
    "qwen_3_coder": "Let me look.\n<tool_call>\n<function=forecast>\n<parameter=city>\nOslo\n</parameter>\n"
                    "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>",
}
STOP = 256
info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=STOP)


def serve(family, reply):
    """What a server sends while the reply is written."""
    tag = xgr.family_structural_tag(family, REQUEST, info)
    matcher = xgr.GrammarMatcher(xgr.GrammarCompiler(info).compile_structural_tag(tag))
    reader = xgr.ReplyReader(family, REQUEST, info)
    for token in [*reply.encode(), STOP]:
        if not matcher.accept_token(token):
            raise ValueError(f"{info.token_bytes(token)!r} may not come next")
        yield from reader.feed(info.token_bytes(token))
    yield from reader.finish()


def show(events):
    """A line for each part: pieces of one kind that follow one another are counted, and joined."""
    for kind, pieces in itertools.groupby(events, key=lambda event: event.kind):
        texts = [event.text for event in pieces]
        print(f"  {kind.name.lower():10} {len(texts):2}  {''.join(texts)!r}")


for name in sys.argv[1:] or REPLIES:
    print(name)
    show(serve(name, REPLIES[name]))

# What the constraint is for: the model cannot ask for a city that there is not.
matcher = xgr.GrammarMatcher(xgr.GrammarCompiler(info).compile_structural_tag(
    xgr.family_structural_tag("hermes", REQUEST, info)))
beginning = '<tool_call>\n{"name": "forecast", "arguments": {"city": "'
print(matcher.accept_tokens(list(f"{beginning}Paris".encode())) - len(beginning), "tokens of Paris are accepted")
