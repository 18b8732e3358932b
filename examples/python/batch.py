"""Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned in
the middle of its output, steps undone, and what an error tells. The "model" draws from a linear
congruential generator. The same program exists in every language and writes the same.

  pip install . && python examples/python/batch.py      # in a checkout
"""
import xgr

STOP, ROWS, STEPS = 95, 6, 48
TOKENS = [bytes([0x20 + i]) for i in range(STOP)] + [b""]
GRAMMAR_OF_ROW = {0: 0, 1: 1, 2: 2, 3: 3, 5: 1}


class Row:
    """One output: its matcher, the bytes written, the steps made."""

    def __init__(self, matcher, text=b"", steps=0):
        self.matcher, self.text, self.steps = matcher, text, steps


class Model:
    """Chooses any of the allowed tokens."""

    def __init__(self):
        self.state = 42

    def choose_token(self, words):
        allowed = [t for t in range(len(TOKENS)) if words[t // 32] >> t % 32 & 1]
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return allowed[self.state // 65536 % len(allowed)]


def compile_all(compiler):
    schema = """{"type":"object","properties":{"id":{"type":"integer","minimum":1,"maximum":999},
        "ok":{"type":"boolean"}},"required":["id","ok"],"additionalProperties":false}"""
    source = xgr.Grammar.from_choices(["yes", "no", "maybe"]) | xgr.Grammar.from_regex("[0-9]{2}")
    return [
        compiler.compile_json_schema(schema, any_whitespace=False),
        compiler.compile_regex("[a-f]{3}-[0-9]{2,4}"),
        compiler.compile_grammar('root ::= term (" + " term)*\nterm ::= [0-9] | "(" root ")"'),
        compiler.compile_grammar(source),
    ]


def step(row, masks, index, words, model):
    row.matcher.fill_next_token_bitmask(masks, index)
    token = model.choose_token(words)
    if row.matcher.accept_token(token):
        row.text += TOKENS[token]
    row.steps += 1


def run(rows, mask_words):
    masks = memoryview(bytearray(4 * ROWS * mask_words)).cast("I")
    model = Model()
    for _ in range(STEPS):
        for r in sorted(rows):
            if not rows[r].matcher.is_terminated():
                words = masks[r * mask_words:(r + 1) * mask_words]
                step(rows[r], masks, r, words, model)
        if 4 not in rows and rows[0].steps == 3:
            rows[4] = Row(rows[0].matcher.fork(), rows[0].text, rows[0].steps)


def report(compiler, rows):
    for r in sorted(rows):
        end = "done" if rows[r].matcher.is_terminated() else "cut"
        print(f"row {r}: {rows[r].text.decode()} ({end})")
    matcher = rows[2].matcher
    matcher.rollback(min(2, matcher.history_size))
    print(f"rolled back: {matcher.history_size}")
    try:
        compiler.compile_regex("(a")
    except xgr.XgrError as error:
        print(f"error {error.code.value} at byte {error.offset}: {error}")


tokenizer = xgr.TokenizerInfo(TOKENS, stop_token_ids=STOP)
compiler = xgr.GrammarCompiler(tokenizer)
grammars = compile_all(compiler)
rows = {r: Row(xgr.GrammarMatcher(grammars[g])) for r, g in GRAMMAR_OF_ROW.items()}
run(rows, tokenizer.mask_words)
report(compiler, rows)
