// Clamped counters: why maxLength 4000 costs what maxLength 64 does.
//
// Entry point: clamp_counters. A token of at most `reach` characters goes around a loop at most that
// often (each round reads something), so for its mask a larger bound is as good as none. Counters
// below intersections and complements are left alone: there a far bound can decide what is alive.
//
//   clamp([a-z]{0,4000} '"', 64)  ->  [a-z]* '"'
//
// Tests: tests/unit/grammar/derivatives_test.cc.
#include "grammar/clamp.h"

#include <algorithm>
#include <vector>

namespace xgr {
namespace {

Expr clamp_head(ExprPool& pool, Expr e, uint32_t reach) {
  const ExprNode n = pool.node(e);
  if (n.kind != ExprKind::kRepeat) return e;
  uint32_t min = std::min(n.b, reach + 1);
  uint32_t max = n.c > reach ? kUnbounded : n.c;
  return pool.repeat(n.a, min, max);
}

}  // namespace

Expr clamp_counters(ExprPool& pool, Expr e, uint32_t reach) {
  if (!pool.has_counter(e)) return e;
  std::vector<Expr> heads;
  while (pool.node(e).kind == ExprKind::kSeq && pool.has_counter(e)) {
    heads.push_back(pool.node(e).a);
    e = pool.node(e).b;
  }
  Expr out = clamp_head(pool, e, reach);
  for (size_t i = heads.size(); i-- > 0;) out = pool.seq(clamp_head(pool, heads[i], reach), out);
  return out;
}

}  // namespace xgr
