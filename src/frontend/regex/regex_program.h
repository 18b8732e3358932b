// A regular expression as a graph of points, for patterns whose parts depend on what stands around
// them: see regex_language.h.
#pragma once

#include <cstdint>
#include <vector>

#include "automata/char_set.h"
#include "frontend/regex/left_context.h"
#include "frontend/regex/regex_tree.h"
#include "grammar/expr.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

struct RegexPoint {
  enum Op : uint8_t {
    kSet,     // one character of set a, then b
    kSplit,   // a, or with less precedence b
    kAssert,  // assertion a, then b
    kBehind,  // look-behind a holds (with `negative`: does not), then b
    kAhead,   // what begins at a matches (does not), then b
    kEnter,   // loop a begins
    kBack,    // an iteration of loop a ends
    kEnd,     // of the scope, then b
    kPlain,   // expression a is all that is left; the same by points: b, or kNone
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  Op op;
  bool negative = false;
  bool context = false;  // what follows may depend on what stands before
  uint32_t scope = 0;    // innermost look-around or atomic group around it
  uint32_t inner = 0;    // kAhead: the scope of what begins at a
  uint32_t a = 0, b = 0;
};

struct RegexLoop {
  uint32_t min, max, body, next;
  uint32_t scope;
  uint32_t depth;  // loops around it, itself included
  bool counted, lazy;
};

// Where alternatives have no order: in the pattern itself, and in look-arounds. An atomic group is a
// scope whose alternatives are ordered, unless only its own matches are asked for.
struct RegexScope {
  uint32_t depth;     // loops around it
  uint32_t counters;  // numbers that the counted ones keep
};

struct RegexProgram {
  std::vector<RegexPoint> points;
  std::vector<RegexLoop> loops;
  std::vector<RegexScope> scopes;  // 0: the whole pattern
  std::vector<CharSet> sets;
  LeftContext left;
  uint32_t start = 0;
};

// `plain`: by node of the tree its expression, or kNoExpr where it depends on what stands around it.
Result<RegexProgram> compile_regex_program(const RegexTree& tree, const std::vector<Expr>& plain,
                                           const RegexOptions& options, ExprPool& pool,
                                           const Limits& limits);

}  // namespace xgr::core
