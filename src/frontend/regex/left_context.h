// What stands before a place of the text, as far as a regular expression asks.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "automata/char_set.h"
#include "frontend/regex/regex_tree.h"
#include "grammar/expr.h"
#include "support/status.h"

namespace xgr::core {

// What the next character is, as a set of bits.
using NextMask = uint8_t;
inline constexpr NextMask kNextWord = 1, kNextNewline = 2, kNextOther = 4, kNextEnd = 8;
inline constexpr NextMask kAnyNext = 15;

// An automaton that reads the text from its beginning. Its states, contexts, are made on demand.
class LeftContext {
 public:
  static constexpr uint32_t kUnknown = 0;  // not followed
  static constexpr uint32_t kStart = 1;    // at the beginning of the text
  static constexpr size_t kMaxPoints = 1 << 16;

  LeftContext() : LeftContext(false) {}
  explicit LeftContext(bool ecma);

  // Before the first context is asked for: what the pattern asks. False: more than kMaxPoints.
  void use(RegexAssertion a);
  bool add_behind(const RegexTree& tree, uint32_t body, const ExprPool& pool, uint32_t* out);
  // After that.
  void begin();

  // For which next characters the assertion or look-behind holds.
  NextMask holds(RegexAssertion a, uint32_t context) const;
  NextMask holds_behind(uint32_t behind, uint32_t context) const;
  const CharSet& next_set(NextMask mask) const { return next_sets_[mask & 7]; }

  struct Step {
    CharSet set;
    uint32_t context;
  };
  // The contexts that the characters of `set` lead to.
  std::vector<Step> step(uint32_t context, const CharSet& set);

 private:
  enum Op : uint8_t { kSet, kSplit, kAssert, kBehind, kEnd };
  struct Point {
    Op op;
    bool negative;
    uint32_t a, b;
  };
  struct Thread {
    uint32_t point;
    NextMask mask;
    auto operator<=>(const Thread&) const = default;
  };
  struct Context {
    bool start = false;
    NextMask last = 0;            // what the last character was; 0 where nobody asks
    std::vector<Thread> threads;  // of look-behinds, before a character
    std::vector<NextMask> held;   // by look-behind
  };
  uint32_t add_point(Op op, uint32_t a, uint32_t b, bool negative = false);
  bool compile(const RegexTree& tree, uint32_t node, uint32_t next, const ExprPool& pool,
               uint32_t* out);
  bool compile_repeat(const RegexTree& tree, const RegexNode& n, uint32_t next,
                      const ExprPool& pool, uint32_t* out);
  uint32_t add_set(const CharSet& set);
  NextMask holds(RegexAssertion a, const Context& c) const;
  void close(Context* c, const std::vector<Thread>& arrived) const;
  NextMask kind_of(const CharSet& piece) const;
  uint32_t intern(Context c);

  CharSet newlines_, next_sets_[8];
  bool ecma_, uses_word_ = false, uses_newline_ = false;
  std::vector<Point> points_;
  std::vector<CharSet> sets_;
  std::vector<uint32_t> owners_;  // by point: its look-behind
  std::vector<uint32_t> starts_;  // by look-behind; one inside another comes later
  uint32_t owner_ = 0;            // the one being compiled
  std::vector<Context> contexts_;
  std::map<std::vector<uint32_t>, uint32_t> known_;
};

}  // namespace xgr::core
