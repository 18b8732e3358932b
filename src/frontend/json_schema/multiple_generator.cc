// multipleOf as a remainder automaton.
//
// Entry point: MultipleGenerator::language. With step = m / 10^p, a number is a multiple iff its
// digits up to p places after the point, read as an integer, leave remainder 0 modulo m and only
// zeros follow. Remainders are computed digit by digit and states made on demand. A fraction digit
// is only offered when the remaining places can still bring the remainder to 0.
//
//   multiples of 0.25 (m = 25, p = 2):  1.5 -> 15 mod 25, one place left -> 150 mod 25 = 0
//
// Tests: tests/unit/frontend/json_schema/multiple_generator_test.cc,
// tests/cases/json_schema/number.case.
#include "frontend/json_schema/multiple_generator.h"

#include <memory>
#include <string>

namespace xgr::core {
namespace {

constexpr uint64_t kMaxModulus = 1'000'000'000;
constexpr int64_t kMaxPlaces = 1000;

}  // namespace

std::optional<Expr> MultipleGenerator::language(ExprPool& pool, const Decimal& step) {
  int64_t exponent = step.point - static_cast<int64_t>(step.digits.size());
  if (step.digits.size() > 9 || exponent > 9 || exponent < -kMaxPlaces) return std::nullopt;
  auto generator = std::make_unique<MultipleGenerator>();
  generator->modulus_ = std::stoul(step.digits);
  for (int64_t i = 0; i < exponent; ++i) generator->modulus_ *= 10;
  if (generator->modulus_ > kMaxModulus) return std::nullopt;
  if (exponent < 0) generator->places_ = static_cast<uint32_t>(-exponent);
  MultipleGenerator* raw = generator.get();
  raw->id_ = pool.add_generator(std::move(generator));
  return pool.lazy(raw->id_, {kStart, 0, 0});
}

Expr MultipleGenerator::at(ExprPool& pool, Point point, uint64_t remainder, uint32_t digits) const {
  return pool.lazy(id_, {point, static_cast<uint32_t>(remainder), digits});
}

uint64_t MultipleGenerator::scaled(uint64_t remainder, uint32_t places) const {
  for (uint32_t i = 0; i < places && remainder != 0; ++i) remainder = remainder * 10 % modulus_;
  return remainder;
}

// Whether some digits in the places left lead to remainder 0.
bool MultipleGenerator::completable(uint64_t remainder, uint32_t digits) const {
  uint32_t left = places_ - digits;
  uint64_t missing = (modulus_ - scaled(remainder, left)) % modulus_;
  uint64_t reach = 1;
  for (uint32_t i = 0; i < left && reach <= missing; ++i) reach *= 10;
  return missing < reach;
}

bool MultipleGenerator::nullable(const ExprPool&, const Args& a) const {
  if (a[0] == kZero) return true;
  if (a[0] == kWhole) return scaled(a[1], places_) == 0;
  return a[0] == kFraction && scaled(a[1], places_ - a[2]) == 0;
}

Expr MultipleGenerator::fraction_digits(ExprPool& pool, uint64_t remainder, uint32_t digits) const {
  std::vector<SwitchEdge> edges;
  for (uint32_t d = 0; d < 10; ++d) {
    char32_t c = U'0' + d;
    if (digits == places_) {  // beyond the last place only zeros
      if (d == 0 && remainder == 0) edges.push_back({c, c, at(pool, kFraction, 0, digits)});
      continue;
    }
    uint64_t next = (remainder * 10 + d) % modulus_;
    if (completable(next, digits + 1))
      edges.push_back({c, c, at(pool, kFraction, next, digits + 1)});
  }
  return pool.switch_on(edges);
}

Expr MultipleGenerator::unfold(ExprPool& pool, const Args& a) const {
  auto [point, remainder, digits] = a;
  Expr end = nullable(pool, a) ? pool.epsilon() : pool.empty();
  if (point == kPoint || point == kFraction) {
    return pool.alt(end, fraction_digits(pool, remainder, digits));
  }
  std::vector<SwitchEdge> edges;
  if (point == kStart) edges.push_back({'-', '-', at(pool, kSigned, 0, 0)});
  bool first = point == kStart || point == kSigned;
  if (!first && completable(remainder, 0))
    edges.push_back({'.', '.', at(pool, kPoint, remainder, 0)});
  for (uint32_t d = 0; d < 10 && point != kZero; ++d) {
    char32_t c = U'0' + d;
    Point next = first && d == 0 ? kZero : kWhole;
    edges.push_back({c, c, at(pool, next, (uint64_t{remainder} * 10 + d) % modulus_, 0)});
  }
  return pool.alt(end, pool.switch_on(edges));
}

}  // namespace xgr::core
