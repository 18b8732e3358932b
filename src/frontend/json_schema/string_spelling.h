// How JSON spells the characters of a string: raw, \n-like, \uXXXX, surrogate pairs; or, with minimal
// escapes, raw unless RFC 8259 requires an escape, and then \n-like or else \u00xx in lower case.
//
//   StringSpelling s(grammar);
//   s.chars({'"'})          ->  \" | \u0022
//   s.preimage(pattern)     ->  every spelling of every string that `pattern` matches
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "grammar/grammar.h"

namespace xgr::core {

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

// What may follow the backslash of a required escape, the character's `rest` included; characters
// whose rest is the empty language are left out.
Expr required_escapes(ExprPool& pool, const std::function<Expr(char32_t)>& rest);

// How one character of a set is written, in every spelling. No spelling is the beginning of another
// or means two characters.
using CharSpelling = Expr (*)(ExprPool& pool, const CharSet& set);
CharSpelling json_spelling(JsonEscapes escapes);

// What `digits` hex digits of either case spell: the members of `set` that have a number below
// 16 to the power of `digits`.
Expr hex_chars(ExprPool& pool, const CharSet& set, int digits);

// The images of expressions of one pool.
class SpellingImages {
 public:
  explicit SpellingImages(CharSpelling spelling) : spelling_(spelling) {}

  // One character of the set in every spelling.
  Expr chars(ExprPool& pool, const CharSet& set);
  // The spellings, without quotes, of the strings of a regular expression over characters.
  Expr preimage(ExprPool& pool, Expr decoded);
  // What `decoded` generates is spelled by the generator `spelled`.
  void add_generator(uint32_t decoded, uint32_t spelled) { generators_[decoded] = spelled; }

 private:
  Expr generated(ExprPool& pool, Expr e);
  Expr literal_chars(ExprPool& pool, std::string_view text);
  Expr build(ExprPool& pool, Expr e);
  Expr child(Expr e) const { return images_.at(e); }

  CharSpelling spelling_;
  std::unordered_map<Expr, Expr> images_;              // decoded expression -> spelled
  std::unordered_map<uint32_t, uint32_t> generators_;  // the same for generators
};

class StringSpelling {
 public:
  // `avoided`: strings whose spelling is none of its texts; kNoExpr: there are no others.
  explicit StringSpelling(Grammar& grammar, JsonEscapes escapes = JsonEscapes::kAny,
                          Expr avoided = kNoExpr)
      : grammar_(grammar), escapes_(escapes), avoided_(avoided), images_(json_spelling(escapes)) {}
  JsonEscapes escapes() const { return escapes_; }
  bool avoids() const { return avoided_ != kNoExpr; }

  // What follows the opening quote of any RFC 8259 string, closing quote included: a call of a rule
  // shared between grammars. Lone surrogate escapes are taken, as RFC 8259 does, unless escapes are
  // minimal.
  Expr tail();
  Expr chars(const CharSet& set) { return images_.chars(grammar_.pool, set); }
  Expr preimage(Expr decoded) { return kept(images_.preimage(grammar_.pool, decoded)); }

 private:
  Expr any_escape();
  Expr kept(Expr spelled);

  Grammar& grammar_;
  JsonEscapes escapes_;
  Expr avoided_;
  Expr tail_ = kNoExpr;
  SpellingImages images_;
};

}  // namespace xgr::core
