// Equal rules as one: grammar/passes/merge_rules.cc.
#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("merge_rules: rules with equal bodies") {
  CHECK(after(merge_rules,
              "root ::= a b c\na ::= \"x\" d\nb ::= \"x\" e\nc ::= \"y\" d\nd ::= \"z\"\ne ::= "
              "\"z\"\n") == "root ::= a a c\na ::= \"x\" d\nc ::= \"y\" d\nd ::= \"z\"\n");
}

TEST_CASE("merge_rules: rules that call one another in the same way") {
  CHECK(after(merge_rules, "root ::= a b\na ::= \"x\" b | \"y\"\nb ::= \"x\" a | \"y\"\n") ==
        "root ::= a a\na ::= \"y\" | \"x\" a\n");
  const std::string differ = "root ::= a b\na ::= \"y\" | \"x\" b\nb ::= \"z\" | \"x\" a\n";
  CHECK(after(merge_rules, differ) == after([](Grammar*) {}, differ));
  // Three levels that are one.
  CHECK(after(merge_rules, "root ::= (\"a\" s)?\ns ::= (\"a\" t)?\nt ::= (\"a\" root)?\n") ==
        "root ::= (\"a\" root)?\n");
}

TEST_CASE("merge_rules: alternatives that lie in another order") {
  CHECK(after(merge_rules,
              "root ::= a | \"1\" b\nx ::= \"2\"\ny ::= \"2\"\n"
              "a ::= x \"p\" a | y \"q\" | \"r\"\nb ::= y \"q\" | \"r\" | y \"p\" b\n")
            .find("b ::=") == std::string::npos);
}

TEST_CASE("merge_rules: rules that ask something of matchers stay") {
  Grammar g = parsed("root ::= a b c\na ::= \"x\"\nb ::= \"x\"\nc ::= \"x\"\n");
  g.rules[1].attributes = std::make_shared<RuleAttributes>();
  g.rules[2].unique = true;
  merge_rules(&g);
  CHECK(print(g) == "root ::= a b c\na ::= \"x\"\nb ::= \"x\"\nc ::= \"x\"\n");
}

TEST_CASE("merge_rules: chains of 20,000 rules, recursive or not, take no time") {
  for (const char* end : {"\"b\"", "root"}) {
    std::string text = "root ::= r0 s0\n";
    for (const char* name : {"r", "s"}) {
      for (int i = 0; i < 20000; ++i) {
        text +=
            name + std::to_string(i) + " ::= \"a\" " + name + std::to_string(i + 1) + " | \"c\"\n";
      }
      text += std::string(name) + "20000 ::= " + end + "\n";
    }
    Grammar g = parsed(text);
    merge_rules(&g);
    remove_dead_rules(&g);
    CHECK(g.rules.size() <= 40003);
    if (end[0] == '"') CHECK(g.rules.size() == 20002);
  }
}

TEST_CASE("merge_rules: random grammars keep their language") {
  check_random_grammars(merge_rules, 3, 300);
}
