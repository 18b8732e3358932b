// Names that differ from all declared ones, compared after decoding.
//
// Entry point: UndeclaredNames::unfold. While the characters read are a prefix of some declared
// name the state is (first such name, length); any other character, raw or escaped, leads to the
// shared rule for the rest of a string. The closing quote is refused exactly when a declared name
// is complete. A character is compared by value, so "\u0061" is no way around a declared "a".
//
//   taken {ab, ac}:  a -> {b, c: not yet different, other: free, '"': done}
//
// Tests: tests/unit/frontend/json_schema/undeclared_names_test.cc,
// tests/cases/json_schema/object.case.
#include "frontend/json_schema/undeclared_names.h"

#include <algorithm>
#include <string_view>

#include "support/sort_unique.h"

namespace xgr::core {

UndeclaredNames::UndeclaredNames(std::vector<std::string> taken, Expr tail, JsonEscapes escapes)
    : taken_(std::move(taken)), tail_(tail), escapes_(escapes) {
  sort_unique(&taken_);
}

uint32_t UndeclaredNames::end_of_prefix(uint32_t first, uint32_t depth) const {
  std::string_view prefix = std::string_view(taken_[first]).substr(0, depth);
  auto end = std::partition_point(taken_.begin() + first, taken_.end(),
                                  [&](const std::string& s) { return s.starts_with(prefix); });
  return static_cast<uint32_t>(end - taken_.begin());
}

std::vector<UndeclaredNames::Next> UndeclaredNames::next_characters(ExprPool& pool, uint32_t first,
                                                                    uint32_t depth) const {
  std::vector<Next> out;
  uint32_t end = end_of_prefix(first, depth);
  for (uint32_t i = first; i < end;) {
    size_t pos = depth;
    char32_t c = 0;
    if (!decode_utf8(taken_[i], &pos, &c)) {  // the name that ends here sorts first
      ++i;
      continue;
    }
    uint32_t after = static_cast<uint32_t>(pos);
    out.push_back({c, pool.lazy(id_, {i, after, 0})});
    i = end_of_prefix(i, after);
  }
  return out;
}

Expr UndeclaredNames::unfold(ExprPool& pool, const Args& args) const {
  auto [first, depth, escaped] = args;
  std::vector<Next> next = next_characters(pool, first, depth);
  if (escaped) return after_backslash(pool, next);
  bool complete = taken_[first].size() == depth;
  std::vector<SwitchEdge> edges;
  size_t i = 0;
  for (const CharRange& r : raw_string_chars().ranges()) {
    char32_t lo = r.lo;
    for (; i < next.size() && next[i].c <= r.hi; ++i) {
      if (next[i].c < lo) continue;  // a character that needs an escape
      if (next[i].c > lo) edges.push_back({lo, next[i].c - 1, tail_});
      edges.push_back({next[i].c, next[i].c, next[i].rest});
      lo = next[i].c + 1;
    }
    if (lo <= r.hi) edges.push_back({lo, r.hi, tail_});
  }
  if (!complete) edges.push_back({'"', '"', pool.epsilon()});
  edges.push_back({'\\', '\\', pool.lazy(id_, {first, depth, 1})});
  std::sort(edges.begin(), edges.end(), [](auto& x, auto& y) { return x.lo < y.lo; });
  return pool.switch_on(edges);
}

// All code units: the special ones as said, the others lead to the rest of a free string.
Expr UndeclaredNames::units(ExprPool& pool, std::vector<UnitCase> special) const {
  std::vector<UnitCase> all;
  uint32_t from = 0;
  for (const UnitCase& c : special) {
    if (c.lo > from) all.push_back({from, c.lo - 1, tail_});
    all.push_back(c);
    from = c.hi + 1;
  }
  if (from <= 0xFFFF) all.push_back({from, 0xFFFF, tail_});
  return hex_units(pool, all);
}

Expr UndeclaredNames::short_escape_edges(ExprPool& pool, const std::vector<Next>& next,
                                         Expr unicode) const {
  std::vector<SwitchEdge> edges;
  for (auto [letter, meant] : short_escapes()) {
    Expr rest = tail_;
    for (const Next& n : next) {
      if (n.c == meant) rest = n.rest;
    }
    edges.push_back({static_cast<char32_t>(letter), static_cast<char32_t>(letter), rest});
  }
  edges.push_back({'u', 'u', unicode});
  return pool.switch_on(edges);
}

Expr UndeclaredNames::after_backslash(ExprPool& pool, const std::vector<Next>& next) const {
  if (escapes_ == JsonEscapes::kMinimal) {
    return required_escapes(pool, [&](char32_t c) {
      auto found = std::find_if(next.begin(), next.end(), [&](const Next& n) { return n.c == c; });
      return found == next.end() ? tail_ : found->rest;
    });
  }
  std::vector<UnitCase> special;
  for (size_t i = 0; i < next.size();) {
    if (next[i].c <= 0xFFFF) {
      special.push_back({next[i].c, next[i].c, next[i].rest});
      ++i;
      continue;
    }
    uint32_t high = 0xD800 + ((next[i].c - 0x10000) >> 10);
    std::vector<UnitCase> lows;
    for (; i < next.size() && 0xD800 + ((next[i].c - 0x10000) >> 10) == high; ++i) {
      uint32_t low = 0xDC00 + ((next[i].c - 0x10000) & 0x3FF);
      lows.push_back({low, low, next[i].rest});
    }
    special.push_back({high, high, after_high_surrogate(pool, std::move(lows))});
  }
  std::sort(special.begin(), special.end(), [](auto& x, auto& y) { return x.lo < y.lo; });
  return short_escape_edges(pool, next, units(pool, std::move(special)));
}

// Half a pair has been read; only the other half can complete a taken name's character.
Expr UndeclaredNames::after_high_surrogate(ExprPool& pool, std::vector<UnitCase> lows) const {
  Expr escape = short_escape_edges(pool, {}, units(pool, std::move(lows)));
  Expr raw = pool.seq(pool.char_class(raw_string_chars()), tail_);
  return pool.alt({raw, pool.literal("\""), pool.seq(pool.literal("\\"), escape)});
}

}  // namespace xgr::core
