"""Constrained generation with Outlines.

  backend = xgr.outlines.Backend(model)
  generator = outlines.Generator(model, processor=backend.get_json_schema_logits_processor(schema))
"""
from __future__ import annotations

from typing import Any

from outlines.backends.base import BaseBackend
from outlines.processors.base_logits_processor import OutlinesLogitsProcessor

from ._engine import compile_text
from ._rows import Generation
from .compiler import GrammarCompiler
from .logits import apply_token_bitmask
from .tokenizer import TokenizerInfo


class LogitsProcessor(OutlinesLogitsProcessor):
    """Lets an Outlines model choose only tokens that go on with an output of the grammar.

    compiled_grammar      a CompiledGrammar, or a list with one for each prompt of the batch
    tensor_library_name   that of the model: "torch", "numpy", "mlx"
    matcher_options       those of GrammarMatcher
    """

    def __init__(self, compiled_grammar: Any, tensor_library_name: str, **matcher_options: Any) -> None:
        super().__init__(tensor_library_name)
        self._generation = Generation(compiled_grammar, drafts=True, **matcher_options)

    def reset(self) -> None:
        """Forgets the last outputs; Outlines calls it before each generation."""
        self._generation.reset()

    def process_logits(self, input_ids: Any, logits: Any) -> Any:
        """logits of shape (rows, vocabulary) with those of forbidden tokens at minus infinity."""
        bitmask, rows = self._generation.masks(input_ids)
        return apply_token_bitmask(logits, bitmask, indices=rows) if rows else logits


class Backend(BaseBackend):
    """Makes the processors of one Outlines model; has the methods of the back ends that Outlines names.

    model              a model of outlines.models whose tokenizer TokenizerInfo.from_huggingface reads:
                       Transformers, MLXLM
    compiler_options   those of GrammarCompiler
    """

    def __init__(self, model: Any, **compiler_options: Any) -> None:
        tokenizer = getattr(model, "hf_tokenizer", None)
        if tokenizer is None:
            tokenizer = getattr(getattr(model, "mlx_tokenizer", None), "_tokenizer", None)
        if tokenizer is None:
            raise TypeError(f"model is {type(model).__name__}; expected outlines.models.Transformers or MLXLM")
        self.compiler = GrammarCompiler(TokenizerInfo.from_huggingface(tokenizer), **compiler_options)
        self._library = model.tensor_library_name

    def _processor(self, compiled: Any) -> LogitsProcessor:
        return LogitsProcessor(compiled, self._library)

    def get_json_schema_logits_processor(self, json_schema: Any,
                                         whitespace_pattern: str | None = None) -> LogitsProcessor:
        """For outputs that match a JSON Schema. Objects hold only what it describes, as in the back ends of
        Outlines."""
        if whitespace_pattern is not None:
            raise ValueError(f"whitespace_pattern is {whitespace_pattern!r}; expected None: white space "
                                      "is that of GrammarCompiler.compile_json_schema")
        return self._processor(self.compiler.compile_json_schema(json_schema, strict_mode=True))

    def get_regex_logits_processor(self, regex: str) -> LogitsProcessor:
        """For outputs that match a regular expression as a whole."""
        return self._processor(self.compiler.compile_regex(regex))

    def get_cfg_logits_processor(self, grammar: str) -> LogitsProcessor:
        """For outputs of a grammar in Lark, or in EBNF, which is recognised by its `::=`."""
        return self._processor(compile_text(self.compiler, grammar))
