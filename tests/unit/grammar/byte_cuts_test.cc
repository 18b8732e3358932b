// Byte ranges cut into pieces, compared with a look at every byte.
#include "grammar/byte_cuts.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <vector>

namespace xgr::core {
namespace {

using Followers = std::vector<Expr>;

std::map<int, Followers> by_byte(const std::vector<ByteEdge>& edges) {
  std::map<int, Followers> out;
  for (const ByteEdge& e : edges) {
    for (int b = e.lo; b <= e.hi; ++b) out[b].push_back(e.next);
  }
  return out;
}

void check_cuts(const std::vector<ByteEdge>& edges, ByteCuts* cuts) {
  cuts->cut(edges);
  std::map<int, Followers> got;
  int last = -1;
  for (const ByteCuts::Piece& p : cuts->pieces()) {
    CHECK(p.lo > last);
    CHECK(p.lo <= p.hi);
    last = p.hi;
    std::span<const Expr> next = cuts->next(p);
    for (int b = p.lo; b <= p.hi; ++b) got[b] = Followers(next.begin(), next.end());
  }
  CHECK(got == by_byte(edges));
}

TEST_CASE("byte cuts: edges apart stay as they are") {
  ByteCuts cuts;
  check_cuts({}, &cuts);
  CHECK(cuts.pieces().empty());
  check_cuts({{'a', 'a', 1}}, &cuts);
  check_cuts({{0, 255, 7}}, &cuts);
  check_cuts({{0, 9, 1}, {10, 10, 2}, {200, 255, 1}}, &cuts);
  CHECK(cuts.pieces().size() == 3);
}

TEST_CASE("byte cuts: overlapping and unordered edges") {
  ByteCuts cuts;
  check_cuts({{'a', 'z', 1}, {'m', 'm', 2}}, &cuts);
  CHECK(cuts.pieces().size() == 3);
  check_cuts({{200, 255, 1}, {0, 100, 2}}, &cuts);
  CHECK(cuts.pieces().size() == 2);
  check_cuts({{63, 64, 1}, {64, 65, 2}, {0, 255, 3}, {255, 255, 3}}, &cuts);
}

TEST_CASE("byte cuts: random edges") {
  std::mt19937 random(5);
  ByteCuts cuts;
  for (int round = 0; round < 2000; ++round) {
    std::vector<ByteEdge> edges(random() % 12);
    for (ByteEdge& e : edges) {
      uint32_t x = random() % 256, y = random() % 3 == 0 ? x : random() % 256;
      e = {static_cast<uint8_t>(std::min(x, y)), static_cast<uint8_t>(std::max(x, y)),
           static_cast<Expr>(random() % 4)};
    }
    check_cuts(edges, &cuts);
  }
}

}  // namespace
}  // namespace xgr::core
