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

#include "grammar/remake.h"

namespace xgr::core {

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
      case ExprKind::kLeftTail:
        return false;
      default:
        break;
    }
    pool.for_each_child(work[i], [&](Expr child) { work.push_back(child); });
  }
  return true;
}

namespace {

// A copy of what has no parts.
Expr copy_leaf(const ExprPool& from, Expr e, const std::vector<RuleId>& calls, ExprPool* to) {
  const ExprNode& n = from.node(e);
  switch (n.kind) {
    case ExprKind::kEpsilon:
      return to->epsilon();
    case ExprKind::kByteRange:
      return n.c ? to->token_digit(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b))
                 : to->byte_range(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b));
    case ExprKind::kLiteral:
      return to->literal(from.string(n.a).substr(n.b));
    case ExprKind::kClass:
      return to->char_class(from.charset(n.a));
    case ExprKind::kTokens:
      return to->tokens(from.token_ids(n.a));
    case ExprKind::kCall:
      return to->call(calls[n.a]);
    default:
      return to->empty();  // what unfolds or analysis made is not in shared rules
  }
}

}  // namespace

Expr copy_expr(const ExprPool& from, Expr root, const std::vector<RuleId>& calls, ExprPool* to) {
  std::unordered_map<Expr, Expr> done;
  std::vector<Expr> work{root};
  while (!work.empty()) {
    const Expr e = work.back();
    const size_t before = work.size();
    bool has_parts = false;
    from.for_each_child(e, [&](Expr part) {
      has_parts = true;
      if (!done.count(part)) work.push_back(part);
    });
    if (work.size() > before) continue;
    done[e] = has_parts ? remake(*to, from, e, [&](Expr part) { return done.at(part); })
                        : copy_leaf(from, e, calls, to);
    work.pop_back();
  }
  return done.at(root);
}

}  // namespace xgr::core
