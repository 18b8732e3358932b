// How JSON spells the characters of a string: raw, \n-like, \uXXXX, surrogate pairs.
//
//   StringSpelling s(grammar);
//   s.chars({'"'})          ->  \" | \u0022
//   s.preimage(pattern)     ->  every spelling of every string that `pattern` matches
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "grammar/grammar.h"

namespace xgr {

// UTF-16 code units lo..hi, and what follows their four hex digits.
struct UnitCase {
  uint32_t lo, hi;
  Expr next;
};

// Four hex digits, then what the case of their value says; `cases` sorted and disjoint.
Expr hex_units(ExprPool& pool, std::span<const UnitCase> cases);

// Characters that may stand in a string as they are.
const CharSet& raw_string_chars();

// The two-character escapes: letter after the backslash, character meant; sorted by letter.
std::span<const std::pair<char, char32_t>> short_escapes();

class StringSpelling {
 public:
  explicit StringSpelling(Grammar& grammar) : grammar_(grammar) {}

  // What follows the opening quote of any RFC 8259 string, closing quote included: a call of a rule
  // shared between grammars. Lone surrogate escapes are taken, as RFC 8259 does.
  Expr tail();
  // One character of the set in every spelling.
  Expr chars(const CharSet& set);
  // The spellings, without quotes, of the strings of a regular expression over characters.
  Expr preimage(Expr decoded);

 private:
  Expr make_chars(const CharSet& set);
  Expr literal_chars(std::string_view text);
  Expr build(Expr e);
  Expr child(Expr e) const { return images_.at(e); }

  Grammar& grammar_;
  Expr tail_ = kNoExpr;
  std::unordered_map<Expr, Expr> images_;  // decoded expression -> spelled
};

}  // namespace xgr
