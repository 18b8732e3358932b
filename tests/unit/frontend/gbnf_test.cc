// GBNF as llama.cpp reads it, told apart from EBNF or chosen.
#include <doctest/doctest.h>

#include <string>

#include "../naive_matcher.h"
#include "frontend/frontend.h"

namespace xgr::core {
namespace {

EbnfOptions dialect(EbnfDialect d) {
  EbnfOptions o;
  o.dialect = d;
  return o;
}

Result<Grammar> parse(const std::string& text, EbnfDialect d = EbnfDialect::kAuto) {
  return parse_ebnf(text, "root", dialect(d), Limits());
}

bool accepts(const std::string& text, std::string_view input, EbnfDialect d = EbnfDialect::kAuto) {
  Result<Grammar> g = parse(text, d);
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return test::NaiveMatcher(g.value()).accepts(input);
}

std::string refused(const std::string& text, EbnfDialect d) {
  Result<Grammar> g = parse(text, d);
  INFO(text);
  REQUIRE_FALSE(g.ok());
  return g.error().message;
}

constexpr EbnfDialect kGbnf = EbnfDialect::kGbnf;
constexpr EbnfDialect kEbnf = EbnfDialect::kEbnf;

TEST_CASE("gbnf: an empty alternative in front tells it apart") {
  const std::string text = "root ::= \"[\" ws \"]\"\nws ::= | \" \" | \"\\n\" [ \\t]{0,20}";
  CHECK(accepts(text, "[]"));
  CHECK(accepts(text, "[\n \t]"));
  CHECK(accepts(text, "[ ]", kGbnf));
  CHECK(refused(text, kEbnf).find("an empty alternative is written \"\"") != std::string::npos);
}

TEST_CASE("gbnf: what only it knows") {
  CHECK(accepts("root ::= 1st 2\n1st ::= \"a\"\n2 ::= \"b\"", "ab"));
  CHECK(accepts("root ::= \"a\" | \n\"b\"", "b", kGbnf));
  CHECK(accepts("root ::= \"a\" |", "", kGbnf));
  CHECK(accepts("root ::= \"a\"?+ (\"b\" |)", "aab", kGbnf));
  CHECK(accepts("root ::= \"\\x41B\" [\\x30-\\x39]", "AB7", kGbnf));
  CHECK(accepts("root ::= \"\\[\\]\" [\\]\\[]", "[]]", kGbnf));
  CHECK(accepts("root ::= \"a\nb\" [c\nd]", "a\nb\n", kGbnf));
  CHECK(accepts("root ::= . [^\\n] true\ntrue ::= \"t\"", "\nat", kGbnf));
  CHECK(accepts("root ::= Token(\"a\")\nToken ::= \"b\"", "ba", kGbnf));
}

TEST_CASE("gbnf: what it does not know") {
  CHECK(refused("root[lazy] ::= \"a\"", kGbnf).find("no attributes") != std::string::npos);
  CHECK(refused("root ::= Token(3)", kGbnf).find("the rule Token is not defined") == 0);
  CHECK(refused("root ::= \"a\" (= \"b\")", kGbnf).find("found '='") != std::string::npos);
  CHECK(refused("1st ::= \"a\"\nroot ::= 1st", kEbnf).find("begins with a letter") !=
        std::string::npos);
  // Both: what EBNF alone has decides.
  CHECK(refused("1st ::= \"a\"\nroot ::= 1st Token(3)", EbnfDialect::kAuto)
            .find("begins with a letter") != std::string::npos);
}

TokenIds ids(std::initializer_list<uint32_t> list) {
  TokenIds set;
  for (uint32_t id : list) set.add(id, id);
  return set;
}

TEST_CASE("token literals") {
  Grammar g = std::move(parse("root ::= <[1000]> x* <[7]>\nx ::= !<[7]>")).value();
  ExprPool& p = g.pool;
  CHECK(g.rules[0].body == p.seq({p.tokens(ids({1000})), p.star(p.call(1)), p.tokens(ids({7}))}));
  CHECK(g.rules[1].body == p.tokens(ids({7}).complement()));
  CHECK(parse("root ::= <[7]>", kEbnf).ok());
}

TEST_CASE("tokens by name need someone who knows them") {
  Result<Grammar> unknown = parse("root ::= \"a\" <think>");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().code == Status::kUnsupported);
  CHECK(unknown.error().byte_offset == 13);
  CHECK(unknown.error().message.find(
            "the token <think> is given by name, which needs a tokenizer") == 0);
  EbnfOptions o;
  o.token_ids = [](std::string_view name) -> Result<TokenIds> {
    if (name == "<think>") return ids({3, 5});
    Error e;
    e.code = Status::kInvalidSource;
    e.message = "the vocabulary has no token " + std::string(name);
    return e;
  };
  Grammar g = std::move(parse_ebnf("root ::= <think> !<think>", "root", o, Limits())).value();
  CHECK(g.rules[0].body ==
        g.pool.seq(g.pool.tokens(ids({3, 5})), g.pool.tokens(ids({3, 5}).complement())));
  Result<Grammar> none = parse_ebnf("root ::= <other>", "root", o, Limits());
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message ==
        "the vocabulary has no token <other>, at line 1, column 10: root ::= <other>");
}

TEST_CASE("token literals that are none") {
  for (const char* text :
       {"root ::= <[]>", "root ::= <[x]>", "root ::= <[16777216]>",
        "root ::= <[99999999999999999999]>", "root ::= <>", "root ::= !a", "root ::= <a\nb>"}) {
    INFO(text);
    Result<Grammar> g = parse(text);
    REQUIRE_FALSE(g.ok());
    CHECK(g.error().code == Status::kInvalidSource);
    CHECK(g.error().byte_offset == 9);
  }
}

}  // namespace
}  // namespace xgr::core
