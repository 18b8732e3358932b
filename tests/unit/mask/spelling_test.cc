// Vocabularies that cannot spell every text: mask/spelling.cc.
#include "mask/spelling.h"

#include <map>

#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Speller {
  Speller(const std::string& grammar, const std::vector<std::string>& tokens)
      : tokenizer(make_tokenizer(tokens)), spelling(*tokenizer, {}), text(grammar) {
    AutomatonOptions options;
    options.alphabet = tokenizer->known_bytes();
    automaton = make_automaton(ebnf(grammar), options);
  }
  std::vector<Config> after(std::string_view prefix) {
    return parses_after(&stepper, {{automaton->start(automaton->grammar().root), nullptr}}, prefix);
  }

  bool can_complete(const std::vector<Config>& parses) {
    return spelling.can_complete(parses, nullptr);
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  Spelling spelling;
  std::string text;
  std::unique_ptr<Automaton> automaton;
  Arena arena;
  Stepper stepper{&arena};
};

// Whether tokens lead from `prefix` to a string of the language, of at most `length` bytes in all.
bool can_spell(NaiveMatcher* naive, Speller* s, const std::string& prefix, size_t length) {
  if (naive->accepts(prefix)) return true;
  for (int32_t id = 0; id < s->tokenizer->vocab_size(); ++id) {
    const std::string next = prefix + std::string(s->tokenizer->token_bytes(id));
    if (next.size() > length || s->after(next).empty()) continue;
    if (can_spell(naive, s, next, length)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("spelling: needed only where a byte is no token by itself") {
  CHECK_FALSE(Spelling(*make_tokenizer(with_bytes({"ab", "\xC3\xA9"})), {}).needed());
  CHECK_FALSE(Spelling(*make_tokenizer({"a", "b", "ab"}), {}).needed());
  CHECK(Spelling(*make_tokenizer({"a", "ab"}), {}).needed());
  CHECK(Spelling(*make_tokenizer({"a", "b", "ab"}), {1}).needed());
  CHECK_FALSE(Spelling(*make_tokenizer({"a", "b", "ab", "b"}), {1, 2}).needed());
}

TEST_CASE("spelling: what tokens can still spell, against trying all of them") {
  const std::vector<std::string> grammars = {
      "root ::= \"a\" \"c\" | \"ab\"",
      "root ::= (\"ab\" | \"ba\" | \"c\")* \"aa\"",
      "root ::= [ab]{3,5} \"c\"",
      "root ::= root \"bc\" | \"a\"",
      "root ::= x x\nx ::= \"a\" x \"c\" | \"b\"",
      "root ::= \"a\" root \"b\" | \"c\"",
      "root ::= e\ne ::= e \"a\" root | root | \"a\" | \"bb\""};
  const std::vector<std::vector<std::string>> vocabularies = {{"ab", "c"},
                                                              {"aa", "ab", "b", "c"},
                                                              {"abc", "ca", "bb", "a"},
                                                              {"ba", "bc", "ab", "cc"},
                                                              {"aab", "bca", "c", "b"}};
  int dead = 0;
  for (size_t g = 0; g < grammars.size(); ++g) {
    const std::string& grammar = grammars[g];
    const size_t length = g < 4 ? 3 : 2;  // deep ones take long to try
    Grammar model = ebnf(grammar);
    NaiveMatcher naive(model);
    for (const std::vector<std::string>& tokens : vocabularies) {
      AutomatonOptions options;
      options.alphabet = make_tokenizer(tokens)->known_bytes();
      if (!Automaton::create(ebnf(grammar), options).ok()) continue;
      Speller s(grammar, tokens);
      for (const std::string& prefix : all_strings("abc", length)) {
        std::vector<Config> parses = s.after(prefix);
        if (parses.empty()) continue;
        INFO(grammar << " after " << prefix << " with " << tokens[0] << ", " << tokens[1]);
        bool expected = can_spell(&naive, &s, prefix, prefix.size() + 10);
        dead += !expected;
        REQUIRE(s.can_complete(parses) == expected);
        REQUIRE(s.can_complete(parses) == expected);  // remembered
        std::vector<uint32_t> words(1, UINT32_MAX);
        s.spelling.drop_dead_ends(parses, nullptr, words.data());
        for (int32_t id = 0; id < s.tokenizer->vocab_size(); ++id) {
          std::string next = prefix + std::string(s.tokenizer->token_bytes(id));
          std::vector<Config> there = s.after(next);
          REQUIRE(bit(words, id) == (!there.empty() && s.can_complete(there)));
        }
      }
    }
  }
  CHECK(dead > 20);
}

// What follows the first call begins as the second one does.
TEST_CASE("spelling: a call behind a call of the same rule") {
  for (const char* grammar :
       {"root ::= x x\nx ::= x | \"ab\"", "root ::= x x\nx ::= x | [\xF0\x9F\x98\x80]"}) {
    INFO(grammar);
    Speller s(grammar, {"a", "b", "Xc", "\xF0", "\x9F", "\x98", "\x80"});
    CHECK(s.spelling.needed());
    CHECK(s.can_complete(s.after("")));
  }
}
