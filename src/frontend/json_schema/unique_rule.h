// Marks the grammar of an array whose items must differ, or of an object whose names must.
#pragma once

#include "grammar/grammar.h"

namespace xgr::core {

// Defines a kCall rule as one with Rule::unique.
void define_unique(Grammar& grammar, RuleId rule, Expr body);
// A call of a rule with Rule::unique for the containers in `body`, none of which is the empty text.
Expr unique_rule(Grammar& grammar, Expr body);

}  // namespace xgr::core
