// Intersections against the definition: a string is in both.
#include "grammar/intersection.h"

#include <random>

#include "../core_helpers.h"
#include "grammar/call_free.h"
#include "grammar/printer.h"
#include "plain_language.h"

namespace xgr::core::test {
namespace {

Expr root_of(Grammar& g) { return g.pool.call(g.root); }

// `text` as EBNF and `pattern` in one grammar, intersected; the root of the result is the new rule.
Grammar both(const std::string& text, const std::string& pattern, const Limits& limits = {}) {
  Grammar g = ebnf(text);
  Result<Expr> regular = regex_expr(g, pattern, {}, Limits());
  REQUIRE(regular.ok());
  Result<Expr> e = intersect_regular(g, root_of(g), regular.value(), limits);
  if (!e.ok()) MESSAGE(e.error().message);
  REQUIRE(e.ok());
  const RuleId root = g.add_rule("both");
  g.define(root, e.value());
  g.root = root;
  return g;
}

// Every string over `letters`, judged by the sides and by the result, naively and by the engine.
void check_both(const std::string& text, const std::string& pattern, std::string_view letters,
                size_t length) {
  INFO(text << " and " << pattern);
  Grammar first = ebnf(text), result = both(text, pattern);
  Grammar second;
  Result<Expr> regular = regex_expr(second, pattern, {}, Limits());
  NaiveMatcher in_first(first), in_second(second), in_result(result);
  Result<std::unique_ptr<Automaton>> a = Automaton::create(both(text, pattern), {});
  size_t found = 0;
  for (const std::string& s : all_strings(letters, length)) {
    const bool expected = in_first.accepts(s) && in_second.accepts(regular.value(), s);
    INFO("text: " << s);
    REQUIRE(in_result.accepts(s) == expected);
    if (a.ok()) REQUIRE(accepts(*a.value(), s) == expected);
    found += expected;
  }
  if (!a.ok()) CHECK(found == 0);
}

constexpr const char* kBrackets = "root ::= (\"a\" root \"b\" | \"c\")*\n";

TEST_CASE("a recursive grammar and a pattern") {
  check_both(kBrackets, "a*[bc]*", "abc", 7);
  check_both(kBrackets, "(..)*", "abc", 7);
  check_both(kBrackets, ".*aab.*", "abc", 7);
  check_both(kBrackets, ".{3,5}", "abc", 7);
  check_both(kBrackets, "b.*", "abc", 6);
  check_both("root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"\"\n", "(ab|ba|b)*", "ab", 10);
}

TEST_CASE("left recursion, nullable rules, counters and helper rules") {
  check_both("root ::= root \"a\" x | x\nx ::= \"b\"? root2\nroot2 ::= \"\" | \"c\" root2 \"a\"\n",
             "(a|bc?)*a", "abc", 7);
  check_both("root ::= x{2,3}\nx ::= \"a\" x? \"b\"\n", "a*b*a*b*", "ab", 10);
  check_both("root ::= x{3,}\nx ::= \"a\" x \"b\" | \"a\"?\n", "(a|ab|b){0,6}", "ab", 8);
  check_both("root ::= (\"x\" | root)* (\"a\" root \"b\")?\n", "[^x]*x?[^x]*", "abx", 6);
}

TEST_CASE("characters of several bytes") {
  check_both("root ::= [a\u00e9]* | \"(\" root \")\"\n", "[(]{0,2}(\u00e9|a\u00e9)*[)]*", "a()", 5);
  Grammar g = both("root ::= [a-\u4e2d] root? | \"(\" root \")\"\n", "\\(*[\u00e9-\u00ef]+\\)*");
  NaiveMatcher m(g);
  CHECK(m.accepts("(\u00e9\u00ea)"));
  CHECK(m.accepts("((\u00ef))"));
  CHECK_FALSE(m.accepts("(\u00e9a)"));
  CHECK_FALSE(m.accepts("(\u00f0)"));
}

TEST_CASE("random grammars and random expressions") {
  std::mt19937 random(7);
  for (int round = 0; round < 150; ++round) {
    auto build = [&](Grammar& g, std::mt19937 r) {
      ExprPool& p = g.pool;
      const RuleId x = g.add_rule("x"), y = g.add_rule("y");
      for (RuleId rule : {x, y}) {
        std::vector<Expr> branches{random_plain(p, r, 3)};
        for (int i = 0; i < 2; ++i) {
          const Expr call = p.call(r() % 2 ? x : y);
          const Expr part = p.seq({random_plain(p, r, 2), p.repeat(call, r() % 2, 1 + r() % 2),
                                   r() % 2 ? random_plain(p, r, 2) : p.epsilon()});
          branches.push_back(r() % 3 == 0 ? p.star(part) : part);
        }
        g.define(rule, p.alt(branches));
      }
      g.root = x;
      Expr regular = random_plain(p, r, 6);
      if (r() % 3 == 0) regular = p.complement(regular);
      if (r() % 3 == 0) regular = p.star(regular);
      return regular;
    };
    const std::mt19937 seed(random());
    Grammar sides, g;
    const Expr second = build(sides, seed);
    Result<Expr> e = intersect(g, g.pool.call(0), build(g, seed), Limits());
    if (!e.ok()) MESSAGE(e.error().message);
    REQUIRE(e.ok());
    NaiveMatcher in_sides(sides), in_result(g);
    for (const std::string& s : all_strings("abc", 5)) {
      INFO("round " << round << ", text: " << s);
      const bool expected = in_sides.accepts(s) && in_sides.accepts(second, s);
      REQUIRE(in_result.accepts(e.value(), s) == expected);
    }
  }
}

TEST_CASE("a side whose calls can be written out is regular") {
  Grammar g = ebnf("root ::= \"a\" x | x x\nx ::= \"b\" y*\ny ::= [cd]\n");
  Result<Expr> e = call_free(g, root_of(g), Limits());
  REQUIRE(e.ok());
  CHECK_FALSE(g.pool.has_call(e.value()));
  NaiveMatcher m(g);
  for (const std::string& s : all_strings("abcd", 5)) {
    REQUIRE(m.accepts(e.value(), s) == m.accepts(s));
  }
}

TEST_CASE("what cannot leave a state is used as it is") {
  Grammar g = both("root ::= \"<\" value \">\"\nvalue ::= [a-z] | \"[\" value* \"]\"\n", "<.*");
  size_t values = 0;
  for (const Rule& r : g.rules) values += r.name.substr(0, 5) == "value";
  CHECK(values == 1);
}

TEST_CASE("refusals name the reason") {
  Grammar g = ebnf(kBrackets);
  Result<Expr> e = intersect(g, root_of(g), g.pool.seq(root_of(g), g.pool.literal("c")), Limits());
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kUnsupported);
  CHECK(e.error().message.find("\"root\" is recursive") != std::string::npos);
  Limits few;
  few.max_states = 20;
  const Expr long_one = g.pool.repeat(g.pool.char_class(CharSet::all()), 0, 100);
  e = intersect(g, root_of(g), long_one, few);
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kLimitExceeded);
  CHECK(e.error().message.find("max_states") != std::string::npos);
  TokenIds ids;
  ids.add(3, 3);
  e = intersect(g, g.pool.alt(g.pool.tokens(ids), root_of(g)), g.pool.literal("c"), Limits());
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kUnsupported);
}

TEST_CASE("rules that double what they call are used as rules") {
  std::string text = "root ::= a0\n";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "a" + std::to_string(i + 1);
    text += "a" + std::to_string(i) + " ::= " + next + " " + next + "\n";
  }
  text += "a40 ::= \"x\"?\n";
  Grammar g = both(text, "x{3}y?");
  NaiveMatcher m(g);
  CHECK(m.accepts("xxx"));
  CHECK_FALSE(m.accepts("xx"));
  Grammar wide = ebnf(text + "list ::= \"[\" list \"]\" | \"x\"\n");
  const Expr list = wide.pool.call(rule_named(wide, "list"));
  Result<Expr> e = intersect_regular(wide, list, root_of(wide), Limits());
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kLimitExceeded);
}

TEST_CASE("attributes and differing items are kept on one side and refused on the other") {
  Grammar g = ebnf("root ::= \"[\" root* \"]\" | \"x\" word\nword ::= [a-z]+\n");
  auto capture = std::make_shared<RuleAttributes>();
  capture->capture = "w";
  g.rules[rule_named(g, "word")].attributes = capture;
  const Expr short_one = g.pool.repeat(g.pool.char_class(CharSet::all()), 0, 4);
  Result<Expr> e = intersect(g, short_one, root_of(g), Limits());
  REQUIRE(e.ok());
  size_t captured = 0;
  for (const Rule& r : g.rules) captured += r.attributes == capture;
  CHECK(captured > 1);
  const Expr word = g.pool.call(rule_named(g, "word"));
  e = intersect_regular(g, root_of(g), word, Limits());
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().message.find("\"word\" has a budget, a capture") != std::string::npos);
}

TEST_CASE("deep and long sides cost no stack") {
  std::string nested = "root ::= root \"x\" | ";
  for (int i = 0; i < 20000; ++i) nested += '(';
  nested += "\"a\"";
  for (int i = 0; i < 20000; ++i) nested += "\"b\")";
  Grammar g = both(nested + "\n", "a[bx]*");
  NaiveMatcher m(g);
  CHECK_FALSE(m.accepts("ab"));
}

}  // namespace
}  // namespace xgr::core::test
