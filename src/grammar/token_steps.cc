// Token steps: a set of ids as a tree of digits.
//
// Entry point: spell_tokens. The set is cut into blocks of ids with the same first digits;
// neighbours with equal parts are one range, and a block that is whole needs no cutting. Equal
// parts are one expression, so a set with a thousand holes costs a few thousand steps, and a state
// that reads it has no more alternatives than there are digits.
//
//   [69, 194]  ->  0 0 (1 5-63 | 2 0-63 | 3 0-2)
//
// Tests: tests/unit/grammar/{token_ids,derivatives}_test.cc.
#include "grammar/token_steps.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint32_t kRadix = 1u << kTokenDigitBits;

class Speller {
 public:
  Speller(ExprPool* pool, Expr after) : p_(*pool), whole_{after} {
    for (int i = 1; i <= kTokenDigits; ++i) {
      whole_[i] = p_.seq(p_.token_digit(0, kRadix - 1), whole_[i - 1]);
    }
  }
  // The ids of `ranges` from `first` on whose last `left` digits vary. Calls itself once a digit.
  Expr spell(std::span<const TokenRange> ranges, uint32_t first, int left) {
    const uint32_t last = first + (1u << (left * kTokenDigitBits)) - 1;
    if (ranges[0].lo <= first && ranges[0].hi >= last) return whole_[left];
    const uint32_t size = (last - first + 1) / kRadix;
    std::vector<Expr> parts;
    Expr run = p_.empty();
    uint32_t run_begin = 0;
    for (uint32_t d = 0; d <= kRadix; ++d) {
      const uint32_t lo = first + d * size;
      while (!ranges.empty() && ranges[0].hi < lo) ranges = ranges.subspan(1);
      const bool any = d < kRadix && !ranges.empty() && ranges[0].lo < lo + size;
      const Expr next = any ? spell(ranges, lo, left - 1) : p_.empty();
      if (next == run) continue;
      if (run != p_.empty()) parts.push_back(digits(run_begin, d - 1, run));
      run = next, run_begin = d;
    }
    return p_.alt(parts);
  }

 private:
  Expr digits(uint32_t lo, uint32_t hi, Expr next) {
    return p_.seq(p_.token_digit(static_cast<uint8_t>(lo), static_cast<uint8_t>(hi)), next);
  }
  ExprPool& p_;
  std::array<Expr, kTokenDigits + 1> whole_;  // any digits, by how many there are
};

}  // namespace

Expr spell_tokens(ExprPool* pool, const TokenIds& ids, Expr after) {
  const std::vector<TokenRange> ranges(ids.ranges().begin(), ids.ranges().end());
  return ranges.empty() ? pool->empty() : Speller(pool, after).spell(ranges, 0, kTokenDigits);
}

}  // namespace xgr::core
