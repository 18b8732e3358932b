// Passes that make a grammar smaller and never change its language. They are for grammars as they
// are printed: compiled grammars need none of them.
//
//   simplify(&grammar);                       // all of them
//   Result<std::string> text = print_ebnf(grammar, limits);
//
// What a rule asks of matchers (RuleAttributes, Rule::unique) stays with it: such rules are neither
// inlined nor merged. Rules that lazy expressions call keep their numbers.
#pragma once

#include "grammar/grammar.h"

namespace xgr::core {

// Removes rules that the root does not need, and alternatives that have no string.
void remove_dead_rules(Grammar* grammar);
// Puts the bodies of rules that are used once, or are no longer than their names, where they are
// used.
void inline_rules(Grammar* grammar);
// Replaces rules that have the same derivations by one of them.
void merge_rules(Grammar* grammar);
// Writes alternatives that are strings as a minimal acyclic automaton: common beginnings and ends
// once.
void fold_string_choices(Grammar* grammar);

// All of these, until nothing changes.
void simplify(Grammar* grammar);

}  // namespace xgr::core
