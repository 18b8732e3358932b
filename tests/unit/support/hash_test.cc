// Hashes tell sequences and their order apart; keys tell addresses apart.
#include "support/hash.h"

#include <doctest/doctest.h>

#include <set>

using namespace xgr::core;

TEST_CASE("the hash of a sequence depends on its values and their order") {
  std::set<uint64_t> seen;
  for (uint64_t x = 0; x < 64; ++x) {
    for (uint64_t y = 0; y < 64; ++y) seen.insert(mix(mix(1, x), y));
  }
  CHECK(seen.size() == 64 * 64);
  CHECK(mix(mix(1, 2), 3) == mix(mix(1, 2), 3));
}

TEST_CASE("a key holds as many bytes as an address for each pointer") {
  int values[2] = {};
  std::string first, second, both;
  append_pointer(&values[0], &first);
  append_pointer(&values[1], &second);
  append_pointer(&values[0], &both);
  append_pointer(&values[1], &both);
  CHECK(first.size() == sizeof(void*));
  CHECK(first != second);
  CHECK(both == first + second);
}
