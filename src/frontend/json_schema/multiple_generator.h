// Plain decimals that are multiples of a number.
#pragma once

#include <optional>

#include "frontend/json_schema/decimal.h"
#include "grammar/expr.h"

namespace xgr::core {

// Args: {point in the number, remainder so far, fraction digits read}.
class MultipleGenerator : public LazyGenerator {
 public:
  // The language of all multiples of `step`; nothing when it has too many digits.
  static std::optional<Expr> language(ExprPool& pool, const Decimal& step);

  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool&, const Args& args) const override;
  Expr witness(ExprPool& pool, const Args&) const override { return pool.epsilon(); }
  void collect_children(const Args&, std::vector<Expr>*) const override {}

 private:
  enum Point : uint32_t { kStart, kSigned, kZero, kWhole, kPoint, kFraction };
  Expr at(ExprPool& pool, Point point, uint64_t remainder, uint32_t digits) const;
  Expr fraction_digits(ExprPool& pool, uint64_t remainder, uint32_t digits) const;
  uint64_t scaled(uint64_t remainder, uint32_t places) const;
  bool completable(uint64_t remainder, uint32_t digits) const;

  uint64_t modulus_ = 1;
  uint32_t places_ = 0;  // fraction digits that count
  uint32_t id_ = 0;
};

}  // namespace xgr::core
