// Grammar: rule names.
//
// Entry point: Grammar::add_rule. Names are kept when they are EBNF identifiers nobody took, else
// made so, because the printed grammar must parse back.
//
//   g.add_rule("a b") -> "a_b"; g.add_rule("a_b") -> "a_b_1"
//
// Tests: tests/unit/grammar/expr_test.cc.
#include "grammar/grammar.h"

#include "support/ascii.h"

namespace xgr::core {
namespace {

bool identifier_char(char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; }

std::string identifier(std::string_view name) {
  std::string out;
  for (char c : name) out += identifier_char(c) ? c : '_';
  if (out.empty() || is_digit(out[0]) || out == "true" || out == "false") {
    out.insert(0, "r_");
  }
  return out;
}

}  // namespace

RuleId Grammar::add_rule(std::string_view name, RuleUse use) {
  std::string wanted = identifier(name);
  std::string chosen = wanted;
  auto [it, fresh] = next_suffix_.try_emplace(wanted, 1);
  uint32_t& suffix = it->second;
  while (!fresh) {  // references into an unordered_map stay valid across insertions
    chosen = wanted + "_" + std::to_string(suffix++);
    fresh = next_suffix_.try_emplace(chosen, 1).second;
  }
  rules.push_back({std::move(chosen), kNoExpr, use});
  return static_cast<RuleId>(rules.size() - 1);
}

}  // namespace xgr::core
