// Removes what adds nothing to the language: rules without a string, and rules that nobody calls.
//
// Entry point: remove_dead_rules. A rule has a string if some alternative of it is made of parts
// that all have one: found by carrying each new find to the expressions that wait for it, so that
// every edge of the grammar is looked at once. Calls of the others become the empty set, which the
// constructors of the pool absorb. What stands in generators counts as having strings.
//
//   root ::= "a" | b    b ::= "b" b    c ::= "c"     ->    root ::= "a"
//
// Tests: tests/unit/grammar/passes/dead_rules_test.cc, tests/reference/passes_test.cc.
#include <algorithm>
#include <memory>

#include "grammar/passes/passes.h"
#include "grammar/passes/rule_walk.h"

namespace xgr::core {
namespace {

class Productive {
 public:
  Productive(const Grammar& grammar, const Reached& reached)
      : grammar_(grammar), pool_(grammar.pool) {
    missing_.resize(pool_.size());
    users_.resize(pool_.size());
    waiting_.resize(grammar.rules.size());
    rules_.resize(grammar.rules.size());
    for (Expr e : reached.exprs) add(e);
    for (RuleId r = 0; r < grammar.rules.size(); ++r) {
      if (reached.rules[r]) bodies_.push_back({grammar.rules[r].body, r});
    }
    std::sort(bodies_.begin(), bodies_.end());
    for (Expr e : reached.exprs) {
      if (missing_[e] == 0) found_.push_back(e);
    }
    while (!found_.empty()) {
      Expr e = found_.back();
      found_.pop_back();
      announce(e);
    }
  }

  const std::vector<bool>& rules() const { return rules_; }

 private:
  // How many finds `e` waits for.
  void add(Expr e) {
    const ExprNode& n = pool_.node(e);
    switch (n.kind) {
      case ExprKind::kEmpty:
        missing_[e] = 1;
        return;
      case ExprKind::kCall:
        missing_[e] = 1;
        waiting_[n.a].push_back(e);
        return;
      case ExprKind::kSeq:
        missing_[e] = 2;
        break;
      case ExprKind::kAlt:
      case ExprKind::kSwitch:
        missing_[e] = 1;
        break;
      case ExprKind::kRepeat:
        missing_[e] = n.b > 0 ? 1 : 0;
        break;
      default:
        return;
    }
    pool_.for_each_child(e, [this, e](Expr child) { users_[child].push_back(e); });
  }

  void announce(Expr e) {
    for (Expr user : users_[e]) count(user);
    auto rule = std::lower_bound(bodies_.begin(), bodies_.end(), std::pair<Expr, RuleId>(e, 0));
    for (; rule != bodies_.end() && rule->first == e; ++rule) {
      rules_[rule->second] = true;
      for (Expr call : waiting_[rule->second]) count(call);
    }
  }

  void count(Expr e) {
    if (missing_[e] > 0 && --missing_[e] == 0) found_.push_back(e);
  }

  const Grammar& grammar_;
  const ExprPool& pool_;
  std::vector<uint32_t> missing_;                // by expression
  std::vector<std::vector<Expr>> users_;         // by expression: what it is a part of
  std::vector<std::vector<Expr>> waiting_;       // by rule: its calls
  std::vector<std::pair<Expr, RuleId>> bodies_;  // sorted
  std::vector<bool> rules_;
  std::vector<Expr> found_;
};

// Takes the rules that are not reached out, and gives the others new numbers.
void renumber(Grammar* grammar, const std::vector<bool>& keep) {
  std::vector<RuleId> numbers(grammar->rules.size());
  std::vector<Rule> rules;
  for (RuleId r = 0; r < grammar->rules.size(); ++r) {
    numbers[r] = static_cast<RuleId>(rules.size());
    if (keep[r]) rules.push_back(std::move(grammar->rules[r]));
  }
  ExprPool& pool = grammar->pool;
  Rewriter rewriter(&pool, [&](Expr e) {
    const ExprNode n = pool.node(e);
    return n.kind == ExprKind::kCall ? pool.call(numbers[n.a]) : e;
  });
  for (Rule& rule : rules) {
    rule.body = rewriter.rewrite(rule.body);
    if (!rule.attributes) continue;
    auto attributes = std::make_shared<RuleAttributes>(*rule.attributes);
    for (Expr* part : {&attributes->content, &attributes->marker}) {
      if (*part != kNoExpr) *part = rewriter.rewrite(*part);
    }
    rule.attributes = std::move(attributes);
  }
  grammar->rules = std::move(rules);
  grammar->root = numbers[grammar->root];
}

}  // namespace

void remove_dead_rules(Grammar* grammar) {
  ExprPool& pool = grammar->pool;
  Reached reached = reach(*grammar);
  const std::vector<bool> productive = Productive(*grammar, reached).rules();
  Rewriter rewriter(&pool, [&](Expr e) {
    const ExprNode& n = pool.node(e);
    return n.kind == ExprKind::kCall && !productive[n.a] ? pool.empty() : e;
  });
  for (RuleId r = 0; r < grammar->rules.size(); ++r) {
    if (reached.rules[r]) grammar->rules[r].body = rewriter.rewrite(grammar->rules[r].body);
  }
  reached = reach(*grammar);
  const bool all =
      std::find(reached.rules.begin(), reached.rules.end(), false) == reached.rules.end();
  if (all) return;
  if (!reached.has_lazy) return renumber(grammar, reached.rules);
  for (RuleId r = 0; r < grammar->rules.size(); ++r) {
    if (!reached.rules[r]) grammar->rules[r] = {grammar->rules[r].name, pool.empty()};
  }
}

}  // namespace xgr::core
