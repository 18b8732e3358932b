// Plans how lazy rules and rules with markers are printed.
//
// Entry points: PrintPlan::reach_attributes, PrintPlan::plain (print_plan.h). A rule with a marker
// is printed as its content, with the marker among its attributes, where that reads back as the
// same body; otherwise the body is printed, and both are named beside it.
//
//   shortest([^]* "</s>")  ->  r[suffix="</s>"] ::= [^]*
//   anything else          ->  r[suffix="</s>", content=r_1] ::= body       r_1 ::= [^]*
//
// Tests: tests/unit/grammar/print_attributes_test.cc.
#include "grammar/print_plan.h"

#include <string>

namespace xgr::core {

PrintPlan::RuleMarker PrintPlan::marker_of(RuleId r) const {
  auto it = markers_.find(r);
  return it == markers_.end() ? RuleMarker() : it->second;
}

// What hides a marker from captures is written as rules, which must not call themselves: where the
// content would, it is given as any text.
MaybeError PrintPlan::reach_attributes(RuleId r) {
  const RuleAttributes* a = grammar_.rules[r].attributes.get();
  if (!a || a->marker == kNoExpr) return std::nullopt;
  if (!plain(a->marker)) {
    return make_error(Status::kUnsupported,
                      "the marker of the rule " + grammar_.rules[r].name +
                          " is an intersection or the like, which cannot be printed");
  }
  RuleMarker& m = markers_[r];
  m.content = plain(a->content) ? a->content : pool_.star(pool_.char_class(CharSet::all()));
  m.marker = a->marker;
  bool behind = grammar_.rules[r].body == pool_.shortest(pool_.seq(m.content, m.marker));
  m.kind = behind ? Marker::kBehindBody : Marker::kInBody;
  use(m.content);
  if (!behind) info_[m.content].is_part = true;
  if (pool_.node(m.marker).kind == ExprKind::kLiteral) return std::nullopt;
  use(m.marker);
  info_[m.marker].is_part = true;
  return std::nullopt;
}

// Whether the text of `e` needs no rule that calls itself.
bool PrintPlan::plain(Expr root) {
  std::vector<Expr> work{root};
  while (!work.empty()) {
    Expr e = work.back();
    bool waiting = false, all = true;
    if (!plain_.count(e)) {
      pool_.for_each_child(e, [&](Expr child) {
        auto known = plain_.find(child);
        if (known == plain_.end()) work.push_back(child), waiting = true;
        all = all && known != plain_.end() && known->second;
      });
      const ExprKind kind = pool_.node(e).kind;
      all = all && kind != ExprKind::kLazy && kind != ExprKind::kAnd && kind != ExprKind::kNot &&
            kind != ExprKind::kCall;
      if (!waiting) plain_.emplace(e, all);
    }
    if (!waiting) work.pop_back();
  }
  return plain_.at(root);
}

}  // namespace xgr::core
