// Bit kernels: the portable version, and the choice of one.
//
// Entry points: bit_kernels, list_bits. The portable loops go over blocks of a fixed number of
// words, which compilers turn into the vector instructions that every processor of the target has
// (SSE2, NEON). What other processors have on top is asked for at run time: nothing is compiled
// for a processor that a user might not have. The choice is a constant table behind an atomic
// pointer, so it needs no lock and no constructor; two threads that choose at once choose the
// same.
//
//   on x86-64 with AVX2:  bit_kernels() == *bit_kernels_of(SimdLevel::kAvx2)
//
// Tests: tests/unit/support/bit_kernels_test.cc.
#include "support/bit_kernels.h"

#include <atomic>
#include <bit>
#include <cstring>

#include "support/bit_kernels_x86.h"

#if defined(__ARM_NEON) || defined(_M_ARM64)
#include <arm_neon.h>
#define XGR_HAS_NEON 1
#endif

namespace xgr::core {
namespace {

constexpr size_t kBlock = 16;  // words

uint64_t two_words(const uint32_t* words) {
  uint64_t w;
  std::memcpy(&w, words, sizeof(w));
  return w;
}

// In each byte the number of its set bits (Hacker's Delight, 5-1).
template <typename Word>
Word bits_of_bytes(Word w) {
  constexpr Word k55 = static_cast<Word>(0x5555555555555555u);
  constexpr Word k33 = static_cast<Word>(0x3333333333333333u);
  constexpr Word k0F = static_cast<Word>(0x0F0F0F0F0F0F0F0Fu);
  w -= w >> 1 & k55;
  w = (w & k33) + (w >> 2 & k33);
  return (w + (w >> 4)) & k0F;
}

uint32_t portable_count(const uint32_t* words, size_t n) {
  constexpr uint64_t kPairs = 0x00FF00FF00FF00FFu, kOnes = 0x0001000100010001u;
  uint64_t total = 0;
  size_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    uint64_t bytes = 0;  // at most 64 each
    for (size_t k = 0; k < kBlock; k += 2) bytes += bits_of_bytes(two_words(words + i + k));
    total += ((bytes & kPairs) + (bytes >> 8 & kPairs)) * kOnes >> 48;
  }
  for (; i < n; ++i) total += bits_of_bytes(words[i]) * 0x01010101u >> 24;
  return static_cast<uint32_t>(total);
}

void portable_add(uint32_t* out, const uint32_t* from, size_t n) {
  size_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    uint32_t block[kBlock];
    for (size_t k = 0; k < kBlock; ++k) block[k] = out[i + k] | from[i + k];
    std::memcpy(out + i, block, sizeof(block));
  }
  for (; i < n; ++i) out[i] |= from[i];
}

void portable_replace(uint32_t* out, const uint32_t* minus, const uint32_t* plus, size_t n) {
  size_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    uint32_t block[kBlock];
    for (size_t k = 0; k < kBlock; ++k) block[k] = (out[i + k] & ~minus[i + k]) | plus[i + k];
    std::memcpy(out + i, block, sizeof(block));
  }
  for (; i < n; ++i) out[i] = (out[i] & ~minus[i]) | plus[i];
}

// A block of the result stays in registers or the first-level cache while all rows pass over it.
void portable_subtract(uint32_t* out, const uint32_t* start, std::span<const uint32_t* const> rows,
                       size_t n) {
  size_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    uint32_t block[kBlock];
    std::memcpy(block, start + i, sizeof(block));
    for (const uint32_t* row : rows) {
      for (size_t k = 0; k < kBlock; ++k) block[k] &= ~row[i + k];
    }
    std::memcpy(out + i, block, sizeof(block));
  }
  for (; i < n; ++i) {
    uint32_t w = start[i];
    for (const uint32_t* row : rows) w &= ~row[i];
    out[i] = w;
  }
}

// Masks are mostly runs of words that are all 0 or all 1.
template <typename Element>
void portable_mask(void* elements, const uint32_t* mask, size_t n, Element low) {
  constexpr size_t kBits = 32;
  std::byte* to = static_cast<std::byte*>(elements);
  size_t i = 0;
  for (; i + kBits <= n; i += kBits, to += kBits * sizeof(Element)) {
    const uint32_t w = mask[i / kBits];
    if (w == UINT32_MAX) continue;
    Element block[kBits];
    std::memcpy(block, to, sizeof(block));
    for (size_t k = 0; k < kBits; ++k) block[k] = w >> k & 1 ? block[k] : low;
    std::memcpy(to, block, sizeof(block));
  }
  for (; i < n; ++i, to += sizeof(Element)) {
    if (!(mask[i / kBits] >> i % kBits & 1)) std::memcpy(to, &low, sizeof(low));
  }
}

constexpr BitKernels kPortable{portable_count,          portable_add,
                               portable_replace,        portable_subtract,
                               portable_mask<uint32_t>, portable_mask<uint16_t>};

#ifdef XGR_HAS_NEON
// NEON counts the bits of bytes; compilers see to the other loops.
uint32_t neon_count(const uint32_t* words, size_t n) {
  constexpr size_t kMost = 31 * 4;  // words until a sum of bytes could overflow
  uint64_t total = 0;
  const size_t whole = n / 4 * 4;
  for (size_t i = 0; i < whole;) {
    const size_t end = whole - i < kMost ? whole : i + kMost;
    uint8x16_t bytes = vdupq_n_u8(0);
    for (; i < end; i += 4) {
      bytes = vaddq_u8(bytes, vcntq_u8(vreinterpretq_u8_u32(vld1q_u32(words + i))));
    }
    const uint64x2_t sums = vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes)));
    total += vgetq_lane_u64(sums, 0) + vgetq_lane_u64(sums, 1);
  }
  return static_cast<uint32_t>(total) + portable_count(words + whole, n - whole);
}

constexpr BitKernels kNeon{neon_count,
                           portable_add,
                           portable_replace,
                           portable_subtract,
                           portable_mask<uint32_t>,
                           portable_mask<uint16_t>};
#endif

constinit std::atomic<const BitKernels*> in_use{nullptr};

}  // namespace

const BitKernels* bit_kernels_of(SimdLevel level) {
  switch (level) {
    case SimdLevel::kPortable:
      return &kPortable;
    case SimdLevel::kNeon:
#ifdef XGR_HAS_NEON
      return &kNeon;
#else
      return nullptr;
#endif
    case SimdLevel::kAvx2:
      return avx2_kernels();
    case SimdLevel::kAvx512:
      return avx512_kernels();
  }
  return nullptr;
}

const BitKernels& bit_kernels() {
  const BitKernels* kernels = in_use.load(std::memory_order_relaxed);
  if (kernels) return *kernels;
  for (SimdLevel level : {SimdLevel::kAvx512, SimdLevel::kAvx2, SimdLevel::kNeon}) {
    if (!kernels) kernels = bit_kernels_of(level);
  }
  if (!kernels) kernels = &kPortable;
  in_use.store(kernels, std::memory_order_relaxed);
  return *kernels;
}

bool use_bit_kernels(SimdLevel level) {
  const BitKernels* kernels = bit_kernels_of(level);
  if (kernels) in_use.store(kernels, std::memory_order_relaxed);
  return kernels != nullptr;
}

int32_t* list_bits(std::span<const uint32_t> words, int32_t* out) {
  constexpr size_t kStep = 8;
  const uint32_t* w = words.data();
  size_t i = 0;
  for (; i + kStep <= words.size(); i += kStep) {
    if (!(two_words(w + i) | two_words(w + i + 2) | two_words(w + i + 4) | two_words(w + i + 6))) {
      continue;
    }
    for (size_t k = i; k < i + kStep; ++k) {
      for (uint32_t bits = w[k]; bits; bits &= bits - 1) {
        *out++ = static_cast<int32_t>(k * 32) + std::countr_zero(bits);
      }
    }
  }
  for (; i < words.size(); ++i) {
    for (uint32_t bits = w[i]; bits; bits &= bits - 1) {
      *out++ = static_cast<int32_t>(i * 32) + std::countr_zero(bits);
    }
  }
  return out;
}

}  // namespace xgr::core

#undef XGR_HAS_NEON
