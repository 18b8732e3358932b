// Builds sources into one grammar.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/grammar_source.h"

namespace xgr::core {

class SourceBuilder {
 public:
  SourceBuilder(Grammar* grammar, const SourceContext& context)
      : grammar_(*grammar), context_(context) {}
  Result<Expr> run(const GrammarSource& source);

 private:
  struct Info {
    uint32_t uses = 0;
    Expr built = kNoExpr;
  };
  using Kind = GrammarSource::Kind;
  void count_uses(const GrammarSource& top);
  MaybeError operands(const GrammarSource& source, std::vector<const GrammarSource*>* out);
  bool is_part(const GrammarSource& operand, Kind of) const;
  Result<Expr> combined(const GrammarSource& source,
                        const std::vector<const GrammarSource*>& operands);
  Expr built(const GrammarSource& source) const { return info_.at(&source).built; }

  Grammar& grammar_;
  const SourceContext& context_;
  std::unordered_map<const GrammarSource*, Info> info_;
  size_t work_ = 0;
};

}  // namespace xgr::core
