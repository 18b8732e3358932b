#include "frontend/json_schema/string_spelling.h"

#include <doctest/doctest.h>

#include "../naive_match.h"

namespace xgr::core {
namespace {

NaiveMatcher matcher(Expr (*make)(Grammar&, StringSpelling&)) {
  Grammar g;
  g.root = g.add_rule("root");
  StringSpelling s(g);
  g.define(g.root, make(g, s));
  return NaiveMatcher(std::move(g));
}

CharSet set(std::initializer_list<CharRange> ranges) {
  return CharSet::of({ranges.begin(), ranges.size()});
}

TEST_CASE("a character is spelled raw, by letter or by code unit") {
  NaiveMatcher m = matcher([](Grammar&, StringSpelling& s) {
    return s.chars(set({{'\n', '\n'}, {'"', '"'}, {'/', '/'}, {0xE9, 0xE9}, {0x1F600, 0x1F600}}));
  });
  for (const char* t :
       {"\\n", "\\u000a", "\\u000A", "\\\"", "\\u0022", "/", "\\/", "\\u002f", "\xC3\xA9",
        "\\u00e9", "\\u00E9", "\xF0\x9F\x98\x80", "\\ud83d\\ude00", "\\uD83D\\uDE00"}) {
    CAPTURE(t);
    CHECK(m.accepts(t));
  }
  for (const char* t : {"\n", "\"", "\\r", "\\u000b", "\\ud83d", "\\ude00", "\\ud83d\\ude01",
                        "\\U000a", "\\u00a", "e"}) {
    CAPTURE(t);
    CHECK(!m.accepts(t));
  }
}

TEST_CASE("ranges of surrogate pairs split exactly") {
  NaiveMatcher m = matcher([](Grammar&, StringSpelling& s) {
    return s.chars(set({{0xFFF0, 0x103FF}, {0x10410, 0x10410}, {0x10FFFE, 0x10FFFF}}));
  });
  for (const char* t :
       {"\\ufff0", "\\ud800\\udc00", "\\ud800\\udfff", "\\ud801\\udc10", "\\udbff\\udffe"}) {
    CAPTURE(t);
    CHECK(m.accepts(t));
  }
  for (const char* t :
       {"\\uffef", "\\ud801\\udc00", "\\ud801\\udc0f", "\\udbff\\udffd", "\\ud800\\ud800"}) {
    CAPTURE(t);
    CHECK(!m.accepts(t));
  }
}

TEST_CASE("the preimage keeps intersection, complement and counts") {
  NaiveMatcher m = matcher([](Grammar& g, StringSpelling& s) {
    ExprPool& p = g.pool;
    Expr any = p.char_class(CharSet::all());
    Expr has_b = p.seq({p.star(any), p.literal("b"), p.star(any)});
    return s.preimage(p.intersect(p.complement(has_b), p.repeat(any, 2, 3)));
  });
  for (const char* t : {"aa", "a\\\"c", "\\u0061\xC3\xA9", "\\ud83d\\ude00x"}) CHECK(m.accepts(t));
  for (const char* t : {"a", "aaaa", "ab", "a\\u0062", "a\"", "aa\\ud800", "a\\b\\b\\b"})
    CHECK(!m.accepts(t));
}

TEST_CASE("any string: RFC 8259, lone surrogates included") {
  NaiveMatcher m = matcher([](Grammar&, StringSpelling& s) { return s.tail(); });
  for (const char* t : {"\"", "a\\\\\"", "\\ud800\"", "\\u12aF\\/\"", "\x7F\"", "\xE2\x82\xAC\""})
    CHECK(m.accepts(t));
  for (const char* t :
       {"", "a", "\\x\"", "\x1F\"", "\\u12g4\"", "\"\"", "\xC3\"", "\xED\xA0\x80\""})
    CHECK(!m.accepts(t));
}

}  // namespace
}  // namespace xgr::core
