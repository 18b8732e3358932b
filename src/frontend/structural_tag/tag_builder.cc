// Builds the formats of a structural tag into one expression.
//
// Entry point: TagBuilder::run. Sources inside come first, in the order of the text; then every
// format, parts before what is made of them. Free text is a dispatch on triggers
// (macros/tag_dispatch.h), whose words' automaton finds them; a tag behind a trigger is what is left
// of its begin, its content and its end.
//
//   triggers ["<f"], tag "<f=a>" X "</f>"   ->   free text; "<f" is followed by "=a>" X "</f>"
//
// Tests: tests/unit/frontend/structural_tag/.
#include "frontend/structural_tag/tag_builder.h"

namespace xgr::core {

Result<Expr> TagBuilder::run() {
  built_.resize(formats_.size());
  for (TagId i = 0; i < formats_.size(); ++i) {
    const TagFormat& f = formats_[i];
    if (!TagParts::is_part(f.kind)) continue;
    Result<Expr> part = parts_.build(f);
    if (!part.ok()) return part;
    built_[i] = TagPieces::of(part.value());
  }
  for (TagId i = static_cast<TagId>(formats_.size()); i-- > 0;) {
    const TagFormat& f = formats_[i];
    if (TagParts::is_part(f.kind)) continue;
    pool_.charge(1 + f.parts.size());
    Result<TagPiece> piece = build(f);
    if (!piece.ok()) {
      Error& e = piece.error();
      if (e.has_json_pointer) return std::move(e);
      return error_at_pointer(e.code, std::move(e.message), doc_.pointer(f.at));
    }
    built_[i] = std::move(piece).value();
  }
  if (formats_[0].kind == TagKind::kTag) built_[0] = part(0).value();
  return whole();
}

// Nothing follows the whole but a stop token; other texts that have to go on are none.
Result<Expr> TagBuilder::whole() const {
  std::vector<Expr> texts{built_[0].whole};
  for (const TagPiece::Open& open : built_[0].open) {
    if (is_stop(open.ahead)) texts.push_back(open.text);
  }
  const Expr whole = pool_.alt(texts);
  if (built_[0].open.empty() || whole != pool_.empty()) return whole;
  return error_at_pointer(Status::kInvalidSource,
                          "the output ends with an implicit end, but nothing follows it; expected "
                          "something behind it that begins with it",
                          doc_.pointer(formats_[0].at));
}

Result<TagPiece> TagBuilder::build(const TagFormat& f) {
  switch (f.kind) {
    case TagKind::kJsonSchema:
    case TagKind::kGrammar:
    case TagKind::kRegex:
      break;
    case TagKind::kConstString:
      return TagPieces::of(pool_.literal(f.text));
    case TagKind::kAnyText:
      return any_text(f);
    case TagKind::kSequence:
      return sequence(f);
    case TagKind::kOr:
      return any_part(f);
    case TagKind::kOptional:
      return repeated(f, 0, 1);
    case TagKind::kPlus:
      return repeated(f, 1, kUnbounded);
    case TagKind::kStar:
      return repeated(f, 0, kUnbounded);
    case TagKind::kRepeat:
      return repeated(f, f.min, f.max);
    case TagKind::kTag:
      return behind_begin(f);
    case TagKind::kTriggeredTags:
      return triggered_tags(f);
    case TagKind::kTagsWithSeparator:
      return tags_with_separator(f);
    case TagKind::kDispatch:
      return dispatch(f);
    case TagKind::kToken:
      return token(f.token_set);
    case TagKind::kExcludeToken:
      return TagPieces::of(pool_.tokens(excluded_tokens(f).complement()));
    case TagKind::kAnyTokens:
      return any_tokens(f);
    case TagKind::kTokenTriggeredTags:
      return token_triggered_tags(f);
    case TagKind::kTokenDispatch:
      return token_dispatch(f);
  }
  return TagPieces::of(pool_.empty());
}

Result<TagPiece> TagBuilder::part(TagId i, size_t skip) {
  if (formats_[i].kind != TagKind::kTag) return built_[i];
  return pieces_.then(TagPieces::of(mark(formats_[i].begin, skip)), built_[i]);
}

Result<TagPiece> TagBuilder::any_part(const TagFormat& f) {
  std::vector<TagPiece> pieces;
  for (TagId i : f.parts) {
    Result<TagPiece> piece = part(i);
    if (!piece.ok()) return piece;
    pieces.push_back(std::move(piece).value());
  }
  return pieces_.either(pieces);
}

Expr TagBuilder::mark(const TagMark& mark, size_t skip) const {
  return mark.is_token ? pool_.tokens(mark.tokens) : pool_.literal(mark.text.substr(skip));
}

bool TagBuilder::is_stop(const TagAhead& ahead) const {
  return ahead.text.empty() && ahead.tokens.intersects(stops_) &&
         !ahead.tokens.intersects(stops_.complement());
}

// A stop token is no part of the output: it stands behind all of it.
TagPiece TagBuilder::token(const TokenIds& ids) {
  if (!ids.intersects(stops_)) return TagPieces::of(pool_.tokens(ids));
  TokenIds stops, others;
  for (const TokenRange& r : ids.ranges()) {
    for (uint32_t id = r.lo; id <= r.hi; ++id) (stops_.contains(id) ? stops : others).add(id, id);
  }
  TagPiece out = TagPieces::ended(pool_.epsilon(), {"", stops});
  if (!others.empty()) out.whole = pool_.tokens(others);
  return out;
}

// From the last element on, so that an open text sees all that follows.
Result<TagPiece> TagBuilder::sequence(const TagFormat& f) {
  TagPiece rest = TagPieces::of(pool_.epsilon());
  for (size_t k = f.parts.size(); k-- > 0;) {
    Result<TagPiece> first = part(f.parts[k]);
    if (!first.ok()) return first;
    Result<TagPiece> both = pieces_.then(first.value(), rest);
    if (!both.ok()) return both;
    rest = std::move(both).value();
  }
  return rest;
}

Result<TagPiece> TagBuilder::repeated(const TagFormat& f, uint32_t min, uint32_t max) {
  Result<TagPiece> piece = part(f.parts[0]);
  if (!piece.ok()) return piece;
  return pieces_.repeat(piece.value(), min, max);
}

// The content and the end of a tag.
Result<TagPiece> TagBuilder::behind_begin(const TagFormat& f) {
  Result<TagPiece> content = part(f.parts[0]);
  if (!content.ok()) return content;
  std::vector<TagPiece> ends;
  for (const TagMark& end : f.ends) {
    if (end.implicit) {
      ends.push_back(TagPieces::ended(pool_.epsilon(), {std::string(end.text), end.tokens}));
    } else {
      ends.push_back(end.is_token ? token(end.tokens) : TagPieces::of(mark(end)));
    }
  }
  return pieces_.then(content.value(), pieces_.either(ends));
}

// tag (separator tag)*
Result<TagPiece> TagBuilder::tags_with_separator(const TagFormat& f) {
  Result<TagPiece> tag = any_part(f);
  if (!tag.ok()) return tag;
  const uint32_t least = f.at_least_one ? 1 : 0;
  if (f.stop_after_first) return pieces_.repeat(tag.value(), least, 1);
  if (f.text.empty()) return pieces_.repeat(tag.value(), least, kUnbounded);
  const TagPiece separator = TagPieces::of(pool_.literal(f.text));
  Result<TagPiece> next = pieces_.then(separator, tag.value());
  if (next.ok()) next = pieces_.repeat(next.value(), 0, kUnbounded);
  if (next.ok()) next = pieces_.then(tag.value(), next.value());
  if (next.ok()) next = pieces_.repeat(next.value(), least, 1);
  return next;
}

}  // namespace xgr::core
