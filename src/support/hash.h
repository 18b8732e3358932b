// What hashes and keys of tables are made of.
//
//   uint64_t h = mix(mix(1, state), byte);      std::string key; append_pointer(node, &key);
//
// Tests: tests/unit/support/hash_test.cc.
#pragma once

#include <cstdint>
#include <string>

namespace xgr::core {

// The hash `h` of a sequence with `v` behind it; the order of the values counts.
inline uint64_t mix(uint64_t h, uint64_t v) {
  h = (h ^ v) * 0x9E3779B97F4A7C15ull;
  return h ^ (h >> 29);
}

// Identity as a part of a key: the bytes of the address.
inline void append_pointer(const void* pointer, std::string* key) {
  key->append(reinterpret_cast<const char*>(&pointer), sizeof(pointer));
}

}  // namespace xgr::core
