// String spelling, JSON's above all, as a transformation of expressions.
//
// Entry point: StringSpelling::preimage. A regular language over characters becomes the language of
// all JSON spellings of its strings: a character class C turns into (C that may stand raw) or a
// backslash and one of C's escapes; everything else keeps its shape. Intersection and complement
// carry over because one spelling means exactly one string. Lone surrogates mean no string.
//
//   preimage([a-b]+)  ->  ([ab] | "\\u00" "6" [12])+
//
// Tests: tests/unit/frontend/json_schema/string_spelling_test.cc.
#include "frontend/json_schema/string_spelling.h"

#include <algorithm>
#include <array>

#include "frontend/json_schema/spelled_generator.h"
#include "grammar/remake.h"
#include "support/ascii.h"
#include "support/status.h"

namespace xgr::core {
namespace {

CharSet hex_digits() {
  CharSet s;
  s.add('0', '9');
  s.add('A', 'F');
  s.add('a', 'f');
  return s;
}

void add_nibble_edges(int lo, int hi, Expr child, std::vector<SwitchEdge>* out) {
  auto add = [&](int from, int to, char32_t base) {
    int a = std::max(lo, from), b = std::min(hi, to);
    if (a <= b)
      out->push_back(
          {base + static_cast<char32_t>(a - from), base + static_cast<char32_t>(b - from), child});
  };
  add(0, 9, '0');
  add(10, 15, 'A');
  add(10, 15, 'a');
}

// `digits` (1..4) more hex digits of units that begin at `base`.
Expr hex_level(ExprPool& pool, std::span<const UnitCase> cases, uint32_t base, int digits) {
  const uint32_t step = 1u << (4 * (digits - 1));
  std::array<Expr, 16> child;
  for (uint32_t n = 0; n < 16; ++n) {
    uint32_t lo = base + n * step, hi = lo + step - 1;
    auto first = std::partition_point(cases.begin(), cases.end(),
                                      [&](const UnitCase& c) { return c.hi < lo; });
    auto last =
        std::partition_point(first, cases.end(), [&](const UnitCase& c) { return c.lo <= hi; });
    if (first == last) {
      child[n] = pool.empty();
    } else if (first->lo <= lo && first->hi >= hi) {
      Expr more = digits > 1 ? pool.repeat(pool.char_class(hex_digits()), digits - 1, digits - 1)
                             : pool.epsilon();
      child[n] = pool.seq(more, first->next);
    } else {
      child[n] = hex_level(pool, {first, last}, lo, digits - 1);
    }
  }
  std::vector<SwitchEdge> edges;
  for (int n = 0; n < 16;) {
    int end = n;
    while (end < 16 && child[end] == child[n]) ++end;
    add_nibble_edges(n, end - 1, child[n], &edges);
    n = end;
  }
  std::sort(edges.begin(), edges.end(), [](auto& x, auto& y) { return x.lo < y.lo; });
  return pool.switch_on(edges);
}

// Splits astral code points lo..hi into cases of the high unit.
void add_pairs(ExprPool& pool, char32_t lo, char32_t hi, std::vector<UnitCase>* out) {
  auto high = [](char32_t c) { return 0xD800 + ((c - 0x10000) >> 10); };
  auto low = [](char32_t c) { return 0xDC00 + ((c - 0x10000) & 0x3FF); };
  auto add = [&](uint32_t h1, uint32_t h2, uint32_t l1, uint32_t l2) {
    if (h1 > h2) return;
    UnitCase lows{l1, l2, pool.epsilon()};
    out->push_back({h1, h2, pool.seq(pool.literal("\\u"), hex_units(pool, {&lows, 1}))});
  };
  if (high(lo) == high(hi)) return add(high(lo), high(lo), low(lo), low(hi));
  uint32_t h1 = high(lo), h2 = high(hi);
  if (low(lo) != 0xDC00) add(h1, h1, low(lo), 0xDFFF), ++h1;
  if (low(hi) != 0xDFFF) {
    add(h1, h2 - 1, 0xDC00, 0xDFFF);
    add(h2, h2, 0xDC00, low(hi));
  } else {
    add(h1, h2, 0xDC00, 0xDFFF);
  }
}

// Units that begin the escape of a member of `set`. Two ranges may share a high unit.
std::vector<UnitCase> unit_cases(ExprPool& pool, const CharSet& set) {
  std::vector<UnitCase> cases, pairs, merged;
  for (const CharRange& r : set.ranges()) {
    if (r.lo <= 0xFFFF) cases.push_back({r.lo, std::min<uint32_t>(r.hi, 0xFFFF), pool.epsilon()});
    if (r.hi > 0xFFFF) add_pairs(pool, std::max<char32_t>(r.lo, 0x10000), r.hi, &pairs);
  }
  for (const UnitCase& c : pairs) {
    if (!merged.empty() && merged.back().lo == c.lo && merged.back().hi == c.lo && c.hi == c.lo) {
      merged.back().next = pool.alt(merged.back().next, c.next);
    } else {
      merged.push_back(c);
    }
  }
  cases.insert(cases.end(), merged.begin(), merged.end());
  std::sort(cases.begin(), cases.end(), [](auto& x, auto& y) { return x.lo < y.lo; });
  return cases;
}

// What may follow the backslash of any escape of a member of `set`.
Expr all_escapes(ExprPool& p, const CharSet& set) {
  std::vector<SwitchEdge> edges;
  for (auto [letter, meant] : short_escapes()) {
    char32_t c = static_cast<char32_t>(letter);
    if (set.contains(meant)) edges.push_back({c, c, p.epsilon()});
  }
  edges.push_back({'u', 'u', hex_units(p, unit_cases(p, set))});
  return p.switch_on(edges);
}

Expr with_escapes(ExprPool& p, const CharSet& set, Expr escapes) {
  return p.alt(p.char_class(set.intersected(raw_string_chars())), p.seq(p.literal("\\"), escapes));
}

Expr json_chars(ExprPool& p, const CharSet& set) {
  return set.empty() ? p.empty() : with_escapes(p, set, all_escapes(p, set));
}

Expr minimal_chars(ExprPool& p, const CharSet& set) {
  if (set.empty()) return p.empty();
  auto rest = [&](char32_t c) { return set.contains(c) ? p.epsilon() : p.empty(); };
  return with_escapes(p, set, required_escapes(p, rest));
}

}  // namespace

Expr required_escapes(ExprPool& pool, const std::function<Expr(char32_t)>& rest) {
  std::array<std::vector<SwitchEdge>, 2> last;  // digit of U+000x and U+001x
  std::vector<SwitchEdge> first, edges;
  for (char32_t c = 0; c < 0x20; ++c) {
    char32_t digit = static_cast<char32_t>(kHexDigits[c % 16]);
    last[c / 16].push_back({digit, digit, rest(c)});
  }
  for (auto [letter, meant] : short_escapes()) {
    if (raw_string_chars().contains(meant) || pool.dead(rest(meant))) continue;
    edges.push_back({static_cast<char32_t>(letter), static_cast<char32_t>(letter), rest(meant)});
    if (meant < 0x20) last[meant / 16][meant % 16].child = pool.empty();
  }
  for (char32_t n : {0, 1}) {
    std::erase_if(last[n], [&](const SwitchEdge& edge) { return pool.dead(edge.child); });
    if (!last[n].empty()) first.push_back({'0' + n, '0' + n, pool.switch_on(last[n])});
  }
  if (!first.empty())
    edges.push_back({'u', 'u', pool.seq(pool.literal("00"), pool.switch_on(first))});
  return edges.empty() ? pool.empty() : pool.switch_on(edges);
}

Expr hex_units(ExprPool& pool, std::span<const UnitCase> cases) {
  return hex_level(pool, cases, 0, 4);
}

const CharSet& raw_string_chars() {
  static const CharSet set = [] {
    CharSet s;
    s.add(0x20, 0x21);
    s.add(0x23, 0x5B);
    s.add(0x5D, 0x10FFFF);
    return s;
  }();
  return set;
}

std::span<const std::pair<char, char32_t>> short_escapes() {
  static constexpr std::pair<char, char32_t> kEscapes[] = {
      {'"', '"'}, {'/', '/'}, {'\\', '\\'}, {'b', 8}, {'f', 12}, {'n', 10}, {'r', 13}, {'t', 9}};
  return kEscapes;
}

Expr StringSpelling::any_escape() {
  ExprPool& p = grammar_.pool;
  if (escapes_ == JsonEscapes::kMinimal)
    return required_escapes(p, [&](char32_t) { return p.epsilon(); });
  CharSet letters;
  for (auto [letter, meant] : short_escapes()) letters.add(static_cast<char32_t>(letter));
  Expr hex4 = p.repeat(p.char_class(hex_digits()), 4, 4);
  return p.alt(p.char_class(letters), p.seq(p.literal("u"), hex4));
}

Expr StringSpelling::tail() {
  if (tail_ != kNoExpr) return tail_;
  ExprPool& p = grammar_.pool;
  Expr escape = p.seq(p.literal("\\"), any_escape());
  RuleId rule = grammar_.add_rule("json_string_tail", RuleUse::kShare);
  grammar_.define(
      rule, p.seq(kept(p.star(p.alt(p.char_class(raw_string_chars()), escape))), p.literal("\"")));
  return tail_ = p.call(rule);
}

Expr StringSpelling::kept(Expr spelled) {
  return avoids() ? grammar_.pool.intersect(spelled, avoided_) : spelled;
}

CharSpelling json_spelling(JsonEscapes escapes) {
  return escapes == JsonEscapes::kMinimal ? minimal_chars : json_chars;
}

Expr hex_chars(ExprPool& pool, const CharSet& set, int digits) {
  std::vector<UnitCase> cases;
  const uint32_t last = digits == 8 ? UINT32_MAX : (1u << 4 * digits) - 1;
  for (const CharRange& r : set.ranges()) {
    if (r.lo <= last) cases.push_back({r.lo, std::min<uint32_t>(r.hi, last), pool.epsilon()});
  }
  return hex_level(pool, cases, 0, digits);
}

Expr SpellingImages::chars(ExprPool& pool, const CharSet& set) {
  Expr key = pool.char_class(set);
  auto it = images_.find(key);
  if (it != images_.end()) return it->second;
  Expr spelled = spelling_(pool, set);
  images_.emplace(key, spelled);
  return spelled;
}

Expr SpellingImages::literal_chars(ExprPool& p, std::string_view text) {
  std::vector<Expr> parts;
  for (size_t pos = 0; pos < text.size();) {
    char32_t c = 0;
    XGR_CHECK(decode_utf8(text, &pos, &c));
    CharSet one;
    one.add(c);
    parts.push_back(chars(p, one));
  }
  return p.seq(parts);
}

Expr SpellingImages::preimage(ExprPool& p, Expr decoded) {
  std::vector<Expr> stack{decoded};
  auto want = [&](Expr e) {
    if (!images_.contains(e)) stack.push_back(e);
  };
  while (!stack.empty()) {
    Expr e = stack.back();
    size_t before = stack.size();
    const ExprNode n = p.node(e);
    switch (n.kind) {
      case ExprKind::kSwitch:
        for (const SwitchEdge& edge : p.edges(e)) want(edge.child);
        break;
      case ExprKind::kAlt:
        for (Expr c : p.children(e)) want(c);
        break;
      case ExprKind::kSeq:
      case ExprKind::kAnd:
        want(n.b);
        [[fallthrough]];
      case ExprKind::kRepeat:
      case ExprKind::kNot:
      case ExprKind::kShortest:
        want(n.a);
        break;
      default:
        break;
    }
    if (stack.size() > before) continue;  // children first
    stack.pop_back();
    if (!images_.contains(e)) images_.emplace(e, build(p, e));
  }
  return images_.at(decoded);
}

Expr SpellingImages::generated(ExprPool& p, Expr e) {
  const ExprNode n = p.node(e);
  auto it = generators_.find(n.a);
  if (it == generators_.end()) {
    it = generators_.emplace(n.a, add_spelled_generator(p, n.a, spelling_)).first;
  }
  return p.lazy(it->second, p.generator(n.a).spelled({n.b, n.c, n.d}));
}

// The image of `e`, whose children have theirs.
Expr SpellingImages::build(ExprPool& p, Expr e) {
  const ExprNode n = p.node(e);
  switch (n.kind) {
    case ExprKind::kEmpty:
    case ExprKind::kEpsilon:
      return e;
    case ExprKind::kLiteral:
      return literal_chars(p, std::string(p.string(n.a).substr(n.b)));
    case ExprKind::kClass:
      return spelling_(p, CharSet(p.charset(n.a)));
    case ExprKind::kSwitch: {
      std::vector<Expr> branches;
      for (const SwitchEdge& edge : p.edges(e)) {
        CharSet set;
        set.add(edge.lo, edge.hi);
        branches.push_back(p.seq(spelling_(p, set), child(edge.child)));
      }
      return p.alt(branches);
    }
    case ExprKind::kSeq:
    case ExprKind::kAlt:
    case ExprKind::kRepeat:
    case ExprKind::kAnd:
    case ExprKind::kShortest:
      return remake(p, e, [this](Expr part) { return child(part); });
    case ExprKind::kNot:
      return p.intersect(p.star(spelling_(p, CharSet::all())), p.raw_not(child(n.a)));
    case ExprKind::kLazy:
      return generated(p, e);
    default:
      break;  // rules and bytes have no place in a regular expression
  }
  XGR_CHECK(!"regular expression over characters expected");
  return p.empty();
}

}  // namespace xgr::core
