// Which characters the strings of an expression can contain.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "automata/char_set.h"
#include "grammar/grammar.h"

namespace xgr::core {

class Alphabets {
 public:
  // For `start`, the rules that it needs, and whatever is made of their parts.
  Alphabets(const Grammar& grammar, Expr start);
  // At least the characters of the strings of `e`; all of them where that is not known.
  const CharSet& of(Expr e) { return facts_of(e).chars; }
  // Whether a call is reached from `e`, through lazy expressions, too.
  bool has_call(Expr e) { return facts_of(e).has_call; }
  // Whether `start` needs whole tokens.
  bool has_tokens() const { return has_tokens_; }

 private:
  struct Facts {
    CharSet chars;
    bool has_call = false;
  };
  std::vector<RuleId> walk(Expr start);
  const Facts& facts_of(Expr e);
  Facts found(Expr e) const;

  const Grammar& grammar_;
  const ExprPool& pool_;
  const CharSet all_ = CharSet::all();
  bool has_tokens_ = false;
  std::unordered_map<Expr, Facts> facts_;
  std::unordered_map<RuleId, CharSet> rules_;
};

}  // namespace xgr::core
