// Alternatives that are strings as a minimal acyclic automaton.
//
// Entry point: fold_string_choices. The strings of one alternation, sorted, form a tree in which
// every inner place is the end of a string or has several ways on; what lies between two places is
// a text. Places become expressions, deepest first, and equal expressions are one in the pool: so
// places with the same ways on are one, and characters that lead to one place become a class.
// Beyond kMaxStrings the strings become a set, of which no automaton is made at all.
//
//   "read" | "reads" | "bead" | "beads"   ->   [br] "ead" "s"?
//
// Tests: tests/unit/grammar/passes/string_choices_test.cc, tests/reference/passes_test.cc.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "automata/char_set.h"
#include "grammar/passes/passes.h"
#include "grammar/passes/rule_walk.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxStrings = 100000;

// The only string of `e`, if it is written as one.
std::optional<std::string> text_of(const ExprPool& pool, Expr e) {
  std::string text;
  while (true) {
    const ExprNode& n = pool.node(e);
    const Expr part = n.kind == ExprKind::kSeq ? n.a : e;
    const ExprNode& p = pool.node(part);
    if (p.kind == ExprKind::kLiteral) {
      text += pool.string(p.a).substr(p.b);
    } else if (p.kind == ExprKind::kClass) {
      std::span<const CharRange> ranges = pool.charset(p.a).ranges();
      if (ranges.size() != 1 || ranges[0].lo != ranges[0].hi) return std::nullopt;
      append_utf8(ranges[0].lo, &text);
    } else if (p.kind != ExprKind::kEpsilon) {
      return std::nullopt;
    }
    if (n.kind != ExprKind::kSeq) return text;
    e = n.b;
  }
}

class StringFold {
 public:
  StringFold(ExprPool* pool, std::vector<std::string> strings)
      : pool_(*pool), strings_(std::move(strings)) {
    sort_unique(&strings_);
  }

  // One of the strings.
  Expr fold() {
    places_.push_back({0, strings_.size(), 0, 0, false, 0, 0});
    for (size_t i = 0; i < places_.size(); ++i) split(i);
    for (size_t i = places_.size(); i-- > 0;) places_[i].then = ways_on(places_[i]);
    return pool_.seq(pool_.literal(text(places_[0])), places_[0].then);
  }

 private:
  // Strings [first, last) have their first `end` bytes in common; the place behind those.
  struct Place {
    size_t first, last;
    size_t begin, end;      // the text from the place before this one
    bool ends;              // one of the strings is over
    size_t next, next_end;  // the places behind it
    Expr then = kNoExpr;
  };

  std::string_view text(const Place& p) const {
    return std::string_view(strings_[p.first]).substr(p.begin, p.end - p.begin);
  }

  static bool inside_character(std::string_view s, size_t at) {
    return at < s.size() && (static_cast<uint8_t>(s[at]) & 0xC0) == 0x80;
  }

  // Finds where the text behind the place before it ends, and the places that follow.
  void split(size_t index) {
    Place p = places_[index];
    const std::string &low = strings_[p.first], &high = strings_[p.last - 1];
    while (p.end < low.size() && p.end < high.size() && low[p.end] == high[p.end]) ++p.end;
    while (inside_character(low, p.end) || inside_character(high, p.end)) --p.end;
    p.ends = low.size() == p.end;
    p.next = places_.size();
    for (size_t i = p.first + p.ends; i < p.last;) {
      const size_t from = i;
      const std::string_view lead = character(from, p.end);
      while (i < p.last && character(i, p.end) == lead) ++i;
      places_.push_back({from, i, p.end, p.end + lead.size(), false, 0, 0});
    }
    p.next_end = places_.size();
    places_[index] = p;
  }

  std::string_view character(size_t string, size_t at) const {
    const std::string_view s = strings_[string];
    size_t end = at + 1;
    while (inside_character(s, end)) ++end;
    return s.substr(at, end - at);
  }

  struct Way {
    Expr rest;  // behind the character
    char32_t character;
    size_t place;
  };

  // What follows a place, from what follows those behind it.
  Expr ways_on(const Place& p) {
    ways_.clear();
    for (size_t i = p.next; i < p.next_end; ++i) {
      const Place& next = places_[i];
      size_t pos = 0;
      Way way{kNoExpr, 0, i};
      decode_utf8(text(next), &pos, &way.character);
      way.rest = pool_.seq(pool_.literal(text(next).substr(pos)), next.then);
      ways_.push_back(way);
    }
    std::vector<Expr> branches;
    for (std::span<const Way> same : equal_ways()) branches.push_back(branch(same));
    if (branches.empty()) return pool_.epsilon();
    return pool_.repeat(pool_.alt(branches), p.ends ? 0 : 1, 1);
  }

  // The ways that differ in their characters only; in the order in which their strings stand.
  std::vector<std::span<const Way>> equal_ways() {
    std::sort(ways_.begin(), ways_.end(), [](const Way& x, const Way& y) {
      return std::pair(x.rest, x.place) < std::pair(y.rest, y.place);
    });
    std::vector<std::span<const Way>> out;
    for (size_t i = 0, end = 0; i < ways_.size(); i = end) {
      while (end < ways_.size() && ways_[end].rest == ways_[i].rest) ++end;
      out.push_back(std::span<const Way>(ways_).subspan(i, end - i));
    }
    std::sort(out.begin(), out.end(),
              [](const auto& x, const auto& y) { return x[0].place < y[0].place; });
    return out;
  }

  Expr branch(std::span<const Way> same) {
    const Place& next = places_[same[0].place];
    if (same.size() == 1) return pool_.seq(pool_.literal(text(next)), next.then);
    CharSet characters;
    for (const Way& way : same) characters.add(way.character, way.character);
    return pool_.seq(pool_.char_class(characters), same[0].rest);
  }

  ExprPool& pool_;
  std::vector<std::string> strings_;
  std::vector<Place> places_;  // before those that follow them
  std::vector<Way> ways_;
};

// An alternation with its strings folded.
Expr fold_alternation(ExprPool* pool, Expr e) {
  std::vector<std::string> strings;
  std::vector<Expr> others;
  for (Expr child : pool->children(e)) {
    std::optional<std::string> text = text_of(*pool, child);
    if (text) strings.push_back(*std::move(text));
    if (!text) others.push_back(child);
  }
  if (strings.size() < 2) return e;
  others.push_back(strings.size() > kMaxStrings ? pool->string_set(std::move(strings))
                                                : StringFold(pool, std::move(strings)).fold());
  return pool->alt(others);
}

}  // namespace

void fold_string_choices(Grammar* grammar) {
  ExprPool& pool = grammar->pool;
  const Reached reached = reach(*grammar);
  Rewriter rewriter(&pool, [&](Expr e) {
    return pool.node(e).kind == ExprKind::kAlt ? fold_alternation(&pool, e) : e;
  });
  for (RuleId r = 0; r < grammar->rules.size(); ++r) {
    Rule& rule = grammar->rules[r];
    if (reached.rules[r]) rule.body = rewriter.rewrite(rule.body);
  }
}

}  // namespace xgr::core
