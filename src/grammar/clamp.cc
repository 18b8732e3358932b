// Clamped counters: why maxLength 4000 costs what maxLength 64 does.
//
// Entry point: clamp_counters. A token of at most `reach` characters goes around a loop at most
// that often (each round reads something), so for its mask a larger bound is as good as none.
// Counters below intersections and complements are left alone: there a far bound can decide what is
// alive.
//
//   clamp([a-z]{0,4000} '"', 64)  ->  [a-z]* '"'
//
// without_bounds goes below intersections as well and says up to which length nothing changes;
// whether a text can still be completed within that length is for the caller to find out.
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

constexpr int kMaxDepth = 32;  // of intersections in each other

class BoundRemover {
 public:
  BoundRemover(ExprPool& pool, uint32_t least) : pool_(pool), least_(least) {}
  Expr remove(Expr e, bool boolean, int depth) {
    const ExprNode n = pool_.node(e);
    if (depth > kMaxDepth) return e;
    switch (n.kind) {
      case ExprKind::kRepeat:
        return remove_bound(e, n, boolean);
      case ExprKind::kSeq:
        return remove_in_sequence(e, boolean, depth);
      case ExprKind::kAnd: {
        Expr first = remove(n.a, true, depth + 1);
        return pool_.intersect(first, remove(n.b, true, depth + 1));
      }
      case ExprKind::kAlt: {
        std::span<const Expr> children = pool_.children(e);
        std::vector<Expr> branches(children.begin(), children.end());
        for (Expr& b : branches) b = remove(b, boolean, depth + 1);
        return pool_.alt(branches);
      }
      default:
        return e;
    }
  }
  uint32_t slack = kUnbounded;
  bool boolean = false;

 private:
  // Outside intersections what stands behind the head is the same for all states with this head.
  Expr remove_in_sequence(Expr e, bool in_boolean, int depth) {
    std::vector<Expr> parts;
    while (pool_.node(e).kind == ExprKind::kSeq && (in_boolean || parts.empty())) {
      parts.push_back(remove(pool_.node(e).a, in_boolean, depth + 1));
      e = pool_.node(e).b;
    }
    Expr out = in_boolean ? remove(e, in_boolean, depth + 1) : e;
    for (size_t i = parts.size(); i-- > 0;) out = pool_.seq(parts[i], out);
    return out;
  }
  Expr remove_bound(Expr e, const ExprNode& n, bool in_boolean) {
    if (n.c == kUnbounded || n.c < least_) return e;
    slack = std::min(slack, n.c);
    boolean = boolean || in_boolean;
    return pool_.repeat(n.a, n.b, kUnbounded);
  }
  ExprPool& pool_;
  uint32_t least_;
};

}  // namespace

Unbounded without_bounds(ExprPool& pool, Expr e, uint32_t least) {
  BoundRemover remover(pool, least);
  Expr out = remover.remove(e, false, 0);
  return {out, remover.slack, remover.boolean};
}

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
