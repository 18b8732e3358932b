// Expressions with their calls written out.
#pragma once

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// An expression for the language of `e` that neither calls rules nor unfolds into calls.
// kUnsupported, with the name of the rule, when a rule that it needs is recursive, or asks of
// matchers what is lost with the call (attributes, unique items); also for whole tokens.
// kLimitExceeded when it becomes too long. Adds generators and expressions to the pool, never
// changes a rule.
Result<Expr> call_free(Grammar& grammar, Expr e, const Limits& limits);

}  // namespace xgr::core
