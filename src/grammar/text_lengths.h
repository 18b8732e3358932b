// How long the strings of an expression are at least, from its shape.
//
//   TextLengths lengths(pool);
//   lengths.of(e).rest     // whatever of `e` has been read, some string ends within so many bytes more
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

class TextLengths {
 public:
  static constexpr uint32_t kUnknown = UINT32_MAX;
  struct Bytes {
    uint32_t least;  // bytes of the shortest string
    uint32_t
        rest;  // of the most bytes that may be missing behind a prefix of a string; an upper bound
  };
  explicit TextLengths(const ExprPool& pool) : pool_(pool) {}
  // kUnknown where rules, generators, intersections or complements stand in `e`.
  Bytes of(Expr e);
  size_t memory_bytes() const { return known_.size() * (sizeof(Bytes) + 3 * sizeof(void*)); }

 private:
  Bytes measure(Expr e) const;
  Bytes measure_switch(Expr e) const;
  const ExprPool& pool_;
  std::unordered_map<Expr, Bytes> known_;
};

}  // namespace xgr::core
