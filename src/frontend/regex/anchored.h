// Languages with anchors: what matches, told apart by where it has to stand.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// Four sets of strings: those that match anywhere, only from the beginning of the text on, only up
// to its end, and only as the whole text.
struct Anchored {
  std::array<Expr, 4> where;
  Expr anywhere() const { return where[0]; }
  Expr at_start() const { return where[1]; }
  Expr at_end() const { return where[2]; }
  Expr as_whole() const { return where[3]; }
};

class AnchoredAlgebra {
 public:
  explicit AnchoredAlgebra(ExprPool& pool) : pool_(pool) {}

  Anchored plain(Expr e) const { return {{e, 0, 0, 0}}; }
  // Not tied to an end of the text.
  bool is_plain(const Anchored& x) const;
  Anchored start() const { return {{0, pool_.epsilon(), 0, 0}}; }
  Anchored end() const { return {{0, 0, pool_.epsilon(), 0}}; }
  Anchored seq(std::span<const Anchored> parts);
  Anchored alt(std::span<const Anchored> branches);
  Anchored repeat(const Anchored& body, uint32_t min, uint32_t max);

  // The texts that match as a whole.
  Expr whole(const Anchored& x);
  // The texts that contain a match.
  Expr search(const Anchored& x);

 private:
  bool any_nullable(const Anchored& x, unsigned states) const;
  Anchored join(const Anchored& x, const Anchored& y);
  ExprPool& pool_;
};

}  // namespace xgr::core
