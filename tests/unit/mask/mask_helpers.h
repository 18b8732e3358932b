// Vocabularies, grammars and brute force for the tests of masks.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "../core_helpers.h"
#include "mask/mask_part.h"

namespace xgr::core::test {

// All bytes, and `count` random texts made of pieces that punctuation-heavy tokens are made of.
inline std::vector<std::string> random_tokens(uint32_t seed, size_t count) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "b",
                                                   "ab",
                                                   "xyz",
                                                   "\"",
                                                   "\"",
                                                   "\",",
                                                   "\":",
                                                   "{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   ",",
                                                   ":",
                                                   " ",
                                                   "\n",
                                                   "1",
                                                   "23",
                                                   ".",
                                                   "-",
                                                   "true",
                                                   "null",
                                                   "\\",
                                                   "\\n",
                                                   "(",
                                                   ")",
                                                   "+",
                                                   "\xC3\xA9",
                                                   "\xE4\xBD",
                                                   "\xA0",
                                                   "}",
                                                   "]",
                                                   "'",
                                                   "<",
                                                   ">",
                                                   ";",
                                                   "\\u",
                                                   "00e9",
                                                   "\xF0\x9F\x98\x80",
                                                   "\xED\xA0\x80",
                                                   "k",
                                                   "aaaa"};
  std::mt19937 random(seed);
  std::vector<std::string> tokens = with_bytes({});
  for (size_t i = 0; i < count; ++i) {
    std::string text;
    for (size_t k = 2 + random() % 4; k > 0; --k) text += kPieces[random() % kPieces.size()];
    tokens.push_back(text);
  }
  return tokens;
}

// Grammars whose tokens cross calls, returns, loops, counters and characters of several bytes.
inline const std::vector<std::string>& sample_grammars() {
  static const std::vector<std::string> kTexts = {
      "root ::= v\nv ::= o | a | s | n | \"true\" | \"null\"\no ::= \"{\" w (m (\",\" w m)*)? "
      "\"}\"\n"
      "m ::= s w \":\" w v w\na ::= \"[\" w (v w (\",\" w v w)*)? \"]\"\nw ::= [ \\n]*\n"
      "s ::= \"\\\"\" ([^\"\\\\\\x00-\\x1f] | \"\\\\\" ([\"\\\\nt] | \"u\" [0-9a-f]{4}))* "
      "\"\\\"\"\n"
      "n ::= \"-\"? [0-9]+ (\".\" [0-9]+)?",
      "root ::= \"[\" t (\",\" t)* \"]\"\nt ::= \"\\\"\" [a-z]{0,20} \"\\\"\" | \"'\" [ab]{2,7} "
      "\"'\" | [0-9]{3,5}",
      "root ::= root \"+\" p | p\np ::= \"(\" root \")\" | [a-c]+ | \"-\" p",
      "root ::= (\"<\" x \">\")* \";\"\nx ::= \"a\" x \"b\" | \"\" | y\ny ::= \"(\" y? \")\" | "
      "[^()<>;]+",
      "root ::= x x x \"]\"\nx ::= \"[\" x \"]\" | \"{\" x \"}\" | \"\"",
      "root ::= s*\ns ::= k \":\" k \";\"\nk ::= [a-z\xC3\xA0-\xC3\xBF]+ | \"\\\"\" [^\"]* "
      "\"\\\"\"",
      "root ::= (x \",\" | y)*\nx ::= [a-z]+ | \"(\" y \")\"\ny ::= [a-k]+ \"1\"? | \"(\" x y "
      "\")\""};
  return kTexts;
}

// The grammar with every second rule executed by call and return.
inline Grammar sample_grammar(size_t index, bool with_calls) {
  Grammar g = ebnf(sample_grammars()[index]);
  for (RuleId r = 0; with_calls && r < g.rules.size(); ++r) {
    if (r != g.root && r % 2) g.rules[r].use = RuleUse::kCall;
  }
  return g;
}

inline bool bit(const std::vector<uint32_t>& words, int32_t id) {
  return words[static_cast<size_t>(id) >> 5] >> (id & 31) & 1;
}

inline std::vector<bool> members(const TokenSet& set, int32_t vocab_size) {
  std::vector<uint32_t> words((static_cast<size_t>(vocab_size) + 31) / 32, 0);
  set.add_to(words.data());
  std::vector<bool> out;
  for (int32_t t = 0; t < vocab_size; ++t) out.push_back(bit(words, t));
  return out;
}

// The parses after `text`; none when it is refused.
inline std::vector<Config> parses_after(Stepper* stepper, std::vector<Config> parses,
                                        std::string_view text) {
  for (char b : text) {
    size_t end = parses.size();
    if (!stepper->step(&parses, 0, end, static_cast<uint8_t>(b))) return {};
    parses.erase(parses.begin(), parses.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return parses;
}

// Which tokens keep some parse alive, tried one by one.
inline std::vector<bool> brute_force(const Tokenizer& t, const std::vector<Config>& parses) {
  Arena arena;
  Stepper stepper(&arena);
  std::vector<bool> out;
  for (int32_t id = 0; id < t.vocab_size(); ++id) {
    std::string_view text = t.token_bytes(id);
    out.push_back(!text.empty() && !parses_after(&stepper, parses, text).empty());
    arena.release({});
  }
  return out;
}

inline std::vector<bool> brute_force(const Tokenizer& t, State* q) {
  return brute_force(t, std::vector<Config>{{q, nullptr}});
}

// States that random token walks come by: those of parses, of their closures, of their stacks.
inline std::vector<State*> visited_states(const Tokenizer& t, State* root, uint32_t seed,
                                          size_t walks) {
  std::mt19937 random(seed);
  std::set<State*> seen;
  std::vector<State*> out;
  auto add = [&](State* s) {
    if (seen.insert(s).second) out.push_back(s);
  };
  for (size_t w = 0; w < walks; ++w) {
    Arena arena;
    Stepper stepper(&arena);
    std::vector<Config> now{{root, nullptr}};
    for (int step = 0; step < 8; ++step) {
      for (const Config& c : now) {
        const Closure* closure = Automaton::closure(c.state);
        for (uint32_t k = 0; k < closure->entry_count; ++k) add(closure->entries[k].state);
        for (const StackNode* n = c.stack; n; n = n->begin()->parent) add(n->begin()->ret);
      }
      std::vector<Config> next;
      for (int tries = 0; tries < 200 && next.empty(); ++tries) {
        int32_t id = static_cast<int32_t>(random() % static_cast<uint32_t>(t.vocab_size()));
        next = parses_after(&stepper, now, t.token_bytes(id));
      }
      if (next.empty()) break;
      now = std::move(next);
    }
  }
  return out;
}

}  // namespace xgr::core::test
