// Intersections, by sides.
//
// Entry points: intersect, intersect_regular. A side is regular when all of its calls can be
// written out (call_free.h). Two regular sides become a boolean expression, which the automata take
// as it is. A regular side and one with recursive rules become new rules (rule_product.h).
//
//   JSON values  and  [^\n]{0,80}   ->   rules for values on one line
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/intersection.h"

#include <memory>

#include "grammar/call_free.h"
#include "grammar/char_automaton.h"
#include "grammar/rule_product.h"

namespace xgr::core {
namespace {

// States of the regular side: their pairs are what the result is made of.
constexpr size_t kMaxAutomaton = 16384;

}  // namespace

Result<Expr> intersect_regular(Grammar& grammar, Expr any, Expr regular, const Limits& limits) {
  Result<Expr> second = call_free(grammar, regular, limits);
  if (!second.ok()) return second;
  Result<Expr> first = call_free(grammar, any, limits);
  if (first.ok()) return grammar.pool.intersect(first.value(), second.value());
  Result<CharAutomaton> automaton = CharAutomaton::make(grammar, second.value(), limits,
                                                        std::min(limits.max_states, kMaxAutomaton));
  if (!automaton.ok()) return std::move(automaton.error());
  auto shared = std::make_shared<const CharAutomaton>(std::move(automaton).value());
  return RuleProduct(&grammar, std::move(shared), limits).make(any);
}

Result<Expr> intersect(Grammar& grammar, Expr first, Expr second, const Limits& limits) {
  Result<Expr> regular = call_free(grammar, second, limits);
  if (regular.ok()) return intersect_regular(grammar, first, regular.value(), limits);
  Result<Expr> other = call_free(grammar, first, limits);
  if (other.ok()) return intersect_regular(grammar, second, other.value(), limits);
  const bool limit = regular.error().code == Status::kLimitExceeded;
  return make_error(limit ? Status::kLimitExceeded : Status::kUnsupported,
                    "an intersection needs a regular side: in the second, " +
                        regular.error().message + "; in the first, " + other.error().message +
                        "; expected a regex, a JSON layout or a grammar without recursion");
}

}  // namespace xgr::core
