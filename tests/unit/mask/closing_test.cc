// The fewest tokens that complete an output: mask/closing*.cc, against trying all of them.
#include "mask/closing.h"
#include "mask/spelling.h"

#include <algorithm>
#include <random>
#include <unordered_set>

#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

constexpr size_t kLongDescription = 2000;

// What parses are in, whatever memory their stacks are in. Long ones are cut off.
void describe(const StackNode* stack, std::string* out) {
  if (!stack || out->size() > kLongDescription) return out->push_back('.');
  std::vector<std::string> edges;
  for (const StackEdge& e : *stack) {
    edges.emplace_back();
    append_pointer(e.ret, &edges.back());
    describe(e.parent, &edges.back());
    if (edges.back().size() > kLongDescription || edges.size() > 8)
      out->append(kLongDescription + 1, '?');
  }
  std::sort(edges.begin(), edges.end());
  for (const std::string& e : edges) *out += "(" + e + ")";
}

std::string describe(const std::vector<Config>& parses) {
  std::vector<std::string> all;
  for (const Config& c : parses) {
    all.emplace_back();
    append_pointer(c.state, &all.back());
    describe(c.stack, &all.back());
  }
  std::sort(all.begin(), all.end());
  std::string out;
  for (const std::string& s : all) out += s + "|";
  return out;
}

// By breadth-first search over all tokens; kNoClosing beyond `depth` tokens, or when that is too much.
uint32_t brute_force_left(const Tokenizer& t, const TokenEdges* edges, Stepper* stepper,
                          const std::vector<Config>& parses, uint32_t depth) {
  std::vector<std::vector<Config>> now{parses};
  std::unordered_set<std::string> seen;
  for (uint32_t tokens = 0; tokens <= depth; ++tokens) {
    std::vector<std::vector<Config>> next;
    for (const std::vector<Config>& p : now) {
      if (stepper->can_finish(p, 0, p.size())) return tokens;
      for (int32_t id = 0; id < t.vocab_size(); ++id) {
        std::vector<Config> there;
        if (!t.token_bytes(id).empty()) there = parses_after(stepper, p, t.token_bytes(id));
        if (edges && edges->possible(id)) {
          const std::vector<Config> whole = parses_after(stepper, p, spelled_token(id));
          there.insert(there.end(), whole.begin(), whole.end());
        }
        if (there.empty()) continue;
        std::string description = describe(there);
        if (description.size() > kLongDescription) return kNoClosing;
        if (seen.insert(std::move(description)).second) next.push_back(std::move(there));
      }
    }
    if (next.size() > 500) return kNoClosing;
    now.swap(next);
  }
  return kNoClosing;
}

struct Closer {
  Closer(const std::string& grammar, const std::vector<std::string>& tokens,
         bool with_calls = false)
      : tokenizer(make_tokenizer(tokens)),
        closing(*tokenizer, {}, nullptr),
        spelling(*tokenizer, {}) {
    AutomatonOptions options;
    options.alphabet = tokenizer->known_bytes();
    Grammar g = ebnf(grammar);
    for (RuleId r = 0; with_calls && r < g.rules.size(); ++r) {
      if (r != g.root) g.rules[r].use = RuleUse::kCall;
    }
    Result<std::unique_ptr<Automaton>> made = Automaton::create(std::move(g), options);
    if (made.ok()) automaton = std::move(made).value();
  }
  std::vector<Config> start() { return {{automaton->start(automaton->grammar().root), nullptr}}; }
  std::shared_ptr<const Tokenizer> tokenizer;
  Closing closing;
  Spelling spelling;
  std::unique_ptr<Automaton> automaton;
  Arena arena;
  Stepper stepper{&arena};
};

// Compares with brute force along random walks; how many places were compared.
int compare_walks(Closer* c, uint32_t seed, uint32_t depth, int walks) {
  std::mt19937 random(seed);
  int compared = 0;
  for (int w = 0; w < walks; ++w) {
    std::vector<Config> now = c->start();
    std::string text;
    for (int step = 0; step < 8 && c->spelling.can_complete(now, nullptr); ++step) {
      const uint32_t expected = brute_force_left(*c->tokenizer, nullptr, &c->stepper, now, depth);
      INFO("after " << text);
      const ClosingBounds found = c->closing.tokens_left(now, nullptr);
      if (expected != kNoClosing) {
        REQUIRE(found.exact());
        REQUIRE(found.most == expected);
        ++compared;
      }
      std::vector<int32_t> order;
      for (int32_t id = 0; id < c->tokenizer->vocab_size(); ++id) order.push_back(id);
      std::shuffle(order.begin(), order.end(), random);
      std::vector<Config> next;
      for (int32_t id : order) {
        next = parses_after(&c->stepper, now, c->tokenizer->token_bytes(id));
        if (next.empty()) continue;
        text += c->tokenizer->token_bytes(id);
        break;
      }
      if (next.empty()) break;
      now = std::move(next);
    }
  }
  return compared;
}

const std::vector<std::string> kSmallGrammars = {
    "root ::= \"a\" \"c\" | \"ab\"",
    "root ::= (\"ab\" | \"ba\" | \"c\")* \"aa\"",
    "root ::= [ab]{3,5} \"c\"",
    "root ::= [ab]{2,9} \"c\" [a-c]{0,7} \"b\"",
    "root ::= root \"bc\" | \"a\"",
    "root ::= x x\nx ::= \"a\" x \"c\" | \"b\"",
    "root ::= \"a\" root \"b\" | \"c\"",
    "root ::= e\ne ::= e \"a\" root | root | \"a\" | \"bb\"",
    "root ::= \"a\" x \"b\" x \"c\"\nx ::= \"(\" x \")\" | [abc]*",
    "root ::= (\"a\" y)* \"c\" y\ny ::= \"b\" (y \"c\")? | \"\""};

}  // namespace

TEST_CASE("closing: fewest tokens, against trying all, in small vocabularies") {
  int compared = 0;
  for (const std::string& grammar : kSmallGrammars) {
    for (uint32_t seed = 0; seed < 8; ++seed) {
      std::mt19937 random(seed);
      std::vector<std::string> tokens{"a", "b", "c", "(", ")"};
      if (seed % 3 == 1) tokens.erase(tokens.begin() + static_cast<int>(random() % 5));
      for (int i = 0; i < 12; ++i) {
        std::string text;
        for (uint32_t k = 2 + random() % 3; k > 0; --k) text += "abcabc()"[random() % 8];
        tokens.push_back(text);
      }
      tokens.push_back(tokens.back());
      for (bool with_calls : {false, true}) {
        INFO(grammar << " seed " << seed << (with_calls ? " calls" : ""));
        Closer c(grammar, tokens, with_calls);
        if (c.automaton) compared += compare_walks(&c, seed, 6, 4);
      }
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("closing: fewest tokens, against trying all, where tokens cross everything") {
  int compared = 0;
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    for (uint32_t seed = 0; seed < 2; ++seed) {
      const std::vector<std::string> tokens =
          random_tokens(seed * 31 + static_cast<uint32_t>(g), 60);
      INFO(sample_grammars()[g] << " seed " << seed);
      Closer c(sample_grammars()[g], tokens, seed % 2);
      REQUIRE(c.automaton);
      compared += compare_walks(&c, seed, 3, 2);
    }
  }
  CHECK(compared > 100);
}

// A mask of all tokens keeps those that brute force keeps.
TEST_CASE("closing: tokens within a number of tokens, against trying all") {
  int compared = 0;
  for (const std::string& grammar : kSmallGrammars) {
    for (uint32_t seed = 0; seed < 4; ++seed) {
      const std::vector<std::string> tokens{"a",  "b",  "c",   "(",   ")",
                                            "ab", "bc", "a(b", "cab", "ab"};
      Closer c(grammar, tokens, seed % 2);
      if (!c.automaton) continue;
      std::mt19937 random(seed);
      std::vector<Config> now = c.start();
      for (int step = 0; step < 6; ++step) {
        const uint32_t left = c.closing.tokens_left(now, nullptr).most;
        for (uint32_t most = left > 0 ? left - 1 : 0; most < left + 3; ++most) {
          std::vector<uint32_t> words(c.tokenizer->mask_words(), UINT32_MAX);
          c.closing.keep_within(now, {.most = most}, nullptr, words.data());
          for (int32_t id = 0; id < c.tokenizer->vocab_size(); ++id) {
            const std::vector<Config> there =
                parses_after(&c.stepper, now, c.tokenizer->token_bytes(id));
            INFO(grammar << " token " << tokens[static_cast<size_t>(id)] << " most " << most);
            const bool within =
                !there.empty() &&
                brute_force_left(*c.tokenizer, nullptr, &c.stepper, there, most) != kNoClosing;
            REQUIRE(bit(words, id) == within);
            ++compared;
          }
        }
        std::vector<Config> next;
        for (int tries = 0; tries < 40 && next.empty(); ++tries) {
          next = parses_after(&c.stepper, now, tokens[random() % tokens.size()]);
        }
        if (next.empty()) break;
        now = std::move(next);
      }
    }
  }
  CHECK(compared > 2000);
}

TEST_CASE("closing: a budget that is spent leaves a promise that can be kept") {
  const std::vector<std::string> tokens = random_tokens(5, 200);
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    Closer c(sample_grammars()[g], tokens, true);
    std::mt19937 random(static_cast<uint32_t>(g));
    std::vector<Config> now = c.start();
    for (int step = 0; step < 6; ++step) {
      for (int tries = 0; tries < 300; ++tries) {
        const auto id = static_cast<int32_t>(random() % tokens.size());
        std::vector<Config> next = parses_after(&c.stepper, now, c.tokenizer->token_bytes(id));
        if (next.empty()) continue;
        now = std::move(next);
        break;
      }
    }
    // As many steps as a call that is nearly at its end.
    const ClosingBounds exact = c.closing.tokens_left(now, nullptr);
    Closing fresh(*c.tokenizer, {}, nullptr);
    Work work({.steps = 40000});
    ClosingBounds left;
    try {
      left = fresh.tokens_left(now, &work);
    } catch (const WorkStopped&) {
      continue;
    }
    CHECK(left.least <= exact.most);
    CHECK(left.most >= exact.most);
    for (uint32_t most = left.most; most > 0; --most) {
      std::vector<uint32_t> words(c.tokenizer->mask_words(), UINT32_MAX);
      fresh.keep_within(now, {.most = most - 1}, nullptr, words.data());
      std::vector<Config> next;
      for (int32_t id = 0; id < c.tokenizer->vocab_size() && next.empty(); ++id) {
        if (bit(words, id)) next = parses_after(&c.stepper, now, c.tokenizer->token_bytes(id));
      }
      if (c.stepper.can_finish(now, 0, now.size())) break;
      REQUIRE_FALSE(next.empty());
      now = std::move(next);
    }
    CHECK(c.stepper.can_finish(now, 0, now.size()));
  }
}
