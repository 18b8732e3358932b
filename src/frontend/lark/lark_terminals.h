// Terminals as expressions: regular; the calls in them are of other terminals.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "frontend/lark/lark_source.h"
#include "grammar/grammar.h"

namespace xgr::core {

class LarkTerminals {
 public:
  LarkTerminals(Grammar& grammar, const LarkSource& source, const Limits& limits)
      : grammar_(grammar),
        source_(source),
        limits_(limits),
        exprs_(source.definitions.size(), kNoExpr),
        rules_(source.definitions.size(), kNoExpr),
        open_(source.definitions.size(), 0) {}

  // Of a terminal, or of a rule whose body is read as one.
  Result<Expr> expr(uint32_t definition);
  // A call of the rule of a terminal.
  Result<Expr> call(uint32_t definition);
  // Of a string, a range, a regular expression or %regex.
  Result<Expr> leaf(uint32_t scope, const LarkNode& node);
  // What a name stands for; an error when there is no such definition.
  Result<uint32_t> find(uint32_t scope, const LarkNode& node, std::string_view name) const;

 private:
  // A definition being computed: the nodes up to `at` have their values.
  struct Frame {
    uint32_t definition;
    uint32_t at;
    std::vector<Expr> values;
  };
  Result<bool> step(Frame& frame);
  Result<Expr> name(const Frame& frame, const LarkNode& node, uint32_t* needed);
  Expr used(uint32_t definition);
  Expr combine(const Frame& frame, const LarkNode& node);
  Result<Expr> compare(const Frame& frame, const LarkNode& node);
  Result<Expr> string(uint32_t scope, const LarkNode& node);
  Result<Expr> range(uint32_t scope, const LarkNode& node);
  Result<Expr> regex(uint32_t scope, const LarkNode& node);
  Result<Expr> chunks(uint32_t scope, const LarkNode& node);
  Error refused(const Frame& frame, const LarkNode& node, const std::string& what) const;
  Error circle(uint32_t definition, const LarkNode& node, const Frame& frame) const;

  Grammar& grammar_;
  const LarkSource& source_;
  const Limits& limits_;
  std::vector<Expr> exprs_;            // by definition
  std::vector<Expr> rules_;            // by definition: calls
  std::vector<uint8_t> open_;          // by definition: on the stack
  std::unordered_set<Expr> compared_;  // made by '&' and '~', without calls
  std::vector<Frame> frames_;
};

}  // namespace xgr::core
