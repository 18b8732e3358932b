"""GrammarCompiler, CompiledGrammar, and what becomes of the keywords of a schema."""
import dataclasses

from ._library import ffi, lib, owned, printed, stats, text
from ._schema import json_format, schema_options, schema_text
from .error import raise_status
from .grammar import Grammar
from .tokenizer import TokenizerInfo


def _warm_up_level(name):
    levels = {"none": lib.XGR_WARM_UP_NONE, "bounded": lib.XGR_WARM_UP_BOUNDED,
              "full": lib.XGR_WARM_UP_FULL}
    if name not in levels:
        raise ValueError(f"warm_up is {name!r}; expected one of {', '.join(map(repr, levels))}")
    return levels[name]


@dataclasses.dataclass(frozen=True)
class SchemaEntry:
    """What becomes of one keyword of a JSON Schema."""

    outcome: str  # "enforced", "ignored" (asserts nothing here), "approximated", "refused"
    keyword: str
    json_pointer: str  # after the schema's URI and "#" if a reference led to another one
    reason: str  # why it is not enforced; "" when it is


OUTCOMES = {lib.XGR_KEYWORD_OUTCOME_ENFORCED: "enforced",
            lib.XGR_KEYWORD_OUTCOME_IGNORED: "ignored",
            lib.XGR_KEYWORD_OUTCOME_APPROXIMATED: "approximated",
            lib.XGR_KEYWORD_OUTCOME_REFUSED: "refused"}


def _schema_entry(report, index):
    entry = ffi.new("xgr_json_schema_entry_t *")
    entry.struct_size = ffi.sizeof("xgr_json_schema_entry_t")
    status = lib.xgr_json_schema_report_entry(report, index, entry)
    if status:
        raise_status(status)
    return SchemaEntry(OUTCOMES[entry.outcome], text(entry.keyword, entry.keyword_size),
                       text(entry.pointer, entry.pointer_size),
                       text(entry.reason, entry.reason_size))


def check_json_schema(schema, *, strict_mode=True, formats="enforce", draft=None, remotes=None,
                      any_order=False, lenient=False):
    """What becomes of each keyword of a JSON Schema, without compiling it: SchemaEntry objects in
    the order of the document.

    Arguments are those of GrammarCompiler.compile_json_schema. What cannot be enforced is "refused",
    with lenient "approximated". Raises XgrError for what is no schema or has no valid document.
    """
    source = schema_text(schema).encode()
    options, keep = schema_options(formats, draft, remotes, strict=strict_mode, any_order=any_order,
                                    lenient=lenient)
    report = owned("json_schema_report", lib.xgr_json_schema_check, source, len(source), options)
    del keep
    return [_schema_entry(report, i) for i in range(lib.xgr_json_schema_report_size(report))]


class CompiledGrammar:
    """A language, compiled for one tokenizer. Made by GrammarCompiler. Immutable; any number of
    matchers and threads share it."""

    def __init__(self, handle, tokenizer_info):
        self._handle = handle
        self._tokenizer_info = tokenizer_info

    @property
    def tokenizer_info(self):
        return self._tokenizer_info

    @property
    def grammar(self):
        """EBNF text of the same language."""
        return printed(lib.xgr_grammar_print_ebnf, self._handle)

    @property
    def memory_size_bytes(self):
        """About how much memory it occupies; grows as masks are computed."""
        return lib.xgr_grammar_memory_size(self._handle)

    def warm_up(self, level="bounded"):
        """Computes ahead what masks consist of; returns when done. The threads of the compiler help.

        level   "bounded": the likeliest positions of an output; "full": all, within the memory budget
        """
        status = lib.xgr_grammar_warm_up(self._handle, _warm_up_level(level))
        if status:
            raise_status(status)

    def stats(self):
        """What it holds by itself and what that has cost, as a dict; see xgr_compiled_stats_t."""
        return stats("compiled", lib.xgr_grammar_stats, self._handle)


class GrammarCompiler:
    """Compiles sources for one tokenizer. Safe to use from many threads.

    max_threads   threads that may work at once; they start when there is work for them
    warm_up       "none"; or what is computed ahead for every grammar, in the background if there are
                  threads: "bounded" (the likeliest positions of an output) or "full"
    """

    def __init__(self, tokenizer_info, *, max_threads=8, warm_up="none"):
        if not isinstance(tokenizer_info, TokenizerInfo):
            raise ValueError(f"tokenizer_info is {type(tokenizer_info).__name__}; "
                             "expected TokenizerInfo")
        options = ffi.new("xgr_compiler_options_t *")
        options.struct_size = ffi.sizeof("xgr_compiler_options_t")
        options.threads = max_threads
        options.warm_up = _warm_up_level(warm_up)
        self._tokenizer_info = tokenizer_info
        self._handle = owned("compiler", lib.xgr_compiler_create, tokenizer_info._handle, options)

    @property
    def tokenizer_info(self):
        return self._tokenizer_info

    def stats(self):
        """What it and its living grammars hold, and what that has cost, as a dict."""
        return stats("compiled", lib.xgr_compiler_stats, self._handle)

    def _compile(self, call, *arguments):
        return CompiledGrammar(owned("grammar", call, self._handle, *arguments),
                               self._tokenizer_info)

    def compile_json_schema(self, schema, *, any_whitespace=True, indent=None, separators=None,
                            strict_mode=True, max_whitespace_cnt=None, formats="enforce",
                            draft=None, remotes=None, any_order=False, unique_names=False,
                            lenient=False):
        """Compiles a JSON Schema: its text, a dict, or a pydantic model.

        any_whitespace      any white space between the parts, at most max_whitespace_cnt characters
                            in one place; otherwise the layout of json.dumps(indent=, separators=)
        strict_mode         objects and arrays hold only what the schema describes
        formats             "enforce": those of the standard, other names are ignored;
                            "refuse_unknown": other names are refused; "ignore": all are annotations
        draft               of schemas without $schema: 4, 6, 7, 2019 or 2020; None: 2020, and keywords
                            of other drafts count as well
        remotes             schemas that references may lead to, by URI; nothing is ever fetched
        any_order           properties come in any order; otherwise as the schema declares them
        unique_names        names that the schema does not declare differ within an object, too
        lenient             keywords that cannot be enforced are left out; otherwise they are refused.
                            check_json_schema lists them
        """
        source = schema_text(schema).encode()
        layout, keep = json_format(any_whitespace, indent, separators, max_whitespace_cnt)
        options, keep_too = schema_options(formats, draft, remotes, strict=strict_mode,
                                            any_order=any_order, unique_names=unique_names,
                                            lenient=lenient)
        compiled = self._compile(lib.xgr_compiler_compile_json_schema, source, len(source),
                                 layout, options)
        del keep, keep_too
        return compiled

    def compile_builtin_json_grammar(self):
        """Compiles the language of all JSON documents."""
        return self._compile(lib.xgr_compiler_compile_json, ffi.NULL)

    def compile_grammar(self, grammar, *, root_rule_name="root"):
        """Compiles a Grammar, or a grammar in EBNF or GBNF; then root_rule_name is the rule to match."""
        if isinstance(grammar, Grammar):
            return self._compile(lib.xgr_compiler_compile_source, grammar._handle)
        text, root = str(grammar).encode(), root_rule_name.encode()
        return self._compile(lib.xgr_compiler_compile_ebnf, text, len(text), root, len(root))

    def compile_regex(self, regex, *, search=False):
        """Compiles a regular expression that the whole output has to match, or with search contain
        a match of."""
        if search:
            return self.compile_grammar(Grammar.from_regex(regex, search=True))
        text = regex.encode()
        return self._compile(lib.xgr_compiler_compile_regex, text, len(text))

    def compile_lark(self, text, *, named_grammars=None):
        """Compiles a Lark grammar; see Grammar.from_lark."""
        return self.compile_grammar(Grammar.from_lark(text, named_grammars=named_grammars))
