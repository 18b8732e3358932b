// Prints a grammar as EBNF text that parses back to the same language.
#pragma once

#include <string>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// Shared parts become rules, so the text is linear in the size of the grammar. Lazy and boolean
// expressions are unfolded into rules; kLimitExceeded when that takes more than limits.max_states
// of them. Adds expressions to the pool, never changes a rule.
Result<std::string> print_ebnf(Grammar& grammar, const Limits& limits);

}  // namespace xgr::core
