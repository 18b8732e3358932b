// The formats of a structural tag that are free text, or free tokens, with what may stand in it.
//
// Entry point: TagBuilder::run. Excluded are the texts that the format names, and the ends of the
// innermost tag around it (tag_relations.cc).
//
//   any_text inside of a tag that ends with "</a>"      ->  text without "</a>"
//   {"type": "any_text", "max_chars": 3}                ->  [^]{0,3}
//
// Tests: tests/unit/frontend/structural_tag/.
#include <memory>

#include "frontend/structural_tag/tag_builder.h"

namespace xgr::core {
namespace {

void add_size(size_t n, std::string* key) { *key += std::to_string(n) + ' '; }

void add_word(std::string_view word, std::string* key) {
  add_size(word.size(), key);
  *key += word;
}

}  // namespace

std::vector<std::string> TagBuilder::excluded_texts(const TagFormat& f) const {
  std::vector<std::string> out(f.excludes.begin(), f.excludes.end());
  if (f.text_tag == kNoTag) return out;
  for (const TagMark& end : formats_[f.text_tag].ends) {
    if (!end.is_token && !end.text.empty()) out.emplace_back(end.text);
  }
  return out;
}

TokenIds TagBuilder::excluded_tokens(const TagFormat& f) const {
  TokenIds out = f.token_set;
  if (f.token_tag == kNoTag) return out;
  for (const TagMark& end : formats_[f.token_tag].ends) {
    for (const TokenRange& r : end.tokens.ranges()) out.add(r.lo, r.hi);
  }
  return out;
}

Result<Expr> TagBuilder::text_of(const TagDispatch& dispatch) {
  if (dispatch.tags.empty() && dispatch.excludes.empty())
    return pool_.star(pool_.char_class(CharSet::all()));
  std::string key = dispatch.loop ? "loop " : "once ";
  add_size(dispatch.tags.size(), &key);
  for (const DispatchTag& tag : dispatch.tags) {
    add_word(tag.trigger, &key);
    add_size(tag.body, &key);
  }
  for (const std::string& word : dispatch.excludes) add_word(word, &key);
  auto [at, fresh] = known_.try_emplace(std::move(key), kNoExpr);
  if (!fresh) return at->second;
  pool_.charge(at->first.size());
  Result<Expr> text = tag_dispatch(grammar_, dispatch);
  if (text.ok()) at->second = text.value();
  return text;
}

// A rule of its own, for matchers count the tokens of each occurrence.
Expr TagBuilder::within(Expr text, uint32_t max_tokens) {
  if (max_tokens == kUnbounded) return text;
  std::string key = "budget ";
  add_size(text, &key);
  add_size(max_tokens, &key);
  auto [at, fresh] = known_.try_emplace(std::move(key), kNoExpr);
  if (!fresh) return at->second;
  RuleAttributes attributes;
  attributes.max_tokens = max_tokens;
  const RuleId rule = grammar_.add_rule("text");
  grammar_.rules[rule].attributes = std::make_shared<RuleAttributes>(std::move(attributes));
  grammar_.define(rule, text);
  return at->second = pool_.call(rule);
}

Result<TagPiece> TagBuilder::any_text(const TagFormat& f) {
  if (f.max_tokens == 0 || f.max_chars == 0) return TagPieces::of(pool_.epsilon());
  TagDispatch dispatch;
  dispatch.excludes = excluded_texts(f);
  Result<Expr> text = text_of(dispatch);
  if (!text.ok()) return std::move(text.error());
  Expr limited = text.value();
  if (f.max_chars != kUnbounded) {
    const Expr few = pool_.repeat(pool_.char_class(CharSet::all()), 0, f.max_chars);
    limited = dispatch.excludes.empty() ? few : pool_.intersect(limited, few);
  }
  return TagPieces::of(within(limited, f.max_tokens));
}

TagPiece TagBuilder::any_tokens(const TagFormat& f) {
  const Expr token = pool_.tokens(excluded_tokens(f).complement());
  return TagPieces::of(pool_.repeat(token, 0, f.max_tokens));
}

Result<TagPiece> TagBuilder::triggered_tags(const TagFormat& f) {
  TagDispatch text;
  text.excludes = excluded_texts(f);
  text.loop = !f.stop_after_first;
  for (TagId i : f.parts) {
    const std::string_view trigger = f.words[formats_[i].trigger];
    Result<Expr> body = closed_part(i, trigger.size());
    if (!body.ok()) return std::move(body.error());
    text.tags.push_back({std::string(trigger), body.value()});
  }
  Result<TagPiece> first = TagPieces::of(pool_.epsilon());
  if (f.at_least_one) first = any_part(f);
  if (!first.ok() || (f.at_least_one && f.stop_after_first)) return first;
  Result<Expr> rest = text_of(text);
  if (!rest.ok()) return std::move(rest.error());
  return pieces_.then(first.value(), TagPieces::of(rest.value()));
}

Result<TagPiece> TagBuilder::dispatch(const TagFormat& f) {
  TagDispatch text;
  text.excludes.assign(f.excludes.begin(), f.excludes.end());
  text.loop = f.loop;
  for (size_t k = 0; k < f.parts.size(); ++k) {
    Result<Expr> body = closed_part(f.parts[k]);
    if (!body.ok()) return std::move(body.error());
    text.tags.push_back({std::string(f.words[k]), body.value()});
  }
  Result<Expr> made = text_of(text);
  if (!made.ok()) return std::move(made.error());
  return TagPieces::of(made.value());
}

Result<TagPiece> TagBuilder::token_triggered_tags(const TagFormat& f) {
  TokenTagDispatch text;
  text.excludes = excluded_tokens(f);
  text.loop = !f.stop_after_first;
  for (TagId i : f.parts) {
    Result<Expr> body = closed(built_[i], formats_[i]);
    if (!body.ok()) return std::move(body.error());
    text.tags.push_back({formats_[i].begin.tokens, body.value()});
  }
  Result<TagPiece> first = TagPieces::of(pool_.epsilon());
  if (f.at_least_one) first = any_part(f);
  if (!first.ok() || (f.at_least_one && f.stop_after_first)) return first;
  return pieces_.then(first.value(), TagPieces::of(token_tag_dispatch(grammar_, text)));
}

Result<TagPiece> TagBuilder::token_dispatch(const TagFormat& f) {
  TokenTagDispatch text;
  text.excludes = f.token_set;
  text.loop = f.loop;
  for (size_t k = 0; k < f.parts.size(); ++k) {
    Result<Expr> body = closed_part(f.parts[k]);
    if (!body.ok()) return std::move(body.error());
    text.tags.push_back({f.tokens[k], body.value()});
  }
  return TagPieces::of(token_tag_dispatch(grammar_, text));
}

}  // namespace xgr::core
