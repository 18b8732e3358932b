"""The whole of libxgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.

  pip install . && python examples/python/minimal.py      # in a checkout
"""
import xgr

STOP = 256
SCHEMA = """{"type": "object", "properties": {"city": {"enum": ["Oslo", "Rome"]},
 "days": {"type": "integer", "minimum": 1, "maximum": 14}},
 "required": ["city", "days"], "additionalProperties": false}"""


def choose_token(mask):
    return max(token for token in range(STOP + 1) if mask[token // 32] >> token % 32 & 1)


# A vocabulary of the 256 single bytes and one stop token.
tokens = [bytes([i]) for i in range(256)] + [b""]
tokenizer = xgr.TokenizerInfo(tokens, stop_token_ids=STOP)
compiler = xgr.GrammarCompiler(tokenizer)
grammar = compiler.compile_json_schema(SCHEMA, any_whitespace=False)
matcher = xgr.GrammarMatcher(grammar)
mask = memoryview(bytearray(4 * tokenizer.mask_words)).cast("I")
output = b""
while not matcher.is_terminated():
    matcher.fill_next_token_bitmask(mask)
    token = choose_token(mask)
    if matcher.accept_token(token) and token != STOP:
        output += tokens[token]
print(output.decode())
