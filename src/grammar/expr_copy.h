// Expressions of one pool made again in another.
#pragma once

#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// Whether `e` has at most `max_nodes` nodes, and none that needs rules, generators or a search.
bool is_plain(const ExprPool& pool, Expr e, size_t max_nodes);

// `root` made in `to`, each call of a rule by one of calls[rule]. Not for lazy expressions.
Expr copy_expr(const ExprPool& from, Expr root, const std::vector<RuleId>& calls, ExprPool* to);

}  // namespace xgr::core
