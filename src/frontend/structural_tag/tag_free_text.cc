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

void add_tokens(const TokenIds& tokens, TokenIds* out) {
  for (const TokenRange& r : tokens.ranges()) out->add(r.lo, r.hi);
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
  for (const TagMark& end : formats_[f.token_tag].ends) add_tokens(end.tokens, &out);
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

// Texts that a stop token ends go on to nothing, so with them the text is another one.
Result<TagPiece> TagBuilder::text_with(TagDispatch dispatch, std::span<const TagPiece> bodies) {
  std::vector<TagPiece> closed, stopped;
  TokenIds stops;
  for (const TagPiece& body : bodies) {
    closed.push_back(TagPieces::of(body.whole));
    TagPiece last = TagPieces::of(pool_.empty());
    for (const TagPiece::Open& open : body.open) {
      if (!is_stop(open.ahead)) {
        closed.back().open.push_back(open);
        continue;
      }
      last.whole = pool_.alt(last.whole, open.text);
      add_tokens(open.ahead.tokens, &stops);
    }
    stopped.push_back(std::move(last));
  }
  Result<TagPiece> text = going_on(dispatch, closed, {});
  if (!text.ok() || stops.empty()) return text;
  Result<TagPiece> ended = going_on(std::move(dispatch), closed, stopped);
  if (!ended.ok()) return ended;
  const TagPiece both[] = {std::move(text).value(),
                           TagPieces::ended(ended.value().whole, {"", stops})};
  return pieces_.either(both);
}

// Behind a body whose end is not consumed the text goes on as it has to begin; behind one of `last`
// it ends.
Result<TagPiece> TagBuilder::going_on(TagDispatch dispatch, std::span<const TagPiece> bodies,
                                      std::span<const TagPiece> last) {
  const TagPiece any = pieces_.either(bodies);
  const auto ended = [&](size_t k) { return last.empty() ? pool_.empty() : last[k].whole; };
  if (any.open.empty() && (last.empty() || !dispatch.loop)) {
    for (size_t k = 0; k < bodies.size(); ++k)
      dispatch.tags[k].body = pool_.alt(bodies[k].whole, ended(k));
    Result<Expr> text = text_of(dispatch);
    if (!text.ok()) return std::move(text.error());
    return TagPieces::of(text.value());
  }
  if (!dispatch.loop) {
    return make_error(Status::kUnsupported,
                      "an implicit end stands behind free text that it ends; expected an end that "
                      "is consumed, or text that goes on");
  }
  const TagPieces::Ways ways = pieces_.declare_ways(any);
  const RuleId rule = grammar_.add_rule("text");
  dispatch.loop = false;
  for (size_t k = 0; k < bodies.size(); ++k) {
    dispatch.tags[k].body = pool_.alt({pool_.seq(bodies[k].whole, pool_.call(rule)),
                                       pieces_.continued(bodies[k], ways), ended(k)});
  }
  Result<Expr> text = tag_dispatch(grammar_, dispatch);
  if (!text.ok()) return std::move(text.error());
  grammar_.define(rule, text.value());
  if (MaybeError e = pieces_.define_ways(ways, text.value())) return *std::move(e);
  return TagPieces::of(pool_.call(rule));
}

Result<TagPiece> TagBuilder::triggered_tags(const TagFormat& f) {
  TagDispatch text;
  text.excludes = excluded_texts(f);
  text.loop = !f.stop_after_first;
  std::vector<TagPiece> bodies;
  for (TagId i : f.parts) {
    const std::string_view trigger = f.words[formats_[i].trigger];
    Result<TagPiece> body = part(i, trigger.size());
    if (!body.ok()) return body;
    bodies.push_back(std::move(body).value());
    text.tags.push_back({std::string(trigger), pool_.empty()});
  }
  Result<TagPiece> first = TagPieces::of(pool_.epsilon());
  if (f.at_least_one) first = any_part(f);
  if (!first.ok() || (f.at_least_one && f.stop_after_first)) return first;
  Result<TagPiece> rest = text_with(std::move(text), bodies);
  if (!rest.ok()) return rest;
  return pieces_.then(first.value(), rest.value());
}

Result<TagPiece> TagBuilder::dispatch(const TagFormat& f) {
  TagDispatch text;
  text.excludes.assign(f.excludes.begin(), f.excludes.end());
  text.loop = f.loop;
  std::vector<TagPiece> bodies;
  for (size_t k = 0; k < f.parts.size(); ++k) {
    Result<TagPiece> body = part(f.parts[k]);
    if (!body.ok()) return body;
    bodies.push_back(std::move(body).value());
    text.tags.push_back({std::string(f.words[k]), pool_.empty()});
  }
  return text_with(std::move(text), bodies);
}

// Tokens of `text` and tags in any order, or tokens and then at most one tag.
Result<TagPiece> TagBuilder::tokens_with(const TokenIds& text, std::span<const TagPiece> tags,
                                         bool loop) {
  const TagPiece one = TagPieces::of(pool_.tokens(text));
  std::vector<TagPiece> steps(tags.begin(), tags.end());
  if (!loop) {
    Result<TagPiece> last = pieces_.repeat(pieces_.either(steps), 0, 1);
    if (!last.ok()) return last;
    return pieces_.then(TagPieces::of(pool_.star(one.whole)), last.value());
  }
  steps.push_back(one);
  return pieces_.repeat(pieces_.either(steps), 0, kUnbounded);
}

Result<TagPiece> TagBuilder::token_triggered_tags(const TagFormat& f) {
  std::vector<TagPiece> tags;
  TokenIds special = excluded_tokens(f);
  for (const TokenIds& trigger : f.tokens) add_tokens(trigger, &special);
  for (TagId i : f.parts) {
    Result<TagPiece> tag = part(i);
    if (!tag.ok()) return tag;
    tags.push_back(std::move(tag).value());
  }
  Result<TagPiece> first = TagPieces::of(pool_.epsilon());
  if (f.at_least_one) first = pieces_.either(tags);
  if (f.at_least_one && f.stop_after_first) return first;
  Result<TagPiece> rest = tokens_with(special.complement(), tags, !f.stop_after_first);
  if (!rest.ok()) return rest;
  return pieces_.then(first.value(), rest.value());
}

Result<TagPiece> TagBuilder::token_dispatch(const TagFormat& f) {
  std::vector<TagPiece> tags;
  TokenIds special = f.token_set;
  for (size_t k = 0; k < f.parts.size(); ++k) {
    add_tokens(f.tokens[k], &special);
    Result<TagPiece> body = part(f.parts[k]);
    if (body.ok()) body = pieces_.then(TagPieces::of(pool_.tokens(f.tokens[k])), body.value());
    if (!body.ok()) return body;
    tags.push_back(std::move(body).value());
  }
  return tokens_with(special.complement(), tags, f.loop);
}

}  // namespace xgr::core
