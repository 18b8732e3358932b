// The rules of a grammar that refuse a text.
//
// Entry point: rule_refusal. A rule is to blame when the text could go on if that rule stood for any
// text. The rules that call such a rule are so, too; the innermost ones are told. This looks at the
// grammar only, so it holds for every language that has rules.
//
//   root ::= "a" digit;  digit ::= [0-9]    after "a", refused "x"  ->  digit
//
// Tests: tests/unit/matcher/explanation_test.cc.
#include <algorithm>
#include <utility>
#include <vector>

#include "frontend/refusal.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxRuleTrials = 256;

std::vector<RuleId> rules_called(const Grammar& grammar, RuleId rule) {
  std::vector<RuleId> out;
  std::vector<bool> seen(grammar.pool.size());
  std::vector<Expr> todo{grammar.rules[rule].body}, more;
  while (!todo.empty()) {
    const Expr e = todo.back();
    todo.pop_back();
    if (e >= seen.size() || seen[e]) continue;
    seen[e] = true;
    const ExprNode& n = grammar.pool.node(e);
    if (n.kind == ExprKind::kCall) out.push_back(n.a);
    if (n.kind == ExprKind::kLazy) {
      more.clear();
      grammar.pool.generator(n.a).collect_children({n.b, n.c, n.d}, &more);
      todo.insert(todo.end(), more.begin(), more.end());
    }
    grammar.pool.for_each_child(e, [&](Expr child) { todo.push_back(child); });
  }
  return out;
}

// By rule: whether it is called below `from`.
std::vector<bool> rules_below(const std::vector<std::vector<RuleId>>& calls, RuleId from) {
  std::vector<bool> out(calls.size());
  std::vector<RuleId> todo{from};
  while (!todo.empty()) {
    const RuleId at = todo.back();
    todo.pop_back();
    for (RuleId next : calls[at]) {
      if (out[next]) continue;
      out[next] = true;
      todo.push_back(next);
    }
  }
  return out;
}

bool is_to_blame(Grammar grammar, RuleId rule, const RefusedText& text, const RefusalTrial& trial) {
  grammar.define(rule, grammar.pool.star(grammar.pool.char_class(CharSet::all())));
  return !trial(std::move(grammar), text);
}

void find_rules(const std::function<Result<Grammar>()>& read, const RefusedText& text,
                const RefusalTrial& trial, TextRefusal* out) {
  Result<Grammar> whole = read();
  if (!whole.ok()) return;
  const Grammar& grammar = whole.value();
  const size_t count = grammar.rules.size();
  std::vector<std::vector<RuleId>> calls(count);
  for (RuleId r = 0; r < count; ++r) calls[r] = rules_called(grammar, r);
  std::vector<bool> reached = rules_below(calls, grammar.root);
  reached[grammar.root] = true;
  std::vector<RuleId> blamed;
  size_t trials = 0;
  for (RuleId r = 0; r < count; ++r) {
    if (!reached[r]) continue;
    if (++trials > kMaxRuleTrials) {
      out->complete = false;
      break;
    }
    Result<Grammar> other = read();
    if (other.ok() && is_to_blame(std::move(other).value(), r, text, trial)) blamed.push_back(r);
  }
  for (RuleId r : blamed) {
    const std::vector<bool> below = rules_below(calls, r);
    const bool inner = std::none_of(blamed.begin(), blamed.end(), [&](RuleId other) {
      return below[other] && !rules_below(calls, other)[r];
    });
    if (!inner) continue;
    RefusalCause& cause = out->causes.emplace_back();
    cause.keyword = "rule";
    cause.pointer = grammar.rules[r].name;
  }
}

}  // namespace

TextRefusal rule_refusal(const std::function<Result<Grammar>()>& read, const RefusedText& text,
                         const RefusalTrial& trial) {
  TextRefusal out;
  try {
    find_rules(read, text, trial, &out);
  } catch (const WorkStopped& stopped) {
    if (stopped.error.code == Status::kCancelled) throw;
    out.complete = false;
  }
  return out;
}

}  // namespace xgr::core
