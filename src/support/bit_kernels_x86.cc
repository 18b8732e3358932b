// Bit kernels for x86-64: AVX2, and AVX-512 where it has an instruction that AVX2 has not.
//
// Entry points: avx2_kernels, avx512_kernels. The functions are compiled for their instruction set
// one by one, so the rest of the library runs on any x86-64. AVX-512 counts the bits of words by
// an instruction (VPOPCNTDQ, which also keeps away processors that slow down for wide vectors);
// short masks and all other loops are left to AVX2, which is as fast as the caches.
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

constexpr BitKernels kAvx2{avx2_count, avx2_add, avx2_replace, avx2_subtract};
constexpr BitKernels kAvx512{avx512_count, avx2_add, avx2_replace, avx2_subtract};

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
bool has_avx512() { return has(0xE6, 1 << 5 | 1 << 16, 1 << 14); }
#else
bool has_avx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2");
}
bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") &&
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
