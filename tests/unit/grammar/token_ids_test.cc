// Sets of token ids and their digits: grammar/token_ids.cc, grammar/token_steps.cc.
#include "grammar/token_ids.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "../naive_matcher.h"
#include "grammar/token_steps.h"

using namespace xgr::core;

TEST_CASE("ranges of ids join and stay sorted") {
  TokenIds s;
  s.add(10, 12), s.add(1, 2), s.add(13, 13), s.add(4, 9);
  REQUIRE(s.ranges().size() == 2);
  CHECK(s.ranges()[0] == TokenRange{1, 2});
  CHECK(s.ranges()[1] == TokenRange{4, 13});
  CHECK(s.contains(4));
  CHECK_FALSE(s.contains(3));
  CHECK(s.complement().complement() == s);
  CHECK(TokenIds().complement().ranges()[0] == TokenRange{0, kMaxTokenId});
  CHECK(TokenIds().complement().complement().empty());
}

TEST_CASE("what a set names, and which ids two have in common") {
  TokenIds s, t;
  CHECK_FALSE(s.largest_named());
  CHECK_FALSE(s.complement().largest_named());
  s.add(3, 5), s.add(9, 9), t.add(6, 8);
  CHECK(s.largest_named() == 9u);
  CHECK(s.complement().largest_named() == 9u);
  CHECK(s.intersection(t).empty());
  CHECK(t.intersection(s).empty());
  CHECK(s.complement().intersection(t) == t);
  t.add(5, 5);
  REQUIRE(s.intersection(t).ranges().size() == 1);
  CHECK(s.intersection(t).ranges()[0] == TokenRange{5, 5});
  CHECK(s.intersection(s.complement()).empty());
}

TEST_CASE("the digits of a set are those of its ids") {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    TokenIds ids;
    std::vector<uint32_t> tried{0, kMaxTokenId};
    for (uint32_t n = 1 + random() % 4; n > 0; --n) {
      const uint32_t lo = random() % (round % 2 ? 300000 : 300);
      const uint32_t hi = lo + random() % (random() % 2 ? 3 : 10000);
      ids.add(lo, hi);
      for (uint32_t id : {lo, lo + 1, (lo + hi) / 2, hi - (hi > 0), hi, hi + 1})
        tried.push_back(id);
      if (lo > 0) tried.push_back(lo - 1);
    }
    if (round % 3 == 0) ids = ids.complement();
    Grammar g;
    g.root = g.add_rule("root");
    g.define(g.root, spell_tokens(&g.pool, ids, g.pool.literal("x")));
    test::NaiveMatcher naive(g);
    for (uint32_t id : tried) {
      INFO("id " << id);
      const TokenDigits digits = token_digits(id);
      REQUIRE(naive.accepts(std::string(digits.begin(), digits.end()) + "x") == ids.contains(id));
    }
  }
}

TEST_CASE("neighbours that go on alike are one range of digits") {
  Grammar g;
  TokenIds ids;
  ids.add(5, 5);
  Expr e = spell_tokens(&g.pool, ids.complement(), g.pool.epsilon());
  CHECK(g.pool.children(e).size() == 2);
  CHECK(g.pool.size() < 40);
}
