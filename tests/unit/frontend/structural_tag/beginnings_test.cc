// The texts of an expression that begin in a given way.
#include "frontend/structural_tag/beginnings.h"

#include <doctest/doctest.h>

#include <string>

#include "../../naive_matcher.h"
#include "frontend/frontend.h"

using namespace xgr::core;

namespace {

// Compares all texts of up to five letters with the definition.
void check_beginnings(const std::string& ebnf, const std::string& ahead) {
  CAPTURE(ebnf);
  CAPTURE(ahead);
  Grammar g;
  Result<Expr> e = ebnf_expr(g, ebnf, "root", Limits());
  REQUIRE(e.ok());
  Beginnings beginnings(g, {ahead, {}});
  Result<Beginning> found = beginnings.of(e.value());
  REQUIRE(found.ok());
  test::NaiveMatcher matcher(g);
  std::vector<std::string> texts{""};
  for (size_t i = 0; i < texts.size() && texts[i].size() < 5; ++i) {
    for (char c : {'a', 'b', 'c'}) texts.push_back(texts[i] + c);
  }
  for (const std::string& text : texts) {
    CAPTURE(text);
    const bool is_text = matcher.accepts(e.value(), text);
    CHECK(matcher.accepts(found.value().whole, text) == (is_text && text.starts_with(ahead)));
    if (ahead.starts_with(text) && text.size() < ahead.size()) {
      const std::vector<uint32_t>& cuts = found.value().cuts;
      const bool cut = std::find(cuts.begin(), cuts.end(), text.size()) != cuts.end();
      CHECK(cut == is_text);
    }
  }
}

TEST_CASE("beginnings: all kinds of expressions") {
  for (const char* ebnf : {
           "root ::= \"abc\" | \"ab\" | \"b\" | \"\"",
           "root ::= (\"a\" | \"abc\") (\"bd\" | \"bc\" | \"\") \"c\"?",
           "root ::= [ab]* \"c\"",
           "root ::= (\"ab\"? \"c\"?){2,3}",
           "root ::= [^a] | \"a\" root",
           "root ::= x \"c\"\nx ::= \"a\" x \"b\" | \"\"",
           "root ::= TagDispatch((\"ab\", x))\nx ::= \"c\"",
           "root ::= TagDispatch(excludes=(\"bc\"))",
           "root ::= Regex(\"(?!ab)[abc]*\")",
           "root[max_chars=3] ::= [ab]* | TagDispatch(excludes=(\"c\"))",
           "root[lazy] ::= [abc]* \"b\"",
           "root ::= \"a\" x \"c\"\nx[max_tokens=3] ::= [bc]*",
       }) {
    for (const char* ahead : {"a", "ab", "abc", "b", "cc", "bab"}) check_beginnings(ebnf, ahead);
  }
}

TEST_CASE("beginnings: rules keep what matchers count") {
  Grammar g;
  const Expr e = ebnf_expr(g, "root[max_tokens=3] ::= [ab]*", "root", Limits()).value();
  const Expr whole = Beginnings(g, {"a", {}}).of(e).value().whole;
  REQUIRE(g.pool.node(whole).kind == ExprKind::kCall);
  const Rule& rule = g.rules[g.pool.node(whole).a];
  REQUIRE(rule.attributes);
  CHECK(rule.attributes->max_tokens == 3);
}

TEST_CASE("beginnings: left recursion is refused") {
  Grammar g;
  const Expr e = ebnf_expr(g, "root ::= root \"a\" | \"b\"", "root", Limits()).value();
  CHECK(Beginnings(g, {"b", {}}).of(e).error().code == Status::kUnsupported);
}

}  // namespace
