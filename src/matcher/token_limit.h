// TokenLimit: what keeps an output within a number of tokens, or makes it end.
//
//   TokenLimit limit;  limit.steps = 20;      // of the whole output
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mask/closing.h"

namespace xgr::core {

struct TokenLimit {
  std::optional<size_t> first;  // steps of the whole output that the matcher was made with
  std::optional<size_t> steps;  // now
  bool closing = false;         // to end as soon as possible
  // Shared with clones. Null: the grammar's own, unless stop tokens of the matcher are text otherwise.
  std::shared_ptr<Closing> own;
  // Tokens that keep within the limit from the present place, stop tokens aside. Kept, so that what a
  // mask has is accepted, however a search goes that had to end early.
  bool known = false;
  std::vector<uint32_t> words{};

  // A way to the end that fits, from the place behind so many steps on, for where the numbers allow no token.
  struct Way {
    std::vector<int32_t> tokens{};
    size_t from = 0;
    size_t taken = 0;  // of the tokens, one after the other
    // Its next token at a place; -1: it does not go there.
    int32_t next(size_t steps) const {
      const bool on = steps >= from && steps - from <= taken && steps - from < tokens.size();
      return on ? tokens[steps - from] : -1;
    }
    size_t left(size_t steps) const { return tokens.size() - (steps - from); }
  } way{};
  void took(size_t steps, int32_t token) {
    if (steps == way.from + way.taken && way.next(steps) == token) ++way.taken;
  }
  void undo(size_t steps) {
    if (steps < way.from) way = {};
    way.taken = std::min(way.taken, steps - way.from);
  }

  bool set() const { return closing || steps.has_value(); }
  // Steps that are left behind `taken` of them.
  size_t left(size_t taken) const {
    return closing || !steps || *steps <= taken ? 0 : *steps - taken;
  }
  void reset() {
    steps = first;
    closing = false;
    way = {};
  }
  // Without what is known of the present place.
  TokenLimit settings() const { return {first, steps, closing, own, false, {}, way}; }
  size_t memory_bytes() const {
    return sizeof(*this) + words.capacity() * sizeof(uint32_t) +
           way.tokens.capacity() * sizeof(int32_t);
  }
};

}  // namespace xgr::core
