// Containers that must not repeat themselves, as rules that matchers recognise.
//
// Entry points: unique_rule, define_unique. The body of the rule is a lazy node of its own, so that
// no other rule begins in the same automaton state.
//
//   {"uniqueItems": true}  ->  unique ::= <lazy: "[" ... "]">
//
// Tests: tests/unit/matcher/unique_items_test.cc, tests/cases/json_schema/unique.case.
#include "frontend/json_schema/unique_rule.h"

#include <memory>

#include "grammar/measured_generator.h"

namespace xgr::core {
namespace {

class Body : public MeasuredGenerator {
 public:
  explicit Body(Expr body) : body_(body) {}
  Expr unfold(ExprPool&, const Args&) const override { return body_; }
  bool nullable(const ExprPool&, const Args&) const override { return false; }
  void collect_children(const Args&, std::vector<Expr>* out) const override {
    out->push_back(body_);
  }
  uint32_t least_bytes(const Args&, const Least& least) const override { return least(body_); }

 private:
  Expr body_;
};

}  // namespace

void define_unique(Grammar& grammar, RuleId rule, Expr body) {
  uint32_t generator = grammar.pool.add_generator(std::make_unique<Body>(body));
  grammar.define(rule, grammar.pool.lazy(generator, {0, 0, 0}));
  grammar.rules[rule].unique = true;
}

Expr unique_rule(Grammar& grammar, Expr body) {
  RuleId rule = grammar.add_rule("unique", RuleUse::kCall);
  define_unique(grammar, rule, body);
  return grammar.pool.call(rule);
}

}  // namespace xgr::core
