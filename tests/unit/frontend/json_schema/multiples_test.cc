// Common multiples, and multiples between bounds: frontend/json_schema/multiples.cc.
#include "frontend/json_schema/multiples.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

Decimal d(const std::string& text) { return Decimal::parse(text).value(); }

TEST_CASE("common multiples and multiples in a range") {
  std::vector<Decimal> steps{d("0.25"), d("6"), d("0.1")};
  CHECK(common_multiple(steps)->plain() == "6");
  std::vector<Decimal> prime{d("1000003"), d("1000033"), d("1000037"), d("1000039")};
  CHECK(!common_multiple(prime).has_value());
  NumberRange r;
  r.lower = {true, false, d("-1")};
  r.upper = {true, true, d("1")};
  std::string all;
  const std::vector<Decimal> halves = multiples_between(r, d("0.5"), 100).value();
  for (const Decimal& x : halves) all += x.plain() + " ";
  CHECK(all == "-1 -0.5 0 0.5 ");
  CHECK(!multiples_between(r, d("0.001"), 100).has_value());
  r.fractions = false;
  CHECK(multiples_between(r, d("0.5"), 100)->size() == 2);
}

}  // namespace
}  // namespace xgr::core
