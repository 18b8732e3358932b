// The keywords contentEncoding and contentMediaType of draft 7.
#pragma once

#include <string_view>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// Whether strings of this encoding or media type are told from others: base64, application/json.
bool is_checked_content(std::string_view name);
// Strings, as characters, that are certainly of such an encoding or media type.
Result<Expr> content_expr(Grammar& grammar, std::string_view name, const Limits& limits);

}  // namespace xgr::core
