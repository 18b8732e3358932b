// Copies of expressions between pools.
//
// Entry point: copy_expr. Children are copied before what is made of them, from a list of work, so
// that nothing recurses on the depth of an expression; what both have in common is copied once.
//
//   [a-z]{1,4} "."  of one grammar  ->  the same in the grammar that all of a compiler share
//
// Tests: tests/unit/grammar/expr_copy_test.cc.
#include "grammar/expr_copy.h"

#include <unordered_map>

namespace xgr {

bool is_plain(const ExprPool& pool, Expr e, size_t max_nodes) {
  std::vector<Expr> work{e};
  for (size_t i = 0; i < work.size(); ++i) {
    if (work.size() > max_nodes) return false;
    switch (pool.node(work[i]).kind) {
      case ExprKind::kAnd:
      case ExprKind::kNot:
      case ExprKind::kCall:
      case ExprKind::kLazy:
      case ExprKind::kShortest:
      case ExprKind::kTokens:
      case ExprKind::kLeftTail: return false;
      default: break;
    }
    pool.for_each_child(work[i], [&](Expr child) { work.push_back(child); });
  }
  return true;
}

namespace {

// As `n`, made of the copy of its one part.
Expr made_of(const ExprNode& n, Expr part, ExprPool* to) {
  if (n.kind == ExprKind::kNot) return to->raw_not(part);
  if (n.kind == ExprKind::kShortest) return to->shortest(part);
  return to->repeat(part, n.b, n.c);
}

}  // namespace

Expr copy_expr(const ExprPool& from, Expr root, const std::vector<RuleId>& calls, ExprPool* to) {
  std::unordered_map<Expr, Expr> done;
  std::vector<Expr> work{root};
  auto need = [&](Expr e) {
    if (done.count(e)) return false;
    work.push_back(e);
    return true;
  };
  while (!work.empty()) {
    Expr e = work.back();
    const ExprNode& n = from.node(e);
    bool waiting = false;
    Expr made = to->empty();
    switch (n.kind) {
      case ExprKind::kSeq:
      case ExprKind::kAnd:
        waiting = need(n.a);
        waiting = need(n.b) || waiting;
        if (!waiting) {
          made = n.kind == ExprKind::kSeq ? to->seq(done[n.a], done[n.b])
                                          : to->intersect(done[n.a], done[n.b]);
        }
        break;
      case ExprKind::kRepeat:
      case ExprKind::kNot:
      case ExprKind::kShortest:
        waiting = need(n.a);
        if (!waiting) made = made_of(n, done[n.a], to);
        break;
      case ExprKind::kAlt: {
        std::vector<Expr> branches;
        for (Expr c : from.children(e)) {
          waiting = need(c) | waiting;
          if (!waiting) branches.push_back(done[c]);
        }
        if (!waiting) made = to->alt(branches);
        break;
      }
      case ExprKind::kSwitch: {
        std::vector<SwitchEdge> edges = from.edges(e);
        for (SwitchEdge& edge : edges) {
          waiting = need(edge.child) | waiting;
          if (!waiting) edge.child = done[edge.child];
        }
        if (!waiting) made = to->switch_on(edges);
        break;
      }
      case ExprKind::kEpsilon: made = to->epsilon(); break;
      case ExprKind::kByteRange:
        made = n.c ? to->token_digit(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b))
                   : to->byte_range(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b));
        break;
      case ExprKind::kLiteral: made = to->literal(from.string(n.a).substr(n.b)); break;
      case ExprKind::kClass: made = to->char_class(from.charset(n.a)); break;
      case ExprKind::kTokens: made = to->tokens(from.token_ids(n.a)); break;
      case ExprKind::kCall: made = to->call(calls[n.a]); break;
      case ExprKind::kEmpty:
      case ExprKind::kLazy:
      case ExprKind::kLeftTail: break;  // not in shared rules
    }
    if (waiting) continue;
    done[e] = made;
    work.pop_back();
  }
  return done[root];
}

}  // namespace xgr
