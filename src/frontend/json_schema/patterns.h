// Regular languages that a schema names: patterns and formats.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "frontend/json_schema/shape.h"
#include "grammar/derivatives.h"
#include "grammar/grammar.h"

namespace xgr::core {

class PatternTable {
 public:
  PatternTable(Grammar& grammar, const SchemaSource& source, const Limits& limits)
      : grammar_(grammar), source_(source), limits_(limits), derivatives_(grammar, facts_) {}

  // Strings that contain a match of the pattern; `node` is the pattern or a member it names.
  Result<Expr> pattern(std::string_view text, JsonId node);
  // What a test looks for: the strings of its pattern or format, and maybe others where it is
  // negated.
  Result<Expr> tested(const StringTest& test);
  // Strings, as characters, that the shape allows; only its string constraints count.
  Result<Expr> strings(const Shape& shape);
  bool matches(Expr language, std::string_view text);
  // A search was cut short: answers of matches() are not to be trusted.
  bool over_limit() const { return derivatives_.over_limit(); }
  bool is_empty(Expr language) { return derivatives_.is_empty(language); }
  Expr any_text() { return grammar_.pool.star(grammar_.pool.char_class(CharSet::all())); }

 private:
  Result<Expr> format(std::string_view name, JsonId node, bool wider);
  const std::vector<Segment>& segments(Expr e);

  Grammar& grammar_;
  const SchemaSource& source_;
  const Limits& limits_;
  Facts facts_;
  Derivatives derivatives_;
  std::unordered_map<std::string, Expr> patterns_, formats_, wider_formats_;
  std::unordered_map<Expr, std::vector<Segment>> segments_;
};

// Number of code points.
size_t count_characters(std::string_view utf8);

}  // namespace xgr::core
