// Clamped counters: why maxLength 4000 costs what maxLength 64 does.
//
// Entry points: clamp_counters, BoundRemover. A token of at most `reach` characters goes around a loop at most
// that often (each round reads something), so for its mask a larger bound is as good as none.
// Counters below intersections and complements are left alone: there a far bound can decide what is
// alive.
//
//   clamp([a-z]{0,4000} '"', 64)  ->  [a-z]* '"'
//
// BoundRemover goes below intersections as well and says up to which length nothing changes. Where the
// intersection only counts, it finds out itself whether a text can still be completed within the
// bound; elsewhere that is for the caller.
//
// Tests: tests/unit/grammar/derivatives_test.cc.
#include "grammar/clamp.h"

#include <algorithm>
#include <vector>

namespace xgr::core {
namespace {

Expr clamp_head(ExprPool& pool, Expr e, uint32_t reach) {
  const ExprNode n = pool.node(e);
  if (n.kind != ExprKind::kRepeat) return e;
  uint32_t min = std::min(n.b, reach + 1);
  uint32_t max = n.c > reach ? kUnbounded : n.c;
  return pool.repeat(n.a, min, max);
}

constexpr int kMaxIntersections = 32;    // of intersections in each other
constexpr uint32_t kBoundOfTokens = 12;  // few tokens have more characters

}  // namespace

BoundRemover::Unbounded BoundRemover::remove(Expr e, uint32_t least) {
  least_ = least;
  found_ = {e, kUnbounded, false};
  const Expr out = remove(e, false, 0);
  found_.e = out;
  return found_;
}

Expr BoundRemover::remove(Expr e, bool boolean, int depth) {
  const ExprNode n = pool_.node(e);
  if (depth > kMaxIntersections) return e;
  switch (n.kind) {
    case ExprKind::kRepeat:
      return remove_bound(e, n, boolean);
    case ExprKind::kSeq:
      return remove_in_sequence(e, boolean, depth);
    case ExprKind::kAnd: {
      if (!boolean && counts_only(n.a, n.b)) return n.b;
      if (!boolean && counts_only(n.b, n.a)) return n.a;
      const Expr first = remove(n.a, true, depth + 1);
      return pool_.intersect(first, remove(n.b, true, depth + 1));
    }
    case ExprKind::kAlt: {
      std::span<const Expr> children = pool_.children(e);
      std::vector<Expr> branches(children.begin(), children.end());
      for (Expr& b : branches) b = remove(b, boolean, depth + 1);
      return pool_.alt(branches);
    }
    case ExprKind::kShortest:
      return boolean ? e : remove_budget(e);
    default:
      return e;
  }
}

// shortest(x* M | x{n} | ..) ends by n at the latest, and before it reads what shortest(x* M | ..)
// does.
Expr BoundRemover::remove_budget(Expr e) {
  const Expr body = pool_.node(e).a;
  std::span<const Expr> children = pool_.children(body);
  std::vector<Expr> rest;
  Expr counted = kNoExpr, loop = kNoExpr;
  for (Expr c : children) {
    const ExprNode n = pool_.node(c);
    const bool repeat = n.kind == ExprKind::kRepeat && pool_.node(n.a).kind == ExprKind::kClass;
    if (repeat && n.b == n.c && n.c > least_ && counted == kNoExpr) {
      counted = c;
      continue;
    }
    rest.push_back(c);
    if (n.kind == ExprKind::kSeq && pool_.node(n.a).kind == ExprKind::kRepeat) {
      const ExprNode head = pool_.node(n.a);
      if (head.b == 0 && head.c == kUnbounded) loop = head.a;
    }
  }
  if (counted == kNoExpr || loop != pool_.node(counted).a) return e;
  found_.slack = std::min(found_.slack, pool_.node(counted).c - 1);
  return pool_.shortest(pool_.alt(rest));
}

// Whether an intersection of the two only counts the characters of `other`, a long way from the
// bound: from wherever `other` is, it can end before.
bool BoundRemover::counts_only(Expr counter, Expr other) {
  const ExprNode n = pool_.node(counter);
  if (n.kind != ExprKind::kRepeat || n.b != 0 || n.c == kUnbounded || n.c < least_) return false;
  const uint32_t rest = lengths_.of(other).rest;
  if (rest >= n.c || !inclusion_.in_loop(other, n.a)) return false;
  found_.slack = std::min(found_.slack, n.c - rest);
  return true;
}

// Outside intersections what stands behind the head is mostly the same for all states with this head.
Expr BoundRemover::remove_in_sequence(Expr e, bool in_boolean, int depth) {
  const uint32_t slack = found_.slack;
  std::vector<Expr> parts;
  auto more = [&] {
    return pool_.node(e).kind == ExprKind::kSeq &&
           (in_boolean || parts.empty() || found_.slack == slack);
  };
  const uint32_t least = least_;
  while (more()) {
    parts.push_back(remove(pool_.node(e).a, in_boolean, depth + 1));
    e = pool_.node(e).b;
    if (!in_boolean) least_ = std::max(least, kBoundOfTokens);
  }
  const bool last = in_boolean || found_.slack == slack;
  Expr out = last ? remove(e, in_boolean, depth + 1) : e;
  least_ = least;
  for (size_t i = parts.size(); i-- > 0;) out = pool_.seq(parts[i], out);
  return out;
}

Expr BoundRemover::remove_bound(Expr e, const ExprNode& n, bool in_boolean) {
  if (n.c == kUnbounded || n.c < least_) return e;
  found_.slack = std::min(found_.slack, n.c);
  found_.boolean = found_.boolean || in_boolean;
  return pool_.repeat(n.a, n.b, kUnbounded);
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

}  // namespace xgr::core
