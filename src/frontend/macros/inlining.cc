// Calls replaced by the bodies of the rules they call.
//
// Entry point: inline_calls. Children are rewritten before what is made of them, from a list of
// work; an expression that is met again while the work below it is not done is part of a cycle,
// which only rules that call themselves can make.
//
//   r ::= digit+ "."    digit ::= [0-9]      ->   [0-9]+ "."
//
// Tests: tests/unit/frontend/macros/rule_settings_test.cc.
#include "frontend/macros/inlining.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grammar/remake.h"

namespace xgr::core {
namespace {

Error refusal(std::string message) { return make_error(Status::kUnsupported, std::move(message)); }

// Of what is written without calls.
constexpr size_t kMaxNodes = 1000000;

class Inliner {
 public:
  Inliner(Grammar& grammar, const Limits& limits)
      : grammar_(grammar),
        pool_(grammar.pool),
        base_(pool_.size()),
        room_(std::max(base_, std::min(limits.max_expressions, base_ + kMaxNodes))) {}

  Result<Expr> run(Expr root) {
    work_.push_back(root);
    while (!work_.empty()) {
      Expr e = work_.back();
      if (done_.count(e)) {
        work_.pop_back();
        continue;
      }
      bool first = entered_.insert(e).second;
      if (first) {
        if (MaybeError error = enter(e)) return *std::move(error);
        if (work_.back() != e) continue;
      }
      if (pool_.size() + copied(e) > room_) {
        Error error = refusal("the rule, written without calls, needs more than " +
                              std::to_string(room_ - base_) + " nodes");
        error.code = Status::kLimitExceeded;
        return error;
      }
      done_[e] = rebuild(e);
      work_.pop_back();
    }
    return done_.at(root);
  }

 private:
  // Puts what `e` is made of on the list.
  MaybeError enter(Expr e) {
    const ExprNode n = pool_.node(e);
    if (n.kind == ExprKind::kLazy) return check_generator(n);
    if (n.kind != ExprKind::kCall) {
      MaybeError error;
      pool_.for_each_child(e, [&](Expr child) {
        if (!need(child)) error = recursion(pool_.node(child).a);  // only a call can be met again
      });
      return error;
    }
    const Rule& rule = grammar_.rules[n.a];
    if (rule.attributes) {
      return refusal("it calls " + rule.name +
                     ", whose captures, budgets or temperature would be lost");
    }
    if (rule.unique) return refusal("it calls " + rule.name + ", whose items must differ");
    if (!need(rule.body)) return recursion(n.a);
    return std::nullopt;
  }

  Error recursion(RuleId rule) const {
    return refusal("it calls " + grammar_.rules[rule].name + ", which calls itself");
  }

  // False when `e` is on the way to itself.
  bool need(Expr e) {
    if (done_.count(e)) return true;
    work_.push_back(e);
    return !entered_.count(e);
  }

  MaybeError check_generator(const ExprNode& n) const {
    std::vector<Expr> below;
    pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &below);
    std::unordered_set<Expr> seen;
    while (!below.empty()) {
      Expr e = below.back();
      below.pop_back();
      if (!seen.insert(e).second) continue;
      const ExprNode& m = pool_.node(e);
      if (m.kind == ExprKind::kCall) {
        return refusal("it contains a TagDispatch or the like that calls " +
                       grammar_.rules[m.a].name);
      }
      if (m.kind == ExprKind::kLazy) {
        pool_.generator(m.a).collect_children({m.b, m.c, m.d}, &below);
      }
      pool_.for_each_child(e, [&](Expr child) { below.push_back(child); });
    }
    return std::nullopt;
  }

  // How many nodes a sequence has to make anew, which is known before they are made: rules that
  // double each other grow faster than any check behind them.
  size_t copied(Expr e) const {
    const ExprNode n = pool_.node(e);
    size_t count = 1;
    if (n.kind != ExprKind::kSeq) return count;
    for (Expr part = done_.at(n.a); pool_.node(part).kind == ExprKind::kSeq && count < kMaxNodes;
         part = pool_.node(part).b) {
      ++count;
    }
    return count;
  }

  Expr rebuild(Expr e) {
    const ExprNode& n = pool_.node(e);
    if (n.kind == ExprKind::kCall) return done_.at(grammar_.rules[n.a].body);
    return remake(pool_, e, [this](Expr part) { return done_.at(part); });
  }

  Grammar& grammar_;
  ExprPool& pool_;
  const size_t base_, room_;  // nodes of the pool: at first, and at most
  std::vector<Expr> work_;
  std::unordered_set<Expr> entered_;
  std::unordered_map<Expr, Expr> done_;
};

}  // namespace

Result<Expr> inline_calls(Grammar& grammar, Expr e, const Limits& limits) {
  return Inliner(grammar, limits).run(e);
}

}  // namespace xgr::core
