// The decimal notations of numbers, as expressions.
//
//   number_text(pool, {.lower = {"0.5", inclusive}, .integers = true})   ->  [1-9] ...
#pragma once

#include "frontend/json_schema/decimal.h"
#include "grammar/expr.h"

namespace xgr::core {

struct Bound {
  bool set = false;
  bool exclusive = false;
  Decimal value;
};

struct NumberRange {
  Bound lower, upper;
  bool integers = true;        // integer values wanted
  bool fractions = true;       // other values wanted
  bool zero_fractions = true;  // integer values also as 1.0, when no others are wanted
};

// Longest plain notation of a bound that is written out.
inline constexpr uint64_t kMaxBoundDigits = 20000;

// Every notation of the wanted numbers: without bounds the whole RFC 8259 grammar (integers: digits
// and an optional zero fraction); with bounds plain decimals, and exponents where any would
// do.
Expr number_text(ExprPool& pool, const NumberRange& range);

// Of `numbers`, the notations of that range, those with at most so many digits in a row; -1: all. Also all
// where a bound has so many digits itself, so that some number is always left.
Expr limit_digits(ExprPool& pool, Expr numbers, const NumberRange& range, int32_t max_digits);

}  // namespace xgr::core
