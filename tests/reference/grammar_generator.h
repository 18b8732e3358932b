// Random grammars: syntax trees of every shape that has ever been hard for a constrained decoder.
#pragma once

#include "random_source.h"
#include "syntax_tree.h"

namespace reference {

// Rules with recursion of every kind, ambiguity, empty and unproductive parts.
Syntax random_grammar(RandomSource& random);

// One rule without references: the tree of a regular expression.
Syntax random_regular(RandomSource& random);

// Upper bound for PlainGrammar::symbol_count(); larger grammars are drawn again.
inline constexpr size_t kMaxSymbols = 2500;

}  // namespace reference
