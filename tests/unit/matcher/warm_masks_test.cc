// Warm-up, prefetching, lending and threads change no mask: matcher/matcher.cc, mask/warm_up.cc.
#include <algorithm>
#include <random>
#include <thread>

#include "../mask/mask_helpers.h"
#include "mask/warm_up.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

const std::vector<std::string>& sample_schemas() {
  static const std::vector<std::string> kTexts = {
      R"({"type": "object", "properties": {"a": {"type": "string", "maxLength": 12}, "k":
          {"type": "integer"}, "xyz": {"enum": ["ab", "aaaa", true, null, 23]}},
          "required": ["k"], "additionalProperties": false})",
      R"({"type": "array", "items": {"type": "object", "properties": {"b": {"type": "number"}},
          "additionalProperties": {"type": "string", "pattern": "^[abk]+$"}}, "maxItems": 2000})",
      R"({"$defs": {"t": {"type": "object", "properties": {"a": {"$ref": "#/$defs/t"}, "b":
          {"type": "array", "items": {"$ref": "#/$defs/t"}}}, "additionalProperties": false}},
          "$ref": "#/$defs/t"})",
      R"({"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}},
          "required": ["a"], "additionalProperties": false}, {"type": "object", "properties":
          {"b": {"type": "string"}, "k": {}}, "required": ["b"]}]})"};
  return kTexts;
}

struct Variant {
  const char* name;
  WarmUpLevel level;
  bool prefetch;
  int32_t threads;
  bool lend;
};

const Variant kVariants[] = {
    {"lend", WarmUpLevel::kNone, false, 1, true},
    {"bounded", WarmUpLevel::kBounded, false, 1, false},
    {"bounded, 4 threads", WarmUpLevel::kBounded, true, 4, true},
    {"full", WarmUpLevel::kFull, true, 1, false},
    {"full, 4 threads", WarmUpLevel::kFull, false, 4, false},
    {"prefetch", WarmUpLevel::kNone, true, 4, true},
};

std::shared_ptr<const CompiledGrammar> compile(Compiler* compiler, size_t which) {
  const size_t schemas = sample_schemas().size();
  Compiler::Compiled made =
      which < schemas ? compiler->compile_json_schema(sample_schemas()[which], {})
                      : compiler->compile_ebnf(sample_grammars()[which - schemas], "root");
  if (!made.ok()) MESSAGE(made.error().message);
  REQUIRE(made.ok());
  return made.value();
}

std::unique_ptr<Compiler> make_compiler(const std::shared_ptr<const Tokenizer>& t,
                                        const Variant& v) {
  CompilerOptions options;
  options.threads = v.threads;
  options.warm_up = v.level;
  Result<std::unique_ptr<Compiler>> made = Compiler::create(t, options);
  REQUIRE(made.ok());
  return std::move(made).value();
}

using Mask = std::vector<uint32_t>;

Mask next_mask(Matcher* m, bool lend) {
  MaskKind kind = MaskKind::kAll;
  Mask mask(m->grammar()->tokenizer()->mask_words());
  if (lend) {
    const uint32_t* words = nullptr;
    if (m->lend_bitmask(&words, &kind) != Status::kOk) return {};
    if (kind == MaskKind::kTerminated) return words ? mask : Mask();
    mask.assign(words, words + mask.size());
  } else if (m->fill_bitmask(mask.data(), mask.size(), &kind) != Status::kOk ||
             kind == MaskKind::kTerminated) {
    return {};
  }
  return mask;
}

// One output: the masks and the tokens that were chosen.
struct Output {
  std::vector<Mask> masks;
  std::vector<int32_t> tokens;
  bool operator==(const Output&) const = default;
};

// Chooses by `seed` alone, so that equal masks give equal outputs. Goes back now and then.
Output generate(const std::shared_ptr<const CompiledGrammar>& grammar, const Variant& v,
                uint32_t seed) {
  MatcherOptions options;
  options.prefetch = v.prefetch;
  std::unique_ptr<Matcher> m = std::move(Matcher::create(grammar, options)).value();
  std::mt19937 random(seed);
  Output out;
  for (int step = 0; step < 40; ++step) {
    out.masks.push_back(next_mask(m.get(), v.lend));
    if (out.masks.back().empty()) break;
    const Mask& mask = out.masks.back();
    const uint32_t size = static_cast<uint32_t>(grammar->tokenizer()->vocab_size());
    uint32_t id = random() % size, tries = 0;
    while (!bit(mask, static_cast<int32_t>(id)) && ++tries < size) id = (id + 1) % size;
    bool accepted = false;
    m->accept_token(static_cast<int32_t>(id), &accepted);
    out.tokens.push_back(accepted ? static_cast<int32_t>(id) : -1);
    if (random() % 8 == 0) m->rollback(std::min<size_t>(m->history_size(), 3));
  }
  return out;
}

std::shared_ptr<const Tokenizer> sample_tokenizer() {
  std::vector<std::string> tokens = random_tokens(77, 300);
  tokens.insert(tokens.begin(), "<stop>");
  return make_tokenizer(tokens, {0});
}

}  // namespace

TEST_CASE("warm masks: the same in every way of computing them") {
  const std::shared_ptr<const Tokenizer> t = sample_tokenizer();
  const Variant plain{"plain", WarmUpLevel::kNone, false, 1, false};
  const size_t count = sample_schemas().size() + sample_grammars().size();
  for (size_t which = 0; which < count; ++which) {
    const auto reference = compile(make_compiler(t, plain).get(), which);
    for (const Variant& v : kVariants) {
      INFO("grammar " << which << ", " << v.name);
      const auto grammar = compile(make_compiler(t, v).get(), which);
      for (uint32_t seed = 0; seed < 4; ++seed) {
        const Output expected = generate(reference, plain, seed);
        REQUIRE(std::find(expected.tokens.begin(), expected.tokens.end(), -1) ==
                expected.tokens.end());
        REQUIRE(generate(grammar, v, seed) == expected);
      }
    }
  }
}

TEST_CASE("warm masks: outputs on several threads, warmed up from all of them") {
  const std::shared_ptr<const Tokenizer> t = sample_tokenizer();
  const Variant plain{"plain", WarmUpLevel::kNone, false, 1, false};
  for (size_t which = 0; which < 4; ++which) {
    INFO("grammar " << which);
    const auto reference = compile(make_compiler(t, plain).get(), which);
    std::vector<Output> expected, got(4);
    for (uint32_t i = 0; i < got.size(); ++i) expected.push_back(generate(reference, plain, i));
    const Variant busy{"busy", WarmUpLevel::kBounded, true, 3, true};
    std::unique_ptr<Compiler> compiler = make_compiler(t, busy);
    std::shared_ptr<const CompiledGrammar> grammar = compile(compiler.get(), which);
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < got.size(); ++i) {
      threads.emplace_back([&, i] {
        if (i % 2) grammar->warm_up(WarmUpLevel::kFull, std::atomic<bool>{false});
        got[i] = generate(grammar, busy, i);
        compiler->stats();
        grammar->stats();
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(got == expected);
  }
}

TEST_CASE("warm masks: grammars and compilers go while work for them is waiting") {
  const std::shared_ptr<const Tokenizer> t = sample_tokenizer();
  const Variant busy{"busy", WarmUpLevel::kFull, true, 4, false};
  for (int i = 0; i < 20; ++i) {
    std::unique_ptr<Compiler> compiler = make_compiler(t, busy);
    std::unique_ptr<Matcher> m =
        std::move(Matcher::create(compile(compiler.get(), static_cast<size_t>(i) % 4), {})).value();
    if (i % 2) compiler.reset();
    REQUIRE_FALSE(next_mask(m.get(), false).empty());
  }
}

TEST_CASE("warm masks: what is counted") {
  const std::shared_ptr<const Tokenizer> t = sample_tokenizer();
  std::unique_ptr<Compiler> compiler =
      make_compiler(t, {"plain", WarmUpLevel::kNone, false, 1, false});
  const std::shared_ptr<const CompiledGrammar> grammar = compile(compiler.get(), 0);
  std::unique_ptr<Matcher> m = std::move(Matcher::create(grammar, {})).value();
  CHECK(m->stats().fills == 0);
  next_mask(m.get(), false);
  MatcherStats s = m->stats();
  CHECK(s.fills == 1);
  CHECK(s.hits == 0);
  CHECK(s.parts_built > 0);
  CHECK(s.nodes_visited > 0);
  CHECK(s.walk_nanoseconds > 0);
  next_mask(m.get(), true);
  s = m->stats();
  CHECK(s.fills == 2);
  CHECK(s.hits == 1);
  const CompiledStats own = grammar->stats(), all = compiler->stats();
  CHECK(own.parts_built > 0);
  CHECK(own.mask_parts > 0);
  CHECK(own.states > 0);
  CHECK(own.memory + grammar->source_bytes() == grammar->memory_bytes() - sizeof(CompiledGrammar));
  CHECK(own.memory_budget == kDefaultMemoryBudget);
  CHECK(all.parts_built >= s.parts_built);
  CHECK(all.memory > own.memory);
  CHECK(all.memory == compiler->memory_bytes());
  CHECK(m->clone()->stats().fills == 0);
}

TEST_CASE("warm masks: without threads nothing is prefetched; a warm matcher asks for nothing") {
  const std::shared_ptr<const Tokenizer> t = sample_tokenizer();
  for (int32_t threads : {1, 2}) {
    std::unique_ptr<Compiler> compiler =
        make_compiler(t, {"", WarmUpLevel::kNone, false, threads, false});
    const std::shared_ptr<const CompiledGrammar> grammar = compile(compiler.get(), 0);
    MatcherOptions options;
    options.prefetch = true;
    std::unique_ptr<Matcher> m = std::move(Matcher::create(grammar, options)).value();
    bool accepted = false;
    REQUIRE(m->accept_bytes("{", &accepted) == Status::kOk);
    REQUIRE(accepted);
    CHECK(m->stats().prefetches == static_cast<uint64_t>(threads - 1));
    next_mask(m.get(), false);
    REQUIRE(m->rollback(1) == Status::kOk);
    REQUIRE(m->accept_bytes("{", &accepted) == Status::kOk);
    CHECK(m->stats().prefetches == static_cast<uint64_t>(threads - 1));
  }
}

TEST_CASE("warm masks: a lent mask is the filled one, whatever the end and the vocabulary") {
  // The last one cannot spell every text: 'q' and '|' are no tokens by themselves.
  std::vector<std::string> few{"<stop>", "a", "b", "aq", "q|", "|b", "qb", "ab", "\"", "\"a"};
  const std::shared_ptr<const Tokenizer> vocabularies[] = {sample_tokenizer(),
                                                           make_tokenizer(few, {0})};
  const char* const texts[] = {"root ::= [a-z]*", "root ::= [^\"]* \"\\\"\"",
                               "root ::= (\"a\" | \"q|\")* \"b\"", "root ::= [abq|]{3,9}"};
  for (const std::shared_ptr<const Tokenizer>& t : vocabularies) {
    std::unique_ptr<Compiler> compiler =
        make_compiler(t, {"plain", WarmUpLevel::kNone, false, 1, false});
    for (const char* text : texts) {
      Compiler::Compiled grammar = compiler->compile_ebnf(text, "root");
      REQUIRE(grammar.ok());
      for (int way = 0; way < 3; ++way) {
        INFO(text << ", way " << way << ", " << t->vocab_size() << " tokens");
        MatcherOptions options;
        options.terminate_without_stop_token = way == 1;
        options.has_stop_tokens = way == 2;
        options.stop_tokens = {1, 7};  // tokens that have a text
        std::unique_ptr<Matcher> m = std::move(Matcher::create(grammar.value(), options)).value();
        std::mt19937 random(4);
        for (int step = 0; step < 12; ++step) {
          const Mask mask = next_mask(m.get(), false);
          REQUIRE(next_mask(m.get(), true) == mask);
          REQUIRE(next_mask(m.get(), false) == mask);
          if (mask.empty()) break;
          bool accepted = false;
          for (int tries = 0; tries < 5000 && !accepted; ++tries) {
            const uint32_t id = random() % static_cast<uint32_t>(t->vocab_size());
            m->accept_token(static_cast<int32_t>(id), &accepted);
          }
          REQUIRE(accepted);
        }
      }
    }
  }
}
