// Covers src/support/checksum.cc: every byte counts, wherever it is, and the sum stays what it is.
#include "support/checksum.h"

#include <doctest/doctest.h>

#include <vector>

namespace xgr::core {
namespace {

std::vector<uint8_t> counting_bytes(size_t count) {
  std::vector<uint8_t> bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(i * 7 + i / 256);
  return bytes;
}

}  // namespace

TEST_CASE("checksum: every bit and the size count") {
  for (const size_t size : {1, 7, 8, 64, 127, 128, 129, 300}) {
    std::vector<uint8_t> bytes = counting_bytes(size);
    const uint64_t sum = checksum(0, bytes);
    CHECK(checksum(1, bytes) != sum);
    for (size_t i = 0; i < size * 8; ++i) {
      bytes[i / 8] ^= static_cast<uint8_t>(1 << i % 8);
      REQUIRE(checksum(0, bytes) != sum);
      bytes[i / 8] ^= static_cast<uint8_t>(1 << i % 8);
    }
    bytes.push_back(0);
    CHECK(checksum(0, bytes) != sum);
  }
}

TEST_CASE("checksum: words that change places are noticed") {
  const std::vector<uint8_t> bytes = counting_bytes(512);
  const uint64_t sum = checksum(0, bytes);
  for (size_t i = 0; i < 64; ++i) {
    for (size_t k = i + 1; k < 64; ++k) {
      std::vector<uint8_t> other = bytes;
      for (size_t b = 0; b < 8; ++b) std::swap(other[i * 8 + b], other[k * 8 + b]);
      REQUIRE((other == bytes || checksum(0, other) != sum));
    }
  }
}

TEST_CASE("checksum: the same on every machine") {
  CHECK(checksum(0, {}) == 0x0000000000000000ull);
  CHECK(checksum(5, counting_bytes(1000)) == 0x975F4CB0D5CC341Cull);
}

}  // namespace xgr::core
