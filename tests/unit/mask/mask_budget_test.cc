// Memory for masks: mask/mask_budget.cc, mask/exit_table.cc, mask/part_shelf.cc.
#include "mask/mask_budget.h"

#include <thread>

#include "mask/engine.h"
#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Fixture {
  explicit Fixture(size_t budget, size_t tokens = 300)
      : tokenizer(make_tokenizer(random_tokens(3, tokens))),
        shared(std::make_shared<SharedEngine>(tokenizer, Limits(), budget)) {}
  std::shared_ptr<Engine> engine(const std::string& text) {
    Result<std::shared_ptr<Engine>> made = Engine::create(shared, ebnf(text), Limits());
    REQUIRE(made.ok());
    return made.value();
  }
  std::shared_ptr<const Tokenizer> tokenizer;
  std::shared_ptr<SharedEngine> shared;
};

struct Caller {
  Arena arena;
  Stepper stepper{&arena};
  FillScratch scratch;
  std::vector<uint32_t> words, buffer;

  const std::vector<uint32_t>& fill(Engine* engine, const std::vector<Config>& parses) {
    uint32_t count = 0;
    words.assign(engine->tokenizer().mask_words(), 0);
    REQUIRE(engine->fill(parses, &stepper, &scratch, words.data(), &count) == Status::kOk);
    return words;
  }
  const uint32_t* lend(Engine* engine, const std::vector<Config>& parses) {
    const uint32_t* lent = nullptr;
    uint32_t count = 0;
    REQUIRE(engine->lend(parses, &stepper, &scratch, &buffer, &lent, &count) == Status::kOk);
    return lent;
  }
};

// Half of all tokens, so that its mask is a bitmask; other sets, other masks.
std::string loop_of(char last) { return "root ::= [^a-" + std::string(1, last) + "]*"; }

std::vector<Config> start(const std::shared_ptr<Engine>& e) { return {{e->root(), nullptr}}; }

}  // namespace

TEST_CASE("exit table: equal sets are one, unused ones go") {
  ExitTable table;
  std::vector<ExitNode> some{{'"', 3}, {'"', 1}, {',', 7}}, same{{',', 7}, {'"', 1}, {'"', 3}};
  std::vector<ExitNode> other{{'"', 3}};
  auto a = table.share(ExitSet::collect(&some, {}, true));
  auto b = table.share(ExitSet::collect(&same, {}, true));
  auto c = table.share(ExitSet::collect(&other, {}, true));
  CHECK(a == b);
  CHECK(a != c);
  const size_t both = table.memory_bytes();
  table.drop_unused();
  CHECK(table.memory_bytes() == both);
  c.reset();
  a.reset();
  table.drop_unused();
  CHECK(table.memory_bytes() < both);
  CHECK(table.memory_bytes() > 0);
  b.reset();
  table.drop_unused();
  CHECK(table.memory_bytes() == 0);
}

TEST_CASE("mask budget: without memory nothing stays, and masks are the same") {
  Fixture roomy(SIZE_MAX), tight(1);
  for (const std::string& text : sample_grammars()) {
    INFO(text);
    const auto a = roomy.engine(text), b = tight.engine(text);
    Caller x, y;
    std::mt19937 random(5);
    std::vector<Config> p = start(a), q = start(b);
    for (int step = 0; step < 30; ++step) {
      const std::vector<uint32_t> expected = x.fill(a.get(), p);
      REQUIRE(y.fill(b.get(), q) == expected);
      CHECK(b->part_count() == 0);
      CHECK(tight.shared->masks().part_count() == 0);
      CHECK(tight.shared->masks().memory_bytes() == 0);
      CHECK(tight.shared->loops().memory_bytes() == 0);
      CHECK(tight.shared->budget().exits().memory_bytes() == 0);
      CHECK(tight.shared->budget().waiting_bytes() == 0);
      int32_t id = 0;
      std::vector<Config> next;
      for (int tries = 0; tries < 300 && next.empty(); ++tries) {
        id = static_cast<int32_t>(random() % static_cast<uint32_t>(a->tokenizer().vocab_size()));
        next = parses_after(&x.stepper, p, a->tokenizer().token_bytes(id));
      }
      if (next.empty()) break;
      p = std::move(next);
      q = parses_after(&y.stepper, q, b->tokenizer().token_bytes(id));
    }
    CHECK(b->stats().evictions == b->stats().walks.built);
    CHECK(b->stats().evictions > 0);
    CHECK(a->stats().evictions == 0);
  }
}

TEST_CASE("mask budget: what nobody uses goes first, and only as much as is needed") {
  // One mask a grammar. Room for some of them, beside the automata.
  Fixture free(SIZE_MAX, 40000);
  Caller caller;
  std::vector<std::shared_ptr<Engine>> engines;
  for (char c = 'b'; c <= 'y'; ++c) engines.push_back(free.engine(loop_of(c)));
  for (const auto& e : engines) caller.fill(e.get(), start(e));
  const size_t part = free.shared->budget().mask_bytes() / engines.size();
  REQUIRE(part > free.tokenizer->mask_words() * 4);
  const size_t others = free.shared->memory_bytes() - free.shared->masks().memory_bytes();
  size_t automata = 0;
  for (const auto& e : engines)
    automata += e->automaton().memory_bytes() + e->spelling().memory_bytes();

  const size_t budget = others + automata + 16 * part;
  Fixture f(budget, 40000);
  engines.clear();
  for (char c = 'b'; c <= 'y'; ++c) engines.push_back(f.engine(loop_of(c)));
  const auto favourite = engines[3];
  const auto total = [&] {
    size_t all = f.shared->memory_bytes();
    for (const auto& e : engines) all += e->memory_bytes();
    return all;
  };
  size_t kept = 0;
  for (int round = 0; round < 5; ++round) {
    for (const auto& e : engines) {
      caller.fill(e.get(), start(e));
      CHECK(total() <= budget);
      const uint64_t built = caller.scratch.counts.built;
      caller.fill(favourite.get(), start(favourite));
      kept += caller.scratch.counts.built == built;
    }
  }
  CHECK(f.shared->budget().sweeps() > 5);
  CHECK(f.shared->budget().sweeps() < 40);  // not at each of 120 fills
  CHECK(kept >= 100);
  size_t parts = f.shared->masks().part_count();
  for (const auto& e : engines) parts += e->part_count();
  CHECK(parts >= 4);
  CHECK(parts < engines.size());
}

TEST_CASE("mask budget: a lent mask stays until it is given back") {
  Fixture f(1, 2000);
  const auto first = f.engine(loop_of('c')), second = f.engine(loop_of('x'));
  Caller lender, other;
  const std::vector<uint32_t> expected = other.fill(first.get(), start(first));
  const uint32_t* lent = lender.lend(first.get(), start(first));
  REQUIRE(lent != lender.buffer.data());
  CHECK(first->part_count() == 0);
  CHECK(f.shared->budget().waiting_bytes() > 0);
  for (int i = 0; i < 10; ++i) {
    other.fill(second.get(), start(second));
    lender.fill(second.get(), start(second));  // a fill does not take it back
    CHECK(std::equal(expected.begin(), expected.end(), lent));
  }
  const size_t one = f.shared->budget().waiting_bytes();
  lender.lend(second.get(), start(second));  // instead of the first one
  other.fill(first.get(), start(first));
  CHECK(f.shared->budget().waiting_bytes() <= one + 64);
  lender.scratch.reader.drop();
  other.fill(first.get(), start(first));
  CHECK(f.shared->budget().waiting_bytes() == 0);
}

TEST_CASE("mask budget: parts that differ from another outlive the order of eviction") {
  // Keys beside declared ones: their masks are those of a string, less a few tokens.
  Fixture f(SIZE_MAX, 4000);
  const std::string text =
      "root ::= \"{\" (\"\\\"\" ((\"id\" | \"name\") \"\\\":1\" | s \":2\"))* \"}\"\n"
      "s ::= [^\"\\\\\\x00-\\x1f]* \"\\\"\"";
  const auto engine = f.engine(text);
  Caller caller;
  std::vector<std::vector<Config>> places;
  for (const char* at : {"", "{", "{\"", "{\"i", "{\"n", "{\"na", "{\"nam", "{\"x"}) {
    places.push_back(parses_after(&caller.stepper, start(engine), at));
  }
  std::vector<std::vector<uint32_t>> expected;
  for (const auto& p : places) expected.push_back(caller.fill(engine.get(), p));
  MaskBudget& budget = f.shared->budget();
  for (int round = 0; round < 8; ++round) {
    // Half of what is there, from a store that is not told which parts are used.
    Epochs::Garbage garbage = Epochs::new_garbage();
    f.shared->masks().shelf().evict(round % 2 == 0, budget.mask_bytes() / 2, &garbage);
    budget.epochs()->retire(std::move(garbage));
    for (size_t i = 0; i < places.size(); ++i) {
      const size_t at = (i + static_cast<size_t>(round)) % places.size();
      REQUIRE(caller.fill(engine.get(), places[at]) == expected[at]);
    }
  }
}

TEST_CASE("mask budget: engines go in any order, with threads in others") {
  Fixture f(1 << 14, 1000);
  const size_t count = sample_grammars().size();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<uint32_t>(t));
      std::vector<std::shared_ptr<Engine>> alive(3);
      Caller lender, caller;
      for (int step = 0; step < 60; ++step) {
        std::shared_ptr<Engine>& engine = alive[random() % alive.size()];
        lender.scratch.reader.drop();
        const std::string& text = sample_grammars()[random() % count];
        Result<Grammar> grammar = parse_ebnf(text, "root", Limits());
        engine = Engine::create(f.shared, std::move(grammar).value(), Limits()).value();
        std::vector<Config> parses = start(engine);
        for (int i = 0; i < 6 && !parses.empty(); ++i) {
          uint32_t tokens = 0;
          const uint32_t* lent = nullptr;
          std::vector<uint32_t> mask(f.tokenizer->mask_words());
          const Status a = engine->lend(parses, &lender.stepper, &lender.scratch, &lender.buffer,
                                        &lent, &tokens);
          const Status b =
              engine->fill(parses, &caller.stepper, &caller.scratch, mask.data(), &tokens);
          wrong += a != Status::kOk || b != Status::kOk;
          wrong += !std::equal(mask.begin(), mask.end(), lent);
          std::vector<Config> next;
          for (int tries = 0; tries < 50 && next.empty(); ++tries) {
            const auto id = static_cast<int32_t>(random() % mask.size() * 32);
            if (id >= f.tokenizer->vocab_size()) continue;
            next = parses_after(&caller.stepper, parses, f.tokenizer->token_bytes(id));
          }
          parses = std::move(next);
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}
