// What the source of a grammar may ask of a rule besides its body.
#pragma once

#include <span>
#include <string>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

struct RuleSettings {
  bool lazy = false;                // the rule ends as soon as it can
  uint32_t max_chars = kUnbounded;  // characters after which it ends as soon as it can
  uint32_t max_tokens = RuleAttributes::kNoBudget;
  float temperature = -1;  // negative: none
  std::string capture;     // empty: none
  // With a marker the rule is its body and then the marker, and ends as soon as it can.
  Expr marker = kNoExpr;
  Expr content = kNoExpr;    // the body holds the marker already, behind this, and stays as it is
  bool hide_marker = false;  // also from captures around this rule (`stop`); else `suffix`
  std::string stop_capture;  // of the marker; empty: none
};

struct RuleToSettle {
  RuleId rule;
  RuleSettings settings;
};

// Changes the bodies and attributes of rules, each named once, after all rules are defined.
// What is lazy or limited in characters, or has a marker, must be regular; the rules it calls are
// written in its place, with their own settings. Errors have no position; *failed is the rule.
//
// max_chars N: texts of at most N characters. A text that cannot end there goes on to where it can
// next, for N up to kMaxClosingChars. With a marker, a text that reaches N ends without it.
inline constexpr uint32_t kMaxClosingChars = 2048;
MaybeError apply_settings(Grammar& grammar, std::span<const RuleToSettle> rules,
                          const Limits& limits, RuleId* failed);

}  // namespace xgr::core
