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
  bool is_empty(Expr language);
  // The pattern or format that was too large beside the others: a search was cut short, and no answer
  // is to be trusted any more. kNoJson: none.
  JsonId too_large() const { return too_large_; }
  Expr any_text() { return grammar_.pool.star(grammar_.pool.char_class(CharSet::all())); }

 private:
  Result<Expr> format(std::string_view name, JsonId node, bool wider);
  const std::vector<Segment>& segments(Expr e);
  Expr intersection(std::vector<Expr> languages);
  void notice_limit();

  Grammar& grammar_;
  const SchemaSource& source_;
  const Limits& limits_;
  Facts facts_;
  Derivatives derivatives_;
  JsonId last_asked_ = 0, too_large_ = kNoJson;
  std::unordered_map<std::string, Expr> patterns_, formats_, wider_formats_;
  std::unordered_map<Expr, std::vector<Segment>> segments_;
};

// Number of code points.
size_t count_characters(std::string_view utf8);

}  // namespace xgr::core
