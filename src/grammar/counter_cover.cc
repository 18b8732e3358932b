// Covers of counters: why (a{0,1000} b?){0,1000} has one or two alternatives a state, and not thousands.
//
// Entry point: CounterCover::reduce. Counters in counters lead to alternatives for every way to have
// shared out what was read: few rounds that were long, many that were short. As sequences they are the
// same but for the numbers, and are points with a range in each dimension. One whose ranges lie all in
// those of another is part of it; two that differ in one dimension, without a gap between their ranges,
// are one. What is left is mostly one alternative for each level of nesting.
//
//   after "aa":  a{0,998} b? R{0,999},  a{0,999} b? R{0,998},  a{0,999} b? R{0,997}
//            ->  a{0,998} b? R{0,999},  a{0,999} b? R{0,998}
//
// Tests: tests/unit/grammar/counter_cover_test.cc.
#include "grammar/counter_cover.h"

#include <algorithm>

#include "support/hash.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxPartsOfState = 8192;  // to look at, unless items are many
constexpr size_t kLeastPartsOfItem = 8, kMostPartsOfItem = 256;
constexpr size_t kMaxRowsCompared = 256;  // each with each

}  // namespace

void CounterCover::reduce(std::vector<Expr>* items) {
  const auto counted =
      std::count_if(items->begin(), items->end(), [this](Expr e) { return pool_.has_counter(e); });
  if (counted < 2) return;
  parts_.clear();
  rows_.clear();
  const size_t max_parts = std::clamp(kMaxPartsOfState / static_cast<size_t>(counted),
                                      kLeastPartsOfItem, kMostPartsOfItem);
  for (size_t i = 0; i < items->size(); ++i) {
    if (pool_.has_counter((*items)[i])) add_row((*items)[i], static_cast<uint32_t>(i), max_parts);
  }
  pool_.charge(parts_.size() + items->size());
  std::sort(rows_.begin(), rows_.end(), [](const Row& x, const Row& y) {
    return x.shape != y.shape ? x.shape < y.shape : x.item < y.item;
  });
  bool any = false;
  for (size_t begin = 0, end; begin < rows_.size(); begin = end) {
    end = begin + 1;
    while (end < rows_.size() && end - begin < kMaxRowsCompared &&
           rows_[end].shape == rows_[begin].shape) {
      ++end;
    }
    any |= reduce_rows(std::span(rows_).subspan(begin, end - begin));
  }
  if (!any) return;
  for (const Row& row : rows_) {
    Expr& item = (*items)[row.item];
    item = row.count == 0 ? kNoExpr : row.changed ? made_of(row) : item;
  }
  std::erase(*items, kNoExpr);
  sort_unique(items);
}

void CounterCover::add_row(Expr e, uint32_t item, size_t max_parts) {
  Row row{1, static_cast<uint32_t>(parts_.size()), 0, e, item, false};
  auto add = [&](Expr part) {
    const ExprNode& n = pool_.node(part);
    const bool repeat = n.kind == ExprKind::kRepeat;
    parts_.push_back(repeat ? Part{n.a, n.b, n.c} : Part{part, 1, 1});
    row.shape = mix(row.shape, parts_.back().body);
    ++row.count;
  };
  while (row.count < max_parts && pool_.node(row.rest).kind == ExprKind::kSeq) {
    add(pool_.node(row.rest).a);
    row.rest = pool_.node(row.rest).b;
  }
  if (row.count < max_parts) {
    add(row.rest);
    row.rest = pool_.epsilon();
  }
  row.shape = mix(row.shape, row.rest);
  rows_.push_back(row);
}

bool CounterCover::same_shape(const Row& x, const Row& y) const {
  if (x.count != y.count || x.rest != y.rest) return false;
  for (uint32_t i = 0; i < x.count; ++i) {
    if (parts_[x.begin + i].body != parts_[y.begin + i].body) return false;
  }
  return true;
}

// Makes x the union of both, if that is a row.
bool CounterCover::join(Row* x, const Row& y) {
  Part *a = &parts_[x->begin], *b = &parts_[y.begin], *other = nullptr;
  bool x_in_y = true, y_in_x = true, one_differs = true;
  for (uint32_t i = 0; i < x->count; ++i) {
    if (a[i].min == b[i].min && a[i].max == b[i].max) continue;
    x_in_y = x_in_y && b[i].min <= a[i].min && a[i].max <= b[i].max;
    y_in_x = y_in_x && a[i].min <= b[i].min && b[i].max <= a[i].max;
    one_differs = one_differs && other == nullptr;
    other = &a[i];
    if (!x_in_y && !y_in_x && !one_differs) return false;
  }
  if (y_in_x) return true;
  if (x_in_y) {
    std::copy(b, b + x->count, a);
  } else {
    const Part& of_y = b[other - a];
    if (of_y.min > uint64_t{other->max} + 1 || other->min > uint64_t{of_y.max} + 1) return false;
    other->min = std::min(other->min, of_y.min);
    other->max = std::max(other->max, of_y.max);
  }
  x->changed = true;
  return true;
}

// Rows that are part of others become empty. False: there is none.
bool CounterCover::reduce_rows(std::span<Row> rows) {
  bool any = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; rows[i].count > 0 && j < rows.size(); ++j) {
      if (j == i || rows[j].count == 0) continue;
      pool_.charge(rows[i].count);
      if (!same_shape(rows[i], rows[j])) continue;
      if (!join(&rows[i], rows[j])) continue;
      rows[j].count = 0;
      any = true;
      j = static_cast<size_t>(-1);  // it may have grown, so that others are part of it now
    }
  }
  return any;
}

Expr CounterCover::made_of(const Row& row) {
  Expr e = row.rest;
  for (uint32_t i = row.count; i-- > 0;) {
    const Part& p = parts_[row.begin + i];
    e = pool_.seq(pool_.repeat(p.body, p.min, p.max), e);
  }
  return e;
}

}  // namespace xgr::core
