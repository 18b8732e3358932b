// Expressions made again in another pool: grammar/expr_copy.cc.
#include "grammar/expr_copy.h"

#include "plain_language.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("expr copy: the copy has the same strings") {
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    ExprPool from, to;
    to.literal("something else");  // so that numbers differ
    const Expr e = random_plain(from, random, 1 + static_cast<int>(random() % 5));
    const Expr copy = copy_expr(from, e, {}, &to);
    CAPTURE(i);
    REQUIRE(strings_of(to, copy, 6) == strings_of(from, e, 6));
    REQUIRE(copy_expr(from, e, {}, &to) == copy);
  }
}

TEST_CASE("expr copy: calls are mapped") {
  ExprPool from, to;
  const Expr e = from.seq(from.literal("a"), from.call(1));
  CHECK(copy_expr(from, e, {7, 8}, &to) == to.seq(to.literal("a"), to.call(8)));
}

TEST_CASE("expr copy: plain expressions are small and need nothing else") {
  ExprPool p;
  const Expr c = p.char_class(letters("abc")), text = p.seq(p.star(c), p.literal("x"));
  CHECK(is_plain(p, text, 4));
  CHECK_FALSE(is_plain(p, text, 3));
  for (Expr e :
       {p.call(0), p.complement(c), p.intersect(p.star(c), p.literal("ab")), p.left_tail(0, 0)}) {
    CHECK_FALSE(is_plain(p, p.seq(c, e), 100));
  }
}
