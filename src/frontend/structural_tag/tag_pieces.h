// Pieces of output, and how they are put together where an end of a tag is not consumed.
//
// Behind an implicit end comes what begins with it. So a piece is made of the texts that are whole,
// and of those that are open: for each implicit end, the texts that what follows has to go on with it.
//
//   pieces.then(think, call)     // of the open texts of `think` those that the begin of `call` continues
#pragma once

#include <span>
#include <string>
#include <vector>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// What a text has to go on with: a text, or a token of a set.
struct TagAhead {
  std::string text;
  TokenIds tokens;  // when the text is empty
  bool operator==(const TagAhead&) const = default;
};

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
  TagPieces(Grammar& grammar, const Limits& limits)
      : grammar_(grammar), pool_(grammar.pool), limits_(limits) {}

  static TagPiece of(Expr whole) { return {whole, {}}; }
  TagPiece ended(Expr text, TagAhead ahead) const;
  // Errors have no position.
  Result<TagPiece> then(const TagPiece& first, const TagPiece& second);
  TagPiece either(std::span<const TagPiece> pieces);
  Result<TagPiece> repeat(const TagPiece& piece, uint32_t min, uint32_t max);

 private:
  void add_open(TagAhead ahead, Expr text, TagPiece* out);

  Grammar& grammar_;
  ExprPool& pool_;
  const Limits& limits_;
};

}  // namespace xgr::core
