// From source text to a compiled grammar: compiler/compiler.cc.
#include "compiler/compiler.h"

#include <thread>

#include "../core_helpers.h"
#include "mask/engine.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

// The vocabulary has no stop token.
const MatcherOptions kEndsWhenComplete{.terminate_without_stop_token = true};

std::unique_ptr<Compiler> make_compiler(const CompilerOptions& options = {}) {
  Result<std::unique_ptr<Compiler>> c =
      Compiler::create(make_tokenizer(with_bytes({"ab", "\":"})), options);
  REQUIRE(c.ok());
  return std::move(c).value();
}

bool matches(const Compiler::Compiled& compiled, std::string_view text) {
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), kEndsWhenComplete);
  REQUIRE(m.ok());
  bool accepted = false;
  REQUIRE(m.value()->accept_bytes(text, &accepted) == Status::kOk);
  return accepted && m.value()->is_accepting();
}

}  // namespace

TEST_CASE("compiler: every kind of source") {
  std::unique_ptr<Compiler> c = make_compiler();
  CHECK(matches(c->compile_ebnf("start ::= \"a\" start | \"b\"", "start"), "aab"));
  CHECK_FALSE(matches(c->compile_ebnf("start ::= \"a\" start | \"b\"", "start"), "aa"));
  CHECK(matches(c->compile_regex("(ab|c)+\\d{2}"), "abcab12"));
  CHECK_FALSE(matches(c->compile_regex("(ab|c)+\\d{2}"), "abcab1"));
  CHECK(matches(c->compile_json_schema(R"({"type":"object","required":["a"]})", {}),
                R"({"a": [1]})"));
  CHECK_FALSE(matches(c->compile_json_schema(R"({"type":"object","required":["a"]})", {}),
                      R"({"b": [1]})"));
  CHECK(matches(c->compile_builtin_json({}), R"([{"a": "b\n"}, -1.5e3, null])"));
  CHECK_FALSE(matches(c->compile_builtin_json({}), R"([{"a" "b"}])"));
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, g.pool.string_set({"yes", "no"}));
  CHECK(matches(c->compile(std::move(g)), "no"));
}

TEST_CASE("compiler: failures are those of the source") {
  std::unique_ptr<Compiler> c = make_compiler();
  Compiler::Compiled e = c->compile_ebnf("root ::= \"a\" (", "root");
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kInvalidSource);
  CHECK(e.error().line == 1);
  e = c->compile_ebnf("root ::= \"a\" root", "root");
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kInvalidSource);
  CHECK(e.error().message.find("no valid string") != std::string::npos);
  CHECK_FALSE(c->compile_regex("(").ok());
  CHECK_FALSE(c->compile_json_schema("{", {}).ok());
  e = c->compile(Result<Grammar>(Error{Status::kUnsupported, "why", 3, 1, 4, "", false}));
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kUnsupported);
  CHECK(e.error().message == "why");
  CHECK(e.error().byte_offset == 3);
}

TEST_CASE("compiler: options out of range") {
  CompilerOptions options;
  options.threads = 0;
  Result<std::unique_ptr<Compiler>> c = Compiler::create(make_tokenizer({"a"}), options);
  REQUIRE_FALSE(c.ok());
  CHECK(c.error().code == Status::kInvalidArgument);
  CHECK(c.error().message.find("threads") != std::string::npos);
}

TEST_CASE("compiler: limits are those given") {
  CompilerOptions options;
  options.limits.max_source_bytes = 10;
  std::unique_ptr<Compiler> c = make_compiler(options);
  CHECK(c->options().limits.max_source_bytes == 10);
  Compiler::Compiled e = c->compile_ebnf("root ::= \"a\" | \"b\" | \"c\"", "root");
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Status::kLimitExceeded);
}

TEST_CASE("compiler: a limit of work is named with its value and the place") {
  CompilerOptions options;
  options.limits.max_compile_work = 50000;
  std::unique_ptr<Compiler> c = make_compiler(options);
  std::string ebnf = "root ::= \"a\"\n", schema = R"({"properties":{"p":{"properties":{)";
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(i);
    ebnf += "r" + n + " ::= \"x" + n + "\" root\n";
    schema += (i ? ",\"" : "\"") + n + R"(":{"const":"v)" + n + "\"}";
  }
  schema += "}}}}";
  const Compiler::Compiled from_ebnf = c->compile_ebnf(ebnf, "root");
  REQUIRE_FALSE(from_ebnf.ok());
  CHECK(from_ebnf.error().code == Status::kLimitExceeded);
  CHECK(from_ebnf.error().message.find("max_compile_work = 50000") != std::string::npos);
  CHECK(from_ebnf.error().line > 1);
  options.limits.max_compile_work = 16384;
  c = make_compiler(options);
  const Compiler::Compiled from_schema = c->compile_json_schema(schema, {});
  REQUIRE_FALSE(from_schema.ok());
  CHECK(from_schema.error().code == Status::kLimitExceeded);
  CHECK(from_schema.error().message.find("max_compile_work = 16384") != std::string::npos);
  CHECK(from_schema.error().has_json_pointer);
}

TEST_CASE("compiler: nothing is looked up in the vocabulary before a mask is asked for") {
  std::unique_ptr<Compiler> c = make_compiler();
  Compiler::Compiled g = c->compile_json_schema(
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array"}}})", {});
  REQUIRE(g.ok());
  CHECK(g.value()->engine().visited() == 0);
  CHECK(g.value()->engine().part_count() == 0);
  CHECK(g.value()->tokenizer() == c->tokenizer());
}

TEST_CASE("compiler: what grammars share is there only once") {
  std::unique_ptr<Compiler> c = make_compiler();
  auto fill = [&](const char* schema) {
    Compiler::Compiled g = c->compile_json_schema(schema, {});
    REQUIRE(g.ok());
    std::unique_ptr<Matcher> m = Matcher::create(g.value(), kEndsWhenComplete).value();
    bool accepted = false;
    REQUIRE(m->accept_bytes("{\"first\": \"te", &accepted) == Status::kOk);
    REQUIRE(accepted);
    std::vector<uint32_t> words(c->tokenizer()->mask_words());
    MaskKind kind;
    REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
    return words;
  };
  std::vector<uint32_t> one = fill(R"({"properties":{"first":{"type":"string"}},"type":"object"})");
  size_t bytes = c->memory_bytes();
  CHECK(fill(R"({"properties":{"first":{"type":"string"},"x":{"type":"null"}},"type":"object"})") ==
        one);
  CHECK(c->memory_bytes() <= bytes + bytes / 4);
}

TEST_CASE("compiler: a grammar outlives its compiler and prints its language") {
  std::shared_ptr<const CompiledGrammar> g;
  {
    std::unique_ptr<Compiler> c = make_compiler();
    Compiler::Compiled compiled =
        c->compile_ebnf("root ::= [a-c]+ tail\ntail ::= \"(\" tail \")\" | \"\"", "root");
    REQUIRE(compiled.ok());
    g = compiled.value();
  }
  CHECK(matches(g, "abc((()))"));
  CHECK(g->memory_bytes() > 0);
  Result<std::string> text = g->to_ebnf();
  REQUIRE(text.ok());
  std::unique_ptr<Compiler> again = make_compiler();
  Compiler::Compiled printed = again->compile_ebnf(text.value(), "root");
  for (const char* s : {"a", "abc((()))", "", "abc(()", "()"})
    CHECK(matches(printed, s) == matches(g, s));
}

TEST_CASE("compiler: compiling in several threads") {
  std::unique_ptr<Compiler> c = make_compiler();
  std::vector<std::thread> threads;
  std::vector<char> ok(4, 1);
  for (size_t t = 0; t < ok.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 15; ++i) {
        std::string name = "k" + std::to_string(i % 5);
        Compiler::Compiled g = c->compile_json_schema(
            R"({"type":"object","properties":{")" + name +
                R"(":{"type":["string","array"]}},"required":[")" + name + R"("]})",
            {});
        if (!g.ok()) {
          ok[t] = 0;
          continue;
        }
        std::unique_ptr<Matcher> m = Matcher::create(g.value(), kEndsWhenComplete).value();
        bool accepted = false;
        m->accept_bytes("{\"" + name + "\": [\"a\", {\"b\": 1}]}", &accepted);
        if (!accepted || !m->is_accepting()) ok[t] = 0;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (char x : ok) CHECK(x == 1);
}
