// Arrays in which items of certain kinds are counted.
//
//   CountedItems({layout, prefix, rest, counts, min, max}).write(pool)
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "frontend/json_schema/json_text.h"

namespace xgr::core {

struct CountedSpec {
  struct Item {
    uint32_t matches;  // counters that it raises (bits)
    Expr value;
  };
  struct Count {
    uint32_t min, max;  // an unbounded counter may miss items that would raise it
  };
  Layout layout;
  std::vector<std::vector<Item>> prefix;  // what the first items may be
  std::vector<Item> rest;                 // what all others may be
  std::vector<Count> counts;
  uint32_t min = 0, max = kUnbounded;  // items in all
};

class CountedItems {
 public:
  explicit CountedItems(CountedSpec spec) : spec_(std::move(spec)) {}
  // Nothing when the counts are so large that too many states would have to be written out.
  std::optional<Expr> write(ExprPool& pool);

 private:
  // Items so far, then the counters, each as far as it matters.
  using State = std::vector<uint32_t>;
  struct Step {
    State next;
    std::vector<Expr> values;
  };
  bool may_close(const State& s) const;
  bool counting(const State& s) const;
  std::vector<Step> steps(const State& s) const;
  std::optional<State> after(const State& s, uint32_t matches) const;
  Expr free_tail(ExprPool& pool, const State& s) const;
  Expr tail(ExprPool& pool, const State& s, std::vector<Step>* missing);

  CountedSpec spec_;
  std::map<State, Expr> tails_;  // what follows an item and the gap after it
};

}  // namespace xgr::core
