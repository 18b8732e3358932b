// Values as JSON or as arguments.
//
// Entry point: Notation. JSON is asked of JsonText; what stands around arguments is put together from
// the ArgumentNotation. The mark that tells the type of a value stands in front of it as part of the
// same alternative, so a value never has the mark of another type.
//
//   <p name="k" string="false"> 1 </p>      key: k" string="   argument: false"> gap 1 gap </p>
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/notation.h"

#include <algorithm>
#include <utility>

namespace xgr::core {
namespace {

constexpr std::string_view kCdataOpen = "<![CDATA[", kCdataClose = "]]>";

CharSet space_chars() {
  CharSet space;
  for (char32_t c : {' ', '\t', '\n', '\r'}) space.add(c);
  return space;
}

Expr argument_gap(ExprPool& p, const JsonFormatOptions& f) {
  const bool limited = f.any_whitespace && f.max_whitespace >= 0;
  return p.repeat(p.char_class(space_chars()), 0,
                  limited ? static_cast<uint32_t>(f.max_whitespace) : kUnbounded);
}

// What the strings of JSON inside of arguments must not contain: they have other spellings, and the
// end of an argument must be found without reading JSON.
Expr avoided_in_json(ExprPool& p, const JsonSchemaOptions& options,
                     const std::optional<ArgumentNotation>& a) {
  std::vector<std::string> words = options.excludes;
  if (a && !a->nests && !a->after_value.empty()) words.push_back(a->after_value);
  return texts_without(p, words);
}

}  // namespace

Notation::Notation(Grammar& grammar, const JsonSchemaOptions& options,
                   std::optional<ArgumentNotation> arguments)
    : grammar_(grammar),
      arguments_(std::move(arguments)),
      excludes_(options.excludes),
      tokens_(options.token_markers),
      json_(grammar, options.format, options.any_order, options.unique_names,
            avoided_in_json(grammar.pool, options, arguments_)),
      gap_(grammar.pool.epsilon()),
      single_(single_quoted_chars),
      double_(double_quoted_chars),
      attribute_(attribute_chars),
      markup_(markup_chars) {
  if (!arguments_) return;
  gap_ = argument_gap(grammar.pool, options.format);
  root_forms_ = {&arguments_->root};
  nested_forms_ = {&arguments_->nested};
  if (arguments_->nested.key != KeyForm::kPython) return;
  for (const char* quote : {"'", "\""}) {
    quoted_.push_back(arguments_->nested);
    quoted_.back().before_key = quoted_.back().after_key = quote;
  }
  nested_forms_ = {&quoted_[0], &quoted_[1]};
}

bool Notation::json_inside(Site site) const {
  return site == Site::kJson || (site == Site::kArgument && !arguments_->nests);
}

Spot Notation::inside(Spot at) const {
  if (!json_inside(at.site)) return {0, Site::kArgument};
  return {json_.layout_depends_on_level() ? at.level + 1 : 0, Site::kJson};
}

std::vector<std::string> Notation::words(std::string_view end, std::string_view more) const {
  std::vector<std::string> out = excludes_;
  if (!end.empty()) out.emplace_back(end);
  if (!more.empty()) out.emplace_back(more);
  return out;
}

const std::string& Notation::mark_of(TypeSet type) const {
  static const std::string none;
  for (const TypeMark& m : arguments_->marks) {
    if (m.types & type) return m.text;
  }
  return none;
}

Expr Notation::marker(std::string_view text) {
  ExprPool& p = pool();
  std::vector<Expr> parts;
  while (!text.empty()) {
    const TokenSpot next = first_token(text);
    parts.push_back(p.literal(text.substr(0, next.begin)));
    if (next.token != nullptr) parts.push_back(p.tokens(next.token->ids));
    text.remove_prefix(next.end);
  }
  return p.seq(parts);
}

// Everything up to and including the first `end`, without any of `words` before it. Text that spells
// an end which is a token does not end anything, but a reader of text would take it for the end.
Expr Notation::until(std::string_view end, std::span<const std::string> words) {
  if (first_token(end).token == nullptr) return text_until(pool(), end, words);
  std::vector<std::string> bad(words.begin(), words.end());
  bad.emplace_back(end);
  return pool().seq(texts_without(pool(), bad), marker(end));
}

Notation::TokenSpot Notation::first_token(std::string_view text) const {
  TokenSpot out{text.size(), text.size(), nullptr};
  for (const TokenMarker& m : tokens_) {
    const size_t at = text.find(m.text);
    if (at == text.npos || at > out.begin) continue;
    // Of two at one place the longer one is meant.
    if (at < out.begin || at + m.text.size() > out.end) out = {at, at + m.text.size(), &m};
  }
  return out;
}

size_t Notation::last_token_end(std::string_view text) const {
  size_t end = 0;
  for (TokenSpot next; (next = first_token(text.substr(end))).token != nullptr;) end += next.end;
  return end;
}

Expr Notation::opening(const std::string& mark) {
  return pool().seq(marker(mark), marker(arguments_->before_value));
}

Expr Notation::marked(const std::string& mark, Expr value, Expr around) {
  ExprPool& p = pool();
  return p.seq({opening(mark), around, value, around, marker(arguments_->after_value),
                marker(arguments_->after_end)});
}

Expr Notation::written(Site site, TypeSet type, Expr value) {
  if (site != Site::kArgument) return value;
  return marked(mark_of(type), value, gap(arguments_->value_gaps));
}

Expr Notation::word(Site site, TypeBit type) {
  ExprPool& p = pool();
  if (site == Site::kJson)
    return p.literal(type == kNullBit ? "null" : type == kTrueBit ? "true" : "false");
  const ArgumentNotation& a = *arguments_;
  std::vector<Expr> words;
  for (const std::string& w : type == kNullBit ? a.nulls : type == kTrueBit ? a.trues : a.falses)
    words.push_back(p.literal(w));
  return p.alt(words);
}

// A string whose end, the closing quote or marker, is part of `text`.
Expr Notation::finished(Expr text, Expr before) {
  ExprPool& p = pool();
  return p.seq({opening(mark_of(kStringBit)), before, text, marker(arguments_->after_end)});
}

Expr Notation::string_rule(Expr body) {
  if (body == pool().empty()) return body;
  auto [it, fresh] = string_rules_.try_emplace(body, kNoExpr);
  if (fresh) {
    const RuleId rule = grammar_.add_rule("string", RuleUse::kCall);
    grammar_.define(rule, body);
    it->second = pool().call(rule);
  }
  return it->second;
}

Expr Notation::any_string(Site site) {
  if (site == Site::kJson) return json_.any_string();
  if (any_string_ != kNoExpr) return any_string_;
  ExprPool& p = pool();
  const ArgumentNotation& a = *arguments_;
  auto shared = [&](std::string_view name, Expr body) {
    const RuleId rule = grammar_.add_rule(name, shared_use());
    grammar_.define(rule, body);
    return p.call(rule);
  };
  if (a.string == StringForm::kPython) {
    const Expr any = p.star(p.char_class(CharSet::all())), kept = texts_without(p, excludes_);
    auto quoted = [&](SpellingImages& images, const char* quote, std::string_view name) {
      Expr text = images.preimage(p, any);
      if (kept != kNoExpr) text = p.intersect(text, kept);
      return p.seq(p.literal(quote), shared(name, p.seq(text, p.literal(quote))));
    };
    return any_string_ = written(site, kStringBit,
                                 p.alt(quoted(single_, "'", "python_string_tail_1"),
                                       quoted(double_, "\"", "python_string_tail_2")));
  }
  if (a.string == StringForm::kBetween) {
    const Expr tail = shared("string_tail", until(a.string_close, excludes_));
    return any_string_ = written(site, kStringBit, p.seq(marker(a.string_open), tail));
  }
  std::vector<std::string> without = excludes_;
  if (a.cdata) without.emplace_back(kCdataOpen);
  Expr text = shared("argument_text", until(a.after_value, without));
  if (a.cdata) {
    const Expr tail = shared("cdata_tail", text_until(p, kCdataClose, excludes_));
    text = p.alt(text, p.seq({p.literal(kCdataOpen), tail, marker(a.after_value)}));
  }
  return any_string_ = finished(text, p.epsilon());
}

Expr Notation::trimmed(Expr language) {
  ExprPool& p = pool();
  const Expr any = p.char_class(CharSet::all()), solid = p.char_class(space_chars().negated());
  const Expr bare = p.optional(p.seq(solid, p.optional(p.seq(p.star(any), solid))));
  return p.intersect(language, bare);
}

Expr Notation::strings(Site site, Expr language, bool gaps) {
  ExprPool& p = pool();
  if (language == p.empty()) return language;
  const ArgumentNotation& a = *arguments_;
  auto without = [&](Expr text, const std::vector<std::string>& bad) {
    const Expr kept = texts_without(p, bad);
    return kept == kNoExpr ? text : p.intersect(text, kept);
  };
  if (a.string == StringForm::kPython) {
    auto quoted = [&](SpellingImages& images, const char* quote) {
      const Expr text = without(images.preimage(p, language), excludes_);
      return p.seq(p.literal(quote), string_rule(p.seq(text, p.literal(quote))));
    };
    return written(site, kStringBit, p.alt(quoted(single_, "'"), quoted(double_, "\"")));
  }
  if (a.string == StringForm::kBetween) {
    const Expr text = without(language, words(a.string_close));
    const Expr tail = string_rule(p.seq(text, marker(a.string_close)));
    return written(site, kStringBit, p.seq(marker(a.string_open), tail));
  }
  const Expr around = gap(gaps), end = marker(a.after_value);
  const Expr text = without(language, words(a.after_value, a.cdata ? kCdataOpen : ""));
  Expr all = string_rule(p.seq({text, around, end}));
  if (a.cdata) {
    const Expr inner = without(language, words(kCdataClose));
    const Expr tail = string_rule(p.seq(inner, p.literal(kCdataClose)));
    all = p.alt(all, p.seq({p.literal(kCdataOpen), tail, end}));
  }
  return finished(all, around);
}

bool Notation::spells(Site site, std::string_view text) const {
  if (site != Site::kArgument) return true;
  const ArgumentNotation& a = *arguments_;
  const bool between = a.string == StringForm::kBetween;
  if (a.string == StringForm::kPython || a.cdata) return true;
  return text.find(between ? a.string_close : a.after_value) == std::string_view::npos;
}

Expr Notation::listed_strings(Site site, std::span<const std::string_view> texts) {
  const ArgumentNotation& a = *arguments_;
  ExprPool& p = pool();
  std::vector<std::string> out;
  if (a.string == StringForm::kPython) {
    out.assign(texts.begin(), texts.end());
    return strings(site, p.string_set(std::move(out)), false);
  }
  for (std::string_view text : texts) {
    std::vector<std::string> spelled;
    if (a.string == StringForm::kBetween) {
      if (spells(site, text)) spelled.emplace_back(text);
    } else {
      if (text.find(a.after_value) == std::string_view::npos &&
          (!a.cdata || text.find(kCdataOpen) == std::string_view::npos))
        spelled.emplace_back(text);
      if (a.cdata && text.find(kCdataClose) == std::string_view::npos)
        spelled.push_back(std::string(kCdataOpen) + std::string(text) + std::string(kCdataClose));
    }
    for (std::string& s : spelled) {
      if (!excluded(s)) out.push_back(std::move(s));
    }
  }
  Expr listed = p.string_set(std::move(out));
  const bool raw = a.string == StringForm::kUntilEnd;
  if (!raw) listed = p.seq({marker(a.string_open), listed, marker(a.string_close)});
  return marked(mark_of(kStringBit), listed, gap(raw ? a.string_gaps : a.value_gaps));
}

}  // namespace xgr::core
