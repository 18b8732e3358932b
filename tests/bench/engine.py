"""Adapter between this library and benchmark harnesses: class Libxgr.

A harness loads a vocabulary (raw: bytes by id; kind: a letter by id, N normal, B one fallback byte,
C control, E stop, U unused; stop: ids; size: of the logits), compiles, starts a matcher, and then
calls mask() and accept() in turn. Those two are timed, so they call the C functions directly. Two
other harnesses feed whole texts over a vocabulary of bytes; for them compile() and accept() take
other arguments.
"""
import numpy as np

KINDS = {"N": 0, "B": 0, "C": 1, "E": 2, "U": 3}


class ByteVocabulary:
    """Every byte is a token, and there is one stop token: for harnesses that feed text."""

    raw = [bytes([i]) for i in range(256)] + [b"</s>"]
    kind = "N" * 256 + "E"
    stop = [256]
    size = 257


class Libxgr:
    package = "xgr"
    any_order = False  # of the properties of an object

    def imports(self):
        global xgr, ffi, lib, NULL, fill, take
        import xgr
        from xgr._library import NULL, ffi, lib

        fill, take = lib.xgr_matcher_fill_bitmask, lib.xgr_matcher_accept_token

    def load(self, vocab=ByteVocabulary):
        self.imports()
        texts = [b"" if kind == "U" else text for kind, text in zip(vocab.kind, vocab.raw)]
        kinds = bytes(KINDS[kind] for kind in vocab.kind)
        stop = ffi.new("int32_t[]", list(vocab.stop))
        options = ffi.new("xgr_tokenizer_options_t *", {
            "struct_size": ffi.sizeof("xgr_tokenizer_options_t"),
            "token_kinds": ffi.from_buffer("uint8_t[]", kinds), "token_kind_count": len(kinds),
            "stop_tokens": stop, "stop_token_count": len(stop), "vocab_size": vocab.size})
        data = b"".join(texts)
        sizes = ffi.new("uint32_t[]", [len(text) for text in texts])
        self.tokenizer = self.own("tokenizer", lib.xgr_tokenizer_create, data, len(data), sizes,
                                  len(texts), options)
        self.compiler = self.own("compiler", lib.xgr_compiler_create, self.tokenizer, NULL)
        self.words = (vocab.size + 31) // 32
        self.bits = np.zeros(self.words, np.uint32)
        self.row = ffi.from_buffer("uint32_t[]", self.bits, require_writable=True)
        self.answer = ffi.new("int32_t *")
        self.schema_options = ffi.new("xgr_json_schema_options_t *", {
            "struct_size": ffi.sizeof("xgr_json_schema_options_t"), "any_order": self.any_order})

    @staticmethod
    def own(kind, call, *arguments):
        from xgr._calls import owned

        return owned(kind, call, *arguments)

    def compile(self, schema, *case):
        """A schema; or (kind, source, options) of the conformance harness."""
        if case:
            return self.compile_case(schema, *case)
        text = schema.encode()
        self.g = self.own("grammar", lib.xgr_compiler_compile_json_schema, self.compiler, text,
                          len(text), NULL, self.schema_options, NULL)

    def grammar(self, kind, text):
        data = (text or "").encode()
        if kind == "json":
            arguments = lib.xgr_compiler_compile_json, self.compiler, NULL, NULL
        elif kind == "ebnf":
            arguments = lib.xgr_compiler_compile_ebnf, self.compiler, data, len(data), NULL, NULL
        else:
            arguments = (lib.xgr_compiler_compile_regex, self.compiler, data, len(data),
                         NULL, NULL)
        self.g = self.own("grammar", *arguments)

    def start(self):
        self.m = self.own("matcher", lib.xgr_matcher_create, self.g, NULL)

    def mask(self):
        if fill(self.m, self.row, self.words, NULL):
            self.failed("fill_bitmask")

    def accept(self, token, draft=None):
        """A token; or (schema, draft) of the JSON Schema test suite, which gets a function."""
        if draft is not None:
            return self.accept_schema(token, draft)
        if take(self.m, token, self.answer):
            self.failed("accept_token")
        return self.answer[0]

    remotes = {}  # URI -> schema; the test suite sets it before load()
    suite_compiler = None

    def accept_schema(self, schema, draft):
        import json

        if self.suite_compiler is None:
            info = xgr.TokenizerInfo(ByteVocabulary.raw, stop_token_ids=256)
            self.suite_compiler = xgr.GrammarCompiler(info)
        compiler = self.suite_compiler
        remotes = {uri: json.dumps(remote) for uri, remote in self.remotes.items()}
        year = int(draft.removeprefix("draft").split("-")[0])
        compiled = compiler.compile_json_schema(schema, strict_mode=False, draft=year,
                                                remotes=remotes, any_order=True)

        def ask(text):
            matcher = xgr.GrammarMatcher(compiled)
            return matcher.accept_string(text) and matcher.accept_token(256)

        return ask

    def failed(self, what):
        status = fill(self.m, self.row, self.words, NULL)
        raise RuntimeError(f"{what}: {ffi.string(lib.xgr_status_message(status)).decode()}")

    # Many matchers, one mask each.

    def batch(self, matchers, rows, threads):
        words = rows.shape[1]
        memory = ffi.from_buffer("uint32_t[]", rows, require_writable=True)
        pointers = [memory + i * words for i in range(rows.shape[0])]

        def fill_all():
            for matcher, pointer in zip(matchers, pointers):
                if fill(matcher, pointer, words, NULL):
                    raise RuntimeError("fill_bitmask failed")

        return fill_all

    def step(self, matcher, token):
        if take(matcher, token, self.answer):
            raise RuntimeError("accept_token failed")
        return self.answer[0]

    # Whole texts, over the vocabulary of bytes.

    def accept_text(self, text):
        """(all of it may stand at the start of an output, it is a whole output)"""
        self.start()
        if lib.xgr_matcher_accept_bytes(self.m, text, len(text), self.answer):
            raise RuntimeError("accept_bytes failed")
        return bool(self.answer[0]), bool(self.answer[0] and lib.xgr_matcher_is_accepting(self.m))

    def language(self):
        """What was compiled last, as a function from bytes to the pair above."""
        grammar = self.g

        def ask(text):
            self.g = grammar
            return self.accept_text(text)

        return ask

    def compile_case(self, kind, source, options):
        compiler = xgr.GrammarCompiler(xgr.TokenizerInfo(ByteVocabulary.raw, stop_token_ids=256))
        return Case(compiler.compile_grammar(grammar_of(kind, source, options)))


def grammar_of(kind, source, options):
    """A case of the conformance harness as a value."""
    import json

    if kind in ("union", "concat"):
        parts = [grammar_of(part["kind"], part["source"], part["options"]) for part in source]
        return getattr(xgr.Grammar, kind)(*parts)
    if kind == "builtin_json":
        return xgr.Grammar.builtin_json_grammar()
    if kind == "lark":
        options = dict(options)
        named = options.pop("named_grammars", None) or {}
        options["named_grammars"] = {
            name: part if isinstance(part, str)
            else grammar_of(part["kind"], part["source"], part.get("options", {}))
            for name, part in named.items()}
    if kind == "json_schema":
        return schema_of(source, options)
    calls = {"regex": xgr.Grammar.from_regex, "ebnf": xgr.Grammar.from_ebnf,
             "lark": xgr.Grammar.from_lark, "structural_tag": xgr.Grammar.from_structural_tag}
    if kind not in calls:
        raise ValueError(f"{kind} is not a kind of source here")
    text = source if isinstance(source, str) else json.dumps(source)
    return calls[kind](text, **options)


def schema_of(schema, options):
    """Strict unless the options say otherwise, and they fix a layout only without any_whitespace. With
    json_format: the arguments of a tool call in that style; the layout is about JSON values inside, in which
    no case has white space."""
    import json

    options = {"strict_mode": True, **options}
    style, free = options.pop("json_format", None), options.get("any_whitespace", True)
    if style or free:
        options = {name: value for name, value in options.items() if name not in ("indent", "separators")}
    if not free:
        options.pop("max_whitespace_cnt", None)
    if not style:
        return xgr.Grammar.from_json_schema(schema if isinstance(schema, str) else json.dumps(schema), **options)
    open_schemas = not options.pop("strict_mode")
    options.pop("any_whitespace", None)
    content = {"type": "json_schema", "style": style, "json_schema": schema, **options}
    return xgr.Grammar.from_structural_tag({"format": content}, open_schemas=open_schemas)


class LibxgrAnyOrder(Libxgr):
    any_order = True


class Case:
    """A language as the conformance harness asks for it."""

    def __init__(self, compiled):
        self.compiled = compiled

    def accepts(self, text):
        matcher = xgr.GrammarMatcher(self.compiled)
        return matcher.accept_string(text) and matcher.accept_token(256)

    def accepts_prefix(self, text):
        return xgr.GrammarMatcher(self.compiled).accept_string(text)
