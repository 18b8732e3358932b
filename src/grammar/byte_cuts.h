// Steps over ranges of bytes, cut into ranges whose bytes are followed by the same.
//
//   ByteCuts cuts; cuts.cut(form.bytes);      // [a-z] -> x, [m] -> y
//   for (const ByteCuts::Piece& p : cuts.pieces()) use(p.lo, p.hi, cuts.next(p));
//                                             // a-l: x   m: x, y   n-z: x
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grammar/rule_facts.h"

namespace xgr::core {

// Keeps its memory from one use to the next.
class ByteCuts {
 public:
  struct Piece {
    uint8_t lo, hi;
    uint32_t begin, count;  // of its continuations
  };
  void cut(std::span<const ByteEdge> edges);
  // Ascending; bytes without steps are in none.
  std::span<const Piece> pieces() const { return pieces_; }
  // In the order of the edges, repetitions included.
  std::span<const Expr> next(const Piece& p) const { return {next_.data() + p.begin, p.count}; }

 private:
  void cut_overlapping(std::span<const ByteEdge> edges);
  std::vector<Piece> pieces_;
  std::vector<Expr> next_;
};

}  // namespace xgr::core
