// Walks that the passes have in common: grammar/passes/rule_walk.cc.
#include "grammar/passes/rule_walk.h"

#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("rule_walk: what the root reaches, and how often") {
  Grammar g = parsed("root ::= a a | \"x\" b\na ::= \"x\" b?\nb ::= a\nc ::= root\n");
  Reached reached = reach(g);
  CHECK(reached.rules == std::vector<bool>{true, true, true, false});
  CHECK(reached.references == std::vector<uint32_t>{0, 3, 2, 0});
  CHECK_FALSE(reached.has_lazy);
  for (size_t i = 1; i < reached.exprs.size(); ++i) CHECK(reached.exprs[i - 1] < reached.exprs[i]);
}

TEST_CASE("rule_walk: rules follow those that they call") {
  Grammar g =
      parsed("root ::= a b\na ::= b | \"x\" a\nb ::= c | d\nc ::= \"c\"\nd ::= e\ne ::= d?\n");
  CallOrder order = order_by_calls(g, reach(g));
  auto place = [&](RuleId r) {
    return std::find(order.rules.begin(), order.rules.end(), r) - order.rules.begin();
  };
  REQUIRE(order.rules.size() == 6);
  CHECK(place(0) == 5);
  CHECK(place(1) > place(2));
  CHECK(place(2) > place(3));
  CHECK(place(2) > place(4));
  CHECK(order.loops[1]);
  CHECK(order.loops[4] != order.loops[5]);
  CHECK(std::count(order.loops.begin(), order.loops.end(), true) == 2);
}

TEST_CASE("rule_walk: generators and attributes are walked, too") {
  Grammar g = parsed("root ::= a\na ::= \"a\"\nb ::= \"b\"\n");
  Expr set = g.pool.string_set({"x", "y", "xy"});
  g.define(0, g.pool.seq(g.pool.call(1), set));
  auto attributes = std::make_shared<RuleAttributes>();
  attributes->content = g.pool.call(2);
  g.rules[1].attributes = attributes;
  Reached reached = reach(g);
  CHECK(reached.has_lazy);
  CHECK(reached.rules == std::vector<bool>{true, true, true});
  CHECK_FALSE(is_plain_rule(g.rules[1]));
  CHECK(is_plain_rule(g.rules[0]));
}

TEST_CASE("rule_walk: a rewriter makes expressions again with other parts") {
  Grammar g = parsed("root ::= (\"a\" b | b){2,3} [xy] b\nb ::= \"b\"\n");
  Rewriter rewriter(&g.pool, [&](Expr e) {
    return g.pool.node(e).kind == ExprKind::kCall ? g.pool.literal("c") : e;
  });
  g.rules[0].body = rewriter.rewrite(g.rules[0].body);
  CHECK(print(g) == after([](Grammar*) {}, "root ::= (\"a\" \"c\" | \"c\"){2,3} [xy] \"c\"\n"));
}

TEST_CASE("rule_walk: depth costs no recursion") {
  Grammar g;
  Expr e = g.pool.call(0);
  for (int i = 0; i < 200000; ++i) {
    e = g.pool.star(g.pool.alt(g.pool.seq(g.pool.literal("a"), e), g.pool.literal("b")));
  }
  g.add_rule("root");
  g.define(0, e);
  int calls = 0;
  Rewriter rewriter(&g.pool, [&](Expr x) { return ++calls, x; });
  CHECK(rewriter.rewrite(e) == e);
  CHECK(calls > 600000);
}
