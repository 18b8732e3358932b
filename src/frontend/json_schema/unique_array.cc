// Arrays of unique items, as rules that matchers recognise.
//
// Entry point: unique_array. The body of the rule is a lazy node of its own, so that no other rule
// begins in the same automaton state.
//
//   {"uniqueItems": true}  ->  unique_array ::= <lazy: "[" ... "]">
//
// Tests: tests/unit/matcher/unique_items_test.cc, tests/cases/json_schema/unique.case.
#include "frontend/json_schema/unique_array.h"

#include <memory>

namespace xgr {
namespace {

class ArrayBody : public LazyGenerator {
 public:
  explicit ArrayBody(Expr array) : array_(array) {}
  Expr unfold(ExprPool&, const Args&) const override { return array_; }
  bool nullable(const ExprPool&, const Args&) const override { return false; }
  void collect_children(const Args&, std::vector<Expr>* out) const override {
    out->push_back(array_);
  }

 private:
  Expr array_;
};

}  // namespace

Expr unique_array(Grammar& grammar, Expr array) {
  RuleId rule = grammar.add_rule("unique_array", RuleUse::kCall);
  uint32_t body = grammar.pool.add_generator(std::make_unique<ArrayBody>(array));
  grammar.define(rule, grammar.pool.lazy(body, {0, 0, 0}));
  grammar.rules[rule].unique_items = true;
  return grammar.pool.call(rule);
}

}  // namespace xgr
