// Sets of bytes against std::set: support/byte_set.h.
#include "support/byte_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace xgr::core;

namespace {

std::set<int> members(const ByteSet& s) {
  std::set<int> out;
  s.for_each([&](uint8_t b) { out.insert(b); });
  return out;
}

}  // namespace

TEST_CASE("byte set: members in order, counts below") {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    ByteSet s;
    std::set<int> model;
    for (int i = 0; i < round * 3; ++i) {
      int b = static_cast<int>(random() % 256);
      s.add(static_cast<uint8_t>(b));
      model.insert(b);
    }
    CHECK(members(s) == model);
    CHECK(s.empty() == model.empty());
    for (int b = 0; b < 256; ++b) {
      CHECK(s.has(static_cast<uint8_t>(b)) == (model.count(b) > 0));
    }
  }
}

TEST_CASE("byte set: ranges, union, intersection, containment") {
  ByteSet all, low, high;
  all.add_range(0, 255);
  low.add_range(0, 127);
  high.add_range(120, 255);
  CHECK(members(all).size() == 256);
  CHECK(members(low & high) == std::set<int>{120, 121, 122, 123, 124, 125, 126, 127});
  CHECK(all.contains_all(high.words));
  CHECK_FALSE(low.contains_all(high.words));
  CHECK(low.contains_all(ByteSet{}.words));
  low |= high;
  CHECK(low.words == all.words);
  CHECK((ByteSet{} & all).empty());
}
