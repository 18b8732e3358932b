// Counters replaced by others that short texts cannot tell from them.
#pragma once

#include "grammar/expr.h"

namespace xgr {

// An expression that allows the same byte strings of at most `reach` characters as prefixes of its
// strings: in the chain of `e`, x{m,n} with m or n beyond `reach` becomes x{min(m,reach+1), inf}.
// Only for masks: what an automaton may read next, never whether it may stop far ahead.
Expr clamp_counters(ExprPool& pool, Expr e, uint32_t reach);

// An expression without the upper bounds that the head of `e` counts, wherever intersections and
// alternatives have put them.
struct Unbounded {
  Expr e;
  uint32_t slack;  // strings of at most so many characters belong to both or to neither
  bool boolean;    // a bound below an intersection was taken away: what is alive may differ
};
// Bounds smaller than `least` stay. `slack` is kUnbounded when there is nothing to take away.
Unbounded without_bounds(ExprPool& pool, Expr e, uint32_t least);

}  // namespace xgr
