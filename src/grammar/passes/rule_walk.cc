// Walks that the passes have in common.
//
// Entry points: reach, order_by_calls, Rewriter::rewrite. All of them work off lists, so that depth
// costs no recursion; each expression is visited once, however many rules share it.
//
//   root ::= a a    a ::= "x" b?    b ::= a     reach: all, references {0, 3, 1}; order b, a, root
//
// Tests: tests/unit/grammar/passes/rule_walk_test.cc.
#include "grammar/passes/rule_walk.h"

#include <algorithm>

#include "grammar/remake.h"
namespace xgr::core {
namespace {

class Walk {
 public:
  explicit Walk(const Grammar& grammar) : grammar_(grammar), pool_(grammar.pool) {
    out_.rules.resize(grammar.rules.size());
    out_.references.resize(grammar.rules.size());
    seen_.resize(pool_.size());
  }

  Reached run() {
    enter_rule(grammar_.root);
    while (!work_.empty()) {
      Expr e = work_.back();
      work_.pop_back();
      const ExprNode& n = pool_.node(e);
      if (n.kind == ExprKind::kCall) enter_rule(n.a);
      if (n.kind == ExprKind::kLazy) enter_generator(n);
      pool_.for_each_child(e, [this](Expr child) { enter(child); });
    }
    std::sort(out_.exprs.begin(), out_.exprs.end());
    return std::move(out_);
  }

 private:
  void enter_rule(RuleId r) {
    if (out_.rules[r]) return;
    out_.rules[r] = true;
    const Rule& rule = grammar_.rules[r];
    enter(rule.body);
    if (!rule.attributes) return;
    if (rule.attributes->content != kNoExpr) enter(rule.attributes->content);
    if (rule.attributes->marker != kNoExpr) enter(rule.attributes->marker);
  }

  void enter_generator(const ExprNode& n) {
    out_.has_lazy = true;
    std::vector<Expr> children;
    pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &children);
    for (Expr child : children) enter(child);
  }

  void enter(Expr e) {
    if (pool_.node(e).kind == ExprKind::kCall) ++out_.references[pool_.node(e).a];
    if (seen_[e]) return;
    seen_[e] = true;
    out_.exprs.push_back(e);
    work_.push_back(e);
  }

  const Grammar& grammar_;
  const ExprPool& pool_;
  Reached out_;
  std::vector<bool> seen_;
  std::vector<Expr> work_;
};

// Depth first: a call of a rule that is not finished closes a circle.
class CallWalk {
 public:
  explicit CallWalk(const Grammar& grammar)
      : grammar_(grammar), state_(grammar.rules.size()), seen_(grammar.pool.size()) {
    out_.loops.resize(grammar.rules.size());
  }

  void visit(RuleId rule) {
    if (state_[rule] == kFresh) enter(rule);
    while (!path_.empty()) {
      Frame& top = path_.back();
      if (top.callees.empty()) {
        state_[top.rule] = kDone;
        out_.rules.push_back(top.rule);
        path_.pop_back();
        continue;
      }
      const RuleId callee = top.callees.back();
      top.callees.pop_back();
      if (state_[callee] == kOpen) out_.loops[callee] = true;
      if (state_[callee] == kFresh) enter(callee);
    }
  }
  CallOrder take() { return std::move(out_); }

 private:
  enum State : uint8_t { kFresh, kOpen, kDone };
  struct Frame {
    RuleId rule;
    std::vector<RuleId> callees;
  };

  void enter(RuleId rule) {
    state_[rule] = kOpen;
    Frame frame{rule, {}};
    std::vector<Expr> work{grammar_.rules[rule].body};
    ++walk_;
    while (!work.empty()) {
      Expr e = work.back();
      work.pop_back();
      if (!grammar_.pool.has_call(e) || seen_[e] == walk_) continue;
      seen_[e] = walk_;
      if (grammar_.pool.node(e).kind == ExprKind::kCall) {
        frame.callees.push_back(grammar_.pool.node(e).a);
      }
      grammar_.pool.for_each_child(e, [&](Expr child) { work.push_back(child); });
    }
    path_.push_back(std::move(frame));
  }

  const Grammar& grammar_;
  CallOrder out_;
  std::vector<State> state_;    // by rule
  std::vector<uint32_t> seen_;  // by expression: the last walk that met it
  uint32_t walk_ = 0;
  std::vector<Frame> path_;
};

}  // namespace

Reached reach(const Grammar& grammar) { return Walk(grammar).run(); }

CallOrder order_by_calls(const Grammar& grammar, const Reached& reached) {
  CallWalk walk(grammar);
  walk.visit(grammar.root);
  for (RuleId r = 0; r < grammar.rules.size(); ++r) {
    if (reached.rules[r]) walk.visit(r);  // those that only generators call
  }
  return walk.take();
}

bool is_plain_rule(const Rule& rule) { return !rule.unique && !rule.attributes; }

Expr Rewriter::rewrite(Expr root) {
  work_.push_back(root);
  while (!work_.empty()) {
    Expr e = work_.back();
    if (done_.count(e)) {
      work_.pop_back();
    } else if (!wait_for_parts(e)) {
      work_.pop_back();
      Expr changed = change_(rebuild(e));
      done_[e] = changed;
    }
  }
  return done_[root];
}

// Those whose parts are rewritten: intersections and the like are kept as they are.
bool Rewriter::is_opened(ExprKind kind) {
  return kind == ExprKind::kSeq || kind == ExprKind::kAlt || kind == ExprKind::kRepeat ||
         kind == ExprKind::kSwitch;
}

// Whether parts of `e` had to be put in front of it.
bool Rewriter::wait_for_parts(Expr e) {
  if (!is_opened(pool_.node(e).kind)) return false;
  const size_t before = work_.size();
  pool_.for_each_child(e, [this](Expr child) {
    if (!done_.count(child)) work_.push_back(child);
  });
  return work_.size() > before;
}

Expr Rewriter::rebuild(Expr e) {
  if (!is_opened(pool_.node(e).kind)) return e;
  return remake(pool_, e, [this](Expr part) { return done_.at(part); });
}

}  // namespace xgr::core
