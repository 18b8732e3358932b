// Bodies in place of calls: grammar/passes/inline_rules.cc.
#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

void inline_and_clean(Grammar* g) {
  inline_rules(g);
  remove_dead_rules(g);
}

}  // namespace

TEST_CASE("inline_rules: rules called once, and short ones") {
  CHECK(after(inline_and_clean,
              "root ::= \"[\" item \"]\"\nitem ::= digit digit\ndigit ::= [0-9]\n") ==
        "root ::= \"[\" [0-9] [0-9] \"]\"\n");
  CHECK(after(inline_and_clean, "root ::= a \",\" a\na ::= b b\nb ::= \"long enough\" [0-9]\n") ==
        "root ::= a \",\" a\na ::= b b\nb ::= \"long enough\" [0-9]\n");
  CHECK(after(inline_and_clean, "root ::= a a\na ::= b\nb ::= c\nc ::= root? \"x\"\n") ==
        after([](Grammar*) {}, "root ::= a a\na ::= root? \"x\"\n"));
}

TEST_CASE("inline_rules: recursive rules, the root and rules with attributes stay") {
  const std::string recursive = "root ::= a\na ::= \"x\" a | \"z\"\n";
  CHECK(after(inline_and_clean, recursive) == recursive);
  CHECK(after(inline_and_clean, "root ::= a\na ::= \"x\" b\nb ::= \"y\" a | \"z\"\n") ==
        after([](Grammar*) {}, "root ::= a\na ::= \"x\" (\"y\" a | \"z\")\n"));
  CHECK(after(inline_and_clean, "root ::= \"(\" a \")\" | \"x\"\na ::= root\n") ==
        "root ::= \"x\" | \"(\" root \")\"\n");
  Grammar g = parsed("root ::= a b\na ::= \"x\"\nb ::= \"y\"\n");
  g.rules[1].attributes = std::make_shared<RuleAttributes>();
  inline_rules(&g);
  CHECK(g.pool.has_call(g.rules[0].body));
}

TEST_CASE("inline_rules: a chain of 100,000 rules") {
  std::string text = "root ::= r0\n";
  for (int i = 0; i < 100000; ++i) {
    text += "r" + std::to_string(i) + " ::= (\"a\" r" + std::to_string(i + 1) + ")*\n";
  }
  Grammar g = parsed(text + "r100000 ::= \"b\"\n");
  inline_rules(&g);
  CHECK_FALSE(g.pool.has_call(g.rules[0].body));
}

TEST_CASE("inline_rules: random grammars keep their language") {
  check_random_grammars(inline_rules, 2, 300);
}
