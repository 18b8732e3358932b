// Arithmetic on steps and bounds.
//
// Entry points: common_multiple, multiples_between. Decimals are scaled to 64-bit integers with a
// common number of fraction digits; what does not fit is left to the remainder automaton, which is
// right for any size but may have to be searched.
//
//   common_multiple({0.25, 6})  ->  6;   multiples_between([1, 2], 0.5)  ->  1, 1.5, 2
//
// Tests: tests/unit/frontend/json_schema/multiples_test.cc.
#include "frontend/json_schema/multiples.h"

#include <algorithm>
#include <numeric>

namespace xgr::core {
namespace {

constexpr int64_t kMaxDigits = 17;

int64_t places_of(const Decimal& d) {
  return std::max<int64_t>(0, static_cast<int64_t>(d.digits.size()) - d.point);
}

// d * 10^places as an integer; nothing when that has too many digits.
std::optional<int64_t> scaled(const Decimal& d, int64_t places) {
  if (d.zero()) return 0;
  if (d.point + places > kMaxDigits || places > kMaxDigits) return std::nullopt;
  std::string text = d.digits;
  text.append(static_cast<size_t>(d.point + places) - text.size(), '0');
  return std::stoll(text) * (d.negative ? -1 : 1);
}

Decimal from_scaled(int64_t value, int64_t places) {
  return Decimal::parse(std::to_string(value) + "e-" + std::to_string(places)).value_or(Decimal{});
}

int64_t divide_up(int64_t a, int64_t b) { return a / b + (a % b > 0 ? 1 : 0); }
int64_t divide_down(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::optional<Decimal> common_multiple(std::span<const Decimal> steps) {
  int64_t places = 0, all = 1;
  for (const Decimal& s : steps) places = std::max(places, places_of(s));
  for (const Decimal& s : steps) {
    std::optional<int64_t> n = scaled(s, places);
    if (!n || *n <= 0) return std::nullopt;
    int64_t factor = *n / std::gcd(all, *n);
    if (all > INT64_MAX / factor) return std::nullopt;
    all *= factor;
  }
  return from_scaled(all, places);
}

std::optional<std::vector<Decimal>> multiples_between(const NumberRange& range, const Decimal& step,
                                                      size_t most) {
  if (!range.lower.set || !range.upper.set) return std::nullopt;
  int64_t places =
      std::max({places_of(range.lower.value), places_of(range.upper.value), places_of(step)});
  auto lo = scaled(range.lower.value, places), hi = scaled(range.upper.value, places);
  auto by = scaled(step, places);
  if (!lo || !hi || !by || *by <= 0) return std::nullopt;
  int64_t first = divide_up(*lo, *by), last = divide_down(*hi, *by);
  if (range.lower.exclusive && first * *by == *lo) ++first;
  if (range.upper.exclusive && last * *by == *hi) --last;
  std::vector<Decimal> out;
  if (first > last) return out;
  if (static_cast<uint64_t>(last - first) >= most) return std::nullopt;
  for (int64_t k = first; k <= last; ++k) {
    Decimal d = from_scaled(k * *by, places);
    if (d.integer() ? range.integers : range.fractions) out.push_back(std::move(d));
  }
  return out;
}

}  // namespace xgr::core
