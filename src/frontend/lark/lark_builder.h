// From the definitions of Lark text to the rules of a grammar.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "frontend/lark/lark_dispatch.h"
#include "frontend/lark/lark_source.h"
#include "frontend/lark/lark_terminals.h"
#include "frontend/macros/rule_settings.h"
#include "grammar/grammar.h"
#include "support/diagnostic.h"

namespace xgr::core {

class LarkBuilder {
 public:
  LarkBuilder(Grammar& grammar, const LarkSource& source, const LarkOptions& options,
              const Limits& limits)
      : grammar_(grammar),
        source_(source),
        options_(options),
        limits_(limits),
        terminals_(grammar, source, limits),
        dispatch_(source),
        rules_(source.definitions.size(), kNoRule),
        consumed_(source.definitions.size(), 0),
        skips_(source.scopes.size(), kNoExpr),
        scopes_(source.scopes.size(), kNoExpr) {}

  // The language of the whole.
  Result<Expr> run();

 private:
  static constexpr RuleId kNoRule = UINT32_MAX;
  // What a node stands for; behind a lexeme text may be skipped, which is still to be added.
  struct Value {
    Expr expr;
    bool lexeme = false;
  };
  // A rule whose body is still to be computed.
  struct Job {
    uint32_t definition;
    RuleId rule;
    std::vector<Expr> arguments;
  };
  // Where a rule with settings comes from, and what becomes of its marker besides.
  struct Origin {
    uint32_t scope, offset;
    Expr marker = kNoExpr;     // of a rule that may end without it
    bool hide_marker = false;  // from captures around the rule
  };

  RuleId rule_of(uint32_t definition);
  Result<RuleId> instance(uint32_t scope, const LarkNode& node, std::vector<Expr> arguments);
  Result<Expr> scope_expr(uint32_t scope);
  Result<Expr> skip(uint32_t scope);
  MaybeError build_all();
  MaybeError build(const Job& job);
  MaybeError build_unused();
  Result<Expr> body(const Job& job);
  Result<Expr> whole_body(const Job& job, RuleSettings* settings, Origin* origin);
  MaybeError settle();
  Error too_large(uint32_t scope, uint32_t offset) const;

  // Values of the nodes of a definition; those in `cut` are the empty text.
  Result<std::vector<Value>> evaluate(const Job& job, const std::unordered_set<uint32_t>& cut);
  Result<Value> value(const Job& job, const std::vector<Value>& before, const LarkNode& node);
  Expr argument(Expr e);
  Result<Value> name(const Job& job, const LarkNode& node);
  Result<Value> element(uint32_t scope, const LarkNode& node);
  void note_json(uint32_t scope, const LarkNode& node, std::vector<Diagnostic> found);
  Result<Value> tokens(uint32_t scope, const LarkNode& node);
  Value combine(const Job& job, const std::vector<Value>& before, const LarkNode& node);
  // With what may be skipped behind it.
  Expr closed(uint32_t scope, const Value& v) {
    return v.lexeme ? grammar_.pool.seq(v.expr, skips_[scope]) : v.expr;
  }

  Result<TokenIds> token_ids(uint32_t scope, const LarkNode& node);
  Result<Expr> dispatch_body(const Job& job, const LarkDispatch& dispatch);
  Result<Expr> marked_dispatch(const LarkDispatch& dispatch, const std::vector<Expr>& payloads);
  Result<std::vector<Expr>> payloads(const LarkDispatch& dispatch);

  Grammar& grammar_;
  const LarkSource& source_;
  const LarkOptions& options_;
  const Limits& limits_;
  LarkTerminals terminals_;
  LarkDispatchFinder dispatch_;
  std::vector<RuleId> rules_;      // by definition
  std::vector<uint8_t> consumed_;  // by definition: dissolved in a dispatch
  std::vector<Expr> skips_;        // by scope
  std::vector<Expr> scopes_;       // by scope
  std::map<std::string, Expr> named_;
  std::map<std::pair<uint32_t, std::vector<Expr>>, RuleId> instances_;
  std::map<Expr, Expr> arguments_;  // of templates -> calls of their rules
  std::vector<Job> jobs_;
  std::vector<RuleToSettle> settings_;
  std::map<RuleId, Origin> origins_;
};

}  // namespace xgr::core
