// One string out of a sorted list, unfolded one character at a time.
#pragma once

#include <string>
#include <vector>

#include "grammar/expr.h"

namespace xgr {

// Args: strings [a, b) share their first c bytes, which are already consumed.
class StringSet : public LazyGenerator {
 public:
  explicit StringSet(std::vector<std::string> sorted) : strings_(std::move(sorted)) {}
  void set_id(uint32_t id) { id_ = id; }
  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool& pool, const Args& args) const override;
  Expr witness(ExprPool& pool, const Args& args) const override;
  void collect_children(const Args&, std::vector<Expr>*) const override {}

 private:
  bool has_spelled(const ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const;
  std::vector<std::string> strings_;
  uint32_t id_ = 0;
};

}  // namespace xgr
