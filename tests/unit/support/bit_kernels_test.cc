// Every version of the loops over bitmasks against bit by bit: support/bit_kernels.cc,
// bit_kernels_x86.cc.
#include "support/bit_kernels.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace xgr::core;

namespace {

constexpr SimdLevel kLevels[] = {SimdLevel::kPortable, SimdLevel::kNeon, SimdLevel::kAvx2,
                                 SimdLevel::kAvx512};

// Around every step of every version, up to the masks of real vocabularies.
const std::vector<size_t>& sizes() {
  static const std::vector<size_t> kSizes = [] {
    std::vector<size_t> all;
    for (size_t n = 0; n <= 80; ++n) all.push_back(n);
    for (size_t n :
         {124, 125, 127, 128, 129, 131, 160, 247, 248, 249, 255, 256, 257, 500, 4009, 4096, 6284})
      all.push_back(n);
    return all;
  }();
  return kSizes;
}

// `n` words that begin `offset` words into their memory; between two words that must not change.
class Words {
 public:
  Words(size_t n, size_t offset, std::mt19937* random, int kind)
      : offset_(offset + 1), memory_(n + offset + 2, kGuard) {
    for (size_t i = 0; i < n; ++i) {
      uint32_t w = (*random)();
      if (kind == 1) w = ~0u;
      if (kind == 2) w = 0;
      if (kind == 3) w = w % 9 ? 0 : 1u << (w >> 27);
      memory_[offset_ + i] = w;
    }
  }
  uint32_t* data() { return memory_.data() + offset_; }
  size_t size() const { return memory_.size() - offset_ - 1; }
  uint32_t operator[](size_t i) const { return memory_[offset_ + i]; }
  bool guarded() const { return memory_[offset_ - 1] == kGuard && memory_.back() == kGuard; }
  operator std::span<const uint32_t>() const { return {memory_.data() + offset_, size()}; }

 private:
  static constexpr uint32_t kGuard = 0xC0DEC0DE;
  size_t offset_;
  std::vector<uint32_t> memory_;
};

// Calls check(kernels, size, offset, kind, random) for all versions that this processor has.
template <typename Check>
void for_all(Check&& check) {
  for (SimdLevel level : kLevels) {
    const BitKernels* kernels = bit_kernels_of(level);
    if (!kernels) continue;
    std::mt19937 random(static_cast<uint32_t>(level) + 1);
    for (size_t n : sizes()) {
      for (size_t offset : {0, 1, 3}) {
        for (int kind = 0; kind < 4; ++kind) {
          CAPTURE(static_cast<int>(level));
          CAPTURE(n);
          check(*kernels, n, offset, kind, &random);
        }
      }
    }
  }
}

uint32_t count_one_by_one(std::span<const uint32_t> words) {
  uint32_t count = 0;
  for (uint32_t w : words) {
    for (; w; w &= w - 1) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("bit kernels: count") {
  for_all([](const BitKernels& k, size_t n, size_t offset, int kind, std::mt19937* random) {
    Words words(n, offset, random, kind);
    REQUIRE(k.count(words.data(), n) == count_one_by_one(words));
  });
}

TEST_CASE("bit kernels: add") {
  for_all([](const BitKernels& k, size_t n, size_t offset, int kind, std::mt19937* random) {
    Words out(n, offset, random, 0), from(n, offset / 2, random, kind);
    const Words before = out;
    k.add(out.data(), from.data(), n);
    for (size_t i = 0; i < n; ++i) REQUIRE(out[i] == (before[i] | from[i]));
    REQUIRE(out.guarded());
  });
}

TEST_CASE("bit kernels: replace") {
  for_all([](const BitKernels& k, size_t n, size_t offset, int kind, std::mt19937* random) {
    Words out(n, offset, random, 0), minus(n, offset / 2, random, kind), plus(n, 0, random, 3);
    const Words before = out;
    k.replace(out.data(), minus.data(), plus.data(), n);
    for (size_t i = 0; i < n; ++i) REQUIRE(out[i] == ((before[i] & ~minus[i]) | plus[i]));
    REQUIRE(out.guarded());
  });
}

TEST_CASE("bit kernels: subtract any number of rows") {
  for_all([](const BitKernels& k, size_t n, size_t offset, int kind, std::mt19937* random) {
    Words start(n, 2, random, kind == 3 ? 0 : kind);
    for (size_t row_count : {0, 1, 2, 7}) {
      std::vector<Words> rows;
      for (size_t r = 0; r < row_count; ++r) rows.emplace_back(n, r % 4, random, 3);
      std::vector<const uint32_t*> pointers;
      for (Words& row : rows) pointers.push_back(row.data());
      Words out(n, offset, random, 0);
      k.subtract(out.data(), start.data(), pointers, n);
      for (size_t i = 0; i < n; ++i) {
        uint32_t wanted = start[i];
        for (const Words& row : rows) wanted &= ~row[i];
        REQUIRE(out[i] == wanted);
      }
      REQUIRE(out.guarded());
    }
  });
}

// Elements of a mask's bits, from every place of their memory on, and not a whole number of words.
template <typename Element>
void check_masked(const BitKernels& k, size_t words, size_t offset, int kind,
                  std::mt19937* random) {
  constexpr Element kLow = static_cast<Element>(0xFF8000FC);
  if (words > 200) return;
  Words mask(words, offset, random, kind);
  for (size_t n : {words * 32, words * 32 - std::min<size_t>(words * 32, 13)}) {
    std::vector<Element> elements(n + offset + 1);
    for (Element& e : elements) e = static_cast<Element>((*random)());
    const std::vector<Element> before = elements;
    if constexpr (sizeof(Element) == 4) {
      k.mask_32(elements.data() + offset, mask.data(), n, kLow);
    } else {
      k.mask_16(elements.data() + offset, mask.data(), n, kLow);
    }
    for (size_t i = 0; i < elements.size(); ++i) {
      const bool out =
          i >= offset && i < offset + n && !(mask[(i - offset) / 32] >> (i - offset) % 32 & 1);
      REQUIRE(elements[i] == (out ? kLow : before[i]));
    }
  }
}

TEST_CASE("bit kernels: elements that a mask does not have") {
  for_all(check_masked<uint32_t>);
  for_all(check_masked<uint16_t>);
}

TEST_CASE("bit kernels: list") {
  std::mt19937 random(7);
  for (size_t n : sizes()) {
    for (int kind = 0; kind < 4; ++kind) {
      Words words(n, n % 3, &random, kind);
      std::vector<int32_t> wanted, found(count_one_by_one(words) + 1, -1);
      for (size_t id = 0; id < n * 32; ++id) {
        if (words[id / 32] >> (id % 32) & 1) wanted.push_back(static_cast<int32_t>(id));
      }
      REQUIRE(list_bits(words, found.data()) == found.data() + wanted.size());
      REQUIRE(found.back() == -1);
      found.pop_back();
      REQUIRE(found == wanted);
    }
  }
}

TEST_CASE("bit kernels: the highest level is used until another is asked for") {
  const BitKernels* best = &bit_kernels();
  SimdLevel highest = SimdLevel::kPortable;
  for (SimdLevel level : kLevels) {
    if (bit_kernels_of(level)) highest = level;
  }
  CHECK(best == bit_kernels_of(highest));
  for (SimdLevel level : kLevels) {
    const BitKernels* kernels = bit_kernels_of(level);
    CHECK(use_bit_kernels(level) == (kernels != nullptr));
    if (kernels) CHECK(&bit_kernels() == kernels);
  }
  CHECK(use_bit_kernels(highest));
  CHECK(&bit_kernels() == best);
}
