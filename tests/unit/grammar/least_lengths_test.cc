// Lower bounds of lengths, rules included: grammar/least_lengths.cc.
#include "grammar/least_lengths.h"

#include "../core_helpers.h"
#include "compiler/compiler.h"
#include "mask/engine.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

uint32_t least(const std::string& text) {
  const Grammar g = ebnf(text);
  const Expr body = g.rules[g.root].body;
  return LeastLengths(g).of({&body, 1}, nullptr);
}

}  // namespace

TEST_CASE("least lengths: shapes") {
  CHECK(least("root ::= \"abc\" [a-z]{2,5} \"\xC3\xA9\"?") == 5);
  CHECK(least("root ::= [\xC3\xA9] | \"abcd\"") == 2);
  CHECK(least("root ::= (\"ab\" | \"c\")* ") == 0);
  CHECK(least("root ::= (\"ab\" | \"cde\"){3,}") == 6);
}

TEST_CASE("least lengths: rules, also those that call each other") {
  CHECK(least("root ::= x \"c\"\nx ::= \"a\" x \"b\" | y y\ny ::= \"(\" x \")\" | \"12\"") == 5);
  CHECK(least("root ::= a\na ::= \"x\" b | \"xxxxxxxxx\"\nb ::= \"x\" c\nc ::= a | \"y\"") == 3);
}

TEST_CASE("least lengths: rules may be added") {
  Grammar g = ebnf("root ::= x\nx ::= \"ab\" | \"cde\"");
  LeastLengths lengths(g);
  const Expr first = g.pool.call(g.root);
  CHECK(lengths.of({&first, 1}, nullptr) == 2);
  const RuleId more = g.add_rule("more");
  g.define(more, g.pool.seq(g.pool.literal("1"), first));
  const std::vector<Expr> both{g.pool.call(more), g.pool.seq(first, first)};
  CHECK(lengths.of(both, nullptr) == 3);
}

TEST_CASE("least lengths: an object has its required members") {
  const auto t = make_tokenizer(with_bytes({}));
  auto compiler = std::move(Compiler::create(t, {})).value();
  const auto g = compiler->compile_json_schema(
      R"({"type":"object","properties":{"a":{"type":"string"},"bcd":{"enum":[12,345]},"e":{}},)"
      R"("required":["bcd","e"]})",
      {});
  REQUIRE(g.ok());
  State* const root = g.value()->engine().root();
  LeastLengths lengths(root->automaton->grammar());
  CHECK(lengths.of(root->items, nullptr) == std::string(R"({"bcd":12,"e":0})").size());
}
