// Sets of keys that are cleared often: support/key_set.h.
#include "support/key_set.h"

#include <doctest/doctest.h>

#include <random>
#include <unordered_set>

using namespace xgr::core;

TEST_CASE("key set: as a set of the standard library, over many rounds") {
  std::mt19937_64 random(5);
  KeySet set;
  for (int round = 0; round < 200; ++round) {
    std::unordered_set<uint64_t> model;
    set.clear();
    const uint64_t range = 1 + random() % 3000;
    // Pairs of small numbers, as expressions are; in some rounds they differ above only.
    const int shift = round % 3 == 0 ? 32 : 0;
    for (uint64_t i = 0; i < range; ++i) {
      const uint64_t key = (random() % range << 32 | random() % 3) << (shift / 2) ^ random() % 2;
      REQUIRE(set.add(key) == model.insert(key).second);
      REQUIRE(set.size() == model.size());
    }
    for (uint64_t key : model) REQUIRE_FALSE(set.add(key));
  }
}

TEST_CASE("key set: a large one gives its memory back, and is empty") {
  KeySet set;
  for (uint64_t k = 0; k < 100000; ++k) REQUIRE(set.add(k));
  set.clear();
  CHECK(set.size() == 0);
  for (uint64_t k = 0; k < 100000; k += 7) REQUIRE(set.add(k));
}
