// Whole tokens as expressions over the digits of their ids.
#pragma once

#include "grammar/expr.h"

namespace xgr::core {

// The digits of any id of the set, then `after`. What stands behind a token's mark.
Expr spell_tokens(ExprPool* pool, const TokenIds& ids, Expr after);

}  // namespace xgr::core
