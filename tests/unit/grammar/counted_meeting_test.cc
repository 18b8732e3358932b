// Intersections with long counters: grammar/counted_meeting.cc, emptiness.cc.
#include "grammar/counted_meeting.h"

#include <ctime>
#include <random>

#include "../core_helpers.h"
#include "frontend/json_schema/string_spelling.h"
#include "grammar/derivatives.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Meetings {
  Meetings() : d(g, facts), meeting(g.pool, [this](Expr e) { return d.segments(e); }) {}
  Expr regex(const std::string& pattern) {
    Result<Expr> e = regex_expr(g, pattern, RegexOptions(), Limits());
    REQUIRE(e.ok());
    return e.value();
  }
  // Characters, counted, that are a match.
  Expr counted(const std::string& pattern, uint32_t min, uint32_t max) {
    return g.pool.intersect(any(min, max), regex(pattern));
  }
  Expr any(uint32_t min, uint32_t max) {
    return g.pool.repeat(g.pool.char_class(CharSet::all()), min, max);
  }
  bool has_string(Expr e) {
    std::optional<bool> out = meeting.has_string(e);
    REQUIRE(out.has_value());
    return *out;
  }

  Grammar g;
  Facts facts;
  Derivatives d;
  CountedMeeting meeting;
};

// Whether n is the sum of some number of 6s, or of 10s, or else 15s.
bool is_length(uint64_t n) { return n % 6 == 0 || n % 10 == 0 || n % 15 == 0; }

}  // namespace

TEST_CASE("a billion characters of a pattern") {
  Meetings m;
  CHECK(m.has_string(m.counted("a*", 1000000000, 1000000000)));
  CHECK(m.has_string(m.counted("(ab)*", 1000000000, 1000000000)));
  CHECK(!m.has_string(m.counted("(ab)*", 999999999, 999999999)));
  CHECK(m.has_string(m.counted("(ab)*", 999999999, 1000000000)));
  CHECK(m.has_string(m.counted("((é|€|𝄞){7})*|x", 7000000, 7000006)));
  CHECK(!m.has_string(m.counted("((é|€|𝄞){7})*|x", 7000001, 7000006)));
  CHECK(!m.has_string(m.counted("[ab]{0,100}", 101, kUnbounded)));
  CHECK(m.has_string(m.counted("[ab]{0,100}", 100, kUnbounded)));
}

TEST_CASE("lengths with several periods") {
  Meetings m;
  const std::string pattern = "(a{6})*|(a{10})*|(a{15})*";
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const uint32_t min = random() % (i % 2 ? 100 : 4000000000);
    const uint32_t max = min + random() % 6;
    bool expected = false;
    for (uint64_t n = min; n <= max; ++n) expected = expected || is_length(n);
    INFO(min << " to " << max);
    CHECK(m.has_string(m.counted(pattern, min, max)) == expected);
  }
}

TEST_CASE("what is left of an intersection, spelled in JSON, is told as the search does") {
  Meetings m;
  std::mt19937 random(2);
  StringSpelling spelling(m.g);
  for (const char* pattern : {"(a|bc)*", "a*b?(cab)*", "([^a]b)*", "(\"|a\\\\)*c", "(ab|aé)*"}) {
    for (int i = 0; i < 40; ++i) {
      const uint32_t min = random() % 8, max = random() % 2 ? min + random() % 3 : kUnbounded;
      Expr e = m.counted(pattern, min, max);
      if (i % 2) e = spelling.preimage(e);
      for (int step = 0; step < 12 && e != m.g.pool.empty(); ++step) {
        Derivatives searching(m.g, m.facts);
        INFO(pattern << " " << min << " to " << max << " step " << step);
        const std::optional<bool> told = m.meeting.has_string(e);
        if (told) CHECK(*told == !searching.is_empty(e));
        const std::vector<Segment> next = m.d.segments(e);
        e = next.empty() ? m.g.pool.empty() : next[random() % next.size()].next;
      }
    }
  }
}

TEST_CASE("shapes beyond it are left to the search") {
  Meetings m;
  ExprPool& p = m.g.pool;
  CHECK(!m.meeting.has_string(m.regex("a*")).has_value());
  CHECK(!m.meeting.has_string(p.intersect(m.regex("a*"), m.regex("b*"))).has_value());
  // Rounds whose words begin others: one text has several counts.
  const Expr rounds = p.repeat(p.alt(p.literal("a"), p.literal("aa")), 300, 300);
  CHECK(!m.meeting.has_string(p.intersect(rounds, m.regex("a*"))).has_value());
  CHECK(!m.d.is_empty(p.intersect(rounds, m.regex("a{500}"))));
  CHECK(m.d.is_empty(p.intersect(rounds, m.regex("a{200}"))));
}

TEST_CASE("a long counter costs no more than a short one") {
  Meetings m;
  const std::clock_t begin = std::clock();
  Expr e = m.counted("([ab]*c)*", 4000000000, 4000000000);
  for (int i = 0; i < 2000; ++i) {
    CHECK(!m.d.is_empty(e));
    e = m.d.segments(e)[0].next;
  }
  CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < 2);
}
