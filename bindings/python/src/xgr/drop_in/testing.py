"""Helpers for tests, as the original has them. Not for production."""
from __future__ import annotations

import typing

from .. import bitmask as bitmasks
from ..error import ErrorCode, XgrError
from ._contract import ArgumentError
from .compiler import CompiledGrammar, GrammarCompiler
from .grammar import Grammar
from .matcher import GrammarMatcher
from .tokenizer_info import TokenizerInfo

if typing.TYPE_CHECKING:
    import torch


def _json_schema_to_ebnf(schema: typing.Any, *, any_whitespace: bool = True, indent: int | None = None,
                         separators: tuple[str, str] | None = None, max_whitespace_cnt: int | None = None,
                         strict_mode: bool = True, json_format: str = "json", any_order: bool = False) -> str:
    """EBNF of a JSON Schema whose values are written in a style."""
    if json_format == "json":
        return str(Grammar.from_json_schema(
            schema, any_whitespace=any_whitespace, indent=indent, separators=separators, strict_mode=strict_mode,
            max_whitespace_cnt=max_whitespace_cnt, any_order=any_order))
    from .._options import schema_text

    import json

    return str(Grammar.from_structural_tag({"type": "structural_tag", "format": {
        "type": "json_schema", "json_schema": json.loads(schema_text(schema)), "style": json_format,
        "any_order": any_order, "max_whitespace_cnt": max_whitespace_cnt}}))


def _regex_to_ebnf(regex: str, with_rule_name: bool = True) -> str:
    """EBNF of a regular expression; without the name, the body of its root alone."""
    text = str(Grammar.from_regex(regex))
    return text if with_rule_name else text.partition("::=")[2].strip()


def _ebnf_to_grammar_no_normalization(ebnf_string: str, root_rule_name: str = "root") -> Grammar:
    """The same as Grammar.from_ebnf: there is one form only."""
    return Grammar.from_ebnf(ebnf_string, root_rule_name=root_rule_name)


def _get_matcher_from_grammar(grammar: Grammar | str, **kwargs: typing.Any) -> GrammarMatcher:
    """A matcher for strings, without any vocabulary."""
    return _get_matcher_from_grammar_and_tokenizer_info(grammar, terminate_without_stop_token=True, **kwargs)


def _get_matcher_from_grammar_and_tokenizer_info(grammar: Grammar | str, tokenizer_info: TokenizerInfo | None = None,
                                                 **kwargs: typing.Any) -> GrammarMatcher:
    """A matcher for the tokens of a vocabulary."""
    compiler = GrammarCompiler(TokenizerInfo([]) if tokenizer_info is None else tokenizer_info, max_threads=1,
                               cache_enabled=False)
    return GrammarMatcher(compiler.compile_grammar(grammar), **kwargs)


def _is_grammar_accept_string(grammar: Grammar | str, input_str: str | bytes, *, debug_print: bool = False,
                              print_time: bool = False, require_termination: bool = True) -> bool:
    """Whether a text belongs to a grammar; without require_termination, whether it begins one that does."""
    matcher = _get_matcher_from_grammar(grammar)
    if print_time:
        import time

        start = time.monotonic_ns()
    accepted = matcher.accept_string(input_str, debug_print=debug_print)
    if print_time:
        print(f"{input_str!r}: {accepted}, {(time.monotonic_ns() - start) / 1e3} us")
    return accepted and (not require_termination or matcher.is_terminated())


def _row(bitmask: torch.Tensor, vocab_size: int, index: int) -> list[int]:
    """The tokens that a row of a bitmask allows."""
    if bitmask.device.type != "cpu":
        raise ArgumentError(f"bitmask is on {bitmask.device}; expected it on the CPU")
    if not str(bitmask.dtype).endswith("int32"):
        raise ArgumentError(f"bitmask has elements of {bitmask.dtype}; expected int32")
    return [token for token in bitmasks.bitmask_tokens(bitmask, index) if token < vocab_size]


def _get_masked_tokens_from_bitmask(bitmask: torch.Tensor, vocab_size: int, index: int = 0) -> list[int]:
    """The tokens that a row of a bitmask forbids."""
    allowed = set(_row(bitmask, vocab_size, index))
    return [token for token in range(vocab_size) if token not in allowed]


def _is_single_token_bitmask(bitmask: torch.Tensor, vocab_size: int, index: int = 0) -> tuple[bool, int]:
    """Whether a row of a bitmask allows one token only, and that token, or -1."""
    allowed = _row(bitmask, vocab_size, index)
    return (True, allowed[0]) if len(allowed) == 1 else (False, -1)


def bool_mask_to_bitmask(bool_mask: torch.Tensor) -> torch.Tensor:
    """The bitmask of rows of bool; bits behind them are 1."""
    import torch

    rows, columns = bool_mask.shape
    bits = torch.ones((rows, -(-columns // 32) * 32), dtype=torch.int64, device=bool_mask.device)
    bits[:, :columns] = bool_mask
    places = torch.arange(32, dtype=torch.int64, device=bool_mask.device)
    words = (bits.view(rows, -1, 32) << places).sum(dim=2)
    return torch.where(words >= 1 << 31, words - (1 << 32), words).to(torch.int32)


def bitmask_to_bool_mask(bit_mask: torch.Tensor, vocab_size: int | None = None) -> torch.Tensor:
    """Rows of bool of a bitmask, as long as the vocabulary."""
    import torch

    if bit_mask.device.type != "cpu" or bit_mask.dtype != torch.int32:
        raise ArgumentError(f"bit_mask is {bit_mask.dtype} on {bit_mask.device}; expected int32 on the CPU")
    columns = bit_mask.shape[1] * 32
    if vocab_size is not None and vocab_size > columns:
        raise ArgumentError(f"vocab_size is {vocab_size}; bit_mask has {columns} bits a row")
    bits = bit_mask.unsqueeze(2) >> torch.arange(32, dtype=torch.int32) & 1
    return bits.bool().view(bit_mask.shape[0], columns)[:, :vocab_size]


def _traverse_draft_tree(retrieve_next_token: typing.Any, retrieve_next_sibling: typing.Any, draft_tokens: typing.Any,
                         matcher: GrammarMatcher, allocate_token_bitmask: typing.Any,
                         time_threshold: float = -1.0) -> bool:
    """GrammarMatcher.traverse_draft_tree."""
    return matcher.traverse_draft_tree(retrieve_next_token, retrieve_next_sibling, draft_tokens,
                                       allocate_token_bitmask, time_threshold)


def _not_here(name: str) -> typing.Callable[..., typing.NoReturn]:
    def call(*_: typing.Any, **__: typing.Any) -> typing.NoReturn:
        raise XgrError(f"xgrammar.testing.{name} looks into the original's compiler, which is not here",
                       ErrorCode.UNSUPPORTED)

    return call


_get_allow_empty_rule_ids: typing.Callable[[CompiledGrammar], list[int]] = _not_here("_get_allow_empty_rule_ids")
_generate_range_regex: typing.Callable[..., str] = _not_here("_generate_range_regex")
_generate_float_regex: typing.Callable[..., str] = _not_here("_generate_float_regex")
_print_grammar_fsms: typing.Callable[[Grammar], str] = _not_here("_print_grammar_fsms")
_is_rule_fsm_accept_string: typing.Callable[..., bool] = _not_here("_is_rule_fsm_accept_string")


class GrammarFunctor:
    """Steps of the original's compiler. A Grammar here has one form, so that all of them give it back."""

    @staticmethod
    def structure_normalizer(grammar: Grammar) -> Grammar:
        """The grammar itself, as all of these."""
        return grammar

    rule_inliner = byte_string_fuser = dead_code_eliminator = structure_normalizer
    lookahead_assertion_analyzer = grammar_optimizer = fsm_builder = structure_normalizer
    repetition_normalizer = structure_normalizer
