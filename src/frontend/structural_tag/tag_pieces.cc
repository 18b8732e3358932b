// Puts pieces together.
//
// Entry points: TagPieces::then, either, repeat. Where an open text stands in front of another piece,
// only the texts of that which begin as they have to follow (Beginnings). In a loop what follows is
// the loop itself, so its texts that begin so are a rule.
//
//   whole "a", open "b" before "<"; then whole "<c" | "d"  ->  whole "a<c" | "ad" | "b<c"
//   (open "b" before "b")*                                 ->  R ::= "b" R;  open "b" | "b" R
//
// Tests: tests/unit/frontend/structural_tag/tag_implicit_test.cc.
#include "frontend/structural_tag/tag_pieces.h"

#include <algorithm>

namespace xgr::core {

TagPiece TagPieces::ended(Expr text, TagAhead ahead) {
  TagPiece out;
  out.open.push_back({std::move(ahead), text});
  return out;
}

Beginnings& TagPieces::beginnings(const TagAhead& ahead) {
  for (const auto& known : beginnings_) {
    if (known->ahead() == ahead) return *known;
  }
  beginnings_.push_back(std::make_unique<Beginnings>(grammar_, ahead));
  return *beginnings_.back();
}

void TagPieces::add_open(const TagAhead& ahead, Expr text, TagPiece* out) {
  if (text == pool_.empty()) return;
  for (TagPiece::Open& open : out->open) {
    if (open.ahead == ahead) {
      open.text = pool_.alt(open.text, text);
      return;
    }
  }
  out->open.push_back({ahead, text});
}

Result<TagPiece> TagPieces::then(const TagPiece& first, const TagPiece& second) {
  TagPiece out = of(pool_.seq(first.whole, second.whole));
  for (const TagPiece::Open& open : second.open)
    add_open(open.ahead, pool_.seq(first.whole, open.text), &out);
  for (const TagPiece::Open& open : first.open) {
    Beginnings& wanted = beginnings(open.ahead);
    Result<Beginning> whole = wanted.of(second.whole);
    if (!whole.ok()) return std::move(whole.error());
    out.whole = pool_.alt(out.whole, pool_.seq(open.text, whole.value().whole));
    // What is shorter, and so leaves the rest to what comes next.
    for (uint32_t cut : whole.value().cuts)
      add_open(wanted.behind(cut), pool_.seq(open.text, wanted.text(0, cut)), &out);
    for (const TagPiece::Open& next : second.open) {
      Result<Beginning> text = wanted.of(next.text);
      if (!text.ok()) return std::move(text.error());
      // Both have to be what comes next.
      const std::vector<uint32_t>& cuts = text.value().cuts;
      const bool same = cuts == std::vector<uint32_t>{0} && open.ahead == next.ahead;
      if (!cuts.empty() && !same)
        return make_error(Status::kUnsupported, "an implicit end stands right behind another one");
      if (same) add_open(next.ahead, open.text, &out);
      add_open(next.ahead, pool_.seq(open.text, text.value().whole), &out);
    }
  }
  return out;
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

TagPieces::Ways TagPieces::declare_ways(const TagPiece& piece) {
  Ways out;
  for (const TagPiece::Open& open : piece.open) {
    out.aheads.push_back(open.ahead);
    out.rules.push_back(grammar_.add_rule("continued"));
  }
  return out;
}

Expr TagPieces::continued(const TagPiece& piece, const Ways& ways) {
  std::vector<Expr> out;
  for (const TagPiece::Open& open : piece.open) {
    const auto at = std::find(ways.aheads.begin(), ways.aheads.end(), open.ahead);
    const auto index = static_cast<size_t>(at - ways.aheads.begin());
    out.push_back(pool_.seq(open.text, pool_.call(ways.rules[index])));
  }
  return pool_.alt(out);
}

MaybeError TagPieces::define_ways(const Ways& ways, Expr e) {
  std::vector<Expr> bodies;
  for (const TagAhead& ahead : ways.aheads) {
    Result<Beginning> found = beginnings(ahead).of(e);
    if (!found.ok()) return std::move(found.error());
    bodies.push_back(found.value().whole);
  }
  for (size_t i = 0; i < bodies.size(); ++i) grammar_.define(ways.rules[i], bodies[i]);
  return std::nullopt;
}

// Any number of rounds, and then `last`.
Result<Expr> TagPieces::chain(const TagPiece& piece, Expr last) {
  const Ways ways = declare_ways(piece);
  const Expr text = pool_.seq(pool_.star(piece.whole), pool_.alt(last, continued(piece, ways)));
  if (MaybeError e = define_ways(ways, text)) return *std::move(e);
  return text;
}

Result<TagPiece> TagPieces::star(const TagPiece& piece) {
  Result<Expr> whole = chain(piece, pool_.epsilon());
  if (!whole.ok()) return std::move(whole.error());
  TagPiece out = of(whole.value());
  for (const TagPiece::Open& open : piece.open) {
    Result<Expr> text = chain(piece, open.text);
    if (!text.ok()) return std::move(text.error());
    add_open(open.ahead, text.value(), &out);
  }
  return out;
}

Result<TagPiece> TagPieces::repeat(const TagPiece& piece, uint32_t min, uint32_t max) {
  if (piece.open.empty()) return of(pool_.repeat(piece.whole, min, max));
  const uint32_t rounds = max == kUnbounded ? min : max;
  if (rounds > kMaxRounds) {
    return make_error(Status::kUnsupported, "an implicit end stands in a repetition of more than " +
                                                std::to_string(kMaxRounds) +
                                                " rounds; expected fewer, or no bound");
  }
  Result<TagPiece> rest = of(pool_.epsilon());
  if (max == kUnbounded) rest = star(piece);
  for (uint32_t round = rounds; rest.ok() && round > 0; --round) {
    rest = then(piece, rest.value());
    if (rest.ok() && round > min) {
      const TagPiece all[] = {of(pool_.epsilon()), rest.value()};
      rest = either(all);
    }
  }
  return rest;
}

}  // namespace xgr::core
