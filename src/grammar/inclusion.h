// Which alternatives say nothing that another one does not say.
//
//   Inclusion inclusion(&pool);
//   inclusion.drop_included(&items);      // S* rest,  a b S* rest   ->   S* rest, for a, b in S
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

class Inclusion {
 public:
  explicit Inclusion(ExprPool* pool) : pool_(*pool) {}
  // Takes out items that begin with what the loop at the head of another item may read, and then go
  // on as that one. Keeps the order.
  void drop_included(std::vector<Expr>* items);
  // Whether all strings of `x` are strings of `y`. False also where the shapes do not show it.
  bool holds(Expr x, Expr y);
  // Whether all strings of `x` are repetitions of strings of `body`. Likewise.
  bool in_loop(Expr x, Expr body);
  size_t memory_bytes() const;

 private:
  bool ends_like(Expr item, Expr loop_item);
  bool in_loop(Expr x, Expr body, int depth);
  bool part_in_loop(Expr x, Expr body, int depth);
  bool holds(Expr x, Expr y, int depth);
  bool seek(Expr x, Expr y, int depth);
  bool begins(const CharSet& first, Expr rest, Expr y, int depth);
  bool split(Expr x, CharSet* first, Expr* rest);

  ExprPool& pool_;
  int steps_left_ = 0;                        // of the question being asked
  std::unordered_map<uint64_t, bool> known_;  // by x, y; and of in_loop, with the top bit of x set
};

}  // namespace xgr::core
