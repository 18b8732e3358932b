// Exact decimals: parsing and comparison on digit strings.
//
// Entry points: Decimal::parse, compare. Bounds of a schema can be of any size ("1e400",
// 9007199254740993), so they never pass through a double.
//
//   compare(parse("1e3"), parse("999.9")) > 0
//
// Tests: tests/unit/frontend/json_schema/number_text_test.cc.
#include "frontend/json_schema/decimal.h"

#include <algorithm>

namespace xgr::core {

std::optional<Decimal> Decimal::parse(std::string_view text) {
  Decimal d;
  size_t i = 0;
  if (i < text.size() && text[i] == '-') d.negative = true, ++i;
  bool after_point = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    d.digits += text[i];
    if (!after_point) ++d.point;
  }
  if (i < text.size()) {
    bool minus = text[++i] == '-';
    if (text[i] == '-' || text[i] == '+') ++i;
    int64_t exponent = 0;
    for (; i < text.size(); ++i) {
      exponent = exponent * 10 + (text[i] - '0');
      if (exponent > 1'000'000'000'000) return std::nullopt;
    }
    d.point += minus ? -exponent : exponent;
  }
  size_t lead = std::min(d.digits.find_first_not_of('0'), d.digits.size());
  d.digits.erase(0, lead);
  d.point -= static_cast<int64_t>(lead);
  d.digits.resize(d.digits.find_last_not_of('0') + 1);
  if (d.digits.empty()) return Decimal{};
  return d;
}

std::string Decimal::whole() const {
  if (zero() || point <= 0) return "0";
  std::string s = digits.substr(0, static_cast<size_t>(point));
  s.append(static_cast<size_t>(point) - s.size(), '0');
  return s;
}

std::string Decimal::fraction() const {
  if (integer()) return "";
  if (point >= 0) return digits.substr(static_cast<size_t>(point));
  return std::string(static_cast<size_t>(-point), '0') + digits;
}

uint64_t Decimal::plain_size() const {
  if (zero()) return 1;
  uint64_t far = static_cast<uint64_t>(point < 0 ? -point : point);
  return far + digits.size() + 3;
}

Decimal Decimal::negated() const {
  Decimal d = *this;
  if (!zero()) d.negative = !d.negative;
  return d;
}

std::string Decimal::plain() const {
  std::string f = fraction();
  return (negative ? "-" : "") + whole() + (f.empty() ? "" : "." + f);
}

int compare(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int sign = a.negative ? -1 : 1;
  if (a.zero() || b.zero()) return a.zero() && b.zero() ? 0 : a.zero() ? -sign : sign;
  if (a.point != b.point) return a.point < b.point ? -sign : sign;
  int c = a.digits.compare(b.digits);
  return c == 0 ? 0 : c < 0 ? -sign : sign;
}

std::optional<bool> is_multiple(const Decimal& value, const Decimal& step) {
  if (step.zero() || step.digits.size() > 9) return std::nullopt;
  if (value.zero()) return true;
  // value = v * 10^x, step = s * 10^y, neither v nor s ends in 0. When x < y no multiple has digits
  // that far right.
  int64_t x = value.point - static_cast<int64_t>(value.digits.size());
  int64_t y = step.point - static_cast<int64_t>(step.digits.size());
  if (x < y) return false;
  uint64_t modulus = std::stoul(step.digits), rest = 0;
  for (char c : value.digits) rest = (rest * 10 + static_cast<uint64_t>(c - '0')) % modulus;
  for (int64_t i = 0; i < x - y && rest != 0; ++i) {
    rest = rest * 10 % modulus;
    if (i > 64) break;  // 10^64 has every power of 2 and 5 that a modulus of 9 digits can hold
  }
  return rest == 0;
}

}  // namespace xgr::core
