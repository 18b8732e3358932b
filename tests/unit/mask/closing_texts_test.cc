// Texts that complete an output: mask/byte_ways.cc, mask/closing_texts.cc, against the shortest ones.
#include "mask/closing_texts.h"

#include "mask/closing_search.h"
#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Completer {
  Completer(const std::string& grammar, const std::vector<std::string>& tokens,
            const std::vector<int32_t>& stops = {})
      : Completer(ebnf(grammar), tokens, stops) {}
  Completer(Grammar g, const std::vector<std::string>& tokens, const std::vector<int32_t>& stops)
      : tokenizer(make_tokenizer(tokens)), spelled(*tokenizer, stops), texts(spelled, &stacks) {
    for (RuleId r = 0; r < g.rules.size(); ++r) {
      if (r != g.root) g.rules[r].use = RuleUse::kCall;
    }
    AutomatonOptions options;
    options.alphabet = tokenizer->known_bytes();
    automaton = std::move(Automaton::create(std::move(g), options)).value();
  }
  std::vector<Config> start() { return {{automaton->start(automaton->grammar().root), nullptr}}; }
  std::vector<Config> after(std::string_view text) { return parses_after(&stepper, start(), text); }

  std::shared_ptr<const Tokenizer> tokenizer;
  SpelledTokens spelled;
  ClosingStacks stacks;
  ClosingTexts texts;
  std::unique_ptr<Automaton> automaton;
  Arena arena;
  Work work;
  Stepper stepper{&arena};
};

// What is said of a parse can be written.
void check_place(Completer* c, const Config& parse) {
  const uint32_t stack = c->stacks.of(parse.stack, &c->work);
  const uint32_t bytes = c->texts.bytes_left(parse.state, stack, &c->work);
  const std::vector<int32_t> tokens = c->texts.spell(parse.state, stack, &c->work);
  REQUIRE(bytes != ClosingTexts::kNone);
  REQUIRE(tokens.size() == c->texts.tokens_left(parse.state, stack, &c->work));
  REQUIRE(tokens.size() <= bytes);
  std::string text;
  for (int32_t t : tokens) text += c->tokenizer->token_bytes(t);
  INFO("text " << text);
  CHECK(text.size() == bytes);
  const std::vector<Config> end = parses_after(&c->stepper, {parse}, text);
  CHECK(c->stepper.can_finish(end, 0, end.size()));
  // No text is shorter, in tokens of a byte each.
  const auto alone = make_tokenizer(with_bytes({}));
  const SpelledTokens single(*alone, {});
  ClosingStacks stacks;
  ClosingSearch search(single, &stacks, true);
  CHECK(search.find({&parse, 1}, {}, &c->work).most == bytes);
}

}  // namespace

TEST_CASE("closing texts: shortest texts, spelled") {
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    const std::vector<std::string> tokens = random_tokens(static_cast<uint32_t>(g), 200);
    Completer c(sample_grammars()[g], tokens);
    std::mt19937 random(static_cast<uint32_t>(g));
    for (int walk = 0; walk < 6; ++walk) {
      std::vector<Config> now = c.start();
      for (int step = 0; step < 8; ++step) {
        INFO(sample_grammars()[g] << " step " << step);
        for (const Config& parse : now) check_place(&c, parse);
        std::vector<Config> next;
        for (int tries = 0; tries < 300 && next.empty(); ++tries)
          next = parses_after(&c.stepper, now, tokens[random() % tokens.size()]);
        if (next.empty()) break;
        now = std::move(next);
      }
    }
  }
}

TEST_CASE("closing texts: fewest tokens of a text, without those that are stops") {
  const std::vector<std::string> tokens = with_bytes({"ab", "abc", "cd", "d!"});
  const std::string grammar = "root ::= \"abcd!\"";
  Completer c(grammar, tokens);
  State* const s = c.start()[0].state;
  CHECK(c.texts.tokens_left(s, 0, &c.work) == 2);
  CHECK(c.texts.spell(s, 0, &c.work) == std::vector<int32_t>{257, 259});
  Completer without(grammar, tokens, {257});
  CHECK(without.texts.tokens_left(without.start()[0].state, 0, &without.work) == 3);
}

TEST_CASE("closing texts: only bytes that are tokens") {
  Completer c("root ::= \"a\" (\"b\" | \"cde\")", {"a", "ab", "c", "d", "e"});
  CHECK(c.texts.bytes_left(c.start()[0].state, 0, &c.work) == 4);
  Completer none("root ::= \"ab\"", {"a", "ab"});
  CHECK(none.texts.bytes_left(none.start()[0].state, 0, &none.work) == ClosingTexts::kNone);
}

// Intersections do not show how long their strings are.
TEST_CASE("closing texts: past alternatives that only look short") {
  Grammar g = ebnf("root ::= \"(\" x \")\"\nx ::= \"y\"");
  ExprPool& p = g.pool;
  const Expr letters = p.char_class(CharSet::of({{'a', 'e'}}));
  const Expr some_b = p.seq({p.star(letters), p.literal("b"), p.star(letters)});
  const Expr ends = p.seq(p.star(letters), p.repeat(p.literal("c"), 20, 20));
  g.define(1 - g.root, p.intersect(some_b, ends));
  Completer c(std::move(g), with_bytes({}), {});
  const std::vector<Config> inside = c.after("(");
  REQUIRE(inside.size() == 1);
  check_place(&c, inside[0]);
  const uint32_t stack = c.stacks.of(inside[0].stack, &c.work);
  CHECK(c.texts.bytes_left(inside[0].state, stack, &c.work) == 22);
}
