// Reads what stands in front of the colon of a Lark definition, and %grammar_options.
//
// Entry points: read_lark_head, read_lark_options, is_terminal_name (lark_parser.h).
//
//   ?name{a, b}[capture]:      NAME.2:      %grammar_options {"allow_initial_skip": true}
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include <algorithm>

#include "frontend/lark/lark_parser.h"
#include "frontend/source_text.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxParameters = 100;

// Which terminal a lexer would prefer; the language has all of them, so it says nothing here.
MaybeError priority(LarkCursor& c, const LarkDefinition& d) {
  const uint32_t offset = c.token().begin;
  if (!c.take(LarkTokenKind::kDot)) return std::nullopt;
  if (c.kind() == LarkTokenKind::kOther && c.spelling() == "-") ++c.at;
  if (!c.take(LarkTokenKind::kNumber)) return c.expected("a priority, such as NAME.2");
  if (d.kind == LarkDefinitionKind::kTerminal) return std::nullopt;
  return c.error(Status::kUnsupported, "priorities belong to terminals, and this is a rule",
                 offset);
}

MaybeError parameters(LarkCursor& c, LarkDefinition* d) {
  if (d->kind == LarkDefinitionKind::kTerminal) {
    return c.error(Status::kUnsupported,
                   "a template is a rule, so its name begins with a small letter", c.token().begin);
  }
  d->kind = LarkDefinitionKind::kTemplate;
  do {
    ++c.at;
    if (c.kind() != LarkTokenKind::kName) return c.expected("the name of a parameter");
    for (std::string_view other : d->parameters) {
      if (other == c.spelling())
        return c.malformed("two parameters are named " + show_text(other), c.token().begin);
    }
    d->parameters.push_back(c.spelling());
    if (d->parameters.size() > kMaxParameters) {
      return c.error(Status::kLimitExceeded,
                     "a template has at most " + std::to_string(kMaxParameters) + " parameters",
                     c.token().begin);
    }
    ++c.at;
  } while (c.kind() == LarkTokenKind::kComma);
  if (!c.take(LarkTokenKind::kCloseBrace)) return c.expected("',' or '}' behind a parameter");
  if (d->name != "start") return std::nullopt;
  return c.malformed("the rule start cannot be a template", d->offset);
}

MaybeError attributes(LarkCursor& c, LarkSource& source, LarkExpressions& expressions,
                      LarkDefinition* d) {
  if (d->kind == LarkDefinitionKind::kTerminal) {
    return c.error(Status::kUnsupported, "attributes belong to rules, and this is a terminal",
                   c.token().begin);
  }
  Result<std::shared_ptr<const LarkAttributes>> read =
      read_lark_attributes(c, source, expressions, d->name);
  if (!read.ok()) return std::move(read.error());
  d->attributes = std::move(read).value();
  if (d->kind == LarkDefinitionKind::kTemplate && d->attributes->whole()) {
    return c.error(Status::kUnsupported, "lazy, suffix, stop and temperature are not for templates",
                   d->attributes->offset);
  }
  return std::nullopt;
}

}  // namespace

bool is_terminal_name(std::string_view name) {
  size_t i = name.find_first_not_of('_');
  return i != std::string_view::npos && name[i] >= 'A' && name[i] <= 'Z';
}

Result<LarkDefinition> read_lark_head(LarkCursor& c, LarkSource& source,
                                      LarkExpressions& expressions) {
  while (c.kind() == LarkTokenKind::kQuestion || c.kind() == LarkTokenKind::kBang) ++c.at;
  if (c.kind() != LarkTokenKind::kName)
    return c.expected("a rule or a terminal, name: ..., or a directive such as %import");
  LarkDefinition d{LarkDefinitionKind::kRule, c.spelling(), c.token().begin, c.scope()};
  if (is_terminal_name(d.name)) d.kind = LarkDefinitionKind::kTerminal;
  ++c.at;
  if (MaybeError e = priority(c, d)) return *std::move(e);
  if (c.kind() == LarkTokenKind::kOpenBrace) {
    if (MaybeError e = parameters(c, &d)) return *std::move(e);
  }
  if (c.kind() == LarkTokenKind::kOpenSquare) {
    if (MaybeError e = attributes(c, source, expressions, &d)) return *std::move(e);
  }
  if (!c.take(LarkTokenKind::kColon)) return c.expected("':' behind the name " + show_text(d.name));
  if (c.kind() != LarkTokenKind::kColon) return d;
  return c.error(Status::kUnsupported, "rules with parameters, name::..., are not supported",
                 c.token().begin);
}

MaybeError read_lark_options(LarkCursor& c, LarkScope* scope, const Limits& limits) {
  const LarkToken t = c.token();
  ++c.at;
  Result<JsonDocument> read = JsonDocument::parse(c.spelling(t), limits);
  if (!read.ok()) {
    int64_t at = std::max<int64_t>(read.error().byte_offset, 0);
    return c.malformed(read.error().message, t.begin + static_cast<size_t>(at));
  }
  const JsonDocument& doc = read.value();
  if (!doc.is(doc.root(), JsonType::kObject)) {
    return c.malformed("grammar options are a JSON object, {\"allow_initial_skip\": true}",
                       t.begin);
  }
  for (JsonId id : doc.children(doc.root())) {
    std::string key(doc.key(id));
    bool on = doc.is(id, JsonType::kTrue);
    bool off_only = key == "no_forcing" || key == "allow_invalid_utf8";
    if (key != "allow_initial_skip" && !off_only) {
      return c.malformed("unknown grammar option " + json_quote(key) +
                             "; known are allow_initial_skip, no_forcing, allow_invalid_utf8",
                         t.begin);
    }
    if (!doc.is_bool(id))
      return c.malformed("the grammar option " + key + " is true or false", t.begin);
    if (on && off_only)
      return c.error(Status::kUnsupported, "the grammar option " + key + " can only be false",
                     t.begin);
    if (key == "allow_initial_skip") scope->initial_skip = on;
  }
  return std::nullopt;
}

}  // namespace xgr::core
