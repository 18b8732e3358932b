// Normal forms of expressions, string sets, rule names: grammar/expr.cc, string_set.cc, grammar.cc.
#include "grammar/expr.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "../naive_matcher.h"
#include "grammar/grammar.h"

using namespace xgr::core;

namespace {

CharSet chars(std::string_view members) {
  CharSet s;
  for (char c : members) s.add(static_cast<char32_t>(c));
  return s;
}

bool matches(Expr e, Grammar& g, std::string_view text) {
  return test::NaiveMatcher(g).accepts(e, text);
}

// Random regular expression over a and b; `size` bounds its leaves.
Expr random_expr(ExprPool& p, std::mt19937& random, int size) {
  if (size <= 1) {
    switch (random() % 6) {
      case 0:
        return p.literal("a");
      case 1:
        return p.literal("ba");
      case 2:
        return p.char_class(chars("ab"));
      case 3:
        return p.epsilon();
      case 4:
        return p.empty();
      default:
        return p.literal("b");
    }
  }
  int left = 1 + static_cast<int>(random() % static_cast<uint32_t>(size - 1));
  Expr x = random_expr(p, random, left);
  switch (random() % 4) {
    case 0:
      return p.seq(x, random_expr(p, random, size - left));
    case 1:
      return p.repeat(x, random() % 2, random() % 2 ? kUnbounded : 1 + random() % 3);
    default:
      return p.alt(x, random_expr(p, random, size - left));
  }
}

}  // namespace

TEST_CASE("expr: sequences nest to the right and absorb the empty string") {
  ExprPool p;
  Expr a = p.literal("a"), b = p.literal("b"), c = p.literal("c");
  CHECK(p.seq(p.seq(a, b), c) == p.seq(a, p.seq(b, c)));
  CHECK(p.seq({a, b, c}) == p.seq(a, p.seq(b, c)));
  CHECK(p.seq(p.seq(a, b), p.seq(b, c)) == p.seq({a, b, b, c}));
  CHECK(p.seq(a, b) != p.seq(b, a));
  CHECK(p.seq(p.epsilon(), a) == a);
  CHECK(p.seq(a, p.epsilon()) == a);
  CHECK(p.seq(a, p.empty()) == p.empty());
  CHECK(p.seq(p.empty(), a) == p.empty());
  CHECK(p.seq({}) == p.epsilon());
  const ExprNode& n = p.node(p.seq({a, b, c}));
  CHECK(n.kind == ExprKind::kSeq);
  CHECK(n.a == a);
  CHECK(p.node(n.b).kind == ExprKind::kSeq);
}

TEST_CASE("expr: a long sequence is joined without recursion") {
  ExprPool p;
  Expr a = p.literal("a"), long_seq = p.epsilon();
  for (int i = 0; i < 100000; ++i) long_seq = p.seq(a, long_seq);
  Expr joined = p.seq(long_seq, p.literal("b"));
  CHECK(p.node(joined).a == a);
  CHECK(p.seq(long_seq, p.literal("b")) == joined);
}

TEST_CASE("expr: alternatives are flat, sorted, unique and never empty") {
  ExprPool p;
  Expr a = p.literal("a"), b = p.literal("b"), c = p.literal("c");
  CHECK(p.alt(a, b) == p.alt(b, a));
  CHECK(p.alt(p.alt(a, b), c) == p.alt(a, p.alt(c, b)));
  CHECK(p.alt({c, a, p.alt(a, b), p.empty(), b}) == p.alt({a, b, c}));
  CHECK(p.alt(a, a) == a);
  CHECK(p.alt(a, p.empty()) == a);
  CHECK(p.alt(p.empty(), p.empty()) == p.empty());
  CHECK(p.alt({}) == p.empty());
  CHECK(p.alt(a, p.epsilon()) != a);
  std::span<const Expr> list = p.children(p.alt({c, b, a}));
  CHECK(std::vector<Expr>(list.begin(), list.end()) == std::vector<Expr>{a, b, c});
}

TEST_CASE("expr: trivial repetitions disappear") {
  ExprPool p;
  Expr a = p.literal("a");
  CHECK(p.repeat(a, 0, 0) == p.epsilon());
  CHECK(p.repeat(a, 1, 1) == a);
  CHECK(p.repeat(p.epsilon(), 3, 7) == p.epsilon());
  CHECK(p.repeat(p.empty(), 0, 7) == p.epsilon());
  CHECK(p.repeat(p.empty(), 1, 7) == p.empty());
  CHECK(p.star(p.star(a)) == p.star(a));
  CHECK(p.star(p.plus(a)) == p.star(a));
  CHECK(p.plus(p.star(a)) == p.star(a));
  CHECK(p.plus(p.plus(a)) == p.plus(a));
  CHECK(p.star(p.optional(a)) == p.star(a));
  CHECK(p.optional(p.optional(a)) == p.optional(a));
  CHECK(p.repeat(p.optional(a), 2, 5) == p.repeat(a, 0, 5));
  CHECK(p.repeat(a, 2, 5) != p.repeat(a, 2, 6));
}

TEST_CASE("expr: normal forms of repetitions in and beside each other keep the language") {
  std::vector<std::pair<uint32_t, uint32_t>> bounds;
  for (uint32_t min = 0; min <= 4; ++min) {
    for (uint32_t max = std::max(min, 1u); max <= 4; ++max) bounds.push_back({min, max});
    bounds.push_back({min, kUnbounded});
  }
  constexpr uint32_t kMost = 20;
  auto counts = [&](std::pair<uint32_t, uint32_t> of) {  // at most kMost
    std::set<uint32_t> all;
    for (uint32_t n = of.first; n <= std::min(of.second, kMost); ++n) all.insert(n);
    return all;
  };
  auto add = [&](const std::set<uint32_t>& x, const std::set<uint32_t>& y) {
    std::set<uint32_t> sums;
    for (uint32_t i : x) {
      for (uint32_t j : y) {
        if (i + j <= kMost) sums.insert(i + j);
      }
    }
    return sums;
  };
  for (auto x : bounds) {
    for (auto y : bounds) {
      INFO("{" << x.first << "," << x.second << "} and {" << y.first << "," << y.second << "}");
      Grammar g;
      ExprPool& p = g.pool;
      const Expr a = p.literal("a");
      const Expr inner = p.repeat(a, x.first, x.second);
      const Expr nested = p.repeat(inner, y.first, y.second);
      const Expr beside = p.seq(inner, p.repeat(a, y.first, y.second));
      std::set<uint32_t> in_nested, rounds{0};  // of so many rounds
      for (uint32_t k = 0; k <= std::min(y.second, kMost); ++k) {
        if (k >= y.first) in_nested.insert(rounds.begin(), rounds.end());
        rounds = add(rounds, counts(x));
      }
      const std::set<uint32_t> in_sum = add(counts(x), counts(y));
      for (uint32_t n = 0; n <= kMost; ++n) {
        const std::string text(n, 'a');
        REQUIRE(matches(nested, g, text) == (in_nested.count(n) > 0));
        REQUIRE(matches(beside, g, text) == (in_sum.count(n) > 0));
      }
      // What is one range of counts is one repetition.
      const bool has_gap = !in_nested.empty() && *in_nested.rbegin() - *in_nested.begin() + 1 !=
                                                     static_cast<uint32_t>(in_nested.size());
      if (!has_gap) CHECK((nested == a || p.node(nested).a == a));
      if (x != std::pair(1u, 1u) && y != std::pair(1u, 1u)) CHECK(p.node(beside).a == a);
    }
  }
}

TEST_CASE("expr: repetitions join in sequences, unless a number gets too large") {
  ExprPool p;
  const Expr a = p.literal("a"), b = p.literal("b"), c = p.literal("c");
  const Expr some = p.repeat(a, 1, 3), more = p.repeat(a, 2, kUnbounded);
  CHECK(p.seq({b, some, more, c}) == p.seq({b, p.repeat(a, 3, kUnbounded), c}));
  CHECK(p.seq(p.seq(b, some), p.seq(some, c)) == p.seq({b, p.repeat(a, 2, 6), c}));
  CHECK(p.seq({some, some, some}) == p.repeat(a, 3, 9));
  CHECK(p.node(p.seq(some, p.repeat(b, 1, 3))).kind == ExprKind::kSeq);
  const uint32_t half = kUnbounded / 2;
  CHECK(p.seq(p.repeat(a, 0, half), p.repeat(a, 0, half)) == p.repeat(a, 0, 2 * half));
  CHECK(p.node(p.seq(p.repeat(a, 0, half), p.repeat(a, 0, half + 1))).kind == ExprKind::kSeq);
  CHECK(p.node(p.seq(p.repeat(a, half, kUnbounded), p.repeat(a, half + 1, kUnbounded))).kind ==
        ExprKind::kSeq);
  CHECK(p.repeat(p.repeat(a, 0, half), 0, 2) == p.repeat(a, 0, 2 * half));
  CHECK(p.node(p.repeat(p.repeat(a, 0, half), 0, 3)).a == p.repeat(a, 0, half));
  CHECK(p.repeat(p.repeat(a, 0, half), 0, kUnbounded) == p.star(a));
  CHECK(p.node(p.repeat(p.repeat(a, half, half), 3, kUnbounded)).a == p.repeat(a, half, half));
}

TEST_CASE("expr: literals") {
  ExprPool p;
  CHECK(p.literal("") == p.epsilon());
  CHECK(p.literal("ab") == p.literal("ab"));
  CHECK(p.literal("ab") != p.literal("abc"));
  CHECK(p.literal(std::string_view("a\0b", 3)) != p.literal("a"));
  CHECK(p.string(p.node(p.literal("a\xC3\xA9")).a) == "a\xC3\xA9");
  uint32_t id = p.node(p.literal("abc")).a;
  CHECK(p.literal_tail(id, 0) == p.literal("abc"));
  CHECK(p.literal_tail(id, 3) == p.epsilon());
  CHECK(p.node(p.literal_tail(id, 1)).b == 1);
}

TEST_CASE("expr: classes and switches") {
  ExprPool p;
  Expr a = p.literal("x"), b = p.literal("y");
  CHECK(p.char_class(CharSet()) == p.empty());
  CHECK(p.char_class(chars("abc")) == p.char_class(chars("cba")));
  CHECK(p.charset(p.node(p.char_class(chars("abc"))).a) == chars("abc"));
  const std::vector<SwitchEdge> two = {{'a', 'c', a}, {'e', 'e', b}};
  Expr s = p.switch_on(two);
  CHECK(p.edges(s) == two);
  CHECK(p.switch_on(two) == s);
  const std::vector<SwitchEdge> other = {{'a', 'c', a}, {'e', 'f', b}};
  CHECK(p.switch_on(other) != s);
  const std::vector<SwitchEdge> one = {{'a', 'c', a}, {'e', 'e', p.empty()}};
  CHECK(p.switch_on(one) == p.seq(p.char_class(chars("abc")), a));
  CHECK(p.switch_on({}) == p.empty());
}

TEST_CASE("expr: intersections and complements") {
  ExprPool p;
  Expr a = p.star(p.literal("a")), b = p.plus(p.literal("b"));
  Expr all = p.raw_not(p.empty());
  CHECK(p.intersect(a, b) == p.intersect(b, a));
  CHECK(p.intersect(a, a) == a);
  CHECK(p.intersect(a, p.empty()) == p.empty());
  CHECK(p.intersect(a, all) == a);
  CHECK(p.intersect(all, b) == b);
  CHECK(p.intersect(a, p.epsilon()) == p.epsilon());
  CHECK(p.intersect(p.epsilon(), b) == p.empty());
  CHECK(p.raw_not(p.raw_not(a)) == a);
  CHECK(p.nullable(p.complement(b)));
  CHECK_FALSE(p.nullable(p.complement(a)));
}

TEST_CASE("expr: children come before their parents, equal content has one id") {
  std::mt19937 random(7);
  ExprPool p;
  std::vector<Expr> made;
  for (int i = 0; i < 20000; ++i) made.push_back(random_expr(p, random, 8));
  size_t size = p.size();
  for (Expr e = 0; e < size; ++e) {
    const ExprNode& n = p.node(e);
    if (n.kind == ExprKind::kSeq) {
      CHECK(n.a < e);
      CHECK(n.b < e);
      CHECK(p.node(n.a).kind != ExprKind::kSeq);
    }
    if (n.kind == ExprKind::kRepeat) CHECK(n.a < e);
    if (n.kind == ExprKind::kAlt) {
      std::span<const Expr> c = p.children(e);
      CHECK(c.size() >= 2);
      CHECK(c.back() < e);
      for (size_t i = 0; i < c.size(); ++i) {
        CHECK((i == 0 || c[i - 1] < c[i]));
        CHECK(p.node(c[i]).kind != ExprKind::kAlt);
        CHECK(c[i] != p.empty());
      }
    }
  }
  random.seed(7);
  for (Expr e : made) REQUIRE(random_expr(p, random, 8) == e);
  CHECK(p.size() == size);
  CHECK(p.memory_bytes() >= size * sizeof(ExprNode));
}

TEST_CASE("expr: flags known without analysis") {
  ExprPool p;
  Expr a = p.literal("a"), call = p.call(3);
  CHECK(p.nullable(p.epsilon()));
  CHECK_FALSE(p.nullable(a));
  CHECK(p.nullable(p.star(a)));
  CHECK(p.nullable(p.alt(a, p.epsilon())));
  CHECK_FALSE(p.nullable(p.seq(p.star(a), a)));
  CHECK(p.nullable(p.repeat(p.star(a), 2, 3)));
  CHECK(p.dead(p.empty()));
  CHECK_FALSE(p.dead(a));
  CHECK(p.has_call(p.seq(a, p.star(call))));
  CHECK_FALSE(p.has_call(p.seq(a, a)));
  CHECK(p.has_counter(p.repeat(a, 0, 7)));
  CHECK(p.has_counter(p.seq(p.repeat(a, 2, kUnbounded), a)));
  CHECK(p.has_counter(p.seq(a, p.repeat(a, 0, 7))));
  CHECK_FALSE(p.has_counter(p.seq(p.plus(a), p.optional(a))));
}

TEST_CASE("string set: order and duplicates do not matter to the language") {
  Grammar g;
  CHECK(g.pool.string_set({}) == g.pool.empty());
  CHECK(g.pool.string_set({"x", "x"}) == g.pool.literal("x"));
  const std::vector<std::string> members = {"b",  "",   "abc", "ab",   "\xC3\xA9t\xC3\xA9",
                                            "ab", "zz", "za",  "zzzz", "a\xF0\x9F\x98\x80"};
  Expr set = g.pool.string_set(members);
  CHECK(g.pool.nullable(set));
  for (const std::string& m : members) {
    INFO(m);
    CHECK(matches(set, g, m));
    for (size_t n = 0; n < m.size(); ++n) {
      std::string prefix = m.substr(0, n);
      bool member = std::find(members.begin(), members.end(), prefix) != members.end();
      CHECK(matches(set, g, prefix) == member);
    }
    CHECK_FALSE(matches(set, g, m + "q"));
  }
  CHECK_FALSE(g.pool.nullable(g.pool.string_set({"b", "a"})));
}

TEST_CASE("string set: ten thousand strings are a handful of expressions") {
  ExprPool p;
  std::vector<std::string> strings;
  for (int i = 0; i < 10000; ++i) strings.push_back("name_" + std::to_string(i * 7919 % 10007));
  Expr set = p.string_set(strings);
  CHECK(p.node(set).kind == ExprKind::kLazy);
  CHECK(p.size() < 10);
  const ExprNode n = p.node(set);
  p.generator(n.a).unfold(p, {n.b, n.c, n.d});
  CHECK(p.size() < 20);  // all of them begin with n
}

TEST_CASE("grammar: rule names are identifiers and unique") {
  Grammar g;
  auto name = [&](std::string_view wanted) { return g.rules[g.add_rule(wanted)].name; };
  CHECK(name("a b") == "a_b");
  CHECK(name("a_b") == "a_b_1");
  CHECK(name("a_b") == "a_b_2");
  CHECK(name("a_b_1") == "a_b_1_1");
  CHECK(name("") == "r_");
  CHECK(name("7up") == "r_7up");
  CHECK(name("true") == "r_true");
  CHECK(name("x.y-z") == "x.y-z");
  CHECK(name("\xC3\xA9") == "__");
  std::set<std::string> names;
  for (int i = 0; i < 20000; ++i) names.insert(name("item"));
  CHECK(names.size() == 20000);
  CHECK(g.rules[g.add_rule("s", RuleUse::kShare)].use == RuleUse::kShare);
}
