// Regular expressions without calls, out of ones that call rules.
#pragma once

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// `e` with every call replaced by what it calls. kUnsupported, without a position, when a rule
// calls itself, has attributes for matchers, or is called where it cannot be replaced.
Result<Expr> inline_calls(Grammar& grammar, Expr e, const Limits& limits);

}  // namespace xgr::core
