// The pieces JSON text is made of, under one choice of white space.
//
//   JsonText json(grammar, format);
//   json.any_value()                       // calls of rules that all grammars share
//   Layout l = json.layout(level);         // what stands between the elements of a container
#pragma once

#include <string_view>

#include "frontend/frontend.h"
#include "frontend/json_schema/number_text.h"
#include "frontend/json_schema/string_spelling.h"
#include "grammar/grammar.h"

namespace xgr::core {

// A container is: open after_open (empty | first element lead (separator element lead)* close)
struct Layout {
  Expr after_open, first, lead, separator;
  Expr close_object, close_array;
  Expr colon;
  Expr open_object, empty_object;
  Expr open_array, empty_array;
  bool bare = false;  // every part but elements and colon may be empty text
};

class JsonText {
 public:
  // `any_order`: of the members of described objects. `unique_names`: of undescribed ones.
  // `avoided`: as in StringSpelling, of all strings and names.
  JsonText(Grammar& grammar, const JsonFormatOptions& format, bool any_order = false,
           bool unique_names = false, Expr avoided = kNoExpr);

  Grammar& grammar() { return grammar_; }
  ExprPool& pool() { return grammar_.pool; }
  StringSpelling& spelling() { return spelling_; }
  const JsonFormatOptions& format() const { return format_; }
  bool any_order() const { return any_order_; }

  // Containers `level` levels deep; the same for all levels unless an indent is fixed.
  bool layout_depends_on_level() const { return !format_.any_whitespace && format_.indent >= 0; }
  Layout layout(uint32_t level);
  Expr any_value();  // undescribed values are written on one line when white space is fixed
  Expr any_object();
  Expr any_array();
  Expr any_string();
  Expr any_number() { return number({}); }
  Expr number(const NumberRange& range) {
    return limit_digits(pool(), number_text(pool(), range), range, format_.max_digits);
  }

 private:
  Expr line_break(uint32_t level);
  Layout make_layout(bool indented, uint32_t level);
  void declare_any();

  Grammar& grammar_;
  JsonFormatOptions format_;
  bool any_order_, unique_names_;
  StringSpelling spelling_;
  Expr gap_;
  Expr any_object_ = kNoExpr, any_array_ = kNoExpr, any_value_ = kNoExpr;
};

// An array of min..max elements, all alike.
Expr array_in(ExprPool& pool, const Layout& layout, Expr element, uint32_t min, uint32_t max);

// Whether the options make sense; the error names what does not.
MaybeError check_format(const JsonFormatOptions& format);

}  // namespace xgr::core
