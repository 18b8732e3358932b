// The coarsest pieces of the byte range that respect all edges.
//
// Entry point: ByteCuts::cut. Edges that are already apart and ascending, as those of a literal or
// a switch are, become the pieces as they stand. Otherwise the range is cut wherever an edge begins
// or ends; the cuts are bits of a set, so the piece of a byte is a count of bits.
//
//   [a-z] -> x, [m] -> y     cut before a, m, n and {: three pieces
//
// Tests: tests/unit/grammar/byte_cuts_test.cc.
#include "grammar/byte_cuts.h"

#include <array>
#include <bit>

#include "support/bits.h"

namespace xgr::core {
namespace {

// The bytes where a piece begins.
class Cuts {
 public:
  void add(uint32_t b) { words_[b >> 6] |= uint64_t{1} << (b & 63); }
  void count() {
    for (size_t i = 1; i < words_.size(); ++i) {
      before_[i] = before_[i - 1] + static_cast<uint32_t>(count_ones(words_[i - 1]));
    }
  }
  // Pieces that begin before or at b.
  uint32_t rank(uint32_t b) const {
    uint64_t upto = words_[b >> 6] & (~uint64_t{0} >> (63 - (b & 63)));
    return before_[b >> 6] + static_cast<uint32_t>(count_ones(upto));
  }
  template <typename F>
  void for_each(F&& f) const {
    for (uint32_t i = 0; i < words_.size(); ++i) {
      for (uint64_t w = words_[i]; w; w &= w - 1) {
        f(i * 64 + static_cast<uint32_t>(std::countr_zero(w)));
      }
    }
  }

 private:
  std::array<uint64_t, 5> words_{};
  std::array<uint32_t, 5> before_{};
};

}  // namespace

void ByteCuts::cut(std::span<const ByteEdge> edges) {
  pieces_.clear();
  next_.clear();
  for (size_t i = 1; i < edges.size(); ++i) {
    if (edges[i].lo <= edges[i - 1].hi) return cut_overlapping(edges);
  }
  for (const ByteEdge& e : edges) {
    pieces_.push_back({e.lo, e.hi, static_cast<uint32_t>(next_.size()), 1});
    next_.push_back(e.next);
  }
}

void ByteCuts::cut_overlapping(std::span<const ByteEdge> edges) {
  Cuts cuts;
  for (const ByteEdge& e : edges) cuts.add(e.lo), cuts.add(e.hi + 1u);
  cuts.count();
  cuts.for_each([&](uint32_t b) {
    if (!pieces_.empty()) pieces_.back().hi = static_cast<uint8_t>(b - 1);
    pieces_.push_back({static_cast<uint8_t>(b), 255, 0, 0});
  });
  for (const ByteEdge& e : edges) {
    uint32_t last = cuts.rank(e.hi);
    for (uint32_t p = cuts.rank(e.lo) - 1; p < last; ++p) ++pieces_[p].count;
  }
  uint32_t total = 0;
  for (Piece& p : pieces_) {
    p.begin = total;
    total += p.count;
    p.count = 0;
  }
  next_.resize(total);
  for (const ByteEdge& e : edges) {
    uint32_t last = cuts.rank(e.hi);
    for (uint32_t p = cuts.rank(e.lo) - 1; p < last; ++p) {
      next_[pieces_[p].begin + pieces_[p].count++] = e.next;
    }
  }
  std::erase_if(pieces_, [](const Piece& p) { return p.count == 0; });
}

}  // namespace xgr::core
