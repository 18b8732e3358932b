// First steps of expressions, emptiness, clamped counters: grammar/derivatives.cc, emptiness.cc,
// clamp.cc.
#include "grammar/derivatives.h"

#include <algorithm>
#include <random>
#include <set>

#include "../core_helpers.h"
#include "grammar/clamp.h"
#include "plain_language.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

CharSet range(char32_t lo, char32_t hi) {
  CharSet s;
  s.add(lo, hi);
  return s;
}

// A grammar analysed, and derivatives of its expressions.
struct Bench {
  explicit Bench(Grammar grammar) : g(std::move(grammar)), d(g, facts) {
    MaybeError e = analyse(g, {~0ull, ~0ull, ~0ull, ~0ull}, &facts);
    if (e) MESSAGE(e->message);
    REQUIRE_FALSE(e.has_value());
  }
  // "lo-hi -> text of what remains" is too much; only what can be read, ascending and merged.
  std::set<int> first_bytes(Expr e) {
    std::set<int> out;
    for (const Segment& s : d.segments(e)) {
      for (int b = s.lo; b <= s.hi; ++b) out.insert(b);
    }
    return out;
  }
  // What remains of a call-free expression after `text`; empty() when it is refused.
  Expr after(Expr e, std::string_view text) {
    for (char c : text) {
      Expr next = g.pool.empty();
      for (const Segment& s : d.segments(e)) {
        if (s.lo <= static_cast<uint8_t>(c) && static_cast<uint8_t>(c) <= s.hi) next = s.next;
      }
      e = next;
    }
    return e;
  }
  bool matches(Expr e, std::string_view text) { return g.pool.nullable(after(e, text)); }

  Grammar g;
  Facts facts;
  Derivatives d;
};

// A bench whose root is what `make` returns.
template <typename Make>
Bench bench(Make&& make, Expr* e) {
  Grammar g;
  g.root = g.add_rule("root");
  *e = make(g.pool);
  // The expression itself may have no string; analysis wants one.
  g.define(g.root, g.pool.alt(*e, g.pool.literal("!")));
  return Bench(std::move(g));
}

Expr random_regular(ExprPool& p, std::mt19937& random, int size) {
  if (size <= 1) {
    switch (random() % 5) {
      case 0:
        return p.literal("a");
      case 1:
        return p.literal("ab");
      case 2:
        return p.char_class(range('a', 'b'));
      case 3:
        return p.string_set({"a", "ba", "bb", ""});
      default:
        return p.literal("b");
    }
  }
  int left = 1 + static_cast<int>(random() % static_cast<uint32_t>(size - 1));
  Expr x = random_regular(p, random, left);
  switch (random() % 9) {
    case 0:
      return p.repeat(x, random() % 3, random() % 2 ? kUnbounded : 2 + random() % 3);
    case 1:
      return p.complement(x);
    case 2:
      return p.intersect(x, random_regular(p, random, size - left));
    case 3: {
      const std::vector<SwitchEdge> edges = {{'a', 'a', x},
                                             {'b', 'b', random_regular(p, random, size - left)}};
      return p.switch_on(edges);
    }
    case 5:
      return p.shortest(x);
    case 4:
      return p.alt(x, random_regular(p, random, size - left));
    default:
      return p.seq(x, random_regular(p, random, size - left));
  }
}

}  // namespace

TEST_CASE("derivatives: literals, classes, switches") {
  Expr e;
  Bench b = bench([](ExprPool& p) { return p.literal("ab"); }, &e);
  CHECK(b.first_bytes(e) == std::set<int>{'a'});
  CHECK(b.after(e, "a") == b.g.pool.literal_tail(b.g.pool.node(e).a, 1));
  CHECK(b.after(e, "ab") == b.g.pool.epsilon());
  CHECK(b.after(e, "b") == b.g.pool.empty());

  Bench c =
      bench([](ExprPool& p) { return p.seq(p.char_class(range('x', 'z')), p.literal("1")); }, &e);
  CHECK(c.first_bytes(e) == std::set<int>{'x', 'y', 'z'});
  CHECK(c.after(e, "y") == c.g.pool.literal("1"));

  Bench s = bench(
      [](ExprPool& p) {
        const std::vector<SwitchEdge> edges = {{'a', 'b', p.literal("1")},
                                               {0xE8, 0xE9, p.literal("2")}};
        return p.switch_on(edges);
      },
      &e);
  CHECK(s.first_bytes(e) == std::set<int>{'a', 'b', 0xC3});
  CHECK(s.after(e, "\xC3\xA9") == s.g.pool.literal("2"));
  CHECK(s.after(e, "\xC3\xAA") == s.g.pool.empty());
}

TEST_CASE("derivatives: a class is exactly its characters in UTF-8") {
  Expr e;
  Bench b = bench([](ExprPool& p) { return p.char_class(CharSet::all()); }, &e);
  for (char32_t c :
       {0x0u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xD7FFu, 0xE000u, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
    std::string text;
    append_utf8(c, &text);
    CHECK(b.matches(e, text));
    CHECK_FALSE(b.matches(e, text + "a"));
    if (text.size() > 1) CHECK_FALSE(b.matches(e, text.substr(0, text.size() - 1)));
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CHECK_FALSE(b.matches(e, bad));
  }
}

TEST_CASE("derivatives: segments are disjoint and ascending") {
  Expr e;
  Bench b = bench(
      [](ExprPool& p) {
        return p.alt({p.seq(p.char_class(range('a', 'm')), p.literal("1")),
                      p.seq(p.char_class(range('g', 'z')), p.literal("2")), p.literal("h"),
                      p.literal("h3")});
      },
      &e);
  std::vector<Segment> list = b.d.segments(e);
  for (size_t i = 1; i < list.size(); ++i) CHECK(list[i - 1].hi < list[i].lo);
  CHECK(b.matches(e, "a1"));
  CHECK(b.matches(e, "g1"));
  CHECK(b.matches(e, "g2"));
  CHECK(b.matches(e, "h"));
  CHECK(b.matches(e, "h3"));
  CHECK_FALSE(b.matches(e, "z1"));
}

TEST_CASE("derivatives: random regular expressions against the naive matcher") {
  std::mt19937 random(17);
  const std::vector<std::string> strings = all_strings("ab", 6);
  int live = 0;
  for (int round = 0; round < 400; ++round) {
    uint32_t seed = static_cast<uint32_t>(random());
    auto make = [&](ExprPool& p) {
      std::mt19937 again(seed);
      return random_regular(p, again, 5);
    };
    Expr e, plain;
    Grammar model;
    plain = make(model.pool);
    NaiveMatcher naive(model);
    Bench b = bench(make, &e);
    INFO("round " << round);
    bool any = false;
    for (const std::string& s : strings) {
      Expr rest = b.after(e, s);
      bool expected = naive.accepts(plain, s);
      any = any || expected;
      REQUIRE(b.g.pool.nullable(rest) == expected);
      if (expected) REQUIRE_FALSE(b.g.pool.dead(rest));
    }
    REQUIRE_FALSE(b.d.over_limit());
    if (any) {
      ++live;
      REQUIRE_FALSE(b.g.pool.dead(e));
    }
  }
  CHECK(live > 200);
}

TEST_CASE("derivatives: no step of a regular expression leads to a dead end") {
  // For every expression reached by at most 4 letters: it is dead, or some string ends it. Strings
  // of 9 letters more are enough for these sizes.
  std::mt19937 random(23);
  for (int round = 0; round < 200; ++round) {
    Expr e;
    Bench b = bench([&](ExprPool& p) { return random_regular(p, random, 4); }, &e);
    std::set<Expr> reached{e}, frontier{e};
    for (int depth = 0; depth < 4; ++depth) {
      std::set<Expr> next;
      for (Expr x : frontier) {
        for (const Segment& s : b.d.segments(x)) next.insert(s.next);
      }
      reached.insert(next.begin(), next.end());
      frontier = std::move(next);
    }
    for (Expr x : reached) {
      if (x == e) continue;
      std::set<Expr> now{x};
      bool ends = false;
      for (int depth = 0; depth < 10 && !ends; ++depth) {
        std::set<Expr> next;
        for (Expr y : now) {
          ends = ends || b.g.pool.nullable(y);
          for (const Segment& s : b.d.segments(y)) next.insert(s.next);
        }
        now = std::move(next);
      }
      INFO("round " << round);
      REQUIRE(ends);
      REQUIRE_FALSE(b.g.pool.dead(x));
    }
  }
}

TEST_CASE("emptiness: intersections and complements") {
  Expr none, some, sub, all;
  Grammar g;
  ExprPool& p = g.pool;
  Expr a = p.plus(p.literal("a")), b = p.plus(p.literal("b")),
       ab = p.plus(p.char_class(range('a', 'b')));
  none = p.intersect(a, b);
  some = p.intersect(ab, p.complement(a));
  sub = p.intersect(a, p.complement(ab));
  all = p.complement(p.empty());
  Expr none_of_all = p.complement(p.star(p.char_class(CharSet::all())));
  Expr lengths = p.intersect(p.repeat(p.literal("a"), 3, 5), p.star(p.literal("aaaaaa")));
  Expr lengths_met = p.intersect(p.repeat(p.literal("a"), 3, 6), p.star(p.literal("aaaaaa")));
  g.root = g.add_rule("root");
  g.define(g.root, p.alt({none, some, sub, all, none_of_all, lengths, lengths_met}));
  Bench bench_of_all(std::move(g));
  Derivatives& d = bench_of_all.d;
  for (Expr e : {none, sub, none_of_all, lengths}) {
    CHECK(d.is_empty(e));
    CHECK(bench_of_all.g.pool.dead(e));
  }
  for (Expr e : {some, all, lengths_met}) {
    CHECK_FALSE(d.is_empty(e));
    CHECK_FALSE(bench_of_all.g.pool.dead(e));
  }
}

TEST_CASE(
    "derivatives: a complement allows everything that is no prefix of a refused string only") {
  Expr e;
  Bench b = bench(
      [](ExprPool& p) {
        return p.seq(p.literal("\""),
                     p.seq(p.intersect(p.star(p.char_class(range('a', 'z'))),
                                       p.complement(p.string_set({"if", "in", "i"}))),
                           p.literal("\"")));
      },
      &e);
  for (const char* text : {"\"\"", "\"x\"", "\"ifx\"", "\"inn\"", "\"it\""})
    CHECK(b.matches(e, text));
  for (const char* text : {"\"i\"", "\"if\"", "\"in\"", "\"IF\""}) CHECK_FALSE(b.matches(e, text));
  CHECK(b.first_bytes(b.after(e, "\"if")).count('"') == 0);
  CHECK(b.first_bytes(b.after(e, "\"ix")).count('"') == 1);
}

TEST_CASE("derivatives: the shortest strings end what they are part of") {
  Expr e;
  Bench b = bench(
      [](ExprPool& p) {
        return p.shortest(p.seq(p.star(p.char_class(CharSet::all())), p.literal("ab")));
      },
      &e);
  CHECK(b.matches(e, "xab"));
  CHECK(b.matches(e, "aab"));
  CHECK_FALSE(b.matches(e, "abab"));
  CHECK(b.first_bytes(b.after(e, "xab")).empty());
  ExprPool& p = b.g.pool;
  CHECK(p.shortest(p.star(p.literal("a"))) == p.epsilon());
  CHECK(p.shortest(p.literal("a")) == p.literal("a"));
}

TEST_CASE("derivatives: a token is the mark and its id") {
  Expr e;
  TokenIds ids;
  ids.add(0x105, 0x302);
  Bench b = bench([&](ExprPool& p) { return p.seq(p.tokens(ids), p.literal("x")); }, &e);
  CHECK(b.first_bytes(e) == std::set<int>{kTokenMark});
  CHECK(b.matches(e, std::string("\xFF\0\0\x04\x05x", 6)));
  CHECK(b.matches(e, std::string("\xFF\0\0\x0C\x02x", 6)));
  CHECK_FALSE(b.matches(e, std::string("\xFF\0\0\x0C\x03x", 6)));
  CHECK_FALSE(b.matches(e, "x"));
}

TEST_CASE("derivatives: counters cost what is walked") {
  Expr e;
  Bench b =
      bench([](ExprPool& p) { return p.repeat(p.char_class(range('a', 'z')), 1000, 4000); }, &e);
  size_t before = b.g.pool.size();
  CHECK_FALSE(b.matches(e, std::string(20, 'x')));
  CHECK(b.g.pool.size() < before + 80);
  CHECK_FALSE(b.matches(e, std::string(999, 'x')));
  CHECK(b.matches(e, std::string(1000, 'x')));
  CHECK(b.matches(e, std::string(4000, 'x')));
  CHECK(b.after(e, std::string(4001, 'x')) == b.g.pool.empty());
  CHECK(b.after(e, "xyz") == b.g.pool.repeat(b.g.pool.char_class(range('a', 'z')), 997, 3997));
}

TEST_CASE("derivatives: counters of what may be empty, and of counters") {
  for (auto [min, max] :
       std::vector<std::pair<uint32_t, uint32_t>>{{0, 2}, {2, 3}, {3, kUnbounded}}) {
    check_language(
        [&](Grammar& g) {
          ExprPool& p = g.pool;
          Expr body = p.alt({p.epsilon(), p.literal("a"), p.literal("bb")});
          g.root = g.add_rule("root");
          g.define(g.root, p.seq(p.repeat(body, min, max), p.literal("c")));
        },
        "abc", 7, 3);
    check_language(
        [&](Grammar& g) {
          ExprPool& p = g.pool;
          g.root = g.add_rule("root");
          g.define(g.root,
                   p.repeat(p.seq(p.literal("a"), p.repeat(p.literal("b"), 1, 3)), min, max));
        },
        "ab", 11, 6);
  }
}

TEST_CASE("derivatives: one string out of ten thousand, without writing them out") {
  std::vector<std::string> strings;
  for (int i = 0; i < 10000; ++i) {
    strings.push_back("item-" + std::to_string(i * 7919 % 10007) + "-" + std::to_string(i % 7));
  }
  Expr e;
  Bench b = bench([&](ExprPool& p) { return p.seq(p.string_set(strings), p.literal(";")); }, &e);
  CHECK(b.g.pool.size() < 100);
  for (size_t i : {size_t{0}, size_t{1234}, size_t{9999}}) CHECK(b.matches(e, strings[i] + ";"));
  CHECK_FALSE(b.matches(e, "item-1-x;"));
  CHECK_FALSE(b.matches(e, "item-;"));
  CHECK(b.g.pool.size() < 2000);
}

TEST_CASE("derivatives: calls are steps of their own, except at the end") {
  Bench b(ebnf("root ::= \"(\" root \")\" | v \";\" | v\nv ::= \"x\" v \"y\" | \"\""));
  RuleId v = rule_named(b.g, "v");
  REQUIRE(b.facts.rules[v].is_call);
  LinearForm form;
  b.d.expand(b.g.rules[b.g.root].body, &form);
  std::set<std::pair<RuleId, Expr>> calls;
  for (const CallEdge& c : form.calls) calls.insert({c.rule, c.next});
  CHECK(calls == std::set<std::pair<RuleId, Expr>>{{v, b.g.pool.literal(";")}});
  std::set<int> bytes;
  for (const ByteEdge& e : form.bytes) bytes.insert(e.lo);
  CHECK(bytes == std::set<int>{'(', ';', 'x'});  // x: the call at the end is expanded in place
}

TEST_CASE("derivatives: a step towards a rule without strings is left out") {
  Bench b(
      ebnf("root ::= \"a\" d | \"b\" [a-z]* d | c d | \"e\"\nd ::= \"1\" d\nc ::= \"x\" c \"y\" | "
           "\"\""));
  LinearForm form;
  b.d.expand(b.g.rules[b.g.root].body, &form);
  REQUIRE(form.bytes.size() == 1);
  CHECK(form.bytes[0].lo == 'e');
  CHECK(form.calls.empty());
}

TEST_CASE("derivatives: depth of the grammar costs no stack") {
  Grammar g;
  ExprPool& p = g.pool;
  Expr nested = p.literal("x");
  for (int i = 0; i < 100000; ++i)
    nested = p.alt(p.seq(p.optional(nested), p.literal("a")), p.literal("b"));
  g.root = g.add_rule("root");
  g.define(g.root, nested);
  Bench b(std::move(g));
  LinearForm form;
  b.d.expand(nested, &form);
  CHECK_FALSE(b.d.over_limit());
  CHECK(form.bytes.size() > 100000);
}

TEST_CASE("derivatives: too deep towers of complements are a limit, not a crash") {
  Grammar g;
  ExprPool& p = g.pool;
  Expr e = p.plus(p.literal("a"));
  for (int i = 0; i < 3000; ++i) e = p.alt(p.complement(p.seq(e, p.literal("a"))), p.literal("b"));
  g.root = g.add_rule("root");
  g.define(g.root, e);
  Result<std::unique_ptr<Automaton>> a = Automaton::create(std::move(g), {});
  if (a.ok()) {
    CHECK(a.value()->start(0) == nullptr);
    CHECK(a.value()->over_limit());
  } else {
    CHECK(a.error().code == Status::kLimitExceeded);
  }
}

TEST_CASE("derivatives: nested booleans that share operands are expanded once") {
  // Exactly one of k1, exactly one of that and k2, and so on.
  Expr e;
  Bench b = bench(
      [](ExprPool& p) {
        Expr letters = p.star(p.char_class(range('a', 'z')));
        Expr one = p.plus(p.literal("a"));
        for (char c = 'b'; c < 'v'; ++c) {
          Expr k = p.seq(letters, p.literal(std::string(1, c)));
          one = p.alt(p.intersect(one, p.complement(k)), p.intersect(p.complement(one), k));
        }
        return one;
      },
      &e);
  CHECK(b.g.pool.size() < 5000);
  CHECK(b.matches(e, "aa"));
  CHECK(b.matches(e, "xu"));
  CHECK_FALSE(b.matches(e, "xx"));
  CHECK_FALSE(b.d.over_limit());
}

TEST_CASE("derivatives: the limit on expressions is reported") {
  Expr e;
  Bench b = bench(
      [](ExprPool& p) {
        return p.intersect(
            p.repeat(p.char_class(range('a', 'z')), 0, 4000),
            p.complement(p.seq(p.star(p.char_class(range('a', 'z'))), p.literal("zz"))));
      },
      &e);
  b.d.set_max_expressions(b.g.pool.size() + 20);
  b.after(e, std::string(50, 'q'));
  CHECK(b.d.over_limit());
}

TEST_CASE(
    "clamp: bounds are taken away below intersections too, and it is said how far that reaches") {
  ExprPool p;
  Expr c = p.char_class(range('a', 'z')), tail = p.literal("\"");
  Inclusion inclusion(&p);
  BoundRemover bounds(&p, &inclusion);
  auto plain = bounds.remove(p.seq(p.repeat(c, 3, 40), tail), 2);
  CHECK(plain.e == p.seq(p.repeat(c, 3, kUnbounded), tail));
  CHECK(plain.slack == 40);
  CHECK_FALSE(plain.boolean);
  Expr words = p.seq(p.plus(c), p.repeat(p.seq(p.literal(" "), c), 0, 20));
  auto both = bounds.remove(p.intersect(words, p.repeat(c, 0, 30)), 2);
  CHECK(both.e == p.intersect(p.seq(p.plus(c), p.star(p.seq(p.literal(" "), c))), p.star(c)));
  CHECK(both.slack == 20);
  CHECK(both.boolean);
  CHECK(bounds.remove(p.seq(p.optional(c), tail), 2).slack == kUnbounded);
  CHECK(bounds.remove(p.seq(tail, p.repeat(c, 0, 9)), 2).slack == kUnbounded);
}

TEST_CASE("clamp: an intersection that only counts goes away as a whole") {
  ExprPool p;
  Expr c = p.char_class(range('a', 'z')), tail = p.literal("\"");
  Inclusion inclusion(&p);
  BoundRemover bounds(&p, &inclusion);
  Expr name = p.seq(p.repeat(c, 2, 2), p.star(p.literal("-x")));
  Expr text = p.repeat(p.char_class(letters("abcdefghijklmnopqrstuvwxyz-")), 0, 50);
  auto plain = bounds.remove(p.seq(p.intersect(name, text), tail), 2);
  CHECK(plain.e == p.seq(name, tail));
  CHECK(plain.slack == 50 - 5);  // two characters of up to four bytes, less the first's least
  CHECK_FALSE(plain.boolean);
  // Too near the bound, and a text that the counted characters do not have: as any intersection.
  CHECK(bounds.remove(p.intersect(name, p.repeat(c, 0, 50)), 2).boolean);
  CHECK(bounds.remove(p.intersect(name, p.repeat(p.node(text).a, 0, 5)), 2).boolean);
}

TEST_CASE("clamp: far bounds behind the head go away where the head counts nothing") {
  ExprPool p;
  Expr c = p.char_class(range('a', 'z')), word = p.seq(p.literal(" "), p.plus(c));
  Inclusion inclusion(&p);
  BoundRemover bounds(&p, &inclusion);
  auto words = bounds.remove(p.seq(p.star(c), p.repeat(word, 0, 99)), 2);
  CHECK(words.e == p.seq(p.star(c), p.star(word)));
  CHECK(words.slack == 99);
  CHECK(bounds.remove(p.seq(p.star(c), p.repeat(word, 0, 9)), 2).slack == kUnbounded);
  auto head = bounds.remove(p.seq(p.repeat(c, 0, 40), p.repeat(word, 0, 99)), 2);
  CHECK(head.e == p.seq(p.star(c), p.repeat(word, 0, 99)));
}

TEST_CASE("clamp: far bounds become none, near ones stay") {
  ExprPool p;
  Expr c = p.char_class(range('a', 'z')), tail = p.literal("\"");
  CHECK(clamp_counters(p, p.seq(p.repeat(c, 0, 4000), tail), 64) == p.seq(p.star(c), tail));
  CHECK(clamp_counters(p, p.seq(p.repeat(c, 100, 4000), tail), 64) ==
        p.seq(p.repeat(c, 65, kUnbounded), tail));
  CHECK(clamp_counters(p, p.repeat(c, 65, 65), 64) == p.repeat(c, 65, kUnbounded));
  CHECK(clamp_counters(p, p.repeat(c, 3, 64), 64) == p.repeat(c, 3, 64));
  CHECK(clamp_counters(p, p.repeat(c, 64, 64), 64) == p.repeat(c, 64, 64));
  CHECK(clamp_counters(p, p.repeat(c, 3, 65), 64) == p.repeat(c, 3, kUnbounded));
  CHECK(clamp_counters(p, p.star(c), 64) == p.star(c));
  CHECK(clamp_counters(p, tail, 64) == tail);
  Expr far_behind = p.seq({p.literal("x"), p.repeat(c, 0, 99), tail});
  CHECK(clamp_counters(p, far_behind, 64) == p.seq({p.literal("x"), p.star(c), tail}));
}

TEST_CASE("clamp: strings of at most `reach` letters are prefixes as before") {
  constexpr uint32_t kReach = 5;
  std::mt19937 random(31);
  for (int round = 0; round < 100; ++round) {
    Expr e;
    Bench b = bench(
        [&](ExprPool& p) {
          auto part = [&] {
            Expr letter =
                random() % 2 ? p.char_class(range('a', 'b')) : p.literal(random() % 2 ? "a" : "ab");
            uint32_t min = random() % 10;
            return p.repeat(letter, min, random() % 3 == 0 ? kUnbounded : min + random() % 10);
          };
          return p.seq({part(), part(), p.literal("c")});
        },
        &e);
    Expr clamped = clamp_counters(b.g.pool, e, kReach);
    for (const std::string& s : all_strings("abc", kReach)) {
      bool alive = !b.g.pool.dead(b.after(e, s));
      REQUIRE(alive == !b.g.pool.dead(b.after(clamped, s)));
      REQUIRE(b.matches(e, s) == b.matches(clamped, s));
    }
  }
}
