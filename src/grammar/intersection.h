// Intersection of languages, exact.
#pragma once

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// The strings of both. One side has to be regular, that is, need no recursive rule; kUnsupported,
// with the reason, when neither is. kLimitExceeded when the result needs more than
// limits.max_states parts. Adds rules, generators and expressions; what rules ask of matchers is
// kept.
Result<Expr> intersect(Grammar& grammar, Expr first, Expr second, const Limits& limits);

// The same where the second one is regular.
Result<Expr> intersect_regular(Grammar& grammar, Expr any, Expr regular, const Limits& limits);

}  // namespace xgr::core
