// What the tests of the passes have in common: grammars before and after, as texts and as
// languages.
#pragma once

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "../../naive_matcher.h"
#include "frontend/frontend.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"

namespace xgr::core::test {

using Pass = void (*)(Grammar*);

inline Grammar parsed(const std::string& text) {
  INFO(text);
  Result<Grammar> g = parse_ebnf(text, "root", Limits());
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

inline std::string print(Grammar& grammar) { return print_ebnf(grammar, Limits()).value(); }

// The text that a grammar prints as after the pass.
inline std::string after(Pass pass, const std::string& text) {
  Grammar grammar = parsed(text);
  pass(&grammar);
  return print(grammar);
}

// All texts of at most `length` of the letters.
inline std::vector<std::string> texts_over(const std::vector<std::string>& letters, size_t length) {
  std::vector<std::string> all{""};
  for (size_t begin = 0; length > 0; --length) {
    const size_t end = all.size();
    for (; begin < end; ++begin) {
      for (const std::string& letter : letters) all.push_back(all[begin] + letter);
    }
  }
  return all;
}

inline void check_same(Grammar& before, Grammar& after, const std::vector<std::string>& texts) {
  NaiveMatcher x(before), y(after);
  for (const std::string& text : texts) {
    INFO(text);
    REQUIRE(x.accepts(text) == y.accepts(text));
  }
}

// The language of a grammar is the same after the pass, on the given texts.
inline void check_pass(Pass pass, const std::string& text, const std::vector<std::string>& texts) {
  INFO(text);
  Grammar before = parsed(text), grammar = parsed(text);
  pass(&grammar);
  check_same(before, grammar, texts);
}

// Random grammars over a, b and é: references of every kind, choices of strings, dead rules.
class PassGrammars {
 public:
  explicit PassGrammars(uint32_t seed) : random_(seed) {}
  std::string next() {
    rules_ = 1 + random_() % 5;
    std::string text;
    for (uint32_t r = 0; r < rules_; ++r) text += name(r) + " ::= " + body(2) + "\n";
    return text;
  }
  static std::vector<std::string> texts() { return texts_over({"a", "b", "\xC3\xA9"}, 4); }

 private:
  static std::string name(uint32_t r) { return r == 0 ? "root" : "r" + std::to_string(r); }
  std::string body(int depth) {
    std::string s = sequence(depth);
    while (random_() % 2 == 0) s += " | " + sequence(depth);
    return s;
  }
  std::string sequence(int depth) {
    std::string s = element(depth);
    while (random_() % 3 == 0) s += " " + element(depth);
    return s;
  }
  std::string element(int depth) {
    static const char* const kCounts[] = {"*", "+", "?", "{2}", "{0,2}"};
    std::string s;
    if (depth > 0 && random_() % 5 == 0) {
      s = "(" + body(depth - 1) + ")";
    } else if (random_() % 3 == 0) {
      s = name(random_() % rules_);
    } else {
      static const char* const kAtoms[] = {"\"a\"",        "\"b\"",  "\"ab\"", "\"aab\"",
                                           "\"\xC3\xA9\"", "\"ba\"", "[ab]",   "\"\""};
      s = kAtoms[random_() % 8];
    }
    return random_() % 6 == 0 ? s + kCounts[random_() % 5] : s;
  }
  std::mt19937 random_;
  uint32_t rules_ = 1;
};

inline void check_random_grammars(Pass pass, uint32_t seed, int count) {
  PassGrammars grammars(seed);
  const std::vector<std::string> texts = PassGrammars::texts();
  for (int i = 0; i < count; ++i) check_pass(pass, grammars.next(), texts);
}

}  // namespace xgr::core::test
