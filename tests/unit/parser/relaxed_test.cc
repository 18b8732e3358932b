// States without their counters: parser/relaxed.cc, grammar/clamp.cc.
#include "parser/relaxed.h"

#include <random>

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

State* root_of(Automaton& a) { return a.start(a.grammar().root); }

Expr letters(ExprPool& p) {
  const CharRange range[] = {{'a', 'z'}, {' ', ' '}};
  return p.char_class(CharSet::of(range));
}

// Words of a regular language, at most `most` characters long.
std::unique_ptr<Automaton> bounded(uint32_t most) {
  Grammar g;
  g.root = g.add_rule("root");
  ExprPool& p = g.pool;
  Expr words = p.seq(p.plus(letters(p)), p.star(p.seq(p.literal("--"), p.plus(letters(p)))));
  g.define(g.root, p.intersect(words, p.repeat(p.char_class(CharSet::all()), 0, most)));
  return make_automaton(std::move(g));
}

}  // namespace

TEST_CASE("relaxed: short texts cannot tell the states apart") {
  auto a = bounded(40);
  State* start = root_of(*a);
  const Relaxed& r = relaxed(start);
  REQUIRE(r.state);
  CHECK(r.slack < 40);
  CHECK(r.slack >= 36);  // "-" needs two more bytes
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    State *x = start, *y = r.state;
    for (uint32_t i = 0; i < r.slack && x && y; ++i) {
      uint8_t b = static_cast<uint8_t>("abz -\n"[random() % 6]);
      x = Automaton::step(x, b);
      y = Automaton::step(y, b);
      REQUIRE((x == nullptr) == (y == nullptr));
      if (x) REQUIRE(x->nullable == y->nullable);
    }
  }
}

TEST_CASE("relaxed: a counter outside intersections keeps all its rounds") {
  Grammar g = ebnf("root ::= [a-z ]{0,30} \".\"");
  auto a = make_automaton(std::move(g));
  const Relaxed& r = relaxed(root_of(*a));
  REQUIRE(r.state);
  CHECK(r.slack == 30);
  CHECK(&relaxed(root_of(*a)) == &r);
}

TEST_CASE("relaxed: none without counters, and none where every text is too long") {
  auto a = make_automaton(ebnf("root ::= [a-z ]* \".\""));
  CHECK(relaxed(root_of(*a)).state == nullptr);
  auto b = bounded(2);
  CHECK(relaxed(root_of(*b)).state == nullptr);
}
