// TokenLimit: what keeps an output within a number of tokens, or makes it end.
//
//   TokenLimit limit;  limit.steps = 20;      // of the whole output
#pragma once

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

  bool set() const { return closing || steps.has_value(); }
  // Steps that are left behind `taken` of them.
  size_t left(size_t taken) const {
    return closing || !steps || *steps <= taken ? 0 : *steps - taken;
  }
  void reset() {
    steps = first;
    closing = false;
  }
  // Without what is known of the present place.
  TokenLimit settings() const { return {first, steps, closing, own}; }
  size_t memory_bytes() const { return sizeof(*this) + words.capacity() * sizeof(uint32_t); }
};

}  // namespace xgr::core
