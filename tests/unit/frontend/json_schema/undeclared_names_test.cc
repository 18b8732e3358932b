// Names that are not declared ones: frontend/json_schema/undeclared_names.cc.
#include "frontend/json_schema/undeclared_names.h"

#include <doctest/doctest.h>

#include <memory>

#include "../naive_match.h"

namespace xgr::core {
namespace {

NaiveMatcher matcher(std::vector<std::string> taken) {
  Grammar g;
  g.root = g.add_rule("root");
  StringSpelling spelling(g);
  auto generator = std::make_unique<UndeclaredNames>(std::move(taken), spelling.tail());
  UndeclaredNames* raw = generator.get();
  uint32_t id = g.pool.add_generator(std::move(generator));
  raw->set_id(id);
  g.define(g.root, g.pool.lazy(id, {0, 0, 0}));
  return NaiveMatcher(std::move(g));
}

TEST_CASE("a taken name is refused in every spelling") {
  NaiveMatcher m =
      matcher({"ab", "abc", "", "\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x81z"});
  for (const char* t : {"ab", "\\u0061b", "a\\u0062", "abc", "ab\\u0063", "", "\\n", "\\u000A",
                        "\xC3\xA9", "\\u00e9", "\\u00E9", "\xF0\x9F\x98\x80", "\\ud83d\\ude00",
                        "\\uD83d\\uDe00", "\\ud83d\\ude01z"}) {
    CAPTURE(t);
    CHECK(!m.accepts(std::string(t) + "\""));
  }
}

TEST_CASE("every other name is taken, lone surrogates included") {
  NaiveMatcher m = matcher({"ab", "abc", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x81z"});
  for (const char* t :
       {"", "a", "abcd", "b", "ac", "\\u0061", "\\u0061\\u0063", "\\n", "\\/", "\xF0\x9F\x98\x81",
        "\\ud83d", "\\ud83dx", "\\ud83d\\n", "\\ud83d\\ud83d\\ude00", "\\ud83d\\ude02", "\\ude00",
        "\\ud83d\\ude01", "\xF0\x9F\x98\x80x", "\\ud83d\\ude00\\u0061"}) {
    CAPTURE(t);
    CHECK(m.accepts(std::string(t) + "\""));
  }
  for (const char* t : {"\"", "a\n\"", "\\x\"", "\\u00\"", "\\ud83d\\\""}) {
    if (std::string_view(t) != "\"") CHECK(!m.accepts(t));
  }
}

}  // namespace
}  // namespace xgr::core
