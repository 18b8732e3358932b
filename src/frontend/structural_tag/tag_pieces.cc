// Puts pieces together.
//
// Entry points: TagPieces::then, either, repeat.
//
//   whole "a", open "b" before "<"; then whole "<c" | "d"  ->  whole "a<c" | "ad" | "b<c"
//
// Tests: tests/unit/frontend/structural_tag/tag_ends_test.cc.
#include "frontend/structural_tag/tag_pieces.h"

namespace xgr::core {

TagPiece TagPieces::ended(Expr text, TagAhead ahead) const {
  TagPiece out;
  out.open.push_back({std::move(ahead), text});
  return out;
}

void TagPieces::add_open(TagAhead ahead, Expr text, TagPiece* out) {
  if (text == pool_.empty()) return;
  for (TagPiece::Open& open : out->open) {
    if (open.ahead == ahead) {
      open.text = pool_.alt(open.text, text);
      return;
    }
  }
  out->open.push_back({std::move(ahead), text});
}

Result<TagPiece> TagPieces::then(const TagPiece& first, const TagPiece& second) {
  TagPiece out = of(pool_.seq(first.whole, second.whole));
  for (const TagPiece::Open& open : second.open)
    add_open(open.ahead, pool_.seq(first.whole, open.text), &out);
  if (first.open.empty()) return out;
  return make_error(Status::kUnsupported, "an implicit end is not supported yet");
}

TagPiece TagPieces::either(std::span<const TagPiece> pieces) {
  std::vector<Expr> wholes;
  TagPiece out;
  for (const TagPiece& piece : pieces) {
    wholes.push_back(piece.whole);
    for (const TagPiece::Open& open : piece.open) add_open(open.ahead, open.text, &out);
  }
  out.whole = pool_.alt(wholes);
  return out;
}

Result<TagPiece> TagPieces::repeat(const TagPiece& piece, uint32_t min, uint32_t max) {
  if (piece.open.empty()) return of(pool_.repeat(piece.whole, min, max));
  return make_error(Status::kUnsupported, "an implicit end is not supported yet");
}

}  // namespace xgr::core
