// Alphabets of expressions: an upper bound on the characters of their strings.
//
// Entry point: Alphabets::of. The parts of an expression precede it in the pool, so facts are found
// in that order, each once. The characters of rules are found first: those of a rule's own parts,
// handed on from callees to callers until nothing changes.
//
//   list ::= "[" (list ("," list)*)? "]"      ->   [ ] ,
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/alphabets.h"

#include <algorithm>
#include <unordered_set>

namespace xgr::core {

Alphabets::Alphabets(const Grammar& grammar, Expr start) : grammar_(grammar), pool_(grammar.pool) {
  const std::vector<RuleId> rules = walk(start);
  for (RuleId r : rules) rules_[r];
  for (bool changed = true; changed;) {
    changed = false;
    facts_.clear();  // they were found with fewer characters of the rules
    for (RuleId r : rules) {
      const CharSet& now = facts_of(grammar_.rules[r].body).chars;
      if (now == rules_[r]) continue;
      rules_[r] = now;
      changed = true;
    }
  }
}

// The rules that `start` needs, callers first.
std::vector<RuleId> Alphabets::walk(Expr start) {
  std::unordered_set<Expr> seen{start};
  std::unordered_set<RuleId> seen_rules;
  std::vector<RuleId> rules;
  std::vector<Expr> work{start};
  auto meet = [&](Expr e) {
    if (seen.insert(e).second) work.push_back(e);
  };
  while (!work.empty()) {
    const Expr e = work.back();
    work.pop_back();
    const ExprNode n = pool_.node(e);
    if (n.kind == ExprKind::kTokens) has_tokens_ = true;
    if (n.kind == ExprKind::kCall && seen_rules.insert(n.a).second) {
      rules.push_back(n.a);
      meet(grammar_.rules[n.a].body);
    }
    if (n.kind == ExprKind::kLazy) {
      std::vector<Expr> children;
      pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &children);
      for (Expr c : children) meet(c);
    }
    pool_.for_each_child(e, meet);
  }
  std::reverse(rules.begin(), rules.end());
  return rules;
}

const Alphabets::Facts& Alphabets::facts_of(Expr e) {
  if (auto it = facts_.find(e); it != facts_.end()) return it->second;
  std::vector<Expr> todo{e};
  std::unordered_set<Expr> seen{e};
  auto meet = [&](Expr child) {
    if (facts_.count(child) == 0 && seen.insert(child).second) todo.push_back(child);
  };
  for (size_t i = 0; i < todo.size(); ++i) pool_.for_each_child(todo[i], meet);
  std::sort(todo.begin(), todo.end());
  for (Expr part : todo) facts_.emplace(part, found(part));
  return facts_.at(e);
}

// Facts of the parts are known.
Alphabets::Facts Alphabets::found(Expr e) const {
  const ExprNode n = pool_.node(e);
  Facts out;
  switch (n.kind) {
    case ExprKind::kLiteral: {
      char32_t c = 0;
      const std::string_view text = pool_.string(n.a);
      for (size_t pos = n.b; pos < text.size() && decode_utf8(text, &pos, &c);) out.chars.add(c);
      return out;
    }
    case ExprKind::kClass:
      out.chars = pool_.charset(n.a);
      return out;
    case ExprKind::kCall:
      out.chars = rules_.at(n.a), out.has_call = true;
      return out;
    case ExprKind::kNot:
      out.chars = all_;
      return out;
    case ExprKind::kLazy: {
      std::vector<Expr> children;
      pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &children);
      std::unordered_set<Expr> seen(children.begin(), children.end());
      for (size_t i = 0; i < children.size() && !out.has_call; ++i) {
        const ExprKind kind = pool_.node(children[i]).kind;
        out.has_call =
            kind == ExprKind::kCall || kind == ExprKind::kLazy;  // to be on the safe side
        pool_.for_each_child(children[i], [&](Expr c) {
          if (seen.insert(c).second) children.push_back(c);
        });
      }
      out.chars = all_;
      return out;
    }
    case ExprKind::kSwitch:
      for (const SwitchEdge& edge : pool_.edges(e)) out.chars.add(edge.lo, edge.hi);
      break;
    default:
      break;
  }
  pool_.for_each_child(e, [&](Expr child) {
    const Facts& part = facts_.at(child);
    if (!part.chars.empty() && out.chars != part.chars) out.chars.add(part.chars);
    out.has_call = out.has_call || part.has_call;
  });
  return out;
}

}  // namespace xgr::core
