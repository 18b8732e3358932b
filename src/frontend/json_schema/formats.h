// The values of `format`.
#pragma once

#include <string_view>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// Whether a draft defines the format; any other name is an annotation.
bool is_known_format(std::string_view name);
// Strings, as characters, that are certainly of a known format.
Result<Expr> format_expr(Grammar& grammar, std::string_view name, const Limits& limits);
// All strings of the format, and maybe others.
Result<Expr> wider_format_expr(Grammar& grammar, std::string_view name, const Limits& limits);

}  // namespace xgr::core
