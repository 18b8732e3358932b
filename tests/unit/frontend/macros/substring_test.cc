// Substring against its definition: every run of chunks, put together.
#include "frontend/macros/substring.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "../../core_helpers.h"

namespace xgr::core {
namespace {

using Chunks = std::vector<std::string>;

void check(const Chunks& chunks, const std::string& letters, size_t length) {
  std::set<std::string> runs{""};
  for (size_t i = 0; i < chunks.size(); ++i) {
    std::string run;
    for (size_t j = i; j < chunks.size(); ++j) runs.insert(run += chunks[j]);
  }
  auto build = [&](Grammar& g) {
    g.root = g.add_rule("root");
    g.define(g.root, g.pool.seq(g.pool.literal("<"),
                                g.pool.seq(substring(g.pool, chunks), g.pool.literal(">"))));
  };
  std::unique_ptr<Automaton> a = test::make_automaton(test::build_grammar(build));
  for (const std::string& text : test::all_strings(letters, length)) {
    INFO(text);
    REQUIRE(test::accepts(*a, "<" + text + ">") == (runs.count(text) > 0));
    bool begins = false;
    for (const std::string& run : runs) begins = begins || run.starts_with(text);
    test::ByteWalk walk(a->start(a->grammar().root));
    REQUIRE(walk.read("<" + text) == begins);
  }
  for (const std::string& run : runs) REQUIRE(test::accepts(*a, "<" + run + ">"));
}

TEST_CASE("runs of chunks, which are taken as a whole") {
  check({"abc", "de", "fg"}, "abcdefg", 4);
  check({"a", "", "b", "a", "b"}, "ab", 6);
  check({"ab", "a", "b", "ba"}, "ab", 8);
  check({"ab", "abc"}, "abc", 6);
  check({"aa", "aa", "aa"}, "a", 8);
  check({"a", "aa", "aaa", "a"}, "a", 9);
  check({"", ""}, "a", 3);
  check({}, "a", 3);
}

TEST_CASE("random chunks over two letters") {
  uint32_t seed = 7;
  auto random = [&](uint32_t n) { return ((seed = seed * 1664525 + 1013904223) >> 16) % n; };
  for (int i = 0; i < 200; ++i) {
    Chunks chunks(random(8));
    for (std::string& s : chunks) {
      for (uint32_t n = random(4); n > 0; --n) s += "ab"[random(2)];
    }
    check(chunks, "ab", 7);
  }
}

TEST_CASE("characters beyond ASCII and NUL") {
  using namespace std::string_literals;
  Grammar g;
  g.root = g.add_rule("root");
  Chunks chunks{"\xE4\xBD\xA0", "a\0"s, "\xE4\xBD\xA1"};
  g.define(g.root, substring(g.pool, chunks));
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a,
                      "\xE4\xBD\xA0"
                      "a\0"s));
  CHECK(test::accepts(*a, "a\0\xE4\xBD\xA1"s));
  CHECK_FALSE(test::accepts(*a, "\xE4\xBD\xA0\xE4\xBD\xA1"));
}

TEST_CASE("a hundred thousand chunks") {
  Chunks words;
  for (int i = 0; i < 100000; ++i) words.push_back("w" + std::to_string(i * 7919 % 50021) + " ");
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, substring(g.pool, words));
  CHECK(g.pool.size() < 20);
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a, words[500] + words[501] + words[502]));
  CHECK_FALSE(test::accepts(*a, words[500] + words[502]));
  CHECK(a->state_count() < 100);
}

}  // namespace
}  // namespace xgr::core
