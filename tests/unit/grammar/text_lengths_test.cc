// Lengths from the shape of expressions: grammar/text_lengths.cc.
#include "grammar/text_lengths.h"

#include <algorithm>

#include "plain_language.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("text lengths: shortest strings, and the way to the end") {
  ExprPool p;
  TextLengths lengths(p);
  const Expr c = p.char_class(letters("abc"));
  CHECK(lengths.of(p.literal("abc")).least == 3);
  CHECK(lengths.of(p.literal("abc")).rest == 3);
  CHECK(lengths.of(p.seq(p.repeat(c, 2, 5), p.literal("-"))).least == 3);
  CHECK(lengths.of(p.seq(p.repeat(c, 2, 5), p.literal("-"))).rest == 6);
  CHECK(lengths.of(p.star(p.literal("abcd"))).least == 0);
  CHECK(lengths.of(p.star(p.literal("abcd"))).rest == 4);
}

TEST_CASE("text lengths: unknown below rules, generators, intersections and complements") {
  ExprPool p;
  TextLengths lengths(p);
  const Expr c = p.char_class(letters("abc"));
  for (Expr e : {p.call(0), p.complement(c), p.intersect(p.plus(c), p.star(p.literal("ab")))}) {
    CHECK(lengths.of(e).rest == TextLengths::kUnknown);
    CHECK(lengths.of(p.seq(c, e)).rest == TextLengths::kUnknown);
    CHECK(lengths.of(p.alt(c, e)).rest == TextLengths::kUnknown);
  }
}

TEST_CASE("text lengths: every prefix can be completed within what is said") {
  constexpr size_t kMost = 6, kPrefix = 3;
  std::mt19937 random(5);
  for (int i = 0; i < 1500; ++i) {
    ExprPool p;
    const Expr e = random_plain(p, random, 1 + static_cast<int>(random() % 4));
    const TextLengths::Bytes bytes = TextLengths(p).of(e);
    const Strings all = strings_of(p, e, kMost);
    CAPTURE(i);
    size_t least = SIZE_MAX;
    for (const std::string& s : all) least = std::min(least, s.size());
    if (least != SIZE_MAX) REQUIRE(bytes.least == least);
    for (const std::string& s : all) {
      for (size_t n = 0; n <= std::min(kPrefix, s.size()); ++n) {
        const bool ends = std::any_of(all.begin(), all.end(), [&](const std::string& t) {
          return t.size() <= n + bytes.rest && t.compare(0, n, s, 0, n) == 0;
        });
        REQUIRE(ends);
      }
    }
  }
}

TEST_CASE("text lengths: counts that do not fit are the largest number") {
  ExprPool p;
  Expr e = p.literal("abcd");
  for (int i = 0; i < 5; ++i) e = p.repeat(e, 100000, 100000);
  CHECK(TextLengths(p).of(e).least == TextLengths::kUnknown);
}
