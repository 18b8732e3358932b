// All passes over a grammar, in turn.
//
// Entry point: simplify. Folding strings comes first, because it makes rules equal that are not
// when written; what merging and inlining leave behind may be merged or inlined again, a few times.
//
//   root ::= a | b   a ::= "x" "1"   b ::= "x" "1"   c ::= "2"    ->    root ::= "x" "1"
//
// Tests: tests/unit/grammar/passes/simplify_test.cc, tests/reference/passes_test.cc.
#include "grammar/passes/passes.h"

namespace xgr::core {
namespace {

constexpr int kMaxSimplifyRounds = 4;

std::vector<Expr> bodies(const Grammar& grammar) {
  std::vector<Expr> out;
  for (const Rule& rule : grammar.rules) out.push_back(rule.body);
  return out;
}

}  // namespace

void simplify(Grammar* grammar) {
  remove_dead_rules(grammar);
  for (int round = 0; round < kMaxSimplifyRounds; ++round) {
    const std::vector<Expr> before = bodies(*grammar);
    fold_string_choices(grammar);
    merge_rules(grammar);
    inline_rules(grammar);
    remove_dead_rules(grammar);
    if (bodies(*grammar) == before) return;
  }
}

}  // namespace xgr::core
