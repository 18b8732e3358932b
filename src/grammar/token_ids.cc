// Sets of token ids as sorted ranges.
//
// Entry point: TokenIds::add. Ranges that touch are one, so equal sets are equal lists. A set with the
// largest id of all is one that was made by complement(): vocabularies are smaller.
//
//   add(10, 12), add(13, 13)  ->  10-13;   its complement  ->  0-9, 14-16777215
//
// Tests: tests/unit/grammar/token_ids_test.cc.
#include "grammar/token_ids.h"

#include <algorithm>

namespace xgr::core {

TokenDigits token_digits(uint32_t id) {
  TokenDigits digits;
  for (size_t i = digits.size(); i-- > 0; id >>= kTokenDigitBits) {
    digits[i] = static_cast<uint8_t>(id & ((1u << kTokenDigitBits) - 1));
  }
  return digits;
}

void TokenIds::add(uint32_t lo, uint32_t hi) {
  auto first =
      std::lower_bound(ranges_.begin(), ranges_.end(), lo,
                       [](const TokenRange& r, uint32_t id) { return uint64_t{r.hi} + 1 < id; });
  auto last = first;
  for (; last != ranges_.end() && last->lo <= uint64_t{hi} + 1; ++last) {
    lo = std::min(lo, last->lo);
    hi = std::max(hi, last->hi);
  }
  first = ranges_.erase(first, last);
  ranges_.insert(first, {lo, hi});
}

TokenIds TokenIds::complement() const {
  TokenIds out;
  uint32_t next = 0;
  for (const TokenRange& r : ranges_) {
    if (r.lo > next) out.ranges_.push_back({next, r.lo - 1});
    next = r.hi + 1;
  }
  if (next <= kMaxTokenId) out.ranges_.push_back({next, kMaxTokenId});
  return out;
}

bool TokenIds::contains(uint32_t id) const {
  for (const TokenRange& r : ranges_) {
    if (r.lo <= id && id <= r.hi) return true;
  }
  return false;
}

TokenIds TokenIds::intersection(const TokenIds& other) const {
  TokenIds out;
  size_t i = 0, k = 0;
  while (i < ranges_.size() && k < other.ranges_.size()) {
    const TokenRange &a = ranges_[i], &b = other.ranges_[k];
    const uint32_t lo = std::max(a.lo, b.lo), hi = std::min(a.hi, b.hi);
    if (lo <= hi) out.ranges_.push_back({lo, hi});
    a.hi < b.hi ? ++i : ++k;
  }
  return out;
}

std::optional<uint32_t> TokenIds::largest_named() const {
  if (ranges_.empty()) return std::nullopt;
  if (ranges_.back().hi < kMaxTokenId) return ranges_.back().hi;
  if (ranges_.back().lo == 0) return std::nullopt;
  return ranges_.back().lo - 1;
}

}  // namespace xgr::core
