// Look-aheads: parts of a pattern that are tied to all of the text behind them.
#pragma once

#include <span>
#include <vector>

#include "frontend/regex/anchored.h"
#include "support/status.h"

namespace xgr::core {

// The texts that may follow a place: at the beginning of the whole text, and anywhere else.
struct Suffixes {
  Expr at_start = 0, inside = 0;
};

// Something to match, or (`look`) a condition on what follows.
struct Step {
  bool look = false;
  Anchored match;
  Suffixes ahead;
};
using Way = std::vector<Step>;

// A part of a pattern: without look-aheads an Anchored, otherwise one of several ways.
struct RegexPart {
  Anchored plain;
  std::vector<Way> ways;
  bool is_plain() const { return ways.empty(); }
};

class LookaheadAlgebra {
 public:
  static constexpr size_t kMaxWays = 256;

  explicit LookaheadAlgebra(ExprPool& pool)
      : pool_(pool), anchored_(pool), any_(pool.char_class(CharSet::all())) {}

  AnchoredAlgebra& anchored() { return anchored_; }
  // False: more than kMaxWays.
  bool seq(std::span<const RegexPart> parts, RegexPart* out);
  bool alt(std::span<const RegexPart> branches, RegexPart* out);
  // False: a look-ahead would be repeated.
  bool repeat(RegexPart* part, uint32_t min, uint32_t max);
  RegexPart look(const RegexPart& body, bool negative);

  // The texts that match as a whole.
  Expr whole(const RegexPart& x);
  // The texts that contain a match.
  Expr search(const RegexPart& x);

 private:
  Suffixes before(const Way& way, Suffixes after);
  Suffixes before(const Anchored& match, Suffixes after);
  Suffixes before(const RegexPart& part, Suffixes after);
  Expr then(Expr match, Suffixes after);
  Expr then_end(Expr match, Suffixes after);
  Expr not_empty(Expr e);

  ExprPool& pool_;
  AnchoredAlgebra anchored_;
  std::vector<Anchored> plain_;
  Expr any_;
};

}  // namespace xgr::core
