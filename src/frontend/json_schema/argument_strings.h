// Strings that end where a marker begins, and strings of Python.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/json_schema/string_spelling.h"

namespace xgr::core {

// Texts in which none of `words` stands; kNoExpr when there are none.
Expr texts_without(ExprPool& pool, std::span<const std::string> words);
// Everything up to and including the first `end`, without any of `words` before it.
Expr text_until(ExprPool& pool, std::string_view end, std::span<const std::string> words);
bool contains_any(std::string_view text, std::span<const std::string> words);

// How the characters of a name are written with entities, and in strings of Python.
Expr attribute_chars(ExprPool& pool, const CharSet& set);      // & and "
Expr markup_chars(ExprPool& pool, const CharSet& set);         // & < > "
Expr single_quoted_chars(ExprPool& pool, const CharSet& set);  // of '...'
Expr double_quoted_chars(ExprPool& pool, const CharSet& set);  // of "..."

// The shortest of these spellings of a text.
std::string with_entities(std::string_view text, std::string_view special);
std::string python_chars(std::string_view text, char quote);

}  // namespace xgr::core
