// Outputs that are complete in time: matcher/token_limit.cc, mask/closing.cc.
#include <random>
#include <set>

#include "../mask/mask_helpers.h"
#include "matcher/matcher.h"
#include "matcher/token_limit.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

using Compiled = Compiler::Compiled;

std::shared_ptr<const Tokenizer> with_stop(std::vector<std::string> tokens) {
  tokens.push_back("<stop>");
  const int32_t stop = static_cast<int32_t>(tokens.size()) - 1;
  return make_tokenizer(tokens, {stop});
}

std::unique_ptr<Matcher> matcher_of(const Compiled& compiled, const MatcherOptions& options = {}) {
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), options);
  REQUIRE(m.ok());
  return std::move(m).value();
}

Compiled compile_schema(const std::shared_ptr<const Tokenizer>& t, const std::string& text) {
  return std::move(Compiler::create(t, {})).value()->compile_json_schema(text, {});
}
Compiled compile_ebnf(const std::shared_ptr<const Tokenizer>& t, const std::string& text) {
  return std::move(Compiler::create(t, {})).value()->compile_ebnf(text, "root");
}

std::set<int32_t> allowed(const Matcher& m) {
  std::vector<uint32_t> words(m.grammar()->tokenizer()->mask_words());
  MaskKind kind;
  REQUIRE(m.fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  std::set<int32_t> out;
  for (int32_t id = 0; id < m.grammar()->tokenizer()->vocab_size(); ++id) {
    if (bit(words, id)) out.insert(id);
  }
  return out;
}

// What all questions say of every token is the same.
void check_answers(Matcher* m, const std::set<int32_t>& mask) {
  for (int32_t id = 0; id < m->grammar()->tokenizer()->vocab_size(); ++id) {
    bool one = false, accepted = false;
    size_t valid = 0;
    REQUIRE(m->is_token_allowed(id, &one) == Status::kOk);
    REQUIRE(one == (mask.count(id) > 0));
    REQUIRE(m->validate_tokens({&id, 1}, &valid) == Status::kOk);
    REQUIRE(valid == mask.count(id));
    REQUIRE(m->accept_token(id, &accepted) == Status::kOk);
    REQUIRE(accepted == one);
    if (accepted) REQUIRE(m->rollback(1) == Status::kOk);
  }
  const uint32_t* lent;
  MaskKind kind;
  REQUIRE(m->lend_bitmask(&lent, &kind) == Status::kOk);
  for (int32_t id = 0; id < m->grammar()->tokenizer()->vocab_size(); ++id)
    REQUIRE((lent[id >> 5] >> (id & 31) & 1) == mask.count(id));
}

size_t needed(const Matcher& m, bool* exact) {
  size_t tokens = 0;
  REQUIRE(m.min_tokens_to_finish(&tokens, exact) == Status::kOk);
  return tokens;
}

// A random walk under the limit ends with a complete output, in time; `text` is it.
void walk(Matcher* m, size_t limit, std::mt19937* random, bool check, std::string* text) {
  const Tokenizer& t = *m->grammar()->tokenizer();
  text->clear();
  for (size_t left = limit;; --left) {
    const std::set<int32_t> mask = allowed(*m);
    INFO("text " << *text << " left " << left);
    if (check) check_answers(m, mask);
    if (left == 0) {
      REQUIRE(m->is_accepting());
      for (int32_t id : mask) REQUIRE(id == t.stop_tokens()[0]);
      return;
    }
    REQUIRE_FALSE(mask.empty());
    auto it = mask.begin();
    std::advance(it, (*random)() % mask.size());
    bool accepted = false;
    REQUIRE(m->accept_token(*it, &accepted) == Status::kOk);
    REQUIRE(accepted);
    if (m->is_terminated()) return;
    *text += t.token_bytes(*it);
  }
}

const char* const kSchemas[] = {
    R"({"type":"object","properties":{"ab":{"type":"string"},"b":{"type":"integer"},"k":{"enum":["a","ab","true"]}},"required":["ab","b"]})",
    R"({"type":"array","items":{"type":"string","minLength":3,"maxLength":9},"minItems":2})",
    R"({"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"k":{"type":"number"},"a":{"$ref":"#/$defs/n"}},"required":["k"]}}})",
    R"({"anyOf":[{"type":"null"},{"type":"array","items":{"type":"boolean"},"minItems":3}]})",
    R"({})"};

}  // namespace

TEST_CASE("token limit: random outputs are complete in time") {
  std::mt19937 random(7);
  for (uint32_t seed = 0; seed < 3; ++seed) {
    const auto t = with_stop(random_tokens(seed, 300));
    for (const char* schema : kSchemas) {
      const Compiled compiled = compile_schema(t, schema);
      bool exact = false;
      const size_t least = needed(*matcher_of(compiled), &exact);
      REQUIRE(exact);
      for (size_t more : {size_t{0}, size_t{1}, size_t{5}, least + 10}) {
        INFO(schema << " least " << least << " more " << more);
        MatcherOptions options;
        options.max_output_tokens = least + more;
        std::string text;
        walk(matcher_of(compiled, options).get(), least + more, &random, more == 1 && seed == 0,
             &text);
        std::unique_ptr<Matcher> plain = matcher_of(compiled);
        bool accepted = false;
        REQUIRE(plain->accept_bytes(text, &accepted) == Status::kOk);
        REQUIRE(accepted);
        REQUIRE(plain->is_accepting());
      }
    }
  }
}

TEST_CASE("token limit: closing ends as soon as it can") {
  std::mt19937 random(3);
  const auto t = with_stop(random_tokens(9, 300));
  for (const char* schema : kSchemas) {
    const std::unique_ptr<Matcher> m = matcher_of(compile_schema(t, schema));
    for (int w = 0; w < 10; ++w) {
      m->reset();
      for (int step = 0; step < 12 && !m->is_terminated(); ++step) {
        const std::set<int32_t> mask = allowed(*m);
        auto it = mask.begin();
        std::advance(it, random() % mask.size());
        bool accepted = false;
        REQUIRE(m->accept_token(*it, &accepted) == Status::kOk);
      }
      if (m->is_terminated()) continue;
      bool exact = false;
      const size_t least = needed(*m, &exact);
      CHECK(exact);
      const std::unique_ptr<Matcher> copy = m->clone();
      m->set_closing(true);
      const std::unique_ptr<Matcher> closing_copy = m->clone();
      CHECK(allowed(*closing_copy) == allowed(*m));
      const size_t before = m->history_size();
      std::string text;
      walk(m.get(), least, &random, w == 0, &text);
      REQUIRE(m->rollback(m->history_size() - before) == Status::kOk);
      CHECK(allowed(*m) == allowed(*closing_copy));
      m->set_closing(false);
      CHECK(allowed(*m) == allowed(*copy));
    }
  }
}

TEST_CASE("token limit: set, rolled back, reset, too tight") {
  const auto t = with_stop(with_bytes({"\"}", "ab", "\":"}));
  const Compiled compiled = compile_schema(
      t, R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})");
  const std::unique_ptr<Matcher> m = matcher_of(compiled);
  bool accepted = false, exact = false;
  REQUIRE(m->accept_bytes("{\"a\":\"x", &accepted) == Status::kOk);
  CHECK(needed(*m, &exact) == 1);
  m->set_token_limit(2);
  CHECK(allowed(*m).count('y') == 1);
  CHECK(allowed(*m).count('\\') == 0);
  REQUIRE(m->accept_token('y', &accepted) == Status::kOk);
  CHECK(allowed(*m) == std::set<int32_t>{256});
  REQUIRE(m->accept_token('"', &accepted) == Status::kOk);
  CHECK_FALSE(accepted);
  REQUIRE(m->rollback(1) == Status::kOk);
  CHECK(allowed(*m).count('y') == 1);
  m->set_token_limit(0);  // cannot be kept: as soon as possible
  CHECK(allowed(*m) == std::set<int32_t>{256});
  m->set_token_limit(std::nullopt);
  CHECK(allowed(*m).count('\\') == 1);
  m->set_closing(true);
  CHECK(allowed(*m) == std::set<int32_t>{256});
  REQUIRE(m->accept_token(256, &accepted) == Status::kOk);
  CHECK(allowed(*m) == std::set<int32_t>{259});  // the stop token
  m->reset();
  REQUIRE(m->accept_token('{', &accepted) == Status::kOk);
  CHECK(allowed(*m).count(' ') == 1);
}

TEST_CASE("token limit: without stop tokens, and with stop tokens that are text") {
  const auto t = make_tokenizer({"a", "b", "ab", "abb"});
  Compiled compiled = compile_ebnf(t, "root ::= \"a\" \"b\"+");
  MatcherOptions options;
  options.terminate_without_stop_token = true;
  options.max_output_tokens = 1;
  std::unique_ptr<Matcher> m = matcher_of(compiled, options);
  CHECK(allowed(*m) == std::set<int32_t>{2, 3});
  options = {};
  options.has_stop_tokens = true;
  options.stop_tokens = {2, 3};
  options.max_output_tokens = 2;
  m = matcher_of(compiled, options);
  bool exact = false;
  CHECK(needed(*m, &exact) == 2);
  CHECK(allowed(*m) == std::set<int32_t>{0});
  options.max_output_tokens.reset();
  CHECK(needed(*matcher_of(compiled, options), &exact) == 2);
}

TEST_CASE("token limit: tokens that the grammar names") {
  const auto t = with_stop({"a", "b", "<x>", "ab"});
  const std::unique_ptr<Matcher> m =
      matcher_of(compile_ebnf(t, "root ::= (\"a\" | Token(3))+ Token(2)"));
  bool exact = false;
  CHECK(needed(*m, &exact) == 2);
  m->set_token_limit(2);
  CHECK(allowed(*m) == std::set<int32_t>{0, 3});
  bool accepted = false;
  REQUIRE(m->accept_token(3, &accepted) == Status::kOk);
  CHECK(allowed(*m) == std::set<int32_t>{2});
}

TEST_CASE("token limit: items that differ are no dead end") {
  std::mt19937 random(5);
  const auto t = with_stop(random_tokens(4, 200));
  const Compiled compiled = compile_schema(
      t, R"({"type":"array","items":{"enum":["a","b","ab",1]},"uniqueItems":true,"minItems":3})");
  for (int w = 0; w < 20; ++w) {
    const std::unique_ptr<Matcher> m = matcher_of(compiled);
    m->set_token_limit(random() % 12);
    for (int step = 0; step < 60 && !m->is_terminated(); ++step) {
      const std::set<int32_t> mask = allowed(*m);
      REQUIRE_FALSE(mask.empty());
      auto it = mask.begin();
      std::advance(it, random() % mask.size());
      bool accepted = false;
      REQUIRE(m->accept_token(*it, &accepted) == Status::kOk);
      REQUIRE(accepted);
    }
    CHECK(m->is_terminated());
  }
}

TEST_CASE("token limit: a way to the end is kept to, left, and come back to") {
  TokenLimit limit;
  limit.way = {{7, 8, 9}, 5, 0};
  CHECK(limit.way.next(4) == -1);
  CHECK(limit.way.next(5) == 7);
  CHECK(limit.way.next(6) == -1);  // not taken so far
  limit.took(5, 7);
  CHECK(limit.way.next(6) == 8);
  CHECK(limit.way.left(6) == 2);
  limit.took(6, 3);
  limit.took(7, 9);
  CHECK(limit.way.next(7) == -1);
  limit.undo(6);
  CHECK(limit.way.next(6) == 8);
  limit.undo(5);
  limit.took(5, 1);
  CHECK(limit.way.next(6) == -1);
  limit.undo(4);
  CHECK(limit.way.tokens.empty());
}

// Reading in search of the fewest tokens would take longer than a call may.
TEST_CASE("token limit: kept where searching takes too long") {
  std::mt19937 random(11);
  const auto t = with_stop(random_tokens(3, 400));
  std::string schema = R"({"type":"object","properties":{)", names;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "\"k" + std::to_string(i) + "\"";
    schema += (i ? "," : "") + name + R"(:{"type":"string","pattern":"^[a-z]{3}(1|2a)*[^a-y]$"})";
    if (i % 3 == 0) names += (i ? "," : "") + name;
  }
  schema += R"(},"required":[)" + names + "]}";
  CompilerOptions options;
  options.limits.max_work_per_call = 400000;
  const Compiled compiled =
      std::move(Compiler::create(t, options)).value()->compile_json_schema(schema, {});
  bool exact = true;
  const size_t least = needed(*matcher_of(compiled), &exact);
  CHECK_FALSE(exact);
  for (size_t more : {size_t{0}, size_t{3}, least}) {
    for (int w = 0; w < 2; ++w) {
      INFO("least " << least << " more " << more);
      MatcherOptions limited;
      limited.max_output_tokens = least + more;
      std::string text;
      walk(matcher_of(compiled, limited).get(), least + more, &random, false, &text);
    }
  }
}
