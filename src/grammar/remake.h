// An expression made again of other parts: what a walk does with each node whose parts it has
// replaced, or copied to another pool.
//
//   remake(pool, e, [&](Expr part) { return done.at(part); })      x{2,5} | y  ->  x'{2,5} | y'
//
// Tests: tests/unit/grammar/remake_test.cc.
#pragma once

#include <vector>

#include "grammar/expr.h"
#include "support/status.h"

namespace xgr::core {

// As `e` of `from`, in `to`, of part(child) for each child; `part` makes nothing in the pools.
// `e` has parts (ExprPool::for_each_child).
template <typename F>
Expr remake(ExprPool& to, const ExprPool& from, Expr e, F&& part) {
  const ExprNode n = from.node(e);
  switch (n.kind) {
    case ExprKind::kSeq:
      return to.seq(part(n.a), part(n.b));
    case ExprKind::kAnd:
      return to.intersect(part(n.a), part(n.b));
    case ExprKind::kRepeat:
      return to.repeat(part(n.a), n.b, n.c);
    case ExprKind::kNot:
      return to.raw_not(part(n.a));
    case ExprKind::kShortest:
      return to.shortest(part(n.a));
    case ExprKind::kAlt: {
      std::vector<Expr> branches;
      for (Expr child : from.children(e)) branches.push_back(part(child));
      return to.alt(branches);
    }
    case ExprKind::kSwitch: {
      std::vector<SwitchEdge> edges = from.edges(e);
      for (SwitchEdge& edge : edges) edge.child = part(edge.child);
      return to.switch_on(edges);
    }
    default:
      break;
  }
  XGR_CHECK(!"an expression without parts");
  return to.empty();
}

// The same in one pool, where what has no parts stays itself.
template <typename F>
Expr remake(ExprPool& pool, Expr e, F&& part) {
  bool has_parts = false;
  pool.for_each_child(e, [&](Expr) { has_parts = true; });
  return has_parts ? remake(pool, pool, e, part) : e;
}

}  // namespace xgr::core
