// The body of one rule.
#pragma once

#include <vector>

#include "frontend/ebnf/ebnf_source.h"

namespace xgr::core {

class EbnfBodyParser {
 public:
  EbnfBodyParser(EbnfSource& source, Grammar& grammar, const EbnfOptions& options,
                 const Limits& limits)
      : s_(source), grammar_(grammar), options_(options), limits_(limits) {}

  // At the first token of a body: reads up to the next rule.
  Result<Expr> parse();

 private:
  // An open group, or the body of the rule.
  struct Frame {
    uint32_t open;             // offset of the parenthesis
    size_t parts, branches;    // where its elements and alternatives begin on the stacks
    bool branch_done = false;  // the current alternative is already on the stack of alternatives
  };

  MaybeError item();
  MaybeError string();
  MaybeError character_class();
  MaybeError identifier();
  MaybeError token_literal();
  MaybeError refuse_character() const;
  MaybeError bar();
  MaybeError add_element(Expr element);
  MaybeError take_repetition(Expr* element);
  EbnfCount one_repetition();
  MaybeError open_group();
  MaybeError close_group();
  MaybeError close_look_ahead();
  MaybeError refuse_in_look_ahead(const char* what) const;
  bool at_end() const { return s_.kind() == EbnfTokenKind::kEnd || s_.at_rule(); }
  bool in_look_ahead() const { return look_ahead_ != 0; }
  bool repeated() const;
  bool stands_alone() const;
  MaybeError end_branch();
  void fold_branch(const Frame& frame);
  MaybeError check_size() const;

  EbnfSource& s_;
  Grammar& grammar_;
  const EbnfOptions& options_;
  const Limits& limits_;
  std::vector<Frame> frames_;
  std::vector<Expr> parts_, branches_;
  size_t look_ahead_ = 0;  // number of frames with the look-ahead that is open
};

}  // namespace xgr::core
