// EBNF text to Grammar: frontend/ebnf/.
#include <doctest/doctest.h>

#include <string>

#include "text_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("ebnf: sequences, alternatives, groups") {
  const std::string g = "root ::= \"a\" (\"b\" | \"c\" \"d\") | ((\"e\" \"f\"))";
  CHECK(accepts(g, "ab"));
  CHECK(accepts(g, "acd"));
  CHECK(accepts(g, "ef"));
  CHECK_FALSE(accepts(g, "ac"));
  CHECK_FALSE(accepts(g, ""));
  CHECK(accepts("root ::= ((\"a\" | \"b\") | \"c\") \"d\"", "bd"));
  CHECK(accepts("root ::= ((\"a\" | \"b\")) | \"c\"", "c"));
  CHECK(accepts("root ::= \"a\" () \"b\"", "ab"));
}

TEST_CASE("ebnf: repetition") {
  const std::string g =
      "root ::= \"a\" {2 , 3} [b]? (\"c\" | \"d\")* \"e\"{2,} \"f\"{1,-1} \"g\"{2}";
  CHECK(accepts(g, "aaeefgg"));
  CHECK(accepts(g, "aaabcdceeefffgg"));
  CHECK_FALSE(accepts(g, "aeefgg"));
  CHECK_FALSE(accepts(g, "aaaaeefgg"));
  CHECK_FALSE(accepts(g, "aaefgg"));
  CHECK_FALSE(accepts(g, "aaeegg"));
  CHECK_FALSE(accepts(g, "aaeefg"));
  CHECK(accepts("root ::= \"g\" {0}", ""));
  CHECK(accepts("root ::= (\"a\"?){3} \"b\"", "ab"));
  CHECK(accepts("root ::= (\"a\" | \"b\"){1} \"c\"", "bc"));
}

TEST_CASE("ebnf: a repetition is one node, whatever its counts") {
  Grammar g = parse("root ::= (\"ab\" [0-9]){0,4000000000}");
  CHECK(g.pool.size() < 12);
}

TEST_CASE("ebnf: recursion of every kind parses") {
  CHECK(accepts("root ::= root \"+\" t | t\nt ::= \"1\"", "1+1+1"));
  CHECK(accepts("root ::= \"(\" root \")\" | \"\"", "(())"));
  CHECK(accepts("root ::= x root \"b\" | \"c\"\nx ::= \"a\"?", "cb"));
  CHECK_FALSE(accepts("root ::= root", ""));
  CHECK(accepts("root ::= a\na ::= b | \"x\"\nb ::= a \"y\"", "xyy"));
}

TEST_CASE("ebnf: escapes") {
  CHECK(accepts(R"(root ::= "\n\r\t\b\f\a\v\0\e\"\\\/\'\?")",
                std::string_view("\n\r\t\b\f\a\v\0\x1B\"\\/'?", 14)));
  CHECK(
      accepts(R"(root ::= "\x41\u0042\U0001F600\x1f601z")", "AB\xF0\x9F\x98\x80\xF0\x9F\x98\x81z"));
  CHECK(accepts(R"(root ::= [\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/\-]{15})", "^$\\.*+?()[]{}|-"));
  CHECK(accepts("root ::= \"\xE4\xBD\xA0\" [\\u4e00-\\u9fff]", "\xE4\xBD\xA0\xE5\xA5\xBD"));
}

TEST_CASE("ebnf: classes") {
  CHECK(accepts("root ::= [a-zA-Z0-9-]+", "aZ9-"));
  CHECK(accepts("root ::= [-a]+", "-a"));
  CHECK(accepts("root ::= [--]", "-"));
  CHECK(accepts("root ::= [+--]+", "+,-"));
  CHECK(accepts("root ::= [^a]", "\xE4\xBD\xA0"));
  CHECK_FALSE(accepts("root ::= [^a]", "a"));
  CHECK(accepts("root ::= [^]", "\n"));
  CHECK_FALSE(accepts("root ::= []", ""));
  CHECK(accepts("root ::= [^\xD0\xB0-\xD1\x8F]", "b"));
  CHECK_FALSE(accepts("root ::= [^\xD0\xB0-\xD1\x8F]", "\xD0\xB1"));
  CHECK(accepts("root ::= [\"#]+ # comment\n", "#\""));
  CHECK(accepts("root ::= . .*", "\n\xE4\xBD\xA0"));
  CHECK(accepts("root ::= .\n. ::= \"x\"", "x"));
}

TEST_CASE("ebnf: layout") {
  CHECK(accepts("\n\nroot::=\"a\"  \"b\" (\"c\"\"d\"\n\"e\") |\n\n\"f\" | \"g\"\n", "abcde"));
  CHECK(accepts("# top\r\nroot ::= a # end\r\n  b\r\n\ta ::= \"a\"\r\nb ::= \"b\" # last", "ab"));
  CHECK(accepts("root ::= a-1.x_ \"b\"\na-1.x_ ::= \"a\"", "ab"));
}

TEST_CASE("ebnf: rules keep their names and order") {
  Grammar g = parse("z ::= a\nroot ::= z | a\na ::= \"x\"");
  REQUIRE(g.rules.size() == 3);
  CHECK(g.rules[0].name == "z");
  CHECK(g.rules[1].name == "root");
  CHECK(g.rules[2].name == "a");
  CHECK(g.root == 1);
  CHECK(parse("start ::= \"a\"\nroot ::= \"b\"", "start").root == 0);
}

TEST_CASE("ebnf: errors say where and what was expected") {
  check_refused("root ::= \"a\" \"", 13, "not closed by \"");
  check_refused("root ::= \"a\n\"", 9, "written \\n");
  check_refused("root ::= [a\n]", 9, "not closed by ]");
  check_refused("root ::= \"\\@\"", 10, "unknown escape: \\ before '@'");
  check_refused("root ::= \"\\uFF\"", 10, "exactly 4 hexadecimal digits, found 2");
  check_refused("root ::= \"\\xg\"", 10, "at least 1");
  check_refused("root ::= \"\\uD83D\\uDE00\"", 10, "surrogate");
  check_refused("root ::= \"\\U00110000\"", 10, "above the last character");
  check_refused("root ::= [Z-A]", 10, "Z-A runs backwards");
  check_refused("root ::= [\\d]", 10, "0-9", Status::kUnsupported);
  check_refused("::= \"a\"", 0, "expected a rule, name ::= body, found '::='");
  check_refused("root ::= a b", 9, "the rule a is not defined");
  check_refused("root ::= \"a\" |", 14, "an empty alternative is written \"\"), found end of text");
  check_refused("root ::= (\"a\" | | \"b\")", 16, "found '|'");
  check_refused("root ::=\nb ::= \"x\"", 9, "found the next rule, b ::=");
  check_refused("root ::= (\"a\" | )", 16, "found ')'");
  check_refused("root ::= \"a\"\nroot ::= \"b\"", 13, "defined twice, first in line 1");
  check_refused("a ::= \"a\"", 0, "no rule is named root");
  check_refused("", 0, "no rule is named root");
  check_refused("root ::= \"a\"{1,3}{1,3}", 17, "{1,3}' has no element to repeat");
  check_refused("root ::= \"a\"++", 13, "'+' has no element to repeat");
  check_refused("root ::= * \"a\"", 9, "no element to repeat");
  check_refused("root ::= \"a\"{,3}", 13, "expected the least count");
  check_refused("root ::= \"a\"{3,2}", 12, "{3,2} has a least count above");
  check_refused("root ::= \"a\"{2", 14, "expected '}'");
  check_refused("root ::= \"a\"{2,-2}", 15, "expected the greatest count");
  check_refused("root ::= (\"a\"", 9, "not closed by ')'");
  check_refused("root ::= \"a\")", 12, "closes no group");
  check_refused("root ::= \"a\" , \"b\"", 13, "found ','");
  check_refused("root ::= 'a'", 9, "expected a rule name");
  check_refused("root ::= \"a\" x ::= \"b\"", 13, "line of its own");
  check_refused("root = \"a\"", 0, "expected a rule, name ::= body, found 'root'");
  check_refused("true ::= \"a\"\nroot ::= \"b\"", 0, "reserved");
  CHECK(refused("x ::= \"a\"\nroot ::= \xE4\xBD\xA0").column == 10);
}

TEST_CASE("ebnf: errors show the line they are in") {
  CHECK(refused("root ::= a\n  a ::= (\"x\" \r\n").message ==
        "the group that begins here is not closed by ')'; found end of text, at line 2, column 9: "
        "a ::= (\"x\"");
  CHECK(refused("root ::= b # " + std::string(200, 'x')).message ==
        "the rule b is not defined; add a line b ::= ...");
}

TEST_CASE("ebnf: a rule may have the name of a macro") {
  CHECK(accepts("root ::= Token (\"a\")\nToken ::= \"b\"", "ba"));
  CHECK(accepts("root ::= Token(\"a\")\nToken ::= \"b\"", "ba"));
}

TEST_CASE("ebnf: look-aheads are read and restrict nothing") {
  CHECK(accepts("root ::= a \"c\"\na ::= \"a\" (= \"b\" [0-9])", "ac"));
  CHECK(accepts("root ::= a\na ::= (\"a\" | \"b\") (= (root) (\"x\" a)*)", "b"));
  CHECK(accepts("root ::= \"a\" | \"b\" (= Token(3))", "b"));
  check_refused("root ::= \"a\" (= \"b\") \"c\"", 21, "the end of the rule");
  check_refused("root ::= (\"a\" (= \"b\"))", 14, "only stand at the end of a rule");
  check_refused("root ::= \"a\" (= \"b\" | \"c\")", 20, "a choice cannot stand");
  check_refused("root ::= \"a\" (= (\"b\" | \"c\"))", 21, "a choice cannot stand");
  check_refused("root ::= \"a\" (= \"\")", 16, "\"\" cannot stand");
  check_refused("root ::= \"a\" (= ())", 17, "an empty group cannot stand");
  check_refused("root ::= \"a\" (=)", 15, "an empty group cannot stand");
  check_refused("root ::= \"a\" (= Regex(\"b\"))", 16, "a macro cannot stand");
  check_refused("root ::= \"a\" (= b)", 16, "the rule b is not defined");
  check_refused("root ::= (= \"b\")", 16, "expected an element");
  check_refused("root ::= \"a\" (= \"b\"", 13, "not closed by ')'");
}

TEST_CASE("ebnf: embedded in another grammar, rules get names of their own") {
  Grammar g = parse("root ::= item \",\"\nitem ::= \"1\"");
  Result<Expr> inner = ebnf_expr(g, "start ::= item item\nitem ::= \"2\"", "start", Limits());
  REQUIRE(inner.ok());
  RuleId both = g.add_rule("both");
  g.define(both, g.pool.seq(g.pool.call(g.root), inner.value()));
  g.root = both;
  CHECK(test::NaiveMatcher(g).accepts("1,22"));
  CHECK(g.rules[3].name == "item_1");
  CHECK_FALSE(ebnf_expr(g, "a ::= b", "a", Limits()).ok());
}

TEST_CASE("ebnf: any bytes") {
  Error e = refused(std::string("root ::= \"a\xFF\""));
  CHECK(e.byte_offset == 11);
  CHECK(e.message.find("UTF-8") != std::string::npos);
  CHECK(refused(std::string("root ::= \"\xED\xA0\x80\"")).byte_offset == 10);
  CHECK(accepts(std::string("root ::= \"a\0b\" # \0", 18), std::string_view("a\0b", 3)));
  CHECK(refused(std::string("root ::= \0", 10)).message.find("U+0000") != std::string::npos);
}

TEST_CASE("ebnf: limits") {
  Limits few;
  few.max_nesting = 10;
  Error e = refused("root ::= " + std::string(11, '(') + "\"a\"" + std::string(11, ')'), few);
  CHECK(e.code == Status::kLimitExceeded);
  CHECK(e.message.find("max_nesting = 10; raise max_nesting") != std::string::npos);
  few.max_source_bytes = 12;
  CHECK(refused("root ::= \"abc\"", few).code == Status::kLimitExceeded);
  Limits small;
  small.max_expressions = 50;
  std::string text = "root ::= \"x\"";
  for (int i = 0; i < 60; ++i) text += " | \"" + std::to_string(i) + "\"";
  CHECK(refused(text, small).code == Status::kLimitExceeded);
  CHECK(refused("root ::= \"a\"{4294967295}").code == Status::kLimitExceeded);
  CHECK(refused("root ::= \"a\"{99999999999999999999}").code == Status::kLimitExceeded);
}

TEST_CASE("ebnf: 100,000 nested groups of every shape") {
  const int n = 100000;
  auto nest = [&](const std::string& open, const std::string& close) {
    std::string text = "root ::= ";
    for (int i = 0; i < n; ++i) text += open;
    text += "\"x\"";
    for (int i = 0; i < n; ++i) text += close;
    return parse_ebnf(text, "root", Limits()).ok();
  };
  CHECK(nest("(", ")"));
  CHECK(nest("(", " \"a\")"));
  CHECK(nest("(\"a\" ", ")"));
  CHECK(nest("(", " | \"a\")"));
  CHECK(nest("(", " | \"a\" | \"b\")?"));
  CHECK(nest("(", " \"a\")*"));
  CHECK(nest("(", ")+"));
  CHECK(nest("(\"b\" | \"c\" ", " \"a\"){2,3}"));
  std::string open = "root ::= " + std::string(n, '(');
  CHECK(refused(open).message.find("not closed") != std::string::npos);
  CHECK(refused("root ::= \"a\"" + std::string(n, ')')).byte_offset == 12);
}

TEST_CASE("ebnf: long texts without sense are refused at once") {
  const size_t n = size_t{1} << 20;
  for (const char* part :
       {"<", "!<", "a[\"", "a[\"]", "(= ", "x(", "{", "::=", "\"\\\"", "[", "#", "a ::="}) {
    std::string text = "root ::= ";
    while (text.size() < n) text += part;
    INFO(part);
    CHECK_FALSE(parse_ebnf(text, "root", Limits()).ok());
  }
  std::string words = "root ::= TagDispatch(excludes=(";
  while (words.size() < 5 * n) words += "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",";
  CHECK(refused(words + "))").code == Status::kLimitExceeded);
}

TEST_CASE("ebnf: ten megabytes are read in one go") {
  std::string text = "root ::= \"x\"";
  for (int i = 0; text.size() < 10u << 20; ++i) {
    text += "\nr" + std::to_string(i) + " ::= root [a-z0-9]{2,5} (\"text\" | r0)* # comment";
  }
  Result<Grammar> g = parse_ebnf(text, "root", Limits());
  REQUIRE(g.ok());
  CHECK(g.value().pool.size() < g.value().rules.size() * 6);
}
