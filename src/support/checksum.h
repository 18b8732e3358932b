// A checksum at the speed of memory, against accidents; who forges a file forges this, too.
//
//   uint64_t sum = checksum(checksum(0, header), body);   // of two parts that lie apart
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xgr::core {

// The bytes are read as little-endian words of 64 bits, 16 words a block, the last block filled up with
// zeros. Lane k of eight, 0 at first, takes in words k and k + 8 of a block:
//   lane := rotate_left((lane ^ word[k]) * 0x9E3779B97F4A7C15 + word[k + 8], 31)
// At the end mix() of support/hash.h takes in the seed, the lanes and the size.
uint64_t checksum(uint64_t seed, std::span<const uint8_t> bytes);

}  // namespace xgr::core
