// SharedEngine: finds equal rules of different grammars by structure.
//
// Entry point: SharedEngine::link_rules. A rule is copied into the shared pool, where hash-consing
// turns structural equality into equality of ids: calls of rules already mapped become calls of their
// shared twins, calls inside the rule's own recursive group become numbered placeholders. Equal copies
// mean equal rules; a new copy becomes a new shared rule.
//
//   two grammars with the rule  string ::= ([^"\\] | escape)* "\""   share one automaton
//
// Tests: tests/unit/mask/shared_engine_test.cc.
#include "mask/shared_engine.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace xgr {
namespace {

constexpr RuleId kPlaceholder = 0x80000000u;

// Rules called by the body of `rule`.
std::set<RuleId> callees(const Grammar& g, RuleId rule) {
  std::set<RuleId> out;
  std::set<Expr> seen;
  std::vector<Expr> work{g.rules[rule].body};
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (!seen.insert(e).second) continue;
    const ExprNode& n = g.pool.node(e);
    switch (n.kind) {
      case ExprKind::kCall: out.insert(n.a); break;
      case ExprKind::kSeq:
      case ExprKind::kAnd: work.insert(work.end(), {n.a, n.b}); break;
      case ExprKind::kRepeat:
      case ExprKind::kNot: work.push_back(n.a); break;
      case ExprKind::kAlt:
        for (Expr c : g.pool.children(e)) work.push_back(c);
        break;
      case ExprKind::kSwitch:
        for (const SwitchEdge& edge : g.pool.edges(e)) work.push_back(edge.child);
        break;
      default: break;
    }
  }
  return out;
}

std::set<RuleId> reachable(const Grammar& g, RuleId rule) {
  std::set<RuleId> out;
  std::vector<RuleId> work{rule};
  while (!work.empty()) {
    RuleId r = work.back();
    work.pop_back();
    for (RuleId c : callees(g, r)) {
      if (out.insert(c).second) work.push_back(c);
    }
  }
  return out;
}

// Copies an expression between pools with the calls mapped; children first, without recursion.
Expr copy_expr(const ExprPool& from, Expr root, const std::map<RuleId, RuleId>& calls, ExprPool* to) {
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
        waiting = need(n.a);
        if (!waiting) {
          made = n.kind == ExprKind::kNot ? to->raw_not(done[n.a]) : to->repeat(done[n.a], n.b, n.c);
        }
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
        made = to->byte_range(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b));
        break;
      case ExprKind::kLiteral: made = to->literal(from.string(n.a).substr(n.b)); break;
      case ExprKind::kClass: made = to->char_class(from.charset(n.a)); break;
      case ExprKind::kCall: made = to->call(calls.at(n.a)); break;
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

}  // namespace

AutomatonOptions automaton_options(const Tokenizer& tokenizer, const Limits& limits) {
  AutomatonOptions o;
  o.alphabet = tokenizer.known_bytes();
  o.reach = static_cast<uint32_t>(tokenizer.max_token_chars()) + 1;
  o.limits = limits;
  return o;
}

SharedEngine::SharedEngine(std::shared_ptr<const Tokenizer> tokenizer, const Limits& limits)
    : tokenizer_(std::move(tokenizer)), loops_(*tokenizer_), masks_(*tokenizer_, &loops_, &scratch_) {
  Grammar g;
  g.root = g.add_rule("shared");
  g.define(g.root, g.pool.epsilon());
  automaton_ = std::move(Automaton::create(std::move(g), automaton_options(*tokenizer_, limits))).value();
}

MaybeError SharedEngine::link_rules(Automaton* from) {
  const Grammar& g = from->grammar();  // still private to the caller
  std::map<RuleId, RuleId> known;
  std::lock_guard<std::mutex> lock(mutex_);
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    if (g.rules[r].use != RuleUse::kShare || from->facts().rules[r].left_scc >= 0) continue;
    if (MaybeError e = map_rule(g, r, &known)) return e;
    from->link(r, automaton_.get(), known[r]);
  }
  return std::nullopt;
}

MaybeError SharedEngine::map_rule(const Grammar& g, RuleId rule, std::map<RuleId, RuleId>* known) {
  if (known->count(rule)) return std::nullopt;
  std::vector<RuleId> group{rule};  // rules in recursion with this one
  for (RuleId r : reachable(g, rule)) {
    if (reachable(g, r).count(rule)) {
      if (r != rule) group.push_back(r);
    } else if (MaybeError e = map_rule(g, r, known)) {
      return e;
    }
  }
  std::map<RuleId, RuleId> calls = *known;
  for (size_t i = 0; i < group.size(); ++i) calls[group[i]] = kPlaceholder + static_cast<RuleId>(i);
  Key key;
  {
    std::lock_guard<std::mutex> lock(automaton_->mutex());
    for (RuleId r : group) {
      key.push_back(copy_expr(g.pool, g.rules[r].body, calls, &automaton_->grammar().pool));
    }
  }
  auto it = rules_.find(key);
  if (it != rules_.end()) {
    (*known)[rule] = it->second;
    return std::nullopt;
  }
  MaybeError error = automaton_->extend([&](Grammar& ours) {
    for (RuleId r : group) {
      calls[r] = ours.add_rule(g.rules[r].name, RuleUse::kShare);
      ours.define(calls[r], ours.pool.empty());  // until its body is there
    }
    for (RuleId r : group) ours.define(calls[r], copy_expr(g.pool, g.rules[r].body, calls, &ours.pool));
  });
  if (error) return error;
  rules_.emplace(std::move(key), calls[rule]);
  for (RuleId r : group) (*known)[r] = calls[r];
  return std::nullopt;
}

MaskStats SharedEngine::stats() {
  MaskStats s = masks_.stats();
  s.states = automaton_->state_count();
  s.bytes = memory_bytes();
  return s;
}

size_t SharedEngine::memory_bytes() { return automaton_->memory_bytes() + masks_.memory_bytes() + loops_.memory_bytes(); }

}  // namespace xgr
