// Tables of strings: order, repetitions, and sets made of them.
#include "grammar/string_table.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "grammar/expr.h"
#include "grammar/string_set.h"

namespace xgr::core::test {
namespace {

TEST_CASE("a table is sorted by bytes and has each string once") {
  std::mt19937 random(3);
  std::vector<std::string> strings{"", std::string("a\0b", 3), std::string("a\0", 2), "a"};
  for (int i = 0; i < 2000; ++i) {
    std::string s(random() % 12, '\0');
    for (char& c : s) c = "\0ab\xc3"[random() % 4];
    strings.push_back(s);
  }
  const std::set<std::string> expected(strings.begin(), strings.end());
  const std::vector<std::string_view> views(strings.begin(), strings.end());
  const auto table = StringTable::of(views);
  REQUIRE(table->size() == expected.size());
  size_t i = 0;
  for (const std::string& s : expected) REQUIRE((*table)[i++] == s);
}

TEST_CASE("sets of few strings are plain expressions") {
  ExprPool p;
  const std::vector<std::string_view> none, one{"x"};
  CHECK(StringSet::add(&p, StringTable::of(none)) == p.empty());
  CHECK(StringSet::add(&p, StringTable::of(one)) == p.literal("x"));
}

}  // namespace
}  // namespace xgr::core::test
