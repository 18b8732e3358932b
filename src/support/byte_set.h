// Sets of bytes as four machine words.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "support/bits.h"

namespace xgr::core {

struct ByteSet {
  std::array<uint64_t, 4> words{};

  void add(uint8_t b) { words[b >> 6] |= uint64_t{1} << (b & 63); }
  void remove(uint8_t b) { words[b >> 6] &= ~(uint64_t{1} << (b & 63)); }
  void add_range(uint8_t lo, uint8_t hi) {
    for (int b = lo; b <= hi; ++b) add(static_cast<uint8_t>(b));
  }
  bool has(uint8_t b) const { return words[b >> 6] >> (b & 63) & 1; }
  bool empty() const { return !(words[0] | words[1] | words[2] | words[3]); }
  int size() const {
    return count_ones(words[0]) + count_ones(words[1]) + count_ones(words[2]) +
           count_ones(words[3]);
  }
  void operator|=(const ByteSet& o) {
    for (int i = 0; i < 4; ++i) words[i] |= o.words[i];
  }
  ByteSet operator&(const ByteSet& o) const {
    ByteSet r;
    for (int i = 0; i < 4; ++i) r.words[i] = words[i] & o.words[i];
    return r;
  }
  bool contains_all(const std::array<uint64_t, 4>& o) const {
    return !((o[0] & ~words[0]) | (o[1] & ~words[1]) | (o[2] & ~words[2]) | (o[3] & ~words[3]));
  }
  template <typename F>
  void for_each(F&& f) const {
    for (int i = 0; i < 4; ++i) {
      for (uint64_t w = words[i]; w; w &= w - 1)
        f(static_cast<uint8_t>(i * 64 + std::countr_zero(w)));
    }
  }
};

}  // namespace xgr::core
