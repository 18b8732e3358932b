// Alternatives that differ in how often something is repeated, as fewer ones.
//
//   CounterCover cover(&pool);
//   cover.reduce(&items);        // a{0,3}R, a{2,7}R, a{1,2}R   ->   a{0,7}R
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// Keeps its working memory.
class CounterCover {
 public:
  explicit CounterCover(ExprPool* pool) : pool_(*pool) {}
  // The union of the items stays what it is. They are sorted and unique, before and after.
  void reduce(std::vector<Expr>* items);

 private:
  // One part of a sequence: `body`, from `min` to `max` times.
  struct Part {
    Expr body;
    uint32_t min, max;
  };
  // An item as parts and what follows them. Items of one shape differ in numbers only.
  struct Row {
    uint64_t shape;  // hash
    uint32_t begin, count;
    Expr rest;
    uint32_t item;  // index
    bool changed;
  };
  void add_row(Expr e, uint32_t item, size_t max_parts);
  bool same_shape(const Row& x, const Row& y) const;
  bool join(Row* x, const Row& y);
  bool reduce_rows(std::span<Row> rows);
  Expr made_of(const Row& row);

  ExprPool& pool_;
  std::vector<Part> parts_;
  std::vector<Row> rows_;
};

}  // namespace xgr::core
