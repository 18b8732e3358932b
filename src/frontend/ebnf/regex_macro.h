// The regular expressions of the macro Regex("...").
#pragma once

#include <string_view>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

struct RegexMacroOptions {
  bool json_string = false;  // no ", no \ and no control character in any match
  bool dot_all = true;       // a dot matches \n too
  bool caseless = false;     // the letters a-z and A-Z match each other
};

// Errors are at byte offsets of `pattern`.
Result<Expr> regex_macro(Grammar& grammar, std::string_view pattern,
                         const RegexMacroOptions& options, const Limits& limits);

}  // namespace xgr::core
