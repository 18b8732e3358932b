// Warm-up: mask/warm_up.cc, and copies of parses for other threads: mask/parse_copy.cc.
#include "mask/warm_up.h"

#include <thread>

#include "mask/parse_copy.h"
#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

const std::atomic<bool> kGoOn{false};

struct Fixture {
  explicit Fixture(const std::string& text, uint32_t seed = 3)
      : tokenizer(make_tokenizer(random_tokens(seed, 300))),
        shared(std::make_shared<SharedEngine>(tokenizer, Limits())) {
    Result<std::shared_ptr<Engine>> made = Engine::create(shared, ebnf(text), Limits());
    REQUIRE(made.ok());
    engine = made.value();
  }
  size_t warm(const WarmUpLimits& limits) {
    WarmUp work(engine, limits);
    work.run(kGoOn);
    return work.visited();
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  std::shared_ptr<SharedEngine> shared;
  std::shared_ptr<Engine> engine;
};

// Fills masks along random walks; how many of them had to build something.
size_t cold_fills(Fixture* f, uint32_t seed, int walks, size_t steps) {
  std::mt19937 random(seed);
  size_t cold = 0;
  std::vector<uint32_t> words(f->tokenizer->mask_words());
  for (int w = 0; w < walks; ++w) {
    Arena arena;
    Stepper stepper(&arena);
    FillScratch scratch;
    std::vector<Config> parses{{f->engine->root(), nullptr}};
    for (size_t i = 0; i < steps; ++i) {
      uint32_t count = 0;
      const uint64_t before = scratch.counts.built;
      REQUIRE(f->engine->fill(parses, &stepper, &scratch, words.data(), &count) == Status::kOk);
      cold += scratch.counts.built != before;
      if (count == 0) break;
      int32_t id =
          static_cast<int32_t>(random() % static_cast<uint32_t>(f->tokenizer->vocab_size()));
      while (!bit(words, id)) id = (id + 1) % f->tokenizer->vocab_size();
      parses = parses_after(&stepper, parses, f->tokenizer->token_bytes(id));
      REQUIRE_FALSE(parses.empty());
    }
  }
  return cold;
}

const char* const kRecord =
    "root ::= \"{\\\"id\\\": \" [0-9]+ \", \\\"tags\\\": [\" (tag (\", \" tag)*)? \"]}\"\n"
    "tag ::= \"\\\"\" [a-z]* \"\\\"\"";

}  // namespace

TEST_CASE("warm-up: nothing is left to build for outputs of a small grammar") {
  Fixture cold(kRecord), warm(kRecord);
  CHECK(cold_fills(&cold, 1, 20, 40) > 5);
  const size_t visited = warm.warm(limits_of(WarmUpLevel::kFull));
  CHECK(visited > 20);
  CHECK(visited < 100);
  CHECK(cold_fills(&warm, 1, 20, 40) == 0);
}

TEST_CASE("warm-up: a long repetition is visited once, not item by item") {
  Fixture f("root ::= \"[\" item (\",\" item){0,1999} \"]\"\nitem ::= [a-z]{0,4000}");
  CHECK(f.warm(limits_of(WarmUpLevel::kFull)) < 50);
  CHECK(f.engine->stats().states < 3000);
}

TEST_CASE("warm-up: recursion ends, deep nesting is warm") {
  Fixture f("root ::= v\nv ::= \"[\" (v (\",\" v)*)? \"]\" | \"{\" v \"}\" | [0-9]+");
  f.warm(limits_of(WarmUpLevel::kFull));
  CHECK(cold_fills(&f, 5, 20, 60) == 0);
}

TEST_CASE("warm-up: limits hold") {
  Fixture f(kRecord);
  CHECK(f.warm(limits_of(WarmUpLevel::kNone)) == 0);
  WarmUpLimits few;
  few.positions = 7;
  CHECK(f.warm(few) == 7);
  WarmUpLimits no_room = limits_of(WarmUpLevel::kFull);
  no_room.memory = 1;
  const uint64_t built = f.engine->stats().walks.built;
  f.warm(no_room);
  CHECK(f.engine->stats().walks.built == built);
  WarmUpLimits no_growth = limits_of(WarmUpLevel::kFull);
  no_growth.growth = 2000;
  f.warm(no_growth);
  const MaskStats now = f.engine->stats();
  f.warm(limits_of(WarmUpLevel::kFull));
  CHECK(f.engine->stats().walks.built > now.walks.built);
}

TEST_CASE("warm-up: ends when told to, or when nobody uses the grammar any more") {
  Fixture f(kRecord);
  const std::atomic<bool> stop{true};
  WarmUp work(f.engine, limits_of(WarmUpLevel::kFull));
  work.run(stop);
  CHECK(work.visited() == 0);
  CHECK(f.engine->stats().walks.built == 0);
  f.engine.reset();
  work.run(kGoOn);
  CHECK(work.visited() <= 1);
}

TEST_CASE("warm-up: threads share the work") {
  for (const std::string& text : sample_grammars()) {
    INFO(text);
    Fixture f(text);
    WarmUpLimits limits = limits_of(WarmUpLevel::kFull);
    limits.positions = 400;
    auto work = std::make_shared<WarmUp>(f.engine, limits);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([work] { work->run(kGoOn); });
    cold_fills(&f, 9, 5, 30);  // an output meanwhile
    for (std::thread& t : threads) t.join();
    CHECK(work->visited() <= 400);
    Fixture alone(text);
    CHECK((work->visited() == 400) == (alone.warm(limits) == 400));
  }
}

TEST_CASE("parse copy: three frames, and nothing of the original") {
  Fixture f("root ::= \"(\" root \")\" | \"x\"");
  std::unique_ptr<ParseCopy> copy;
  State* state = nullptr;
  {
    Arena arena;
    Stepper stepper(&arena);
    std::vector<Config> parses = parses_after(&stepper, {{f.engine->root(), nullptr}}, "((((((");
    REQUIRE(parses.size() == 1);
    state = parses[0].state;
    copy = ParseCopy::make(parses);
  }
  REQUIRE(copy);
  REQUIRE(copy->parses().size() == 1);
  CHECK(copy->parses()[0].state == state);
  size_t depth = 0;
  for (const StackNode* n = copy->parses()[0].stack; n; n = n->begin()->parent) ++depth;
  CHECK(depth == kNearFrames);
  Arena arena;
  Stepper stepper(&arena);
  FillScratch scratch;
  CHECK_FALSE(f.engine->looks_prepared(copy->parses(), &scratch));
  CHECK(f.engine->prepare(copy->parses(), &stepper, &scratch));
  CHECK(f.engine->looks_prepared(copy->parses(), &scratch));
}
