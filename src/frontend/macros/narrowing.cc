// Characters taken out of an expression.
//
// Entry point: narrow_characters. Every class and every literal is cut down, parts before what is
// made of them; only where there is more than classes and literals is it an intersection, which
// costs a search in every state.
//
//   (.|"x\"")*  without quotes  ->  [^"]*
//
// Tests: tests/unit/frontend/ebnf_macros_test.cc.
#include "frontend/macros/narrowing.h"

#include <optional>
#include <unordered_map>
#include <vector>

#include "grammar/remake.h"

namespace xgr::core {
namespace {

using Done = std::unordered_map<Expr, Expr>;

bool made_of(std::string_view utf8, const CharSet& set) {
  char32_t c = 0;
  for (size_t pos = 0; decode_utf8(utf8, &pos, &c);) {
    if (!set.contains(c)) return false;
  }
  return true;
}

Expr narrow_switch(ExprPool& pool, Expr e, const CharSet& set, const Done& done) {
  std::vector<SwitchEdge> edges;
  for (const SwitchEdge& edge : pool.edges(e)) {
    CharSet range;
    range.add(edge.lo, edge.hi);
    for (const CharRange& r : range.intersected(set).ranges()) {
      edges.push_back({r.lo, r.hi, done.at(edge.child)});
    }
  }
  return pool.switch_on(edges);
}

// Nothing where the parts do not tell.
std::optional<Expr> narrow_one(ExprPool& pool, Expr e, const CharSet& set, const Done& done) {
  const ExprNode n = pool.node(e);
  switch (n.kind) {
    case ExprKind::kEmpty:
    case ExprKind::kEpsilon:
      return e;
    case ExprKind::kLiteral:
      return made_of(pool.string(n.a).substr(n.b), set) ? e : pool.empty();
    case ExprKind::kClass:
      return pool.char_class(CharSet(pool.charset(n.a)).intersected(set));
    case ExprKind::kSwitch:
      return narrow_switch(pool, e, set, done);
    case ExprKind::kSeq:
    case ExprKind::kRepeat:
    case ExprKind::kAlt:
      return remake(pool, e, [&](Expr part) { return done.at(part); });
    default:
      return std::nullopt;
  }
}

}  // namespace

Expr narrow_characters(ExprPool& pool, Expr root, const CharSet& set) {
  Done done;
  std::vector<Expr> work{root};
  while (!work.empty()) {
    Expr e = work.back();
    bool waiting = false;
    if (!done.count(e)) {
      pool.for_each_child(e, [&](Expr child) {
        if (done.count(child)) return;
        work.push_back(child);
        waiting = true;
      });
      if (!waiting) {
        std::optional<Expr> made = narrow_one(pool, e, set, done);
        if (!made) return pool.intersect(root, pool.star(pool.char_class(set)));
        done.emplace(e, *made);
      }
    }
    if (!waiting) work.pop_back();
  }
  return done.at(root);
}

}  // namespace xgr::core
