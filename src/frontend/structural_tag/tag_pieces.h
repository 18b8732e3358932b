// Pieces of output, and how they are put together where an end of a tag is not consumed.
//
// Behind an implicit end comes what begins with it. So a piece is made of the texts that are whole,
// and of those that are open: for each implicit end, the texts that what follows has to go on with it.
//
//   pieces.then(think, call)     // of the open texts of `think` those that the begin of `call` continues
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "frontend/structural_tag/beginnings.h"
#include "grammar/grammar.h"
#include "support/status.h"

namespace xgr::core {

struct TagPiece {
  struct Open {
    TagAhead ahead;
    Expr text;
  };
  Expr whole = 0;          // 0: no text
  std::vector<Open> open;  // each `ahead` once
};

class TagPieces {
 public:
  // How often a piece with open texts may stand in a row where the number is bounded.
  static constexpr uint32_t kMaxRounds = 64;

  explicit TagPieces(Grammar& grammar) : grammar_(grammar), pool_(grammar.pool) {}

  static TagPiece of(Expr whole) { return {whole, {}}; }
  static TagPiece ended(Expr text, TagAhead ahead);
  // Errors are kUnsupported and have no position.
  Result<TagPiece> then(const TagPiece& first, const TagPiece& second);
  TagPiece either(std::span<const TagPiece> pieces);
  Result<TagPiece> repeat(const TagPiece& piece, uint32_t min, uint32_t max);

  // How the open texts of a piece go on in an expression that is made of them: first the rules for
  // that are declared, then the expression is made, then the rules are defined.
  struct Ways {
    std::vector<TagAhead> aheads;
    std::vector<RuleId> rules;
  };
  Ways declare_ways(const TagPiece& piece);
  // The open texts, each with its way on.
  Expr continued(const TagPiece& piece, const Ways& ways);
  MaybeError define_ways(const Ways& ways, Expr e);

 private:
  Beginnings& beginnings(const TagAhead& ahead);
  void add_open(const TagAhead& ahead, Expr text, TagPiece* out);
  Result<Expr> chain(const TagPiece& piece, Expr last);
  Result<TagPiece> star(const TagPiece& piece);

  Grammar& grammar_;
  ExprPool& pool_;
  std::vector<std::unique_ptr<Beginnings>> beginnings_;  // each `ahead` once
};

}  // namespace xgr::core
