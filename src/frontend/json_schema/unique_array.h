// Marks the grammar of an array whose items must differ.
#pragma once

#include "grammar/grammar.h"

namespace xgr {

// A call of a rule with Rule::unique_items for the arrays in `array`, none of which is the empty text.
Expr unique_array(Grammar& grammar, Expr array);

}  // namespace xgr
