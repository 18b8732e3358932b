// Mask parts that are kept: mask/mask_store.cc. What of them is given up: mask_budget_test.cc.
#include "mask/mask_store.h"

#include <thread>

#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Store {
  explicit Store(const std::string& grammar, const std::vector<std::string>& tokens)
      : tokenizer(make_tokenizer(with_bytes(tokens))),
        automaton(make_automaton(ebnf(grammar))),
        loops(*tokenizer),
        masks(*tokenizer, &loops, &scratch, &budget) {}
  State* at(std::string_view text) {
    std::vector<Config> now = parses_after(&stepper, {{start(), nullptr}}, text);
    REQUIRE(now.size() == 1);
    return now[0].state;
  }
  State* start() { return automaton->start(automaton->grammar().root); }
  std::vector<bool> tokens(const MaskPart* part) {
    return members(part->tokens, tokenizer->vocab_size());
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<Automaton> automaton;
  Arena arena;
  Stepper stepper{&arena};
  ScratchPool scratch;
  LoopCache loops;
  MaskBudget budget{SIZE_MAX, &loops};
  MaskStore masks;
};

ByteSet bytes(std::string_view text) {
  ByteSet s;
  for (char c : text) s.add(static_cast<uint8_t>(c));
  return s;
}

}  // namespace

TEST_CASE("mask store: a part is made once") {
  Store s("root ::= \"a\" [b-d]* \"e\"", {"ab", "abce", "bb", "ae"});
  const MaskPart* part = s.masks.state_part(s.start(), {});
  REQUIRE(part != nullptr);
  CHECK(s.tokens(part) == brute_force(*s.tokenizer, s.start()));
  uint64_t visited = s.masks.visited();
  CHECK(visited > 0);
  CHECK(s.masks.state_part(s.start(), {}) == part);
  CHECK(s.masks.visited() == visited);
  CHECK(s.masks.part_count() == 1);
  CHECK(s.masks.memory_bytes() > 0);
  const MaskPart* other = s.masks.state_part(s.at("a"), {});
  CHECK(other != part);
  CHECK(s.tokens(other) == brute_force(*s.tokenizer, s.at("a")));
  CHECK(s.masks.part_count() == 2);
}

TEST_CASE("mask store: exits are known for the bytes asked for") {
  Store s("root ::= \"a\"+", {"aa!", "a?b", "a,", "a?c"});
  const MaskPart* usual = s.masks.state_part(s.start(), {});
  CHECK(usual->exits->any);
  CHECK(usual->exits->bytes.has(','));
  CHECK_FALSE(usual->exits->bytes.has('!'));
  const MaskPart* more = s.masks.state_part(s.start(), bytes("!"));
  CHECK(more != usual);
  CHECK(more->exits->bytes.has('!'));
  CHECK(more->exits->bytes.has(','));
  const MaskPart* most = s.masks.state_part(s.start(), bytes("?"));
  CHECK(most->exits->bytes.has('!'));  // what was known stays known
  CHECK(most->exits->bytes.has('?'));
  CHECK(s.masks.state_part(s.start(), bytes("!?,")) == most);
  CHECK(s.tokens(usual) == s.tokens(most));  // the replaced part is still there

  // Where no token can leave, nothing has to be known.
  Store inside("root ::= \"a\"+ \"z\"", {"aa!"});
  const MaskPart* part = inside.masks.state_part(inside.start(), {});
  CHECK_FALSE(part->exits->any);
  CHECK(inside.masks.state_part(inside.start(), bytes("!?")) == part);
}

TEST_CASE("mask store: equal exits are one object, so frames are walked once for them") {
  Store s("root ::= \"1\" [a-c]* | \"2\" [a-d]*", {"a,", "bb,", ",x", "d,"});
  // Two states whose tokens leave in the same places: after "1" and after "1" and a letter.
  const MaskPart* one = s.masks.state_part(s.at("1"), {});
  Store other("root ::= (\"<\" [a-c]{0,30}) | (\">\" [a-c]{0,29})", {"a,", "bb,", ",x"});
  const MaskPart* x = other.masks.state_part(other.at("<"), {});
  const MaskPart* y = other.masks.state_part(other.at(">"), {});
  CHECK(x != y);
  CHECK(x->exits == y->exits);
  const MaskPart* two = s.masks.state_part(s.at("2"), {});
  CHECK(one->exits != two->exits);

  State* frame = s.start();
  const MaskPart* rest = s.masks.frame_part(one->exits, frame, {});
  REQUIRE(rest != nullptr);
  CHECK(s.masks.frame_part(one->exits, frame, {}) == rest);
  CHECK(s.masks.frame_part(two->exits, frame, {}) != rest);
}

TEST_CASE("mask store: what is left of tokens in a frame") {
  Store s("root ::= item (\",\" item)* \"]\"\nitem ::= [a-z]+",
          {"a,", "ab,c", "b]", "b],", "x!", "q,,", ",z", "c,d]"});
  Store item("root ::= [a-z]+", {"a,", "ab,c", "b]", "b],", "x!", "q,,", ",z", "c,d]"});
  const MaskPart* part = s.masks.state_part(item.start(), {});
  State* frame = s.at("a");
  // A frame that begins with "," or "]".
  const MaskPart* rest = s.masks.frame_part(part->exits, frame, {});
  std::vector<bool> tokens = s.tokens(rest);
  for (int32_t id : {256, 257, 258, 263}) CHECK(tokens[static_cast<size_t>(id)]);
  for (int32_t id : {259, 260, 261, 262}) CHECK_FALSE(tokens[static_cast<size_t>(id)]);
  for (int32_t id = 0; id < 256; ++id) CHECK_FALSE(tokens[static_cast<size_t>(id)]);
  CHECK(rest->exits->any);  // "b]," leaves the frame too
}

TEST_CASE("mask store: a limit of the automaton gives no part") {
  AutomatonOptions options;
  options.limits.max_states = 4;
  std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= \"abcdefgh\""), options);
  std::shared_ptr<const Tokenizer> t = make_tokenizer(with_bytes({"abcdef"}));
  LoopCache loops(*t);
  ScratchPool scratch;
  MaskBudget budget(SIZE_MAX, &loops);
  MaskStore masks(*t, &loops, &scratch, &budget);
  State* start = a->start(a->grammar().root);
  CHECK(masks.state_part(start, {}) == nullptr);
  TokenSet set;
  CHECK_FALSE(masks.walk_parses({{start, nullptr}}, &set));
  // The next walk is not taken for a failed one.
  std::unique_ptr<Automaton> small = make_automaton(ebnf("root ::= \"a\""));
  CHECK(masks.state_part(small->start(0), {}) != nullptr);
}

TEST_CASE("mask store: several threads asking for the same parts") {
  Store s("root ::= \"[\" v (\",\" v)* \"]\"\nv ::= [a-z]+ | \"'\" [^']* \"'\"",
          {"a,", "',", "x]", "','", "b,'"});
  std::vector<State*> states;
  for (std::string_view text : {"", "[", "[a", "['", "['x'", "[a,"}) states.push_back(s.at(text));
  std::vector<std::vector<bool>> expected;
  for (State* q : states) expected.push_back(brute_force(*s.tokenizer, q));
  std::vector<std::thread> threads;
  std::vector<char> ok(4, 1);
  for (size_t t = 0; t < ok.size(); ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 60; ++i) {
        size_t k = (i + t) % states.size();
        const ByteSet need = bytes(i % 2 ? "x" : "'");
        const MaskPart* part = s.masks.state_part(states[k], need);
        if (members(part->tokens, s.tokenizer->vocab_size()) != expected[k]) ok[t] = 0;
        s.masks.frame_part(part->exits, states[(k + 1) % states.size()], need);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (char c : ok) CHECK(c == 1);
}
