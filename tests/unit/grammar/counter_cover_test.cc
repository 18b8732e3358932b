// Alternatives that differ in counts: grammar/counter_cover.cc.
#include "grammar/counter_cover.h"

#include <random>

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

std::vector<Expr> reduced(ExprPool* pool, std::vector<Expr> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  CounterCover(pool).reduce(&items);
  return items;
}

}  // namespace

TEST_CASE("counter cover: ranges in ranges, and ranges that meet") {
  ExprPool p;
  const Expr a = p.literal("a"), b = p.optional(p.literal("b")), c = p.literal("c");
  const Expr round = p.seq(p.repeat(a, 0, 9), b);
  auto item = [&](uint32_t lo, uint32_t hi, uint32_t more) {
    return p.seq({p.repeat(a, lo, hi), b, p.repeat(round, 0, more)});
  };
  using Items = std::vector<Expr>;
  CHECK(reduced(&p, {item(0, 7, 9), item(0, 9, 8), item(0, 9, 7), item(2, 8, 5)}).size() == 2);
  CHECK(reduced(&p, {item(0, 3, 5), item(2, 7, 5), item(1, 2, 5)}) == Items{item(0, 7, 5)});
  CHECK(reduced(&p, {item(0, 3, 5), item(4, 7, 5)}) == Items{item(0, 7, 5)});
  CHECK(reduced(&p, {item(0, 3, 5), item(5, 7, 5)}).size() == 2);
  CHECK(reduced(&p, {item(0, 3, 5), item(0, 2, 6)}).size() == 2);
  CHECK(reduced(&p, {item(5, kUnbounded, 5), item(2, 4, 5)}) == Items{item(2, kUnbounded, 5)});
  CHECK(reduced(&p, {p.seq(a, c), p.seq(p.repeat(a, 2, 4), c)}).size() == 2);  // a counts nothing
  CHECK(reduced(&p, {p.seq(p.repeat(a, 2, 4), c), p.seq(p.repeat(c, 2, 4), a)}).size() == 2);
}

TEST_CASE("counter cover: the union stays what it is") {
  std::mt19937 random(3);
  size_t before = 0, after = 0;
  for (int round = 0; round < 300; ++round) {
    Grammar g;
    ExprPool& p = g.pool;
    const Expr parts[] = {p.literal("a"), p.literal("b"), p.literal("ab")};
    std::vector<Expr> items;
    for (uint32_t i = 0; i < 2 + random() % 7; ++i) {
      std::vector<Expr> sequence;
      for (uint32_t k = 0; k < 1 + random() % 3; ++k) {
        const uint32_t min = random() % 4, more = random() % 4;
        const uint32_t max = random() % 6 == 0 ? kUnbounded : std::max(1u, min + more);
        sequence.push_back(p.repeat(parts[(k + random() % 2) % 3], min, max));
      }
      items.push_back(p.seq(sequence));
    }
    const std::vector<Expr> fewer = reduced(&p, items);
    before += items.size(), after += fewer.size();
    const Expr x = p.alt(items), y = p.alt(fewer);
    NaiveMatcher naive(g);
    for (const std::string& s : all_strings("ab", 8)) {
      INFO(s);
      REQUIRE(naive.accepts(x, s) == naive.accepts(y, s));
    }
  }
  CHECK(after < before * 9 / 10);
}

TEST_CASE("counter cover: counters in counters have few alternatives a state") {
  check_ebnf("root ::= ((\"a\"{1,3} \"b\"?){0,2} \"c\"?){1,2}", "abc", 7, 1);
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= (((\"a\"{0,900} \"b\"?){0,900} \"c\"?){3,900} \"d\"?){0,900}"));
  State* s = a->start(a->grammar().root);
  for (int i = 0; i < 500; ++i) {
    s = Automaton::step(s, i % 7 == 0 ? 'b' : 'a');
    REQUIRE(s != nullptr);
    REQUIRE(s->items.size() < 30);
  }
}
