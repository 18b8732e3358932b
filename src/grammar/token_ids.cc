// Sets of token ids as sorted ranges, and their spelling by ranges of bytes.
//
// Entry points: TokenIds::add, append_token_spellings (token_ids.h). A range of ids is cut where its
// ends differ in a byte, as ranges of code points are for UTF-8: a beginning and an end in which only
// the later bytes vary, and a middle part in which those take all values.
//
//   [0x000105, 0x000302]  ->  00 01 05-FF,  00 02 00-FF,  00 03 00-02
//
// Tests: tests/unit/grammar/token_ids_test.cc.
#include "grammar/token_ids.h"

#include <algorithm>

namespace xgr {
namespace {

std::array<uint8_t, 3> id_bytes(uint32_t id) {
  return {static_cast<uint8_t>(id >> 16), static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id)};
}

}  // namespace

void TokenIds::add(uint32_t lo, uint32_t hi) {
  auto first = std::lower_bound(ranges_.begin(), ranges_.end(), lo, [](const TokenRange& r, uint32_t id) {
    return uint64_t{r.hi} + 1 < id;
  });
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

void append_token_spellings(TokenRange range, std::vector<TokenSpelling>* out) {
  while (range.lo <= range.hi) {
    uint32_t unit = 1;  // ids that differ in full bytes only; counted by the byte that varies
    while (unit < 0x10000 && range.lo % (unit * 256) == 0 && range.hi - range.lo >= unit * 256 - 1) {
      unit *= 256;
    }
    uint32_t hi = range.lo | (unit * 256 - 1);
    if (hi > range.hi) hi = range.lo + (range.hi - range.lo + 1) / unit * unit - 1;
    out->push_back({id_bytes(range.lo), id_bytes(hi)});
    range.lo = hi + 1;
  }
}

}  // namespace xgr
