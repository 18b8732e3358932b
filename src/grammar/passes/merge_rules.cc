// Replaces rules with the same derivations by one.
//
// Entry point: merge_rules. All rules are taken to be equal at first; then those whose bodies
// differ, with calls of equal rules taken for the same, are told apart, until nobody is told apart
// any more (Moore's algorithm, on grammars): this also finds rules that are equal because they call
// one another in the same way. Bodies are compared by hashes meanwhile; in the end the new bodies
// themselves have to be equal. A long chain of rules would take a round a link, so rules whose
// bodies are equal as they are get merged beforehand, callees first, and the rounds are limited:
// beyond, nothing more is merged.
//
//   a ::= "x" b | "y"    b ::= "x" a | "y"     ->     a ::= "x" a | "y"
//
// Tests: tests/unit/grammar/passes/merge_rules_test.cc, tests/reference/passes_test.cc.
#include <algorithm>
#include <map>
#include <numeric>

#include "grammar/passes/passes.h"
#include "grammar/passes/rule_walk.h"
#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr int kMaxMergeRounds = 100;

class Merge {
 public:
  explicit Merge(Grammar* grammar)
      : grammar_(*grammar), pool_(grammar->pool), chosen_(grammar->rules.size()) {
    std::iota(chosen_.begin(), chosen_.end(), RuleId{0});
  }

  void run() {
    merge_chains();
    apply();
    reached_ = reach(grammar_);
    if (find_classes() && are_equal()) apply();
  }

 private:
  Expr call_chosen(Expr e) {
    const ExprNode n = pool_.node(e);
    return n.kind == ExprKind::kCall ? pool_.call(chosen_[n.a]) : e;
  }

  // Rules with equal bodies, callees first.
  void merge_chains() {
    reached_ = reach(grammar_);
    const CallOrder order = order_by_calls(grammar_, reached_);
    Rewriter rewriter(&pool_, [this](Expr e) { return call_chosen(e); });
    std::map<std::pair<Expr, RuleUse>, RuleId> known;
    for (RuleId r : order.rules) {
      Rule& rule = grammar_.rules[r];
      rule.body = rewriter.rewrite(rule.body);
      if (!is_plain_rule(rule) || r == grammar_.root) continue;
      chosen_[r] = known.try_emplace({rule.body, rule.use}, r).first->second;
    }
  }

  // Of equal rules, the first one stays.
  void apply() {
    std::vector<RuleId> first(chosen_.size(), UINT32_MAX);
    for (RuleId r = 0; r < chosen_.size(); ++r) {
      RuleId& known = first[chosen_[r]];
      if (known == UINT32_MAX || r == grammar_.root) known = r;
    }
    for (RuleId& r : chosen_) r = first[r];
    Rewriter rewriter(&pool_, [this](Expr e) { return call_chosen(e); });
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      if (reached_.rules[r]) grammar_.rules[r].body = rewriter.rewrite(grammar_.rules[r].body);
    }
  }

  // False when it takes too many rounds.
  bool find_classes() {
    std::vector<RuleId> rules;
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      if (reached_.rules[r]) rules.push_back(r);
    }
    class_.assign(grammar_.rules.size(), 0);
    for (RuleId r : rules) {
      const Rule& rule = grammar_.rules[r];
      class_[r] = is_plain_rule(rule) ? static_cast<uint32_t>(rule.use) : r + 3;
    }
    size_t count = 0;
    for (int round = 0; round < kMaxMergeRounds; ++round) {
      const size_t now = tell_apart(rules);
      if (now == count) return choose_first(rules);
      count = now;
    }
    return false;
  }

  // The number of classes.
  size_t tell_apart(const std::vector<RuleId>& rules) {
    hash_bodies();
    std::map<std::pair<uint32_t, uint64_t>, uint32_t> classes;
    std::vector<uint32_t> next(class_.size());
    for (RuleId r : rules) {
      const uint32_t fresh = static_cast<uint32_t>(classes.size());
      next[r] =
          classes.try_emplace({class_[r], hashes_[grammar_.rules[r].body]}, fresh).first->second;
    }
    class_.swap(next);
    return classes.size();
  }

  // What has no calls is told apart by its number.
  void hash_bodies() {
    hashes_.resize(pool_.size());
    for (Expr e : reached_.exprs) {
      const ExprNode& n = pool_.node(e);
      uint64_t h = mix(static_cast<uint64_t>(n.kind) + 1, 0);
      if (!pool_.has_call(e)) {
        h = mix(h, e);
      } else if (n.kind == ExprKind::kCall) {
        h = mix(h, class_[n.a]);
      } else if (n.kind == ExprKind::kAlt) {  // in an order that depends on the rules' numbers
        uint64_t sum = 0;
        for (Expr child : pool_.children(e)) sum += hashes_[child];
        h = mix(h, sum);
      } else if (n.kind == ExprKind::kSwitch) {
        for (const SwitchEdge& edge : pool_.edges(e)) {
          h = mix(mix(mix(h, edge.lo), edge.hi), hashes_[edge.child]);
        }
      } else {
        if (n.kind == ExprKind::kRepeat) h = mix(mix(h, n.b), n.c);
        pool_.for_each_child(e, [&](Expr child) { h = mix(h, hashes_[child]); });
      }
      hashes_[e] = h;
    }
  }

  // Of equal rules the root, else the first.
  bool choose_first(const std::vector<RuleId>& rules) {
    std::map<uint32_t, RuleId> first{{class_[grammar_.root], grammar_.root}};
    for (RuleId r : rules) chosen_[r] = first.try_emplace(class_[r], r).first->second;
    return true;
  }

  // The bodies of rules that are taken for equal, once calls are.
  bool are_equal() {
    Rewriter rewriter(&pool_, [this](Expr e) { return call_chosen(e); });
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      if (!reached_.rules[r]) continue;
      const Expr other = grammar_.rules[chosen_[r]].body;
      if (rewriter.rewrite(grammar_.rules[r].body) != rewriter.rewrite(other)) return false;
    }
    return true;
  }

  Grammar& grammar_;
  ExprPool& pool_;
  Reached reached_;
  std::vector<RuleId> chosen_;    // by rule: which stands for it
  std::vector<uint32_t> class_;   // by rule
  std::vector<uint64_t> hashes_;  // by expression
};

}  // namespace

void merge_rules(Grammar* grammar) { Merge(grammar).run(); }

}  // namespace xgr::core
