// Lazy rules, whole tokens and attributes of rules, printed and read back.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../core_helpers.h"
#include "grammar/printer.h"

namespace xgr::core {
namespace {

std::string print(Grammar& g) {
  Result<std::string> text = print_ebnf(g, Limits());
  if (!text.ok()) MESSAGE(text.error().message);
  REQUIRE(text.ok());
  return text.value();
}

// What `text` is printed as; read back it is printed as the same, but for the order of
// alternatives.
std::string printed(const std::string& text) {
  Grammar g = test::ebnf(text);
  std::string out = print(g);
  Grammar back = test::ebnf(out);
  std::string again = print(back);
  CHECK(again.size() == out.size());
  Grammar third = test::ebnf(again);
  CHECK(print(third) == again);
  return out;
}

void check_language(const std::string& text, std::string_view letters, size_t length) {
  Grammar g = test::ebnf(text);
  std::string out = print(g);
  INFO(out);
  std::unique_ptr<Automaton> before = test::make_automaton(std::move(g));
  std::unique_ptr<Automaton> after = test::make_automaton(test::ebnf(out));
  for (const std::string& s : test::all_strings(letters, length)) {
    INFO(s);
    REQUIRE(test::accepts(*before, s) == test::accepts(*after, s));
  }
}

TEST_CASE("lazy rules") {
  CHECK(printed("root ::= \"<\" r \">\"\nr[lazy] ::= [a-z] letters\nletters ::= [a-z]*") ==
        "root ::= \"<\" r \">\"\nr[lazy] ::= [a-z] [a-z]*\n");
  // One that stands in the middle of a rule gets a rule of its own.
  Grammar g = test::ebnf("root ::= \"<\" [a-z]+ \">\"");
  Expr lazy = g.pool.shortest(g.pool.alt(g.pool.literal("ab"), g.pool.literal("abc")));
  g.define(0, g.pool.seq({g.pool.literal("<"), lazy, g.pool.star(lazy)}));
  CHECK(print(g) == "root ::= \"<\" root_1 root_1*\nroot_1[lazy] ::= \"abc\" | \"ab\"\n");
  check_language("root ::= r r\nr[lazy] ::= s | \"ab\"\ns[lazy] ::= [ab]* \"b\" \"a\"?", "ab", 7);
}

TEST_CASE("lazy rules whose text would call itself are unfolded") {
  Grammar g = test::ebnf("root ::= r \"a\"\nr[lazy] ::= Substring(\"a\", \"ba\", \"b\") \"b\"");
  std::string out = print(g);
  CHECK(out.find("lazy") == std::string::npos);
  check_language("root ::= r \"a\"\nr[lazy] ::= Substring(\"a\", \"ba\", \"b\") \"b\"", "ab", 7);
  check_language("root ::= r \"a\"\nr[max_chars=3] ::= ([ab] \"b\")* | \"baa\"", "ab", 7);
  check_language("root ::= r \"a\"\nr[suffix=\"ab\", max_chars=3] ::= (\"a\" | \"bb\")*", "ab", 7);
}

TEST_CASE("tokens") {
  CHECK(printed("root ::= Token(3, 5, 4) ExcludeToken(7, 0)* | \"a\"") ==
        "root ::= Token(3, 4, 5) ExcludeToken(0, 7)* | \"a\"\n");
  CHECK(printed("root ::= TokenTagDispatch((3, x), excludes=(5,))\nx ::= \"x\"") ==
        "root ::= (Token(3) x | ExcludeToken(3, 5))*\nx ::= \"x\"\n");
  Grammar g = test::ebnf("root ::= Token(3)");
  TokenIds all;
  all.add(0, kMaxTokenId);
  g.define(0, g.pool.star(g.pool.tokens(all)));
  CHECK(print(g) == "root ::= ExcludeToken()*\n");
}

TEST_CASE("tokens below an intersection") {
  Grammar g = test::ebnf("root[max_chars=1] ::= (Token(3, 700, 70000) | ExcludeToken(9) \"x\")*");
  Grammar back = test::ebnf(print(g));
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  std::unique_ptr<Automaton> b = test::make_automaton(std::move(back));
  auto token = [](uint32_t id) {
    std::string s{'\xFF'};
    for (uint8_t digit : token_digits(id)) s += static_cast<char>(digit);
    return s;
  };
  for (const std::string& s : {token(3), token(700), token(9), token(10), token(70000) + "x",
                               token(10) + "x", token(9) + "x", token(3) + token(3)}) {
    INFO(s);
    CHECK(test::accepts(*a, s) == test::accepts(*b, s));
  }
  CHECK(test::accepts(*b, token(700)));
}

TEST_CASE("attributes") {
  CHECK(
      printed("root ::= a b\na[max_tokens=3, capture, temperature=0.1] ::= \"x\" a | \"y\"\n"
              "b[capture=\"say \\\"b\\\"\"] ::= [b]*") ==
      "root ::= a b\na[max_tokens=3, temperature=0.100000001, capture=\"a\"] ::= \"x\" a | \"y\"\n"
      "b[capture=\"say \\\"b\\\"\"] ::= [b]*\n");
  CHECK(printed("root[lazy, capture] ::= [a-z] [a-z]*") ==
        "root[lazy, capture=\"root\"] ::= [a-z] [a-z]*\n");
}

TEST_CASE("markers") {
  CHECK(printed("root ::= r\nr[suffix=\"</s>\", capture] ::= [^]*") ==
        "root ::= r\nr[capture=\"r\", suffix=\"</s>\"] ::= [^]*\n");
  CHECK(printed("root ::= r\nr[stop=m, stop_capture=\"m\"] ::= [a-z]*\nm ::= \".\" | \"!\"+") ==
        "root ::= r\nr[stop_capture=\"m\", stop=r_1] ::= [a-z]*\nr_1 ::= \".\" | \"!\"+\n");
  CHECK(printed("root ::= r\nr[suffix=\".\", capture, max_chars=3] ::= [a-z]*") ==
        "root ::= r\nr[lazy, capture=\"r\", suffix=\".\", content=r_1] ::= r_1 \".\" | [a-z]{3}\n"
        "r_1 ::= [a-z]*\n");
  // A content that cannot be printed without rules that call themselves is given as any text.
  CHECK(printed("root ::= r\nr[suffix=\".\", capture] ::= Substring(\"a\", \"b\", \"a\")")
            .find("r_1 ::= [^]*\n") != std::string::npos);
  for (const char* text :
       {"root ::= r\nr[stop=m, capture, max_chars=2] ::= [ab]*\nm ::= \"bb\" | \"ba\"",
        "root ::= r\nr[suffix=\"b\", capture] ::= Substring(\"a\", \"b\", \"a\")"}) {
    Grammar g = test::ebnf(text), back = test::ebnf(print(g));
    const RuleAttributes& before = *g.rules[1].attributes;
    const RuleAttributes& after = *back.rules[1].attributes;
    CHECK(after.hide_marker == before.hide_marker);
    CHECK(after.marker != kNoExpr);
    CHECK(after.content != kNoExpr);
    check_language(text, "ab", 6);
  }
}

}  // namespace
}  // namespace xgr::core
