// Loops on characters found by trying: parser/char_loop.cc.
#include "parser/char_loop.h"

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

State* root_of(Automaton& a) { return a.start(a.grammar().root); }

Grammar language(const std::function<Expr(ExprPool&)>& make) {
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, make(g.pool));
  return g;
}

Expr letters(ExprPool& p, char32_t lo, char32_t hi) {
  const CharRange range[] = {{lo, hi}};
  return p.char_class(CharSet::of(range));
}

}  // namespace

TEST_CASE("char loop: every text but one goes on for ever") {
  auto a = make_automaton(language([](ExprPool& p) { return p.complement(p.literal("foo")); }));
  const CharLoop& loop = char_loop(root_of(*a));
  CHECK(loop.rounds == kUnbounded);
  for (int b = 0; b < 0x80; ++b) CHECK(loop.bytes.has(static_cast<uint8_t>(b)));
  CHECK(loop.bytes.has(0xC3));
  CHECK(loop.bytes.has(0xA9));
  CHECK(&char_loop(root_of(*a)) == &loop);
  CHECK(&known_loop(*root_of(*a)) == &loop);
}

TEST_CASE("char loop: characters that lead out of the loop are left out") {
  // Printable text, in which "<" ends what may follow.
  auto a = make_automaton(language([](ExprPool& p) {
    Expr text = p.star(letters(p, ' ', '~'));
    Expr tag = p.seq({text, p.literal("<"), p.literal(">"), p.literal("x")});
    return p.intersect(p.alt(tag, p.star(p.alt(letters(p, ' ', ';'), letters(p, '=', '~')))), text);
  }));
  State* start = root_of(*a);
  const CharLoop& loop = char_loop(start);
  CHECK(loop.rounds == kUnbounded);
  CHECK(loop.bytes.has('a'));
  CHECK_FALSE(loop.bytes.has('\n'));
  CHECK_FALSE(loop.bytes.has(0xC3));
}

TEST_CASE("char loop: none where few characters are possible, or the text must end") {
  auto few = make_automaton(language([](ExprPool& p) { return p.star(p.literal("ab")); }));
  CHECK(char_loop(root_of(*few)).rounds == 0);
  auto ends = make_automaton(language([](ExprPool& p) {
    return p.intersect(p.repeat(letters(p, ' ', '~'), 0, 5), p.complement(p.literal("ab")));
  }));
  CHECK(char_loop(root_of(*ends)).rounds != kUnbounded);
}
