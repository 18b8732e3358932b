// Macros of EBNF: their arguments, and what they build. What they mean is tested in
// frontend/macros/, and string by string in tests/cases/ebnf/.
#include <doctest/doctest.h>

#include <string>

#include "frontend/macros/narrowing.h"
#include "text_checks.h"

namespace xgr::core::test {
namespace {

TokenIds ids(std::initializer_list<uint32_t> list) {
  TokenIds set;
  for (uint32_t id : list) set.add(id, id);
  return set;
}

TEST_CASE("tokens") {
  Grammar g = parse("root ::= Token(3, 5, 3) ExcludeToken(7)*");
  ExprPool& p = g.pool;
  CHECK(g.rules[0].body == p.seq(p.tokens(ids({3, 5})), p.star(p.tokens(ids({7}).complement()))));
  check_refused("root ::= Token()", 9, "at least one token");
  check_refused("root ::= Token(-1)", 15, "a number from 0 to 16777215");
  check_refused("root ::= Token(16777216)", 15, "a number from 0 to 16777215");
  check_refused("root ::= Token(\"a\")", 15, "must be an integer, found a string");
  check_refused("root ::= Token(1000000000000001)", 15, "an integer is at most",
                Status::kLimitExceeded);
  check_refused("root ::= Token(3, x=4)", 20, "there is no argument x; it has none with a name");
}

TEST_CASE("dispatch on tags and on tokens") {
  const std::string text =
      "root ::= TagDispatch(\n  (\"<a>\", a), (\"<b>\", b,), loop_after_dispatch = true, "
      "excludes=(\"!\",))\na ::= \"1\"\nb ::= \"2\"";
  CHECK(accepts(text, "x<a>1<b>2<"));
  CHECK_FALSE(accepts(text, "x<a>2"));
  CHECK_FALSE(accepts(text, "!"));
  CHECK(accepts("root ::= TagDispatch()", "any"));
  CHECK(accepts("root ::= TagDispatch(excludes=(), loop_after_dispatch=false)", "any"));
  Grammar g = parse(
      "root ::= TokenTagDispatch((3, x), excludes=(5,), loop_after_dispatch=false)\n"
      "x ::= \"x\"");
  ExprPool& p = g.pool;
  CHECK(g.rules[0].body == p.seq(p.star(p.tokens(ids({3, 5}).complement())),
                                 p.optional(p.seq(p.tokens(ids({3})), p.call(1)))));
  check_refused("root ::= TagDispatch((\"a\", b))", 27, "the rule b is not defined");
  check_refused("root ::= TagDispatch((\"a\", \"b\"))", 21, "expected a pair such as");
  check_refused("root ::= TagDispatch((\"a\",))", 21, "expected a pair such as");
  check_refused("root ::= TagDispatch((\"\", root))", 9, "a tag is empty");
  check_refused("root ::= TagDispatch((\"ab\", root), excludes=(\"a\"))", 9, "begins the tag");
  check_refused("root ::= TagDispatch(excludes=\"a\")", 30, "must be a tuple, found a string");
  check_refused("root ::= TagDispatch(excludes=(1))", 31, "an exclude must be a string");
  check_refused("root ::= TagDispatch(loop=true)", 26, "there is no argument loop; known are");
  check_refused("root ::= TagDispatch(excludes=(), excludes=())", 43, "given twice");
  check_refused("root ::= TagDispatch(excludes=(), (\"a\", root))", 34, "stands behind one");
  check_refused("root ::= TagDispatch((\"a\", root),)", 33, "found ')'");
  check_refused("root ::= TokenTagDispatch((3, root), excludes=(3))", 27,
                "both trigger and exclude");
  check_refused("root ::= TokenTagDispatch((\"3\", root))", 26,
                "expected a pair such as (7, rule)");
}

TEST_CASE("arguments that do not end or nest too deep") {
  check_refused("root ::= Substring(\"a\"", 22, "expected ',' or ')'");
  check_refused("root ::= Substring(\"a\" \"b\")", 23, "expected ',' or ')'");
  check_refused("root ::= Substring((((\"a\"))))", 21, "expected a value that is no tuple");
  check_refused("root ::= Substring((((((((((", 21, "expected a value that is no tuple");
  check_refused("root ::= Substring(", 19, "expected a string, an integer");
  check_refused("root ::= Substring(\"a\", )", 24, "expected a string, an integer");
}

TEST_CASE("regular expressions: flags, strings of JSON, positions of errors") {
  CHECK(accepts("root ::= Regex(\"a.b\")", "a\nb"));
  CHECK_FALSE(accepts("root ::= Regex(\"a.b\", flags=\"\")", "a\nb"));
  CHECK(accepts("root ::= Regex(\"a.b\", flags=\"si\")", "A\nB"));
  CHECK(accepts("root ::= Regex(\"(?i)[a-dX]+k\")", "BxK"));
  CHECK_FALSE(accepts("root ::= Regex(\"(?i)k\")", "\xE2\x84\xAA"));  // the Kelvin sign
  CHECK_FALSE(accepts("root ::= Regex(\"(?i)[^k]\")", "K"));
  CHECK(accepts("root ::= Regex(\"[\\\\b\\\\-\\\\]x[]\")", "["));
  CHECK(accepts(R"x(root ::= Regex("\\v\\e\\cA\\x41\\u0042\\u{1F600}\\.\\0"))x",
                std::string_view("\v\x1B\x01"
                                 "AB\xF0\x9F\x98\x80.\0",
                                 11)));
  CHECK(accepts("root ::= Regex(\"(?<a>x)(?P<b>y)(?:z)\")", "xyz"));
  CHECK(accepts("root ::= Regex(\"a(?=[)]\\\\)b(c))d(?!e)\")", "ad"));
  CHECK(accepts("root ::= Regex(\"[^a]{2,3}\", json_string=true)", "xy"));
  CHECK_FALSE(accepts("root ::= Regex(\"[^a]{2,3}\", json_string=true)", "x\""));
  CHECK_FALSE(accepts("root ::= Regex(\"x|\\\\t\", json_string=true)", "\t"));
  check_refused("root ::= Regex(\"ab\\\\b\")", 18, "word boundary", Status::kUnsupported);
  check_refused("root ::= Regex(\"\\n[z-a]\")", 19, "runs backwards");
  check_refused("root ::= Regex(\"\\u0061(b\")", 24, "parenthesis");
  check_refused("root ::= Regex(\"a{\")", 17, "expected a repetition");
  check_refused("root ::= Regex(\"[a\")", 16, "not closed by ]");
  check_refused("root ::= Regex(\"(?<n\")", 16, "name is not closed");
  check_refused("root ::= Regex(\"(?=a\")", 16, "not closed by ')'");
  check_refused("root ::= Regex(\"(?>a)\")", 16, "kind of group", Status::kUnsupported);
  check_refused("root ::= Regex(\"a\\\\q\")", 17, "unknown escape");
  check_refused("root ::= Regex(\"\\\\\")", 16, "unknown escape");
  check_refused("root ::= Regex(\"\\\\u{}\")", 16, "1 to 6");
  check_refused("root ::= Regex(\"\\\\uD800\")", 16, "no surrogate");
}

TEST_CASE("characters are taken out of every part of an expression") {
  Grammar g = parse("root ::= ([^] | \"ab\" | \"c\"){2} [a-c]? (\"b\" | \"\")");
  CharSet few;
  few.add('a', 'b');
  Expr e = narrow_characters(g.pool, g.rules[0].body, few);
  Grammar want = parse("root ::= ([ab] | \"ab\"){2} [ab]? (\"b\" | \"\")");
  g.define(0, e);
  test::NaiveMatcher got(g), model(want);
  for (const char* s : {"aa", "abb", "abab", "ababab", "a", "ac", "cc", "bbab"}) {
    INFO(s);
    CHECK(got.accepts(s) == model.accepts(s));
  }
}

}  // namespace
}  // namespace xgr::core::test
