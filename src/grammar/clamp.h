// Counters beyond the reach of any token, replaced by bounds that cannot be told from them.
#pragma once

#include "grammar/expr.h"

namespace xgr {

// An expression that allows the same byte strings of at most `reach` characters as prefixes of its
// strings: in the chain of `e`, x{m,n} with m or n beyond `reach` becomes x{min(m,reach+1), inf}.
// Only for masks: what an automaton may read next, never whether it may stop far ahead.
Expr clamp_counters(ExprPool& pool, Expr e, uint32_t reach);

}  // namespace xgr
