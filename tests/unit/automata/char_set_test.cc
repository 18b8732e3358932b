// Sets of code points and UTF-8: automata/char_set.cc.
#include "automata/char_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

using namespace xgr::core;

namespace {

std::vector<CharRange> list(const CharSet& s) { return {s.ranges().begin(), s.ranges().end()}; }

bool matches(const Utf8Sequence& seq, const std::string& bytes) {
  if (seq.length != bytes.size()) return false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    uint8_t b = static_cast<uint8_t>(bytes[i]);
    if (b < seq.lo[i] || b > seq.hi[i]) return false;
  }
  return true;
}

uint64_t strings_of(const Utf8Sequence& seq) {
  uint64_t n = 1;
  for (int i = 0; i < seq.length; ++i) n *= static_cast<uint64_t>(seq.hi[i] - seq.lo[i] + 1);
  return n;
}

}  // namespace

TEST_CASE("ranges stay sorted, disjoint and merged") {
  CharSet s;
  s.add('x', 'z');
  s.add('a', 'c');
  s.add('d');
  CHECK(list(s) == std::vector<CharRange>{{'a', 'd'}, {'x', 'z'}});
  s.add('c', 'y');
  CHECK(list(s) == std::vector<CharRange>{{'a', 'z'}});
  s.add('b', 'a');  // empty
  CHECK(s.count() == 26);
}

TEST_CASE("surrogates are never members") {
  CharSet s = CharSet::all();
  CHECK(list(s) == std::vector<CharRange>{{0, 0xD7FF}, {0xE000, 0x10FFFF}});
  CHECK(s.count() == 0x110000 - 0x800);
  CHECK_FALSE(s.contains(0xD800));
  CHECK(s.negated().empty());
  CharSet t;
  t.add(0xD800, 0xDFFF);
  CHECK(t.empty());
  CHECK(t.negated() == CharSet::all());
  t.add(0x10FFFF, 0xFFFFFFFF);
  CHECK(t.count() == 1);
}

TEST_CASE("set operations agree with a plain set") {
  std::mt19937 rng(7);
  for (int round = 0; round < 300; ++round) {
    std::set<char32_t> a, b;
    CharSet x, y;
    std::vector<CharRange> pieces;
    for (int i = 0; i < 12; ++i) {
      char32_t lo = rng() % 60, hi = lo + rng() % 9;
      bool left = rng() % 2 == 0;
      for (char32_t c = lo; c <= hi; ++c) (left ? a : b).insert(c);
      (left ? x : y).add(lo, hi);
      if (left) pieces.push_back({lo, hi});
    }
    CHECK(CharSet::of(pieces) == x);
    CharSet both = x;
    both.add(y);
    CharSet common = x.intersected(y), rest = x.minus(y), out = x.negated();
    for (char32_t c = 0; c < 80; ++c) {
      REQUIRE(x.contains(c) == (a.count(c) == 1));
      REQUIRE(both.contains(c) == (a.count(c) + b.count(c) > 0));
      REQUIRE(common.contains(c) == (a.count(c) + b.count(c) == 2));
      REQUIRE(rest.contains(c) == (a.count(c) == 1 && b.count(c) == 0));
      REQUIRE(out.contains(c) == (a.count(c) == 0));
    }
    CHECK(x.count() == a.size());
    CHECK(out.negated() == x);
  }
}

TEST_CASE("UTF-8 sequences spell exactly the range") {
  std::mt19937 rng(11);
  auto pick = [&] {
    static const char32_t edges[] = {0,      0x7F,   0x80,   0x7FF,   0x800,   0xFFF,   0x1000,
                                     0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x10FFFF};
    char32_t c = rng() % 3 == 0 ? edges[rng() % 14] : rng() % 0x110000;
    return c >= 0xD800 && c <= 0xDFFF ? char32_t{0xE123} : c;
  };
  for (int round = 0; round < 400; ++round) {
    char32_t lo = pick(), hi = pick();
    if (lo > hi) std::swap(lo, hi);
    if (lo < 0xD800 && hi > 0xDFFF) hi = 0xD7FF;
    std::vector<Utf8Sequence> seqs;
    append_utf8_sequences(lo, hi, &seqs);
    uint64_t total = 0;
    for (const Utf8Sequence& s : seqs) total += strings_of(s);
    CHECK(total == hi - lo + 1);  // with the members below: no more, no less
    CHECK(seqs.size() <= 22);
    for (int i = 0; i < 40; ++i) {
      char32_t c = i == 0 ? lo : i == 1 ? hi : lo + rng() % (hi - lo + 1);
      std::string bytes;
      append_utf8(c, &bytes);
      int hits = 0;
      for (const Utf8Sequence& s : seqs) hits += matches(s, bytes);
      REQUIRE(hits == 1);
    }
  }
}

TEST_CASE("decoding is the inverse of encoding") {
  for (char32_t c = 0; c <= 0x10FFFF; c += 37) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string bytes;
    append_utf8(c, &bytes);
    size_t pos = 0;
    char32_t back = 0;
    REQUIRE(decode_utf8(bytes, &pos, &back));
    REQUIRE(back == c);
    REQUIRE(pos == bytes.size());
    REQUIRE(find_invalid_utf8(bytes) == std::string::npos);
    std::string cut = bytes.substr(0, bytes.size() - 1);
    REQUIRE(find_invalid_utf8("ab" + cut) == (cut.empty() ? std::string::npos : 2));
  }
}

TEST_CASE("malformed UTF-8 is found where it begins") {
  CHECK(find_invalid_utf8("") == std::string::npos);
  CHECK(find_invalid_utf8("a\x80") == 1);             // stray continuation
  CHECK(find_invalid_utf8("\xC0\xAF") == 0);          // overlong
  CHECK(find_invalid_utf8("\xE0\x80\x80") == 0);      // overlong
  CHECK(find_invalid_utf8("ok\xED\xA0\x80") == 2);    // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(find_invalid_utf8("\xF5\x80\x80\x80") == 0);
  CHECK(find_invalid_utf8("\xC3(") == 0);
  CHECK(find_invalid_utf8(std::string("a\0b", 3)) == std::string::npos);
  size_t pos = 1;
  char32_t c = 5;
  CHECK_FALSE(decode_utf8("a", &pos, &c));
  CHECK(pos == 1);
}
