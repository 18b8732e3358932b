// Expressions of which only the texts of certain characters are left.
#pragma once

#include "grammar/expr.h"

namespace xgr::core {

// The strings of the regular expression `e` that are made of characters of `set` alone.
Expr narrow_characters(ExprPool& pool, Expr e, const CharSet& set);

}  // namespace xgr::core
