#include "frontend/json_schema/number_text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../naive_match.h"

namespace xgr::core {
namespace {

Bound bound(const char* text, bool exclusive) {
  return {true, exclusive, Decimal::parse(text).value()};
}

NaiveMatcher matcher(const NumberRange& range) {
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, number_text(g.pool, range));
  return NaiveMatcher(std::move(g));
}

bool inside(const NumberRange& r, const Decimal& d) {
  if (!(d.integer() ? r.integers : r.fractions)) return false;
  if (r.lower.set && (compare(d, r.lower.value) < (r.lower.exclusive ? 1 : 0))) return false;
  return !r.upper.set || compare(d, r.upper.value) <= (r.upper.exclusive ? -1 : 0);
}

// Plain decimals around the bounds used below, in several notations.
std::vector<std::string> samples() {
  std::vector<std::string> out;
  for (const char* sign : {"", "-"}) {
    for (int whole = 0; whole < 130; whole += whole < 14 || whole > 96 ? 1 : 9) {
      for (const char* f : {"", ".0", ".00", ".5", ".50", ".05", ".04", ".049", ".051", ".25",
                            ".250", ".24", ".26", ".9", ".99", ".001", ".1"}) {
        out.push_back(sign + std::to_string(whole) + f);
      }
    }
  }
  return out;
}

TEST_CASE("number ranges hold exactly the decimals inside") {
  const std::vector<std::string> texts = samples();
  const char* bounds[] = {"",   "0",   "-0.05",   "0.05", "0.25",  "9",   "10", "12.5",
                          "99", "100", "101.001", "-1",   "-10.5", "-99", "1e2"};
  size_t start = 0;
  for (const char* lo : bounds) {
    for (const char* hi : bounds) {
      for (int mode = 0; mode < 8; ++mode) {
        NumberRange r;
        if (*lo) r.lower = bound(lo, mode & 1);
        if (*hi) r.upper = bound(hi, mode & 2);
        r.fractions = mode & 4;
        Grammar g;
        g.root = g.add_rule("root");
        g.define(g.root, number_text(g.pool, r));
        bool empty = g.rules[0].body == g.pool.empty();
        NaiveMatcher m(std::move(g));
        for (size_t i = start++ % 3; i < texts.size(); i += 3) {
          bool expected = inside(r, Decimal::parse(texts[i]).value());
          if ((!empty && m.accepts(texts[i])) == expected) continue;
          CAPTURE(lo);
          CAPTURE(hi);
          CAPTURE(mode);
          CAPTURE(texts[i]);
          FAIL_CHECK("wrong answer");
        }
      }
    }
  }
}

TEST_CASE("numbers without bounds follow RFC 8259") {
  NaiveMatcher number = matcher({});
  for (const char* t : {"0", "-0", "10", "0.5", "-1.50", "1e5", "1E+5", "1.5e-05"})
    CHECK(number.accepts(t));
  for (const char* t : {"", "-", "01", ".5", "1.", "+1", "1e", "0x1", "1 "})
    CHECK(!number.accepts(t));
  NaiveMatcher integer = matcher({.lower = {}, .upper = {}, .integers = true, .fractions = false});
  for (const char* t : {"0", "-12", "12.0", "12.000"}) CHECK(integer.accepts(t));
  for (const char* t : {"1.5", "1e3", "1.", "00"}) CHECK(!integer.accepts(t));
  NaiveMatcher fraction = matcher({.lower = {}, .upper = {}, .integers = false, .fractions = true});
  CHECK(fraction.accepts("1.50"));
  CHECK(!fraction.accepts("1.0"));
  CHECK(!fraction.accepts("7"));
}

TEST_CASE("bounds of any size stay exact") {
  NaiveMatcher m = matcher({.lower = bound("9007199254740993", false),
                            .upper = bound("1e40", true),
                            .integers = true,
                            .fractions = false});
  CHECK(m.accepts("9007199254740993"));
  CHECK(!m.accepts("9007199254740992"));
  CHECK(m.accepts(std::string(40, '9')));
  CHECK(!m.accepts("1" + std::string(40, '0')));
}

TEST_CASE("decimals compare and print exactly") {
  auto d = [](const char* t) { return Decimal::parse(t).value(); };
  CHECK(d("1.0") == d("10e-1"));
  CHECK(d("-0.00") == d("0"));
  CHECK(compare(d("-2"), d("-1.999")) < 0);
  CHECK(compare(d("1e-3"), d("0.0011")) < 0);
  CHECK(d("12.50e1").plain() == "125");
  CHECK(d("-5e-3").plain() == "-0.005");
  CHECK(!Decimal::parse("1e99999999999999").has_value());
}

NaiveMatcher limited(const NumberRange& range, int32_t max_digits) {
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, limit_digits(g.pool, number_text(g.pool, range), range, max_digits));
  return NaiveMatcher(std::move(g));
}

TEST_CASE("digits in a row are limited, in every part of a number") {
  NaiveMatcher any = limited({}, 3);
  for (const char* text : {"0", "-123", "123.456", "1e100", "-1.5E-10", "999.0e+1"})
    CHECK_MESSAGE(any.accepts(text), text);
  for (const char* text : {"1234", "-1.2345", "1e1000", "0.0000", "12345e1"})
    CHECK_MESSAGE(!any.accepts(text), text);
  CHECK(limited({}, -1).accepts("1234567890"));
}

TEST_CASE("a limit of digits leaves numbers beyond a bound") {
  NumberRange from_95;
  from_95.lower = bound("95", false);
  from_95.fractions = false;
  CHECK(limited(from_95, 3).accepts("950"));
  CHECK(!limited(from_95, 3).accepts("9500"));
  CHECK(limited(from_95, 2).accepts("9500"));  // 99 and more may be excluded elsewhere: no limit
  NumberRange narrow;
  narrow.lower = bound("0.95", true);
  narrow.upper = bound("0.96", true);
  CHECK(limited(narrow, 3).accepts("0.955"));
  CHECK(!limited(narrow, 3).accepts("0.9555"));
  CHECK(limited(narrow, 2).accepts("0.9555"));
}

}  // namespace
}  // namespace xgr::core
