// JSON punctuation, white space and the language of all JSON values.
//
// Entry points: JsonText, make_json_grammar, json_expr. Undescribed values are rules that look the
// same in every grammar, so that their automata and masks are shared: json_string_tail (what follows
// an opening quote), json_object, json_array. Numbers and literals have no end mark and are written
// in place. Where the names of undescribed objects differ, objects and arrays are rules of the
// grammar's own instead.
//
//   json_array ::= "[" ws ("]" | value ws ("," ws value ws)* "]")
//
// Tests: tests/cases/json/any.case, tests/cases/json_schema/layout.case.
#include "frontend/json_schema/json_text.h"

#include <string>

#include "frontend/json_schema/unique_rule.h"

namespace xgr::core {
namespace {

constexpr int32_t kMaxIndent = 64;
constexpr uint32_t kMaxWrittenIndent = 1024;  // spaces

Expr make_gap(ExprPool& p, const JsonFormatOptions& f) {
  if (!f.any_whitespace) return p.epsilon();
  CharSet space;
  for (char32_t c : {' ', '\t', '\n', '\r'}) space.add(c);
  uint32_t most = f.max_whitespace < 0 ? kUnbounded : static_cast<uint32_t>(f.max_whitespace);
  return p.repeat(p.char_class(space), 0, most);
}

}  // namespace

MaybeError check_format(const JsonFormatOptions& f) {
  auto wrong = [](const char* what) { return make_error(Status::kInvalidArgument, what); };
  if (f.max_whitespace < -1) return wrong("max_whitespace must be -1 (no limit) or a count");
  if (f.max_digits != -1 && f.max_digits < 1)
    return wrong("max_digits must be -1 (no limit) or a count from 1");
  if (f.any_whitespace) return std::nullopt;
  if (f.indent < -1 || f.indent > kMaxIndent) {
    return wrong("indent must be -1 (one line) or at most 64 spaces a level");
  }
  if (!f.has_separators) return std::nullopt;
  if (find_invalid_utf8(f.item_separator) != std::string_view::npos ||
      find_invalid_utf8(f.key_separator) != std::string_view::npos) {
    return wrong("a separator is not valid UTF-8");
  }
  return std::nullopt;
}

JsonText::JsonText(Grammar& grammar, const JsonFormatOptions& format, bool any_order,
                   bool unique_names, Expr avoided)
    : grammar_(grammar),
      format_(format),
      any_order_(any_order),
      unique_names_(unique_names),
      spelling_(grammar, format.escapes, avoided),
      gap_(make_gap(grammar.pool, format)) {
  if (!format_.has_separators) {
    format_.item_separator = format_.indent >= 0 ? "," : ", ";
    format_.key_separator = ": ";
  }
}

// Counted where it is long, so that deep levels take no more memory than others.
Expr JsonText::line_break(uint32_t level) {
  const uint32_t spaces = level * static_cast<uint32_t>(format_.indent);
  if (spaces <= kMaxWrittenIndent) return pool().literal("\n" + std::string(spaces, ' '));
  return pool().seq(pool().literal("\n"), pool().repeat(pool().literal(" "), spaces, spaces));
}

Layout JsonText::make_layout(bool indented, uint32_t level) {
  ExprPool& p = pool();
  const Expr none = p.epsilon();
  Layout l;
  l.open_object = p.literal("{"), l.open_array = p.literal("[");
  l.empty_object = l.close_object = p.literal("}");
  l.empty_array = l.close_array = p.literal("]");
  l.after_open = l.first = l.lead = none;
  if (format_.any_whitespace) {
    l.after_open = l.lead = gap_;
    l.separator = p.seq(p.literal(","), gap_);
    l.colon = p.seq({gap_, p.literal(":"), gap_});
    return l;
  }
  l.colon = p.literal(format_.key_separator);
  if (!indented) {
    l.separator = p.literal(format_.indent >= 0 ? ", " : std::string_view(format_.item_separator));
    return l;
  }
  const Expr inner = line_break(level + 1), outer = line_break(level);
  l.first = inner;
  l.separator = p.seq(p.literal(format_.item_separator), inner);
  l.close_object = p.seq(outer, l.close_object);
  l.close_array = p.seq(outer, l.close_array);
  return l;
}

Layout JsonText::layout(uint32_t level) { return make_layout(layout_depends_on_level(), level); }

Expr array_in(ExprPool& p, const Layout& l, Expr element, uint32_t min, uint32_t max) {
  Expr filled = p.empty();
  if (max > 0) {
    uint32_t more = max == kUnbounded ? kUnbounded : max - 1;
    Expr rest = p.repeat(p.seq({l.separator, element, l.lead}), min > 0 ? min - 1 : 0, more);
    filled = p.seq({l.first, element, l.lead, rest, l.close_array});
  }
  Expr none = min == 0 ? l.empty_array : p.empty();
  return p.seq({l.open_array, l.after_open, p.alt(none, filled)});
}

void JsonText::declare_any() {
  if (any_value_ != kNoExpr) return;
  ExprPool& p = pool();
  // Rules whose strings depend on what was written cannot be shared, nor what calls them.
  const RuleUse use = unique_names_ ? RuleUse::kCall : RuleUse::kShare;
  RuleId object = grammar_.add_rule("json_object", use);
  RuleId array = grammar_.add_rule("json_array", use);
  any_object_ = p.call(object);
  any_array_ = p.call(array);
  Expr string = any_string();
  any_value_ = p.alt({any_object_, any_array_, string, any_number(), p.literal("true"),
                      p.literal("false"), p.literal("null")});
  Layout l = make_layout(false, 0);
  Expr member = p.seq({string, l.colon, any_value_, l.lead});
  Expr filled = p.seq({l.first, member, p.star(p.seq(l.separator, member)), l.close_object});
  Expr any = p.seq({p.literal("{"), l.after_open, p.alt(l.close_object, filled)});
  if (unique_names_) {
    define_unique(grammar_, object, any);
  } else {
    grammar_.define(object, any);
  }
  grammar_.define(array, array_in(p, l, any_value_, 0, kUnbounded));
}

Expr JsonText::any_value() { return declare_any(), any_value_; }
Expr JsonText::any_object() { return declare_any(), any_object_; }
Expr JsonText::any_array() { return declare_any(), any_array_; }
Expr JsonText::any_string() { return pool().seq(pool().literal("\""), spelling_.tail()); }

Result<Grammar> make_json_grammar(const JsonFormatOptions& format) {
  Grammar grammar;
  grammar.root = grammar.add_rule("root");
  Result<Expr> any = json_expr(grammar, format);
  if (!any.ok()) return any.error();
  grammar.define(grammar.root, any.value());
  return grammar;
}

Result<Expr> json_expr(Grammar& grammar, const JsonFormatOptions& format) {
  if (MaybeError e = check_format(format)) return *e;
  return JsonText(grammar, format).any_value();
}

}  // namespace xgr::core
