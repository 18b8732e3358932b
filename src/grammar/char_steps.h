// One character of a boolean expression: what it can be, and what remains after it.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "grammar/derivatives.h"
#include "grammar/grammar.h"

namespace xgr::core {

class CharSteps {
 public:
  CharSteps(Grammar& grammar, size_t max_expressions);

  // An expression for the valid UTF-8 strings of the kAnd or kNot `e`, whose head is not boolean:
  // [..] rest | [..] rest | "".
  Expr define(Expr e);
  struct Step {
    char32_t lo, hi;
    Expr next;
  };
  // The characters that strings of `e` (no calls inside) begin with, ascending, and what remains.
  std::vector<Step> steps(Expr e);
  // Some result was cut short and must not be used.
  bool over_limit() const { return derivatives_.over_limit(); }

 private:
  static void append(Step step, std::vector<Step>* out);
  const std::vector<Step>& tails(Expr e, int bytes);
  const std::vector<Step>& id_tails(Expr e, int digits);
  void append_tokens(Expr e, std::vector<Expr>* branches);

  Grammar& grammar_;
  Facts facts_;
  Derivatives derivatives_;
  std::map<std::pair<Expr, int>, std::vector<Step>> tails_, id_tails_;
};

}  // namespace xgr::core
