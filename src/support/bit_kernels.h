// Loops over long bitmasks and over the logits that they are about, in the version that suits the
// processor.
//
// Every version gives the same results; which one runs is settled once, on first use.
//
//   uint32_t tokens = count_bits(words);
//   add_bits(words.data(), other.data(), words.size());      // words |= other
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xgr::core {

// One version of all loops. Words may lie anywhere, and be as few as none; `out` is no other input.
struct BitKernels {
  uint32_t (*count)(const uint32_t* words, size_t n);
  // out := out | from
  void (*add)(uint32_t* out, const uint32_t* from, size_t n);
  // out := (out & ~minus) | plus
  void (*replace)(uint32_t* out, const uint32_t* minus, const uint32_t* plus, size_t n);
  // out := start & ~(all rows)
  void (*subtract)(uint32_t* out, const uint32_t* start, std::span<const uint32_t* const> rows,
                   size_t n);
  // Sets element i of n to `low` where bit i of the mask, of which only so many bits are read, is 0.
  // Elements of 32 and of 16 bits; they may lie anywhere.
  void (*mask_32)(void* elements, const uint32_t* mask, size_t n, uint32_t low);
  void (*mask_16)(void* elements, const uint32_t* mask, size_t n, uint16_t low);
};

enum class SimdLevel : uint8_t { kPortable, kNeon, kAvx2, kAvx512 };

// Null where this build or this processor does not have the level.
const BitKernels* bit_kernels_of(SimdLevel level);
// The version in use: the highest level there is.
const BitKernels& bit_kernels();
// For tests: the level in use from now on. False, and nothing changed, where there is no such
// level.
bool use_bit_kernels(SimdLevel level);

inline uint32_t count_bits(std::span<const uint32_t> words) {
  return bit_kernels().count(words.data(), words.size());
}

inline void add_bits(uint32_t* out, const uint32_t* from, size_t n) {
  bit_kernels().add(out, from, n);
}

inline void replace_bits(uint32_t* out, const uint32_t* minus, const uint32_t* plus, size_t n) {
  bit_kernels().replace(out, minus, plus, n);
}

inline void subtract_rows(uint32_t* out, const uint32_t* start,
                          std::span<const uint32_t* const> rows, size_t n) {
  bit_kernels().subtract(out, start, rows, n);
}

// Writes the numbers of all set bits, ascending, to `out`, which has room for count_bits(words).
// Returns the end of what was written. One version: it is as fast as the words' cache lines.
int32_t* list_bits(std::span<const uint32_t> words, int32_t* out);

}  // namespace xgr::core
