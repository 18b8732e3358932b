// Choices of strings as automata: grammar/passes/string_choices.cc.
#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("string_choices: common beginnings and ends") {
  CHECK(after(fold_string_choices, "root ::= \"read\" | \"reads\" | \"bead\" | \"beads\"\n") ==
        "root ::= [br] \"ead\" \"s\"?\n");
  CHECK(after(fold_string_choices, "root ::= \"SELECT\" | \"SET\" | [0-9] | \"\"\n") ==
        after([](Grammar*) {}, "root ::= [0-9] | (\"SE\" (\"LECT\" | \"T\"))?\n"));
  CHECK(after(fold_string_choices, "root ::= \"a\" \"b\" | [a] \"c\" | \"d\"\n") ==
        "root ::= \"d\" | \"a\" [bc]\n");
  CHECK(after(fold_string_choices, "root ::= \"a\" | [bc] x\nx ::= \"y\"\n") ==
        after([](Grammar*) {}, "root ::= \"a\" | [bc] x\nx ::= \"y\"\n"));
}

TEST_CASE("string_choices: characters are not cut") {
  CHECK(after(fold_string_choices, "root ::= \"\xC3\xA9\" | \"\xC3\xA8\" | \"\xC3\xA9s\"\n") ==
        after([](Grammar*) {}, "root ::= \"\xC3\xA8\" | \"\xC3\xA9\" \"s\"?\n"));
  check_pass(fold_string_choices,
             "root ::= \"x\xF0\x9F\x98\x80\" | \"x\xF0\x9F\x98\x81\" | \"x\xE4\xBD\xA0\" | \"x\" | "
             "\"\xE4\xBD\xA0\"",
             texts_over({"x", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x81", "\xE4\xBD\xA0"}, 3));
}

TEST_CASE("string_choices: long strings, many strings, and strings inside one another") {
  Grammar g;
  RuleId root = g.add_rule("root");
  std::string text(200000, 'a');
  g.define(root, g.pool.alt(g.pool.literal(text), g.pool.literal(text + "b")));
  fold_string_choices(&g);
  CHECK(g.pool.size() < 20);
  std::vector<Expr> nested, many;
  for (size_t n = 1; n <= 200; ++n) nested.push_back(g.pool.literal(std::string(n, 'a')));
  g.define(root, g.pool.alt(nested));
  fold_string_choices(&g);
  NaiveMatcher matcher(g);
  CHECK(matcher.accepts(std::string(200, 'a')));
  CHECK_FALSE(matcher.accepts(std::string(201, 'a')));
  CHECK_FALSE(matcher.accepts(""));
  for (int n = 0; n < 150000; ++n) many.push_back(g.pool.literal(std::to_string(n)));
  g.define(root, g.pool.alt(many));
  fold_string_choices(&g);
  CHECK(g.pool.node(g.rules[root].body).kind == ExprKind::kLazy);
}

TEST_CASE("string_choices: random sets of strings") {
  std::mt19937 random(7);
  const std::vector<std::string> all = texts_over({"a", "b", "\xC3\xA9"}, 5);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::string> chosen;
    const uint32_t density = 1 + random() % 20;
    for (const std::string& s : all) {
      if (random() % density == 0 && s.size() <= 4) chosen.push_back(s);
    }
    Grammar before, grammar;
    for (Grammar* g : {&before, &grammar}) {
      std::vector<Expr> branches;
      for (const std::string& s : chosen) branches.push_back(g->pool.literal(s));
      g->define(g->add_rule("root"), g->pool.alt(branches));
    }
    fold_string_choices(&grammar);
    check_same(before, grammar, all);
  }
}

TEST_CASE("string_choices: random grammars keep their language") {
  check_random_grammars(fold_string_choices, 4, 300);
}
