// Exact decimal numbers, as far as JSON Schema needs them.
//
//   Decimal::parse("-12.50e1")  ->  -125; compare(a, b) < 0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xgr::core {

// (-1)^negative * 0.digits * 10^point, digits without leading or trailing zeros; zero has none.
struct Decimal {
  bool negative = false;
  std::string digits;
  int64_t point = 0;

  // A JSON number; nothing when its exponent does not fit.
  static std::optional<Decimal> parse(std::string_view text);
  bool zero() const { return digits.empty(); }
  bool integer() const { return static_cast<int64_t>(digits.size()) <= point; }
  // Digits before the decimal point ("0" at least) and after it ("" for integers). Both need
  // plain_size() bytes.
  std::string whole() const;
  std::string fraction() const;
  uint64_t plain_size() const;
  Decimal negated() const;
  // Shortest plain notation: "-0.5", "1200".
  std::string plain() const;
  bool operator==(const Decimal&) const = default;
};

int compare(const Decimal& a, const Decimal& b);
// Whether value / step is an integer; nothing when step has more than 9 significant digits.
std::optional<bool> is_multiple(const Decimal& value, const Decimal& step);

}  // namespace xgr::core
