// Expressions for the strings that lead from one state to another.
//
// Entry point: RuleProduct::expr_of. Pieces are made from the pieces they consist of, from a list
// of work; a piece that is a call, a loop over several states or a lazy expression becomes a rule,
// whose body is made later, so the work always ends. All pieces that are used have a string.
//
//   value@0->1 ::= "[" (value@1->0 value@0->1)* "]" | ...
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include <algorithm>

#include "grammar/rule_product.h"
#include "support/status.h"

namespace xgr::core {

RuleProduct::NodeId RuleProduct::known(Expr e, uint32_t from) const {
  return ids_.at(uint64_t{e} << 32 | from);
}

bool RuleProduct::leads(Expr e, uint32_t from, uint32_t to) const {
  const std::vector<uint32_t>& ends = nodes_[known(e, from)].ends;
  return std::binary_search(ends.begin(), ends.end(), to);
}

// Whether a repetition never leaves its state, so that it can stay one.
bool RuleProduct::repeats_in_place(const Node& n) const {
  const std::vector<uint32_t>& ends = nodes_[known(pool_.node(n.e).a, n.from)].ends;
  return ends.size() == 1 && ends[0] == n.from;
}

bool RuleProduct::becomes_rule(const Node& n) {
  if (n.stays) return false;
  const ExprNode& e = pool_.node(n.e);
  if (e.kind == ExprKind::kCall) return true;
  if (e.kind == ExprKind::kLazy) return alphabets_->has_call(n.e);
  return e.kind == ExprKind::kRepeat && e.c == kUnbounded && e.b == 0 &&
         alphabets_->has_call(n.e) && !repeats_in_place(n);
}

Expr RuleProduct::expr_of(Piece top) {
  std::vector<Piece> work{top}, parts;
  while (!work.empty()) {
    if (is_too_much()) return pool_.empty();
    const Piece p = work.back();
    if (made_.count(key(p)) != 0) {
      work.pop_back();
      continue;
    }
    parts.clear();
    if (!becomes_rule(nodes_[p.node])) parts_of(p, &parts);
    std::erase_if(parts, [&](Piece q) { return made_.count(key(q)) != 0; });
    if (!parts.empty()) {
      work.insert(work.end(), parts.begin(), parts.end());
      continue;
    }
    const Expr e = assembled(p);
    made_.emplace(key(p), e);
    work.pop_back();
  }
  return made_.at(key(top));
}

// The pieces that an expression for `p` is made of.
void RuleProduct::parts_of(Piece p, std::vector<Piece>* out) {
  const Node& n = nodes_[p.node];
  const ExprNode e = pool_.node(n.e);
  if (n.stays) return;
  auto steps = [&](Expr first, Expr rest) {
    for (uint32_t s : nodes_[known(first, n.from)].ends) {
      if (!leads(rest, s, p.to)) continue;
      out->push_back({known(first, n.from), s});
      out->push_back({known(rest, s), p.to});
    }
  };
  switch (e.kind) {
    case ExprKind::kSeq:
      steps(e.a, e.b);
      break;
    case ExprKind::kAlt:
      for (Expr c : pool_.children(n.e)) {
        if (leads(c, n.from, p.to)) out->push_back({known(c, n.from), p.to});
      }
      break;
    case ExprKind::kSwitch:
      for (const SwitchEdge& edge : pool_.edges(n.e)) {
        for (const CharAutomaton::Edge& step : automaton_->state(n.from).edges) {
          const bool common = step.lo <= edge.hi && edge.lo <= step.hi;
          if (common && leads(edge.child, step.to, p.to))
            out->push_back({known(edge.child, step.to), p.to});
        }
      }
      break;
    case ExprKind::kRepeat:
      if (!alphabets_->has_call(n.e)) break;
      if (repeats_in_place(n)) {
        out->push_back({known(e.a, n.from), n.from});
      } else {
        steps(e.a, one_less(n.e));
      }
      break;
    default:
      break;
  }
}

// All parts of `p` are made.
Expr RuleProduct::assembled(Piece p) {
  const Node& n = nodes_[p.node];
  const ExprNode e = pool_.node(n.e);
  if (n.stays) return n.e;
  if (becomes_rule(n)) return called(p);
  switch (e.kind) {
    case ExprKind::kEpsilon:
    case ExprKind::kLiteral:
      return n.e;
    case ExprKind::kClass:
      return class_to(n.e, n.from, p.to);
    case ExprKind::kSwitch:
      return assembled_switch(p);
    case ExprKind::kSeq:
      return assembled_steps(e.a, e.b, p);
    case ExprKind::kAlt: {
      std::vector<Expr> branches;
      for (Expr c : pool_.children(n.e)) {
        if (leads(c, n.from, p.to)) branches.push_back(made_.at(key({known(c, n.from), p.to})));
      }
      return pool_.alt(branches);
    }
    case ExprKind::kRepeat: {
      if (!alphabets_->has_call(n.e)) break;
      if (repeats_in_place(n))
        return pool_.repeat(made_.at(key({known(e.a, n.from), n.from})), e.b, e.c);
      const Expr more = assembled_steps(e.a, one_less(n.e), p);
      return e.b == 0 && n.from == p.to ? pool_.alt(pool_.epsilon(), more) : more;
    }
    default:
      break;
  }
  return pool_.intersect(n.e, paths_->between(&pool_, n.from, p.to));
}

Expr RuleProduct::assembled_steps(Expr first, Expr rest, Piece p) {
  const uint32_t from = nodes_[p.node].from;
  const NodeId head = known(first, from);
  std::vector<Expr> branches;
  for (uint32_t s : nodes_[head].ends) {
    if (!leads(rest, s, p.to)) continue;
    branches.push_back(pool_.seq(made_.at(key({head, s})), made_.at(key({known(rest, s), p.to}))));
  }
  return pool_.alt(branches);
}

Expr RuleProduct::assembled_switch(Piece p) {
  const Node& n = nodes_[p.node];
  std::vector<SwitchEdge> edges;
  for (const SwitchEdge& edge : pool_.edges(n.e)) {
    for (const CharAutomaton::Edge& step : automaton_->state(n.from).edges) {
      const char32_t lo = std::max(step.lo, edge.lo), hi = std::min(step.hi, edge.hi);
      if (lo > hi || !leads(edge.child, step.to, p.to)) continue;
      edges.push_back({lo, hi, made_.at(key({known(edge.child, step.to), p.to}))});
    }
  }
  return pool_.switch_on(edges);
}

Expr RuleProduct::class_to(Expr e, uint32_t from, uint32_t to) {
  CharSet set;
  for (const CharAutomaton::Edge& edge : automaton_->state(from).edges) {
    if (edge.to == to) set.add(edge.lo, edge.hi);
  }
  return pool_.char_class(pool_.charset(pool_.node(e).a).intersected(set));
}

Expr RuleProduct::called(Piece p) {
  auto [it, fresh] = rules_.try_emplace(key(p));
  if (fresh) {
    const ExprNode n = pool_.node(nodes_[p.node].e);
    Rule like;
    like.name = "both";
    if (n.kind == ExprKind::kCall) like = grammar_.rules[n.a];
    const RuleUse use = like.use == RuleUse::kShare ? RuleUse::kCall : like.use;
    it->second = grammar_.add_rule(like.name, use);
    grammar_.rules[it->second].unique = like.unique;
    grammar_.rules[it->second].attributes = like.attributes;
    rules_to_do_.push_back({p, it->second});
  }
  return pool_.call(it->second);
}

// An expression for the body of a rule that was made for `p`.
Expr RuleProduct::body_of(Piece p) {
  const Node n = nodes_[p.node];
  const ExprNode e = pool_.node(n.e);
  if (e.kind == ExprKind::kCall) return expr_of({known(grammar_.rules[e.a].body, n.from), p.to});
  if (e.kind == ExprKind::kLazy) return expr_of({known(unfolded(n.e), n.from), p.to});
  std::vector<Piece> parts;
  parts_of(p, &parts);
  for (Piece part : parts) expr_of(part);
  if (is_too_much()) return pool_.empty();
  const Expr more = assembled_steps(e.a, n.e, p);
  return n.from == p.to ? pool_.alt(pool_.epsilon(), more) : more;
}

}  // namespace xgr::core
