// Eviction under matchers: masks, lent ones, threads, what is counted. compiler/,
// mask/mask_budget.cc.
#include <random>
#include <thread>

#include "../mask/mask_helpers.h"
#include "mask/warm_up.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

std::shared_ptr<const Tokenizer> sample_tokenizer() {
  std::vector<std::string> tokens = random_tokens(77, 1500);
  tokens.insert(tokens.begin(), "<stop>");
  return make_tokenizer(tokens, {0});
}

std::unique_ptr<Compiler> make_compiler(const std::shared_ptr<const Tokenizer>& t, size_t budget,
                                        int32_t threads = 1,
                                        WarmUpLevel warm_up = WarmUpLevel::kNone) {
  CompilerOptions options;
  options.memory_budget_bytes = budget;
  options.threads = threads;
  options.warm_up = warm_up;
  return std::move(Compiler::create(t, options)).value();
}

const char* const kSchemas[] = {
    R"({"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"}},
        "required":["id"],"additionalProperties":{"type":"string","maxLength":9}})",
    R"({"type":"array","items":{"enum":["a","ab","abc",null,23]}})",
    R"({"type":"object","additionalProperties":{"type":"array","items":{"type":"number"}}})",
    R"({})",
};

std::shared_ptr<const CompiledGrammar> compile(Compiler* compiler, size_t which) {
  return compiler->compile_json_schema(kSchemas[which % std::size(kSchemas)], {}).value();
}

std::unique_ptr<Matcher> matcher_of(std::shared_ptr<const CompiledGrammar> grammar,
                                    bool prefetch = false) {
  MatcherOptions options;
  options.prefetch = prefetch;
  return std::move(Matcher::create(std::move(grammar), options)).value();
}

using Mask = std::vector<uint32_t>;

Mask fill(Matcher* m) {
  Mask mask(m->grammar()->tokenizer()->mask_words());
  MaskKind kind = MaskKind::kSome;
  if (m->fill_bitmask(mask.data(), mask.size(), &kind) != Status::kOk) return {};
  return kind == MaskKind::kTerminated ? Mask() : mask;
}

// Takes a token of the mask.
void go_on(Matcher* m, const Mask& mask, std::mt19937* random) {
  const uint32_t size = static_cast<uint32_t>(m->grammar()->tokenizer()->vocab_size());
  uint32_t id = static_cast<uint32_t>((*random)()) % size;
  for (uint32_t n = 0; n < size && !bit(mask, static_cast<int32_t>(id)); ++n) id = (id + 1) % size;
  bool accepted = false;
  m->accept_token(static_cast<int32_t>(id), &accepted);
}

// A random output. With `lend`, masks are lent, too, and looked at after others were computed.
std::vector<Mask> generate(Matcher* m, Matcher* other, uint32_t seed, bool lend) {
  std::mt19937 random(seed);
  std::vector<Mask> out;
  for (int step = 0; step < 30; ++step) {
    const uint32_t* lent = nullptr;
    MaskKind kind = MaskKind::kSome;
    if (lend) m->lend_bitmask(&lent, &kind);
    Mask mask = fill(m);
    if (mask.empty()) break;
    if (lend) {
      const Mask of_other = fill(other);
      if (of_other.empty()) {
        other->reset();
      } else {
        go_on(other, of_other, &random);
      }
      const uint32_t* again = nullptr;
      m->lend_bitmask(&again, &kind);
      if (again != lent) return {};
      mask.assign(lent, lent + mask.size());
    }
    out.push_back(mask);
    std::mt19937 choice(seed + static_cast<uint32_t>(step));
    go_on(m, mask, &choice);
    if (step % 7 == 6) m->rollback(2);
  }
  return out;
}

}  // namespace

TEST_CASE("eviction: masks are those of a compiler with memory, lent ones stay") {
  const auto t = sample_tokenizer();
  for (size_t which = 0; which < std::size(kSchemas); ++which) {
    const auto roomy = make_compiler(t, 0);
    const auto plain = compile(roomy.get(), which);
    for (size_t budget : {size_t{1}, size_t{20000}}) {
      for (WarmUpLevel level : {WarmUpLevel::kNone, WarmUpLevel::kFull}) {
        INFO("schema " << which << ", " << budget << " bytes");
        const auto tight = make_compiler(t, budget, 1, level);
        const auto grammar = compile(tight.get(), which);
        const auto other = matcher_of(compile(tight.get(), which + 1));
        for (uint32_t seed = 0; seed < 3; ++seed) {
          const auto expected = generate(matcher_of(plain).get(), nullptr, seed, false);
          REQUIRE(expected.size() > 1);
          REQUIRE(generate(matcher_of(grammar).get(), nullptr, seed, false) == expected);
          REQUIRE(generate(matcher_of(grammar).get(), other.get(), seed, true) == expected);
        }
      }
    }
  }
}

TEST_CASE("eviction: four threads fill, lend, clone and leave in one compiler without memory") {
  const auto t = sample_tokenizer();
  const auto roomy = make_compiler(t, 0);
  std::vector<std::vector<Mask>> expected;
  for (size_t which = 0; which < std::size(kSchemas); ++which) {
    expected.push_back(generate(matcher_of(compile(roomy.get(), which)).get(), nullptr, 9, false));
  }
  for (size_t budget : {size_t{1}, size_t{40000}}) {
    std::unique_ptr<Compiler> tight = make_compiler(t, budget, 3, WarmUpLevel::kBounded);
    const auto common = compile(tight.get(), 0);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (uint32_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        std::unique_ptr<Matcher> other = matcher_of(common, true);
        for (uint32_t round = 0; round < 6; ++round) {
          const size_t which = (thread + round) % std::size(kSchemas);
          const auto grammar = which == 0 ? common : compile(tight.get(), which);
          std::unique_ptr<Matcher> m = matcher_of(grammar, thread % 2);
          if (round % 2) {
            std::unique_ptr<Matcher> original = std::move(m);
            const uint32_t* lent = nullptr;
            MaskKind kind;
            original->lend_bitmask(&lent, &kind);
            m = original->clone();  // the original leaves, its mask with it
          }
          wrong += generate(m.get(), other.get(), 9, round % 3 != 0) != expected[which];
          other = matcher_of(grammar);
          tight->stats();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
  }
}

TEST_CASE("eviction: what is counted, for the compiler and for grammars") {
  const auto t = sample_tokenizer();
  const auto tight = make_compiler(t, 1);
  const auto grammar = compile(tight.get(), 0);
  const auto m = matcher_of(grammar);
  CHECK(tight->stats().evictions == 0);
  fill(m.get());
  CHECK(m->stats().hits == 0);
  const CompiledStats all = tight->stats(), own = grammar->stats();
  CHECK(all.mask_parts == 0);
  CHECK(all.evictions == all.parts_built);
  CHECK(all.evictions >= m->stats().parts_built);
  CHECK(own.evictions == own.parts_built);
  CHECK(all.memory_budget == 1);
  fill(m.get());
  CHECK(m->stats().hits == 0);
  // As long as it is lent, a mask is counted.
  const size_t before = tight->memory_bytes();
  const auto loop = tight->compile_regex("[^\"]*").value();
  const auto lender = matcher_of(loop);
  const uint32_t* lent = nullptr;
  MaskKind kind;
  REQUIRE(lender->lend_bitmask(&lent, &kind) == Status::kOk);
  const size_t while_lent = tight->memory_bytes();
  CHECK(while_lent > before);
  lender->rollback(0);
  fill(m.get());
  CHECK(tight->memory_bytes() < while_lent);
}
