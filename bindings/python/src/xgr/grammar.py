"""Grammar: a language as a value, before any tokenizer."""
from ._library import NULL, ffi, lib, owned, printed
from ._schema import json_format, schema_options, schema_text
from .error import raise_error


def _made(call, *arguments):
    return Grammar(owned("grammar_source", call, *arguments))


def _join(texts):
    """All texts end to end, their sizes, and how many there are."""
    parts = [text.encode() for text in texts]
    data = b"".join(parts)
    sizes = ffi.new("uint32_t[]", [len(part) for part in parts])
    return data, len(data), sizes, len(parts)


def _handles(grammars):
    for grammar in grammars:
        if not isinstance(grammar, Grammar):
            raise TypeError(f"{type(grammar).__name__} is no Grammar")
    return ffi.new("xgr_grammar_source_t *[]", [grammar._handle for grammar in grammars])


class Grammar:
    """A language that is not tied to a tokenizer. Made by the from_ methods and from other grammars;
    GrammarCompiler.compile_grammar compiles it. Immutable; any number of threads share it.

      greeting = Grammar.from_choices(["hello ", "good morning "]) + Grammar.from_regex("[A-Z][a-z]*")
      str(greeting)       # EBNF
    """

    def __init__(self, handle):
        self._handle = handle

    @staticmethod
    def from_ebnf(text, *, root_rule_name="root", dialect="auto"):
        """From EBNF or GBNF. dialect: "auto", "ebnf" or "gbnf"."""
        dialects = {"auto": lib.XGR_EBNF_DIALECT_AUTO, "ebnf": lib.XGR_EBNF_DIALECT_EBNF,
                    "gbnf": lib.XGR_EBNF_DIALECT_GBNF}
        if dialect not in dialects:
            raise ValueError(f"dialect is {dialect!r}; expected \"auto\", \"ebnf\" or \"gbnf\"")
        data, root = text.encode(), root_rule_name.encode()
        pinned = ffi.from_buffer(root)
        options = ffi.new("xgr_ebnf_options_t *", {
            "struct_size": ffi.sizeof("xgr_ebnf_options_t"), "root_rule": pinned,
            "root_rule_size": len(root), "dialect": dialects[dialect]})
        return _made(lib.xgr_grammar_source_from_ebnf, data, len(data), options)

    @staticmethod
    def from_regex(regex, *, search=False, dialect="pcre"):
        """From a regular expression: texts that match as a whole, or with search contain a match.
        dialect: "pcre" or "ecma"."""
        dialects = {"pcre": lib.XGR_REGEX_DIALECT_PCRE, "ecma": lib.XGR_REGEX_DIALECT_ECMA}
        if dialect not in dialects:
            raise ValueError(f"dialect is {dialect!r}; expected \"pcre\" or \"ecma\"")
        data = regex.encode()
        options = ffi.new("xgr_regex_options_t *", {
            "struct_size": ffi.sizeof("xgr_regex_options_t"), "search": bool(search),
            "dialect": dialects[dialect]})
        return _made(lib.xgr_grammar_source_from_regex, data, len(data), options)

    @staticmethod
    def from_lark(text, *, named_grammars=None):
        """From a Lark grammar.

        named_grammars   what @name in it stands for: a Grammar, or Lark text, which may name the others
        """
        data, size = text.encode(), ffi.sizeof("xgr_named_grammar_t")
        keep, elements = [], []
        for name, grammar in (named_grammars or {}).items():
            source, lark = NULL, b""
            if isinstance(grammar, Grammar):
                source = grammar._handle
            else:
                lark = grammar.encode()
            keep.append((ffi.from_buffer(name.encode()), ffi.from_buffer(lark)))
            pinned_name, pinned_lark = keep[-1]
            elements.append((size, pinned_name, len(pinned_name),
                             NULL if source else pinned_lark, len(lark), source))
        named = ffi.new("xgr_named_grammar_t[]", elements)
        options = ffi.new("xgr_lark_options_t *", {
            "struct_size": ffi.sizeof("xgr_lark_options_t"), "named": named,
            "named_count": len(elements)})
        grammar = _made(lib.xgr_grammar_source_from_lark, data, len(data), options)
        del keep
        return grammar

    @staticmethod
    def from_json_schema(schema, *, any_whitespace=True, indent=None, separators=None,
                         strict_mode=True, max_whitespace_cnt=None, formats="enforce", draft=None,
                         remotes=None, any_order=False, unique_names=False, lenient=False):
        """From a JSON Schema; see GrammarCompiler.compile_json_schema."""
        source = schema_text(schema).encode()
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt)
        options, keep_too = schema_options(formats, draft, remotes, strict=strict_mode,
                                           any_order=any_order, unique_names=unique_names,
                                           lenient=lenient)
        grammar = _made(lib.xgr_grammar_source_from_json_schema, source, len(source), layout, options)
        del keep, keep_too
        return grammar

    @staticmethod
    def builtin_json_grammar():
        """All JSON documents."""
        return _made(lib.xgr_grammar_source_from_json, NULL)

    @staticmethod
    def from_choices(texts):
        """One of the texts; a million of them are fine."""
        return _made(lib.xgr_grammar_source_from_choices, *_join(texts))

    @staticmethod
    def from_substring(chunks):
        """Any run of neighbouring chunks, and the empty text. A str stands for its characters."""
        return _made(lib.xgr_grammar_source_from_substring, *_join(chunks))

    @staticmethod
    def union(*grammars):
        """The texts of at least one of the grammars."""
        return _made(lib.xgr_grammar_source_union, _handles(grammars), len(grammars))

    @staticmethod
    def concat(*grammars):
        """A text of the first grammar, then one of the second, and so on."""
        return _made(lib.xgr_grammar_source_concat, _handles(grammars), len(grammars))

    def __or__(self, other):
        return Grammar.union(self, other) if isinstance(other, Grammar) else NotImplemented

    def __add__(self, other):
        return Grammar.concat(self, other) if isinstance(other, Grammar) else NotImplemented

    def __and__(self, other):
        """The texts of both; at least one of them has to be regular."""
        if not isinstance(other, Grammar):
            return NotImplemented
        return _made(lib.xgr_grammar_source_intersection, self._handle, other._handle)

    def repeat(self, min=0, max=None):
        """min to max texts, one behind the other; max None: any number of them."""
        return _made(lib.xgr_grammar_source_repeat, self._handle, min, -1 if max is None else max)

    def optional(self):
        return self.repeat(0, 1)

    def check(self):
        """Raises XgrError if no text belongs to it."""
        error = ffi.new("xgr_error_t **")
        status = lib.xgr_grammar_source_check(self._handle, error)
        if status:
            raise_error(status, error[0])

    def __str__(self):
        return self.to_ebnf()

    def to_ebnf(self, *, simplify=False):
        """EBNF of the same language; with simplify, of fewer and shorter rules where possible."""
        def call(handle, *arguments):
            return lib.xgr_grammar_source_print(handle, simplify, *arguments)

        return printed(call, self._handle)
