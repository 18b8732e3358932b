// From formats to expressions.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/macros/tag_dispatch.h"
#include "frontend/structural_tag/tag_format.h"
#include "frontend/structural_tag/tag_parts.h"
#include "frontend/structural_tag/tag_pieces.h"

namespace xgr::core {

class TagBuilder {
 public:
  TagBuilder(const JsonDocument& doc, const TagFormats& formats, Grammar& grammar,
             const StructuralTagOptions& options, const Limits& limits)
      : doc_(doc),
        formats_(formats),
        grammar_(grammar),
        pool_(grammar.pool),
        stops_(options.stop_tokens),
        parts_(doc, grammar, options, limits),
        pieces_(grammar) {}

  // The language of the first format, which is the whole.
  Result<Expr> run();

 private:
  Result<TagPiece> build(const TagFormat& f);
  // The piece of a part; of a tag without the first bytes of its begin.
  Result<TagPiece> part(TagId i, size_t skip = 0);
  Result<TagPiece> any_part(const TagFormat& f);
  Result<Expr> whole() const;
  Expr mark(const TagMark& mark, size_t skip = 0) const;
  TagPiece token(const TokenIds& ids);
  bool is_stop(const TagAhead& ahead) const;
  Result<TagPiece> sequence(const TagFormat& f);
  Result<TagPiece> repeated(const TagFormat& f, uint32_t min, uint32_t max);
  Result<TagPiece> behind_begin(const TagFormat& f);
  Result<TagPiece> tags_with_separator(const TagFormat& f);
  // free_text.cc
  Result<TagPiece> any_text(const TagFormat& f);
  TagPiece any_tokens(const TagFormat& f);
  Result<TagPiece> triggered_tags(const TagFormat& f);
  Result<TagPiece> dispatch(const TagFormat& f);
  Result<TagPiece> token_triggered_tags(const TagFormat& f);
  Result<TagPiece> token_dispatch(const TagFormat& f);
  Result<TagPiece> text_with(TagDispatch dispatch, std::span<const TagPiece> bodies);
  Result<TagPiece> going_on(TagDispatch dispatch, std::span<const TagPiece> bodies,
                            std::span<const TagPiece> last);
  Result<TagPiece> tokens_with(const TokenIds& text, std::span<const TagPiece> tags, bool loop);
  Result<Expr> text_of(const TagDispatch& dispatch);
  Expr within(Expr text, uint32_t max_tokens);
  std::vector<std::string> excluded_texts(const TagFormat& f) const;
  TokenIds excluded_tokens(const TagFormat& f) const;

  const JsonDocument& doc_;
  const TagFormats& formats_;
  Grammar& grammar_;
  ExprPool& pool_;
  const TokenIds& stops_;
  TagParts parts_;
  TagPieces pieces_;
  std::vector<TagPiece> built_;  // by TagId; of a tag what stands behind its begin
  // Free texts by what they are made of, so that equal ones are one generator or rule.
  std::unordered_map<std::string, Expr> known_;
};

}  // namespace xgr::core
