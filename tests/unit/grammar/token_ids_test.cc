// Sets of token ids and their spelling: grammar/token_ids.cc.
#include "grammar/token_ids.h"

#include <doctest/doctest.h>

using namespace xgr;

TEST_CASE("ranges of ids join and stay sorted") {
  TokenIds s;
  s.add(10, 12), s.add(1, 2), s.add(13, 13), s.add(4, 9);
  REQUIRE(s.ranges().size() == 2);
  CHECK(s.ranges()[0] == TokenRange{1, 2});
  CHECK(s.ranges()[1] == TokenRange{4, 13});
  CHECK(s.contains(4));
  CHECK_FALSE(s.contains(3));
  CHECK(s.complement().complement() == s);
  CHECK(TokenIds().complement().ranges()[0] == TokenRange{0, kMaxTokenId});
  CHECK(TokenIds().complement().complement().empty());
}

TEST_CASE("a range of ids is spelled by few ranges of bytes, each id once") {
  for (auto [lo, hi] : {TokenRange{5, 5}, TokenRange{0x105, 0x302}, TokenRange{0, kMaxTokenId},
                        TokenRange{0x1FFFE, 0x20002}, TokenRange{0xFF, 0x2FFFF}}) {
    std::vector<TokenSpelling> spellings;
    append_token_spellings({lo, hi}, &spellings);
    CHECK(spellings.size() <= 5);
    uint64_t count = 0;
    for (const TokenSpelling& s : spellings) {
      uint64_t here = 1;
      for (size_t i = 0; i < 3; ++i) here *= s.hi[i] - s.lo[i] + 1;
      count += here;
      uint32_t first = uint32_t{s.lo[0]} << 16 | uint32_t{s.lo[1]} << 8 | s.lo[2];
      uint32_t last = uint32_t{s.hi[0]} << 16 | uint32_t{s.hi[1]} << 8 | s.hi[2];
      CHECK(first >= lo);
      CHECK(last <= hi);
      CHECK(last - first + 1 == here);
    }
    CHECK(count == uint64_t{hi} - lo + 1);
  }
}
