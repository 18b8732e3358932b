// Whole masks against trying every token: mask/engine.cc.
#include "mask/engine.h"

#include <thread>

#include "mask_helpers.h"
#include "support/bit_kernels.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

std::shared_ptr<Engine> make_engine(const std::shared_ptr<SharedEngine>& shared, Grammar g) {
  Result<std::shared_ptr<Engine>> e = Engine::create(shared, std::move(g), Limits());
  if (!e.ok()) MESSAGE(e.error().message);
  REQUIRE(e.ok());
  return e.value();
}

struct Filled {
  std::vector<bool> tokens;
  uint32_t count;
};

struct Filler {
  explicit Filler(Engine* e) : engine(e) {}
  Filled fill(const std::vector<Config>& parses) {
    std::vector<uint32_t> words(engine->tokenizer().mask_words(), 0xDEADBEEF);
    Filled f{{}, 0};
    REQUIRE(engine->fill(parses, &stepper, &scratch, words.data(), &f.count) == Status::kOk);
    for (int32_t t = 0; t < engine->tokenizer().vocab_size(); ++t)
      f.tokens.push_back(bit(words, t));
    return f;
  }
  Engine* engine;
  Arena arena;
  Stepper stepper{&arena};
  FillScratch scratch;
};

// Walks through the grammar along random tokens and compares every mask.
void check_walks(Engine* engine, uint32_t seed, int walks, int steps) {
  const Tokenizer& t = engine->tokenizer();
  std::mt19937 random(seed);
  for (int w = 0; w < walks; ++w) {
    Filler filler(engine);
    std::vector<Config> parses{{engine->root(), nullptr}};
    std::string text;
    for (int step = 0; step < steps; ++step) {
      INFO("after: " << text);
      Filled mask = filler.fill(parses);
      std::vector<bool> expected = brute_force(t, parses);
      std::vector<int32_t> allowed;
      for (int32_t id = 0; id < t.vocab_size(); ++id) {
        if (mask.tokens[static_cast<size_t>(id)] != expected[static_cast<size_t>(id)]) {
          INFO("token: " << std::string(t.token_bytes(id)));
          REQUIRE(mask.tokens[static_cast<size_t>(id)] == expected[static_cast<size_t>(id)]);
        }
        if (expected[static_cast<size_t>(id)]) allowed.push_back(id);
      }
      REQUIRE(mask.count >= allowed.size());
      REQUIRE((mask.count == 0) == allowed.empty());
      REQUIRE(filler.fill(parses).tokens == expected);  // warm
      if (allowed.empty()) break;
      std::string_view token = t.token_bytes(allowed[random() % allowed.size()]);
      text += token;
      parses = parses_after(&filler.stepper, parses, token);
    }
  }
}

}  // namespace

TEST_CASE("engine: masks along random walks") {
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(random_tokens(11, 700)), Limits());
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    for (bool calls : {false, true}) {
      INFO(sample_grammars()[g]);
      check_walks(make_engine(shared, sample_grammar(g, calls)).get(), 77, 12, 12);
    }
  }
}

TEST_CASE("engine: masks of shared rules, in several grammars of one workshop") {
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(random_tokens(12, 700)), Limits());
  auto sharing = [](Grammar g) {
    for (RuleId r = 0; r < g.rules.size(); ++r) {
      if (r != g.root) g.rules[r].use = RuleUse::kShare;
    }
    return g;
  };
  std::vector<std::shared_ptr<Engine>> engines;
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    engines.push_back(make_engine(shared, sharing(sample_grammar(g, false))));
    check_walks(engines.back().get(), 78, 8, 10);
  }
  // JSON values inside other brackets, with what follows them inside the tokens.
  std::string inside = sample_grammars()[0];
  inside.replace(0, inside.find('\n'), "root ::= \"<\" v \">\" (\";\" v \"]}\")* \"\\\",\"");
  std::shared_ptr<Engine> e = make_engine(shared, sharing(ebnf(inside)));
  check_walks(e.get(), 79, 25, 12);
  check_walks(engines[0].get(), 80, 8, 10);
}

TEST_CASE("engine: one token over many return frames") {
  std::vector<std::string> tokens;
  for (std::string_view close : {"]", "}", "]}", "}]"}) {
    std::string text;
    for (int i = 0; i < 7; ++i) {
      text += close;
      tokens.insert(tokens.end(),
                    {text, "1" + text, "\"" + text, text + ",", text + "\n", text + " ;"});
    }
  }
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(with_bytes(tokens)), Limits());
  std::shared_ptr<Engine> e =
      make_engine(shared, ebnf("root ::= v \";\"\nv ::= \"[\" v (\",\" v)* w \"]\" | \"{\" s \":\" "
                               "v \"}\" | s | [0-9]+ w\n"
                               "s ::= \"\\\"\" [^\"]* \"\\\"\"\nw ::= [ \\n]*"));
  Filler filler(e.get());
  for (std::string_view text :
       {"[1", "[[[[[[1", "[{\"k\":[{\"k\":[{\"k\":[\"x", "{\"a\":{\"a\":{\"a\":{\"a\":1",
        "[1,[2,[[\"", "[[[[[[[[[[1", "[[1],{\"a\":[[3 "}) {
    INFO(text);
    std::vector<Config> parses = parses_after(&filler.stepper, {{e->root(), nullptr}}, text);
    REQUIRE_FALSE(parses.empty());
    CHECK(filler.fill(parses).tokens == brute_force(e->tokenizer(), parses));
  }
}

TEST_CASE("engine: a warm mask walks nothing") {
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(random_tokens(13, 300)), Limits());
  std::shared_ptr<Engine> e = make_engine(shared, sample_grammar(0, true));
  Filler filler(e.get());
  std::vector<Config> at =
      parses_after(&filler.stepper, {{e->root(), nullptr}}, "{\"a\": [[1, {\"b\": \"c");
  filler.fill(at);
  uint64_t visited = e->visited();
  size_t parts = e->part_count(), bytes = e->memory_bytes();
  for (int i = 0; i < 5; ++i) filler.fill(at);
  CHECK(e->visited() == visited);
  CHECK(e->part_count() == parts);
  CHECK(e->memory_bytes() == bytes);
  // The same place elsewhere: nothing new either.
  filler.fill(
      parses_after(&filler.stepper, {{e->root(), nullptr}}, "{\"xyz\": [[-3.5, {\"qq\": \"def"));
  CHECK(e->visited() == visited);
}

TEST_CASE("engine: parses too ambiguous for parts") {
  auto shared = std::make_shared<SharedEngine>(
      make_tokenizer(with_bytes({"ab", "bb", "aab", "bbbbbb", "bc", "abbc", "aa"})), Limits());
  for (const char* text : {"root ::= \"a\" root \"b\"? | \"\"",
                           "root ::= s \"c\"\ns ::= \"a\" s \"b\"? | \"a\" s s | \"\""}) {
    std::shared_ptr<Engine> e = make_engine(shared, ebnf(text));
    Filler filler(e.get());
    std::vector<Config> parses{{e->root(), nullptr}};
    for (int i = 0; i < 120; ++i) {
      parses = parses_after(&filler.stepper, parses, i > 80 ? "b" : "a");
      REQUIRE_FALSE(parses.empty());
      if (i % 10 == 0) REQUIRE(filler.fill(parses).tokens == brute_force(e->tokenizer(), parses));
    }
  }
}

TEST_CASE("engine: far counters share their masks") {
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(random_tokens(14, 500)), Limits());
  std::shared_ptr<Engine> e =
      make_engine(shared, ebnf("root ::= \"[\" s (\",\" s){2,300} \"]\"\ns ::= \"\\\"\" "
                               "[^\"\\x00-\\x1f]{3,4000} \"\\\"\""));
  Filler filler(e.get());
  std::vector<Config> parses = parses_after(&filler.stepper, {{e->root(), nullptr}}, "[\"abcd");
  CHECK(filler.fill(parses).tokens == brute_force(e->tokenizer(), parses));
  size_t parts = e->part_count();
  for (int i = 0; i < 3900; ++i) parses = parses_after(&filler.stepper, parses, "x");
  CHECK(filler.fill(parses).tokens == brute_force(e->tokenizer(), parses));
  CHECK(e->part_count() == parts);
  size_t reach = e->tokenizer().max_token_chars();
  for (size_t i = 3904; i < 4000; ++i) {
    parses = parses_after(&filler.stepper, parses, "x");
    REQUIRE(filler.fill(parses).tokens == brute_force(e->tokenizer(), parses));
  }
  CHECK(e->part_count() <= parts + 3 * (reach + 2));
  CHECK(parses_after(&filler.stepper, parses, "x").empty());
}

TEST_CASE("engine: threads that fill from cold find the masks of one thread") {
  const std::vector<std::string> tokens = random_tokens(15, 400);
  const std::vector<std::string> prefixes = {"",          "{",          "{\"a",
                                             "{\"a\"",    "{\"a\":",    "{\"a\":[",
                                             "{\"a\":[1", "{\"a\":[1,", "{\"a\":[1,{\"b\":\"\\",
                                             "[[[[",      "[[[[]",      "\"\xC3",
                                             "[-",        "[-1.",       "[-1.5",
                                             "[true",     "[[1],{}",    "\"\\u00"};
  auto masks = [&](Engine* e, size_t from) {
    std::vector<std::vector<bool>> out(prefixes.size());
    Filler filler(e);
    for (size_t i = 0; i < prefixes.size(); ++i) {
      size_t k = (i + from) % prefixes.size();
      out[k] =
          filler.fill(parses_after(&filler.stepper, {{e->root(), nullptr}}, prefixes[k])).tokens;
    }
    return out;
  };
  for (RuleUse use : {RuleUse::kCall, RuleUse::kShare}) {
    auto make = [&] {
      Grammar g = sample_grammar(0, false);
      for (Rule& r : g.rules) {
        if (r.name != "root") r.use = use;
      }
      auto shared = std::make_shared<SharedEngine>(make_tokenizer(tokens), Limits());
      return make_engine(shared, std::move(g));
    };
    std::shared_ptr<Engine> one = make(), many = make();
    const auto expected = masks(one.get(), 0);
    std::vector<std::vector<std::vector<bool>>> found(4);
    std::vector<std::thread> threads;
    for (size_t t = 0; t < found.size(); ++t) {
      threads.emplace_back([&, t] { found[t] = masks(many.get(), t * 5); });
    }
    for (std::thread& t : threads) t.join();
    for (const auto& f : found) CHECK(f == expected);
  }
}

TEST_CASE("engine: masks do not depend on the instructions that the processor has") {
  const std::vector<std::string> tokens = random_tokens(16, 4000);
  std::vector<std::vector<bool>> expected;
  for (SimdLevel level :
       {SimdLevel::kPortable, SimdLevel::kNeon, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
    if (!use_bit_kernels(level)) continue;  // the last one is that in use
    auto shared = std::make_shared<SharedEngine>(make_tokenizer(tokens), Limits());
    std::vector<std::vector<bool>> found;
    for (size_t g = 0; g < sample_grammars().size(); ++g) {
      std::shared_ptr<Engine> e = make_engine(shared, sample_grammar(g, true));
      Filler filler(e.get());
      for (State* q : visited_states(e->tokenizer(), e->root(), 5, 10)) {
        found.push_back(filler.fill({{q, nullptr}}).tokens);
      }
    }
    if (expected.empty()) expected = found;
    CHECK(found == expected);
  }
}

TEST_CASE("engine: limits are statuses") {
  auto shared = std::make_shared<SharedEngine>(make_tokenizer(with_bytes({"abcdefgh"})), Limits());
  Limits limits;
  limits.max_states = 4;
  Result<std::shared_ptr<Engine>> e =
      Engine::create(shared, ebnf("root ::= \"abcdefghij\""), limits);
  REQUIRE(e.ok());
  Arena arena;
  Stepper stepper(&arena);
  FillScratch scratch;
  std::vector<uint32_t> words(e.value()->tokenizer().mask_words());
  uint32_t tokens = 0;
  CHECK(e.value()->fill({{e.value()->root(), nullptr}}, &stepper, &scratch, words.data(),
                        &tokens) == Status::kLimitExceeded);
  limits.max_states = 0;
  CHECK_FALSE(Engine::create(shared, ebnf("root ::= \"a\""), limits).ok());
}
