// Helpers of the core's unit tests: grammars from EBNF text, walks over bytes, small vocabularies,
// and the comparison of a whole language with the naive matcher.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "naive_matcher.h"
#include "parser/automaton.h"
#include "parser/stepper.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core::test {

// Fills an empty grammar. Called twice when the engine is compared with the naive matcher.
using Build = std::function<void(Grammar&)>;

inline Grammar build_grammar(const Build& build) {
  Grammar g;
  build(g);
  return g;
}

inline Grammar ebnf(const std::string& text) {
  Result<Grammar> g = parse_ebnf(text, "root", Limits());
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

inline RuleId rule_named(const Grammar& g, std::string_view name) {
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    if (g.rules[r].name == name) return r;
  }
  REQUIRE_MESSAGE(false, "no such rule");
  return 0;
}

inline std::unique_ptr<Automaton> make_automaton(Grammar g, const AutomatonOptions& o = {}) {
  Result<std::unique_ptr<Automaton>> a = Automaton::create(std::move(g), o);
  if (!a.ok()) MESSAGE(a.error().message);
  REQUIRE(a.ok());
  return std::move(a).value();
}

inline std::shared_ptr<const Tokenizer> make_tokenizer(const std::vector<std::string>& tokens,
                                                       std::vector<int32_t> stop_tokens = {}) {
  TokenizerInput in;
  in.tokens.assign(tokens.begin(), tokens.end());
  in.stop_tokens = std::move(stop_tokens);
  Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
  REQUIRE(t.ok());
  return t.value();
}

// `tokens` after all single bytes, so that every text can be spelled. Token 256 + i is tokens[i].
inline std::vector<std::string> with_bytes(const std::vector<std::string>& tokens) {
  std::vector<std::string> all;
  for (int b = 0; b < 256; ++b) all.push_back(std::string(1, static_cast<char>(b)));
  all.insert(all.end(), tokens.begin(), tokens.end());
  return all;
}

// All parses of a byte string, read byte by byte.
class ByteWalk {
 public:
  explicit ByteWalk(State* start) : parses_{{start, nullptr}} {}

  // False when the text is refused; the parses are then those before its first refused byte.
  bool read(std::string_view text) {
    for (char b : text) {
      size_t before = parses_.size();
      if (!stepper_.step(&parses_, 0, before, static_cast<uint8_t>(b))) return false;
      parses_.erase(parses_.begin(), parses_.begin() + static_cast<std::ptrdiff_t>(before));
    }
    return true;
  }
  bool complete() { return stepper_.can_finish(parses_, 0, parses_.size()); }
  ByteSet live() { return stepper_.live_bytes(parses_, 0, parses_.size()); }
  std::vector<Config>& parses() { return parses_; }
  Stepper& stepper() { return stepper_; }

 private:
  Arena arena_;
  Stepper stepper_{&arena_};
  std::vector<Config> parses_;
};

inline bool accepts(Automaton& a, std::string_view text) {
  ByteWalk walk(a.start(a.grammar().root));
  return walk.read(text) && walk.complete();
}

// All strings over `letters` of at most `length` letters, shorter ones first.
inline std::vector<std::string> all_strings(std::string_view letters, size_t length) {
  std::vector<std::string> all{""};
  for (size_t begin = 0; length > 0; --length) {
    size_t end = all.size();
    for (; begin < end; ++begin) {
      for (char c : letters) all.push_back(all[begin] + c);
    }
  }
  return all;
}

// The engine against the naive matcher: membership of every string of at most `length` letters, and
// that a prefix lives exactly when some string goes on from it. `slack`: the most letters that a
// live prefix can be away from the end of a string; prefixes longer than length - slack are only
// checked for being alive when they must be.
inline void check_language(const Build& build, std::string_view letters, size_t length,
                           size_t slack) {
  Grammar model = build_grammar(build);
  NaiveMatcher naive(model);
  std::set<std::string> language, prefixes;
  std::vector<std::string> strings = all_strings(letters, length);
  for (const std::string& s : strings) {
    if (!naive.accepts(s)) continue;
    language.insert(s);
    for (size_t n = 0; n <= s.size(); ++n) prefixes.insert(s.substr(0, n));
  }
  std::unique_ptr<Automaton> a = make_automaton(build_grammar(build));
  State* start = a->start(a->grammar().root);
  REQUIRE(start != nullptr);
  for (const std::string& s : strings) {
    ByteWalk walk(start);
    bool alive = walk.read(s);
    INFO("text: " << s);
    REQUIRE_FALSE(walk.stepper().failed());
    if (prefixes.count(s)) REQUIRE(alive);
    if (s.size() + slack <= length) REQUIRE(alive == (prefixes.count(s) > 0));
    REQUIRE((alive && walk.complete()) == (language.count(s) > 0));
  }
}

inline void check_ebnf(const std::string& text, std::string_view letters, size_t length,
                       size_t slack) {
  INFO(text);
  check_language([&](Grammar& g) { g = ebnf(text); }, letters, length, slack);
}

}  // namespace xgr::core::test
