// Counting bits of single words, without the instruction that baseline x86-64 does not have.
#pragma once

#include <bit>
#include <cstdint>

namespace xgr::core {

// Compilers call a function for std::popcount where the target may lack the instruction, which
// takes longer than this (Hacker's Delight, 5-1). Long masks: bit_kernels.h.
inline int count_ones(uint64_t w) {
#if defined(__POPCNT__) || defined(__aarch64__) || defined(_M_ARM64)
  return std::popcount(w);
#else
  w -= w >> 1 & 0x5555555555555555u;
  w = (w & 0x3333333333333333u) + (w >> 2 & 0x3333333333333333u);
  w = (w + (w >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
  return static_cast<int>(w * 0x0101010101010101u >> 56);
#endif
}

}  // namespace xgr::core
