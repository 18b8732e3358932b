// Puts bodies of rules in place of their calls.
//
// Entry point: inline_rules. A rule that is called from one place only, or whose body is no longer
// than a name (a short text, a class, another call), is worth no rule. The rules are taken callees
// first, so that a body is complete when it is copied; of a circle of calls one rule stays.
//
//   root ::= "[" item "]"    item ::= digit digit    digit ::= [0-9]   ->   root ::= "[" [0-9]
//   [0-9] "]"
//
// Tests: tests/unit/grammar/passes/inline_rules_test.cc, tests/reference/passes_test.cc.
#include "grammar/passes/passes.h"
#include "grammar/passes/rule_walk.h"

namespace xgr::core {
namespace {

constexpr size_t kShortText = 8;    // bytes
constexpr size_t kShortRanges = 4;  // of a class

bool is_short(const ExprPool& pool, Expr e) {
  const ExprNode& n = pool.node(e);
  switch (n.kind) {
    case ExprKind::kEmpty:
    case ExprKind::kEpsilon:
    case ExprKind::kCall:
      return true;
    case ExprKind::kLiteral:
      return pool.string(n.a).size() - n.b <= kShortText;
    case ExprKind::kClass:
      return pool.charset(n.a).ranges().size() <= kShortRanges;
    default:
      return false;
  }
}

}  // namespace

void inline_rules(Grammar* grammar) {
  ExprPool& pool = grammar->pool;
  const Reached reached = reach(*grammar);
  const CallOrder order = order_by_calls(*grammar, reached);
  std::vector<Expr> inlined(grammar->rules.size(), kNoExpr);
  Rewriter rewriter(&pool, [&](Expr e) {
    const ExprNode& n = pool.node(e);
    return n.kind == ExprKind::kCall && inlined[n.a] != kNoExpr ? inlined[n.a] : e;
  });
  for (RuleId r : order.rules) {
    Rule& rule = grammar->rules[r];
    rule.body = rewriter.rewrite(rule.body);
    if (order.loops[r] || r == grammar->root || !is_plain_rule(rule)) continue;
    if (rule.use != RuleUse::kAuto) continue;
    if (reached.references[r] == 1 || is_short(pool, rule.body)) inlined[r] = rule.body;
  }
}

}  // namespace xgr::core
