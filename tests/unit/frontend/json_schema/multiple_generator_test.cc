// multipleOf as an automaton of remainders; several multipleOf beside each other.
#include "frontend/json_schema/multiple_generator.h"

#include <doctest/doctest.h>

#include <string>

#include "../naive_match.h"
#include "frontend/frontend.h"

namespace xgr::core {
namespace {

Decimal decimal(const std::string& text) { return Decimal::parse(text).value(); }

TEST_CASE("the remainder automaton agrees with division") {
  for (const char* step :
       {"1", "2", "3", "7", "25", "100", "0.1", "0.25", "0.3", "2.5", "0.01", "1e1", "12.5"}) {
    Grammar g;
    g.root = g.add_rule("root");
    g.define(g.root, MultipleGenerator::language(g.pool, decimal(step)).value());
    NaiveMatcher m(std::move(g));
    REQUIRE(!m.error());
    for (int whole = 0; whole <= 130; ++whole) {
      for (const char* f :
           {"", ".0", ".5", ".50", ".25", ".1", ".3", ".01", ".010", ".37", ".001"}) {
        std::string text = std::to_string(whole) + f;
        bool expected = is_multiple(decimal(text), decimal(step)).value();
        if (m.accepts(text) == expected && m.accepts("-" + text) == expected) continue;
        CAPTURE(step);
        CAPTURE(text);
        FAIL_CHECK("wrong answer");
      }
    }
    for (const char* t : {"", "-", "01", "1.", ".5", "1e1"}) CHECK(!m.accepts(t));
  }
}

TEST_CASE("steps too large for the automaton are left alone") {
  ExprPool pool;
  CHECK(!MultipleGenerator::language(pool, decimal("12345678901")).has_value());
  CHECK(!MultipleGenerator::language(pool, decimal("1e10")).has_value());
}

TEST_CASE("several multipleOf between bounds hold exactly their common multiples") {
  const std::string schema = R"({"type": "number", "exclusiveMinimum": -60, "maximum": 60,
    "allOf": [{"multipleOf": 1.5}, {"multipleOf": 2}],
    "not": {"anyOf": [{"multipleOf": 9}, {"const": 24}]}})";
  Result<Grammar> g = parse_json_schema(schema, {}, Limits());
  REQUIRE(g.ok());
  NaiveMatcher m(std::move(g).value());
  REQUIRE(!m.error());
  for (int tenths = -700; tenths <= 700; ++tenths) {
    bool wanted =
        tenths % 60 == 0 && tenths % 90 != 0 && tenths != 240 && tenths > -600 && tenths <= 600;
    Decimal d = decimal(std::to_string(tenths) + "e-1");
    INFO(d.plain());
    CHECK(m.accepts(d.plain()) == wanted);
    CHECK(m.accepts(d.plain() + (d.integer() ? ".00" : "00")) == wanted);
  }
  CHECK_FALSE(m.accepts("-0"));  // a multiple of 9
  CHECK_FALSE(m.accepts("06"));
  CHECK_FALSE(m.accepts("6."));
  CHECK_FALSE(m.accepts("6e0"));
}

TEST_CASE("zero and fractions among listed multiples") {
  const std::string schema = R"({"type": "number", "minimum": -1, "maximum": 1,
    "allOf": [{"multipleOf": 0.25}, {"multipleOf": 0.1}]})";
  Result<Grammar> g = parse_json_schema(schema, {}, Limits());
  REQUIRE(g.ok());
  NaiveMatcher m(std::move(g).value());
  for (const char* yes : {"0", "-0", "0.0", "-0.00", "0.5", "0.500", "-0.5", "1", "-1", "1.0"}) {
    INFO(yes);
    CHECK(m.accepts(yes));
  }
  for (const char* no : {"0.25", "0.05", "0.", "00", "1.5", "-", "-1.5", "0.5.0", "0.1"}) {
    INFO(no);
    CHECK_FALSE(m.accepts(no));
  }
}

}  // namespace
}  // namespace xgr::core
