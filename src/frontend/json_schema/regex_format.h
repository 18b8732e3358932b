// The format regex.
#pragma once

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// Patterns of ECMA-262 that are well-formed with and without the flag u.
Result<Expr> regex_format(Grammar& grammar, const Limits& limits);

}  // namespace xgr::core
