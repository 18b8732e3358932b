// A checksum at the speed of memory. Entry point: checksum.
//
// A step of a lane is one to one in the lane and in each of its two words, so no change of one word is
// lost. A multiplication takes three cycles before the lane can go on; with eight lanes, and one
// multiplication for two words, the memory is what one waits for.
//
//   checksum(0, {})  ->  the same on every machine
//
// Tests: tests/unit/support/checksum_test.cc.
#include "support/checksum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr size_t kChecksumLanes = 8;
constexpr size_t kChecksumBlock = 2 * kChecksumLanes * sizeof(uint64_t);
constexpr uint64_t kChecksumFactor = 0x9E3779B97F4A7C15ull;
using ChecksumLanes = std::array<uint64_t, kChecksumLanes>;

uint64_t little_endian_word(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  if constexpr (std::endian::native == std::endian::little) return word;
  uint64_t swapped = 0;
  for (size_t i = 0; i < sizeof(word); ++i) swapped |= uint64_t{bytes[i]} << (8 * i);
  return swapped;
}

// Written out lane by lane, so that all of them stay in registers.
template <size_t... k>
void add_checksum_block(ChecksumLanes* lanes, const uint8_t* block, std::index_sequence<k...>) {
  const auto word = [&](size_t i) { return little_endian_word(block + i * sizeof(uint64_t)); };
  (((*lanes)[k] =
        std::rotl(((*lanes)[k] ^ word(k)) * kChecksumFactor + word(k + kChecksumLanes), 31)),
   ...);
}

}  // namespace

uint64_t checksum(uint64_t seed, std::span<const uint8_t> bytes) {
  constexpr std::make_index_sequence<kChecksumLanes> kAll;
  ChecksumLanes lanes{};
  const size_t whole = bytes.size() / kChecksumBlock * kChecksumBlock;
  for (size_t i = 0; i < whole; i += kChecksumBlock)
    add_checksum_block(&lanes, bytes.data() + i, kAll);
  std::array<uint8_t, kChecksumBlock> last{};
  std::copy(bytes.begin() + static_cast<ptrdiff_t>(whole), bytes.end(), last.begin());
  if (whole != bytes.size()) add_checksum_block(&lanes, last.data(), kAll);
  uint64_t sum = mix(0, seed);
  for (const uint64_t lane : lanes) sum = mix(sum, lane);
  return mix(sum, bytes.size());
}

}  // namespace xgr::core
