// Patterns and formats as expressions over characters, and matching of single strings against them.
//
// Entry points: PatternTable::strings (for the grammar), matches (for enum values and property
// names that a schema holds). StringSpelling is not considered here: see string_spelling.h.
//
//   strings({pattern "^a", maxLength 3})  ->  (a .*) & .{0,3}
//
// Tests: tests/cases/json_schema/string.case.
#include "frontend/json_schema/patterns.h"

#include <algorithm>

#include "frontend/frontend.h"
#include "frontend/json_schema/content.h"
#include "frontend/json_schema/formats.h"

namespace xgr::core {
namespace {

constexpr size_t kFewLanguages = 16;

}  // namespace

size_t count_characters(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

Result<Expr> PatternTable::pattern(std::string_view text, JsonId node) {
  last_asked_ = node;
  auto [it, fresh] = patterns_.try_emplace(std::string(text), kNoExpr);
  if (!fresh && it->second != kNoExpr) return it->second;
  Result<Expr> e = regex_expr(grammar_, text, RegexOptions::json_schema(), limits_);
  if (!e.ok()) {
    const Error& inside = e.error();
    Error out = source_.error(inside.code, "in this pattern: " + inside.message, node);
    out.byte_offset = inside.byte_offset;  // in the pattern: its pointer says which
    out.line = inside.line;
    out.column = inside.column;
    return out;
  }
  return it->second = e.value();
}

Result<Expr> PatternTable::format(std::string_view name, JsonId node, bool wider) {
  auto [it, fresh] = (wider ? wider_formats_ : formats_).try_emplace(std::string(name), kNoExpr);
  if (!fresh && it->second != kNoExpr) return it->second;
  Result<Expr> e =
      wider ? wider_format_expr(grammar_, name, limits_) : format_expr(grammar_, name, limits_);
  if (!e.ok()) return source_.error(e.error().code, e.error().message, node);
  return it->second = e.value();
}

Result<Expr> PatternTable::tested(const StringTest& t) {
  std::string_view text = source_.doc().text(t.node);
  last_asked_ = t.node;
  if (t.kind == StringTest::kPattern) return pattern(text, t.node);
  if (t.kind == StringTest::kFormat) return format(text, t.node, t.negated);
  return t.negated ? any_text() : content_expr(grammar_, text, limits_);
}

Result<Expr> PatternTable::strings(const Shape& shape) {
  ExprPool& p = grammar_.pool;
  std::vector<Expr> languages;
  for (const StringTest& t : shape.string_tests) {
    Result<Expr> e = tested(t);
    if (!e.ok()) return e;
    languages.push_back(t.negated ? p.complement(e.value()) : e.value());
  }
  if (shape.min_length > 0 || shape.max_length != UINT32_MAX) {
    languages.push_back(p.repeat(p.char_class(CharSet::all()), shape.min_length, shape.max_length));
  }
  return intersection(std::move(languages));
}

// Of many languages first those of pairs, then of pairs of these: nested deep, they could not be told
// empty or not.
Expr PatternTable::intersection(std::vector<Expr> languages) {
  ExprPool& p = grammar_.pool;
  while (languages.size() > kFewLanguages) {
    for (size_t i = 0; 2 * i < languages.size(); ++i) {
      const bool pair = 2 * i + 1 < languages.size();
      languages[i] = pair ? p.intersect(languages[2 * i], languages[2 * i + 1]) : languages[2 * i];
    }
    languages.resize((languages.size() + 1) / 2);
  }
  const Expr all = any_text();
  Expr out = all;
  for (Expr e : languages) out = out == all ? e : p.intersect(out, e);
  return out;
}

void PatternTable::notice_limit() {
  if (too_large_ == kNoJson && derivatives_.over_limit()) too_large_ = last_asked_;
}

bool PatternTable::is_empty(Expr language) {
  const bool empty = derivatives_.is_empty(language);
  notice_limit();
  return empty;
}

const std::vector<Segment>& PatternTable::segments(Expr e) {
  auto [it, fresh] = segments_.try_emplace(e);
  if (fresh) it->second = derivatives_.segments(e);
  notice_limit();
  return it->second;
}

bool PatternTable::matches(Expr language, std::string_view text) {
  Expr e = language;
  charge(limits_.work, text.size() * 4);
  for (char c : text) {
    uint8_t byte = static_cast<uint8_t>(c);
    Expr next = grammar_.pool.empty();
    for (const Segment& s : segments(e)) {
      if (s.lo <= byte && byte <= s.hi) next = s.next;
    }
    if (next == grammar_.pool.empty()) return false;
    e = next;
  }
  return grammar_.pool.nullable(e);
}

}  // namespace xgr::core
