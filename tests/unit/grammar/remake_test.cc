// Every kind of expression with parts, made again of the same parts and of others, in both pools.
#include "grammar/remake.h"

#include <doctest/doctest.h>

#include <vector>

using namespace xgr::core;

namespace {

struct Sample {
  Expr old_part, new_part;
  std::vector<Expr> with_old, with_new;  // the same expressions of either part
};

std::vector<Expr> all_kinds(ExprPool& p, Expr part) {
  const SwitchEdge edges[] = {{'a', 'c', part}, {'x', 'x', p.epsilon()}};
  return {p.seq(p.literal("("), part),
          p.intersect(part, p.star(p.char_class(CharSet::of({{'a', 'z'}})))),
          p.repeat(part, 2, 5),
          p.raw_not(part),
          p.shortest(p.seq(part, p.literal("!"))),
          p.alt(part, p.literal("other")),
          p.switch_on(edges)};
}

Sample sample(ExprPool& p) {
  Sample s{p.literal("old"), p.literal("new"), {}, {}};
  s.with_old = all_kinds(p, s.old_part);
  s.with_new = all_kinds(p, s.new_part);
  return s;
}

}  // namespace

TEST_CASE("what is made again of its own parts is itself") {
  ExprPool p;
  for (Expr e : sample(p).with_old) CHECK(remake(p, e, [](Expr part) { return part; }) == e);
}

TEST_CASE("parts are replaced, and all else of the node is kept") {
  ExprPool p;
  const Sample s = sample(p);
  const Expr old_inside = p.seq(s.old_part, p.literal("!"));
  const Expr new_inside = p.seq(s.new_part, p.literal("!"));
  for (size_t i = 0; i < s.with_old.size(); ++i) {
    CAPTURE(i);
    const Expr made = remake(p, s.with_old[i], [&](Expr part) {
      return part == s.old_part ? s.new_part : part == old_inside ? new_inside : part;
    });
    CHECK(made == s.with_new[i]);
  }
}

TEST_CASE("what has no parts stays itself, calls included") {
  ExprPool p;
  auto never = [](Expr) -> Expr { return kNoExpr; };
  for (Expr e : {p.empty(), p.epsilon(), p.literal("x"), p.call(3)})
    CHECK(remake(p, e, never) == e);
}

TEST_CASE("parts may be those of another pool") {
  ExprPool from, to;
  to.literal("in front, so that equal expressions have other numbers");
  const Expr e = from.repeat(from.char_class(CharSet::of({{'0', '9'}})), 1, 3);
  const Expr digit = to.char_class(CharSet::of({{'0', '9'}}));
  CHECK(remake(to, from, e, [&](Expr) { return digit; }) == to.repeat(digit, 1, 3));
}
