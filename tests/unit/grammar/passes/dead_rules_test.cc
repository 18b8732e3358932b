// Rules and alternatives without strings: grammar/passes/dead_rules.cc.
#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("dead_rules: what nobody calls, and what has no string") {
  CHECK(after(remove_dead_rules, "root ::= \"a\" | b\nb ::= \"b\" b\nc ::= \"c\"\n") ==
        "root ::= \"a\"\n");
  CHECK(after(remove_dead_rules,
              "root ::= \"a\" b? | [] \"c\" | d{0,3} \"e\"\nb ::= c\nc ::= b c\nd ::= []") ==
        "root ::= \"a\" | \"e\"\n");
  CHECK(after(remove_dead_rules, "root ::= \"a\" root\n") == "root ::= []\n");
  CHECK(after(remove_dead_rules,
              "root ::= a root | \"x\"\na ::= b | a\nb ::= \"y\" | c\nc ::= c c") ==
        "root ::= a root | \"x\"\na ::= a | b\nb ::= \"y\"\n");
}

TEST_CASE("dead_rules: rules get new numbers") {
  Grammar g = parsed("a ::= \"1\"\nb ::= \"2\"\nroot ::= c b\nd ::= a\nc ::= \"3\"\n");
  remove_dead_rules(&g);
  REQUIRE(g.rules.size() == 3);
  CHECK(g.rules[g.root].name == "root");
  CHECK(print(g) == "b ::= \"2\"\nroot ::= c b\nc ::= \"3\"\n");
}

TEST_CASE("dead_rules: so do calls in what attributes say") {
  Grammar g = parsed("a ::= \"1\"\nroot ::= c\nb ::= \"2\"\nc ::= \"3\" b\n");
  auto attributes = std::make_shared<RuleAttributes>();
  attributes->content = g.pool.call(2);
  g.rules[3].attributes = attributes;
  remove_dead_rules(&g);
  REQUIRE(g.rules.size() == 3);
  CHECK(g.rules[2].attributes->content == g.pool.call(1));
  CHECK(g.rules[2].attributes->marker == kNoExpr);
}

TEST_CASE("dead_rules: rules keep their numbers where generators may call them") {
  Grammar g = parsed("dead ::= \"1\"\nroot ::= a\na ::= \"2\"\n");
  g.define(g.root, g.pool.seq(g.pool.call(2), g.pool.string_set({"x", "y"})));
  remove_dead_rules(&g);
  REQUIRE(g.rules.size() == 3);
  CHECK(g.rules[0].body == g.pool.empty());
  NaiveMatcher matcher(g);
  CHECK(matcher.accepts("2x"));
  CHECK_FALSE(matcher.accepts("2"));
}

TEST_CASE("dead_rules: a chain of 100,000 rules takes no time") {
  std::string text = "root ::= r0\n";
  for (int i = 0; i < 100000; ++i) {
    text += "r" + std::to_string(i) + " ::= \"a\" r" + std::to_string(i + 1) + " | \"b\"\n";
  }
  Grammar g = parsed(text + "r100000 ::= r100000 \"c\"\n");
  remove_dead_rules(&g);
  CHECK(g.rules.size() == 100001);
}

TEST_CASE("dead_rules: random grammars keep their language") {
  check_random_grammars(remove_dead_rules, 1, 300);
}
