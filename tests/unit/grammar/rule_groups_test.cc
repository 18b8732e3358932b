// Groups of rules in recursion, and equal ones of different grammars.
#include "grammar/rule_groups.h"

#include <doctest/doctest.h>

#include "../core_helpers.h"

namespace xgr::core {
namespace {

using test::ebnf;
using test::rule_named;

std::vector<RuleGroups::Group> collected(const Grammar& g) {
  RuleGroups groups(g);
  std::vector<RuleGroups::Group> out;
  groups.collect(g.root, &out);
  return out;
}

// Structure of the last group that the root needs, callees outside named by `numbers`.
std::string structure(const Grammar& g, std::vector<RuleId> numbers = {}) {
  RuleGroups groups(g);
  std::vector<RuleGroups::Group> out;
  groups.collect(g.root, &out);
  numbers.resize(g.rules.size(), 0);
  return groups.structure(out.back(), numbers);
}

TEST_CASE("rule groups come callees first, each once") {
  Grammar g = ebnf(R"(root ::= a c
a ::= "x" b | c
b ::= "y" a | "u" d
c ::= "z"
d ::= "w" d | "v")");
  std::vector<RuleGroups::Group> out = collected(g);
  REQUIRE(out.size() == 4);
  RuleGroups::Group a_and_b{rule_named(g, "a"), rule_named(g, "b")};
  std::sort(a_and_b.begin(), a_and_b.end());
  auto place = [&](RuleGroups::Group group) {
    return std::find(out.begin(), out.end(), group) - out.begin();
  };
  CHECK(place(a_and_b) == 2);
  CHECK(place({rule_named(g, "c")}) < 2);
  CHECK(place({rule_named(g, "d")}) < 2);
  CHECK(place({g.root}) == 3);
}

TEST_CASE("a group is collected by one call only") {
  Grammar g = ebnf("root ::= a | b\na ::= \"x\" c\nb ::= \"y\" c\nc ::= \"z\"");
  RuleGroups groups(g);
  std::vector<RuleGroups::Group> out;
  groups.collect(rule_named(g, "a"), &out);
  CHECK(out.size() == 2);
  groups.collect(rule_named(g, "b"), &out);
  CHECK(out.size() == 3);
  groups.collect(rule_named(g, "a"), &out);
  CHECK(out.size() == 3);
}

TEST_CASE("a chain of many rules needs no stack") {
  std::string text = "root ::= r0";
  for (int i = 0; i < 50000; ++i) {
    text += "\nr" + std::to_string(i) + " ::= \"x\" r" + std::to_string(i + 1) + " | \"y\"";
  }
  CHECK(collected(ebnf(text + "\nr50000 ::= \"z\"")).size() == 50002);
}

TEST_CASE("equal rules have equal structures whatever their grammar holds besides") {
  // The second grammar creates the parts in another order, so its alternatives lie differently.
  Grammar x = ebnf("root ::= \"b\" | [a-z]+ \"!\" | \"cc\" root");
  Grammar y;
  y.pool.literal("cc");
  y.pool.literal("!");
  CharSet letters;
  letters.add('a', 'z');
  y.root = y.add_rule("other");
  Expr again = y.pool.seq(y.pool.literal("cc"), y.pool.call(y.root));
  Expr word = y.pool.seq(y.pool.plus(y.pool.char_class(letters)), y.pool.literal("!"));
  y.define(y.root, y.pool.alt({y.pool.literal("b"), word, again}));
  CHECK(structure(x) == structure(y));
}

TEST_CASE("different rules have different structures") {
  const std::vector<std::string> bodies{
      "\"a\"",         "\"b\"",          "\"ab\"",        "[ab]",         "\"a\" | \"b\"",
      "\"a\"*",        "\"a\"+",         "\"a\"{2,5}",    "\"a\"{2,6}",   "\"a\" root | \"b\"",
      "\"a\" [b]",     "(\"a\" | [b])*", "\"a\"? [b]",    "[a] \"b\"",    "\"a\" | \"b\" root",
      "[a]? [b]? [c]", "([a] [b])? [c]", "[a]? [c] [b]?", "[a] [a] [a]?", "([a] [a])? [a]?"};
  std::set<std::string> seen;
  for (const std::string& body : bodies) {
    INFO(body);
    CHECK(seen.insert(structure(ebnf("root ::= " + body))).second);
  }
}

TEST_CASE("callees outside the group count by their number") {
  Grammar g = ebnf("root ::= \"a\" b\nb ::= \"x\"");
  std::vector<RuleId> one(g.rules.size(), 1), two(g.rules.size(), 2);
  CHECK(structure(g, one) == structure(g, one));
  CHECK(structure(g, one) != structure(g, two));
}

}  // namespace
}  // namespace xgr::core
