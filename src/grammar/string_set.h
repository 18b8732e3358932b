// One string out of a sorted list, unfolded one character at a time.
#pragma once

#include <memory>

#include "grammar/measured_generator.h"
#include "grammar/string_table.h"

namespace xgr::core {

// Args: strings [a, b) share their first c bytes, which are already consumed.
class StringSet : public MeasuredGenerator {
 public:
  // One of the strings.
  static Expr add(ExprPool* pool, std::shared_ptr<const StringTable> strings);

  explicit StringSet(std::shared_ptr<const StringTable> strings)
      : table_(std::move(strings)), strings_(*table_) {}
  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool& pool, const Args& args) const override;
  Expr witness(ExprPool& pool, const Args& args) const override;
  void collect_children(const Args&, std::vector<Expr>*) const override {}
  uint32_t least_bytes(const Args& args, const Least& least) const override;

 private:
  uint32_t end_of(std::string_view head, uint32_t lo, uint32_t hi, uint32_t depth) const;
  bool has_spelled(const ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const;
  std::shared_ptr<const StringTable> table_;
  const StringTable& strings_;
  uint32_t id_ = 0;
};

}  // namespace xgr::core
