// Bit kernels for x86-64: AVX2, and AVX-512 where it has an instruction that AVX2 has not.
//
// Entry points: avx2_kernels, avx512_kernels. The functions are compiled for their instruction set
// one by one, so the rest of the library runs on any x86-64. AVX-512 counts the bits of words by
// an instruction (VPOPCNTDQ, which also keeps away processors that slow down for wide vectors), and
// its stores have masks; short masks and all other loops are left to AVX2, which is as fast as the
// caches.
//
//   const BitKernels* best = avx512_kernels() ? avx512_kernels() : avx2_kernels();
//
// Tests: tests/unit/support/bit_kernels_test.cc.
#include "support/bit_kernels_x86.h"

#if defined(__x86_64__) || defined(_M_X64)

#include <immintrin.h>
#ifdef _MSC_VER
#include <intrin.h>
#endif

#if defined(__GNUC__) || defined(__clang__)
#define XGR_TARGET(features) __attribute__((target(features)))
#else
#define XGR_TARGET(features)
#endif

namespace xgr::core {
namespace {

constexpr size_t kLane = 8;  // words of a vector of 256 bits

XGR_TARGET("avx2") __m256i load(const uint32_t* words) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
}

XGR_TARGET("avx2") void store(uint32_t* words, __m256i v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), v);
}

// What a loop over whole vectors leaves over.
const BitKernels& rest() { return *bit_kernels_of(SimdLevel::kPortable); }

// Bits of half bytes are looked up; bytes are summed before they can overflow.
XGR_TARGET("avx2") uint32_t avx2_count(const uint32_t* words, size_t n) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
  constexpr size_t kMost = 31 * kLane;
  const size_t whole = n / kLane * kLane;
  __m256i total = zero;
  for (size_t i = 0; i < whole;) {
    const size_t end = whole - i < kMost ? whole : i + kMost;
    __m256i bytes = zero;
    for (; i < end; i += kLane) {
      const __m256i v = load(words + i);
      const __m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4), low);
      bytes = _mm256_add_epi8(bytes, _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)));
      bytes = _mm256_add_epi8(bytes, _mm256_shuffle_epi8(table, high));
    }
    total = _mm256_add_epi64(total, _mm256_sad_epu8(bytes, zero));
  }
  const __m128i half =
      _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
  const int64_t sum = _mm_cvtsi128_si64(_mm_add_epi64(half, _mm_unpackhi_epi64(half, half)));
  return static_cast<uint32_t>(sum) + rest().count(words + whole, n - whole);
}

XGR_TARGET("avx2") void avx2_add(uint32_t* out, const uint32_t* from, size_t n) {
  size_t i = 0;
  for (; i + 2 * kLane <= n; i += 2 * kLane) {
    const __m256i a = _mm256_or_si256(load(out + i), load(from + i));
    const __m256i b = _mm256_or_si256(load(out + i + kLane), load(from + i + kLane));
    store(out + i, a);
    store(out + i + kLane, b);
  }
  for (; i < n; ++i) out[i] |= from[i];
}

XGR_TARGET("avx2")
void avx2_replace(uint32_t* out, const uint32_t* minus, const uint32_t* plus, size_t n) {
  size_t i = 0;
  for (; i + kLane <= n; i += kLane) {
    const __m256i kept = _mm256_andnot_si256(load(minus + i), load(out + i));
    store(out + i, _mm256_or_si256(kept, load(plus + i)));
  }
  for (; i < n; ++i) out[i] = (out[i] & ~minus[i]) | plus[i];
}

// Eight vectors of the result stay in registers while all rows pass over them.
XGR_TARGET("avx2")
void avx2_subtract(uint32_t* out, const uint32_t* start, std::span<const uint32_t* const> rows,
                   size_t n) {
  constexpr size_t kVectors = 8;
  size_t i = 0;
  for (; i + kVectors * kLane <= n; i += kVectors * kLane) {
    __m256i v[kVectors];
    for (size_t k = 0; k < kVectors; ++k) v[k] = load(start + i + k * kLane);
    for (const uint32_t* row : rows) {
      for (size_t k = 0; k < kVectors; ++k) {
        v[k] = _mm256_andnot_si256(load(row + i + k * kLane), v[k]);
      }
    }
    for (size_t k = 0; k < kVectors; ++k) store(out + i + k * kLane, v[k]);
  }
  for (; i + kLane <= n; i += kLane) {
    __m256i v = load(start + i);
    for (const uint32_t* row : rows) v = _mm256_andnot_si256(load(row + i), v);
    store(out + i, v);
  }
  for (; i < n; ++i) {
    uint32_t w = start[i];
    for (const uint32_t* row : rows) w &= ~row[i];
    out[i] = w;
  }
}

// The bit of each element is moved to where a comparison of the whole element finds it.
XGR_TARGET("avx2")
void avx2_mask_32(void* elements, const uint32_t* mask, size_t n, uint32_t low) {
  const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i lows = _mm256_set1_epi32(static_cast<int>(low)), zero = _mm256_setzero_si256();
  uint32_t* to = static_cast<uint32_t*>(elements);
  size_t i = 0;
  for (; i + 32 <= n; i += 32, to += 32) {
    uint32_t w = mask[i / 32];
    if (w == UINT32_MAX) continue;
    for (size_t k = 0; k < 32; k += kLane, w >>= kLane) {
      const __m256i own = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(w)), bits);
      const __m256i out = _mm256_cmpeq_epi32(own, zero);
      store(to + k, _mm256_blendv_epi8(load(to + k), lows, out));
    }
  }
  rest().mask_32(to, mask + i / 32, n - i, low);
}

XGR_TARGET("avx2")
void avx2_mask_16(void* elements, const uint32_t* mask, size_t n, uint16_t low) {
  constexpr int kTop = -32768;
  const __m256i bits =
      _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, kTop);
  const __m256i lows = _mm256_set1_epi16(static_cast<int16_t>(low));
  const __m256i zero = _mm256_setzero_si256();
  uint16_t* to = static_cast<uint16_t*>(elements);
  size_t i = 0;
  for (; i + 32 <= n; i += 32, to += 32) {
    const uint32_t w = mask[i / 32];
    if (w == UINT32_MAX) continue;
    for (size_t k = 0; k < 32; k += 16) {
      const auto half = static_cast<int16_t>(w >> k);
      const __m256i own = _mm256_and_si256(_mm256_set1_epi16(half), bits);
      const __m256i out = _mm256_cmpeq_epi16(own, zero);
      auto* at = reinterpret_cast<__m256i*>(to + k);
      _mm256_storeu_si256(at, _mm256_blendv_epi8(_mm256_loadu_si256(at), lows, out));
    }
  }
  rest().mask_16(to, mask + i / 32, n - i, low);
}

// Stores of AVX-512 have a mask themselves, so that nothing is read but the bits.
XGR_TARGET("avx512f")
void avx512_mask_32(void* elements, const uint32_t* mask, size_t n, uint32_t low) {
  const __m512i lows = _mm512_set1_epi32(static_cast<int>(low));
  uint32_t* to = static_cast<uint32_t*>(elements);
  size_t i = 0;
  for (; i + 32 <= n; i += 32, to += 32) {
    const uint32_t out = ~mask[i / 32];
    if (out == 0) continue;
    _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(out), lows);
    _mm512_mask_storeu_epi32(to + 16, static_cast<__mmask16>(out >> 16), lows);
  }
  rest().mask_32(to, mask + i / 32, n - i, low);
}

XGR_TARGET("avx512f,avx512bw")
void avx512_mask_16(void* elements, const uint32_t* mask, size_t n, uint16_t low) {
  const __m512i lows = _mm512_set1_epi16(static_cast<int16_t>(low));
  uint16_t* to = static_cast<uint16_t*>(elements);
  size_t i = 0;
  for (; i + 32 <= n; i += 32, to += 32) {
    const uint32_t out = ~mask[i / 32];
    if (out != 0) _mm512_mask_storeu_epi16(to, out, lows);
  }
  rest().mask_16(to, mask + i / 32, n - i, low);
}

constexpr size_t kLongEnough = 128;  // words, for which wider vectors are worth their start

XGR_TARGET("avx512f,avx512vpopcntdq")
uint32_t avx512_count_long(const uint32_t* words, size_t n) {
  constexpr size_t kWide = 16;
  __m512i a = _mm512_setzero_si512(), b = a;
  size_t i = 0;
  for (; i + 2 * kWide <= n; i += 2 * kWide) {
    a = _mm512_add_epi64(a, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i)));
    b = _mm512_add_epi64(b, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i + kWide)));
  }
  alignas(64) uint64_t sums[8];
  _mm512_store_si512(sums, _mm512_add_epi64(a, b));
  uint64_t total = 0;
  for (uint64_t sum : sums) total += sum;
  return static_cast<uint32_t>(total) + rest().count(words + i, n - i);
}

uint32_t avx512_count(const uint32_t* words, size_t n) {
  return n < kLongEnough ? avx2_count(words, n) : avx512_count_long(words, n);
}

constexpr BitKernels kAvx2{avx2_count,    avx2_add,     avx2_replace,
                           avx2_subtract, avx2_mask_32, avx2_mask_16};
constexpr BitKernels kAvx512{avx512_count,  avx2_add,       avx2_replace,
                             avx2_subtract, avx512_mask_32, avx512_mask_16};

#ifdef _MSC_VER
// Bits of CPUID leaf 7 in EBX and ECX, given that the system saves the registers in `state`.
bool has(uint64_t state, int ebx, int ecx) {
  int r[4];
  __cpuid(r, 0);
  if (r[0] < 7) return false;
  __cpuid(r, 1);
  constexpr int kOsxsave = 1 << 27;
  if (!(r[2] & kOsxsave) || (_xgetbv(0) & state) != state) return false;
  __cpuidex(r, 7, 0);
  return (r[1] & ebx) == ebx && (r[2] & ecx) == ecx;
}
bool has_avx2() { return has(0x6, 1 << 5, 0); }
bool has_avx512() { return has(0xE6, 1 << 5 | 1 << 16 | 1 << 30, 1 << 14); }
#else
bool has_avx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2");
}
bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vpopcntdq");
}
#endif

}  // namespace

const BitKernels* avx2_kernels() { return has_avx2() ? &kAvx2 : nullptr; }
const BitKernels* avx512_kernels() { return has_avx512() ? &kAvx512 : nullptr; }

}  // namespace xgr::core

#undef XGR_TARGET

#else

namespace xgr::core {

const BitKernels* avx2_kernels() { return nullptr; }
const BitKernels* avx512_kernels() { return nullptr; }

}  // namespace xgr::core

#endif
