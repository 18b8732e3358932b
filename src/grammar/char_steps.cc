// Boolean expressions, one character at a time.
//
// Entry point: CharSteps::define. Derivatives go byte by byte; here the steps over the lead byte of
// a character and over its continuation bytes are put together again to ranges of code points. What
// is left after whole characters is an expression of characters again, so the definitions of an
// expression and of everything it leads to are a right-linear grammar.
//
//   [a-z]* and not "ab"  ->  [a] ([a-z]* and not "b") | [b-z] [a-z]* | ""
//
// Tests: tests/unit/grammar/printer_test.cc.
#include "grammar/char_steps.h"

namespace xgr::core {
CharSteps::CharSteps(Grammar& grammar, size_t max_expressions)
    : grammar_(grammar), derivatives_(grammar, facts_) {
  facts_.rules.resize(grammar.rules.size());
  derivatives_.set_max_expressions(max_expressions);
}

void CharSteps::append(Step step, std::vector<Step>* out) {
  if (!out->empty() && out->back().next == step.next && out->back().hi + 1 == step.lo) {
    out->back().hi = step.hi;
  } else {
    out->push_back(step);
  }
}

// The steps over `bytes` continuation bytes; lo and hi are the bits these contribute.
const std::vector<CharSteps::Step>& CharSteps::tails(Expr e, int bytes) {
  auto [it, fresh] = tails_.try_emplace({e, bytes});
  std::vector<Step>& out = it->second;
  if (!fresh) return out;
  if (bytes == 0) {
    out.push_back({0, 0, e});
    return out;
  }
  for (const Segment& s : derivatives_.segments(e)) {
    const std::vector<Step>& rest = tails(s.next, bytes - 1);
    for (char32_t b = std::max<char32_t>(s.lo, 0x80); b <= std::min<char32_t>(s.hi, 0xBF); ++b) {
      char32_t high = (b & 0x3F) << (6 * (bytes - 1));
      for (const Step& t : rest) append({high + t.lo, high + t.hi, t.next}, &out);
    }
  }
  return out;
}

std::vector<CharSteps::Step> CharSteps::steps(Expr e) {
  std::vector<Step> out;
  for (const Segment& s : derivatives_.segments(e)) {
    for (char32_t b = s.lo; b <= s.hi; ++b) {
      if (b >= 0x80 && (b < 0xC2 || b > 0xF4)) continue;
      int bytes = b < 0x80 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      char32_t high = bytes == 0 ? b : (b & (0x3Fu >> bytes)) << (6 * bytes);
      for (const Step& t : tails(s.next, bytes)) append({high + t.lo, high + t.hi, t.next}, &out);
    }
  }
  return out;
}

// The steps over the last `digits` digits of a token's id; lo and hi are what these contribute.
const std::vector<CharSteps::Step>& CharSteps::id_tails(Expr e, int digits) {
  auto [it, fresh] = id_tails_.try_emplace({e, digits});
  std::vector<Step>& out = it->second;
  if (!fresh) return out;
  if (digits == 0) {
    out.push_back({0, 0, e});
    return out;
  }
  for (const Segment& s : derivatives_.segments(e)) {
    const std::vector<Step>& rest = id_tails(s.next, digits - 1);
    for (char32_t digit = s.lo; digit <= s.hi; ++digit) {
      const char32_t high = digit << (kTokenDigitBits * (digits - 1));
      for (const Step& t : rest) append({high + t.lo, high + t.hi, t.next}, &out);
    }
  }
  return out;
}

// The steps over whole tokens, which are bytes to derivatives: the mark, then the digits of the id.
void CharSteps::append_tokens(Expr e, std::vector<Expr>* branches) {
  ExprPool& p = grammar_.pool;
  std::map<Expr, TokenIds> sets;
  for (const Segment& mark : derivatives_.segments(e)) {
    if (mark.hi < kTokenMark) continue;
    for (const Step& s : id_tails(mark.next, kTokenDigits)) sets[s.next].add(s.lo, s.hi);
  }
  for (const auto& [next, ids] : sets) branches->push_back(p.seq(p.tokens(ids), next));
}

Expr CharSteps::define(Expr e) {
  ExprPool& p = grammar_.pool;
  if (p.node(e).kind == ExprKind::kNot) e = p.intersect(p.star(p.char_class(CharSet::all())), e);
  std::vector<Expr> order;
  std::map<Expr, CharSet> sets;
  for (const Step& s : steps(e)) {
    auto [it, fresh] = sets.try_emplace(s.next);
    if (fresh) order.push_back(s.next);
    it->second.add(s.lo, s.hi);
  }
  std::vector<Expr> branches;
  for (Expr next : order) branches.push_back(p.seq(p.char_class(sets[next]), next));
  append_tokens(e, &branches);
  if (p.nullable(e)) branches.push_back(p.epsilon());
  return p.alt(branches);
}

}  // namespace xgr::core
