// Counting bits in long masks, without the instruction that baseline x86-64 does not have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xgr {

// Set bits of all words. Sums bytes of several words before adding them up (Hacker's Delight, 5-1), which
// compilers turn into vector instructions.
inline uint32_t count_bits(std::span<const uint32_t> words) {
  uint32_t total = 0;
  for (uint32_t w : words) {
    w -= w >> 1 & 0x55555555u;
    w = (w & 0x33333333u) + (w >> 2 & 0x33333333u);
    w = (w + (w >> 4)) & 0x0F0F0F0Fu;
    w += w >> 8;
    w += w >> 16;
    total += w & 0x3Fu;
  }
  return total;
}

}  // namespace xgr
