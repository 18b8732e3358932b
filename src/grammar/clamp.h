// Counters replaced by others that short texts cannot tell from them.
#pragma once

#include "grammar/expr.h"
#include "grammar/inclusion.h"
#include "grammar/text_lengths.h"

namespace xgr::core {

// An expression that allows the same byte strings of at most `reach` characters as prefixes of its
// strings: in the chain of `e`, x{m,n} with m or n beyond `reach` becomes x{min(m,reach+1), inf}.
// Only for masks: what an automaton may read next, never whether it may stop far ahead.
Expr clamp_counters(ExprPool& pool, Expr e, uint32_t reach);

// Takes upper bounds off expressions; remembers what it found out about their parts.
class BoundRemover {
 public:
  BoundRemover(ExprPool* pool, Inclusion* inclusion)
      : pool_(*pool), inclusion_(*inclusion), lengths_(*pool) {}
  struct Unbounded {
    Expr e;
    uint32_t slack;  // strings of at most so many characters belong to both or to neither
    bool boolean;    // a bound below an intersection was taken away: what is alive may differ
  };
  // An expression without the upper bounds that the head of `e` counts, wherever intersections and
  // alternatives have put them; without a bound there, without those far away that stand behind it.
  // Bounds smaller than `least` stay. `slack` is kUnbounded when there is nothing to take away.
  Unbounded remove(Expr e, uint32_t least);
  size_t memory_bytes() const { return lengths_.memory_bytes(); }

 private:
  Expr remove(Expr e, bool boolean, int depth);
  Expr remove_in_sequence(Expr e, bool in_boolean, int depth);
  Expr remove_bound(Expr e, const ExprNode& n, bool in_boolean);
  Expr remove_budget(Expr e);
  bool counts_only(Expr counter, Expr other);

  ExprPool& pool_;
  Inclusion& inclusion_;
  TextLengths lengths_;
  uint32_t least_ = 0;
  Unbounded found_{};
};

}  // namespace xgr::core
