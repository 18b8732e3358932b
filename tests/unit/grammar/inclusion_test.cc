// Which alternatives another one includes: grammar/inclusion.cc.
#include "grammar/inclusion.h"

#include <algorithm>

#include "plain_language.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

// A character of a JSON string in one of its spellings.
Expr spelled(ExprPool& p, std::string_view chars, std::string_view escapes) {
  return p.alt(p.char_class(letters(chars)),
               p.seq(p.literal("\\"), p.char_class(letters(escapes))));
}

bool includes(const Strings& all, const Strings& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

TEST_CASE("inclusion: a search that has found its pattern is the rest of the text") {
  ExprPool p;
  const Expr any = p.star(spelled(p, "abc", "ab")), end = p.literal("\"");
  const Expr found = p.seq(any, end);
  const Expr searching = p.seq({any, spelled(p, "a", "a"), p.plus(spelled(p, "bc", "b")), found});
  const Expr halfway = p.seq(p.star(spelled(p, "b", "b")), found);
  Inclusion inclusion(&p);
  std::vector<Expr> items = {searching, halfway, found};
  inclusion.drop_included(&items);
  CHECK(items == std::vector<Expr>{found});
  items = {searching, halfway};  // the one that it would take is not there
  inclusion.drop_included(&items);
  CHECK(items.size() == 2);
  const Expr other = p.seq(p.literal("\\\\"), found);  // an escape that the loop does not have
  items = {other, found};
  inclusion.drop_included(&items);
  CHECK(items == std::vector<Expr>{other, found});
}

TEST_CASE("inclusion: the loop may be read any number of times") {
  ExprPool p;
  const Expr c = p.char_class(letters("abc")), end = p.literal("\"");
  const Expr loop = p.seq(p.star(c), end);
  std::vector<Expr> items = {p.seq(p.plus(c), end), loop, p.seq(p.literal("ab"), end), loop};
  Inclusion(&p).drop_included(&items);
  CHECK(items == std::vector<Expr>{loop});
}

TEST_CASE("inclusion: counted loops drop nothing") {
  ExprPool p;
  const Expr c = p.char_class(letters("abc")), end = p.literal("\"");
  const Expr counted = p.seq(p.repeat(c, 0, 5), end);
  std::vector<Expr> items = {p.seq(p.literal("a"), counted), counted};
  Inclusion(&p).drop_included(&items);
  CHECK(items.size() == 2);
}

TEST_CASE("inclusion: characters, switches and repetitions side by side") {
  ExprPool p;
  Inclusion inclusion(&p);
  const Expr a = p.literal("a"), ab = p.char_class(letters("ab"));
  const std::vector<SwitchEdge> edges = {{'a', 'a', ab}, {'b', 'c', p.repeat(ab, 2, 2)}};
  const Expr on = p.switch_on(edges);
  CHECK(inclusion.holds(a, ab));
  CHECK_FALSE(inclusion.holds(ab, a));
  CHECK(inclusion.holds(p.seq(a, ab), on));
  CHECK(inclusion.holds(p.seq({p.literal("c"), a, a}), on));
  CHECK_FALSE(inclusion.holds(p.seq(p.literal("c"), a), on));
  CHECK(inclusion.holds(on, on));
  CHECK(inclusion.in_loop(p.literal("abba"), ab));
  CHECK(inclusion.in_loop(p.repeat(p.alt(a, p.seq(ab, ab)), 2, 7), ab));
  CHECK_FALSE(inclusion.in_loop(p.literal("abc"), ab));
}

TEST_CASE("inclusion: never says yes where a string is missing") {
  std::mt19937 random(7);
  int yes = 0;
  for (int i = 0; i < 4000; ++i) {
    ExprPool p;
    Inclusion inclusion(&p);
    const Expr x = random_plain(p, random, 1 + static_cast<int>(random() % 4));
    const Expr y = random_plain(p, random, 1 + static_cast<int>(random() % 4));
    const Expr loop = p.seq(p.star(y), p.literal("\""));
    CAPTURE(i);
    if (inclusion.holds(x, y)) {
      ++yes;
      REQUIRE(includes(strings_of(p, y, 6), strings_of(p, x, 6)));
    }
    if (inclusion.in_loop(x, y)) {
      ++yes;
      REQUIRE(includes(strings_of(p, p.star(y), 6), strings_of(p, x, 6)));
    }
    std::vector<Expr> items = {loop, p.seq(x, loop), p.seq(p.seq(x, y), loop),
                               p.seq(x, p.literal("\"")), p.seq(p.plus(y), p.literal("\""))};
    Strings before, after;
    for (Expr e : items) before.merge(strings_of(p, e, 6));
    inclusion.drop_included(&items);
    for (Expr e : items) after.merge(strings_of(p, e, 6));
    REQUIRE(before == after);
  }
  CHECK(yes > 300);
}

TEST_CASE("inclusion: nesting beyond the limit counts as not included") {
  ExprPool p;
  Expr deep = p.literal("a"), wide = p.char_class(letters("ab"));
  for (int i = 0; i < 10000; ++i) {
    deep = p.alt(p.seq(deep, p.literal("b")), p.literal("a"));
    wide = p.alt(p.seq(wide, p.literal("b")), p.literal("a"));
  }
  CHECK_FALSE(Inclusion(&p).holds(deep, wide));
}

TEST_CASE("inclusion: a loop over many words is left alone") {
  ExprPool p;
  std::vector<Expr> words;
  for (int i = 0; i < 200; ++i) words.push_back(p.literal("word" + std::to_string(i)));
  const Expr loop = p.seq(p.star(p.alt(words)), p.literal("."));
  std::vector<Expr> items = {p.seq(words[7], loop), loop};
  Inclusion inclusion(&p);
  inclusion.drop_included(&items);
  CHECK(items.size() == 2);
  CHECK(inclusion.memory_bytes() == 0);
}
