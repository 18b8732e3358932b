// Characters that the patterns of Regex("...") write with a backslash.
#pragma once

#include <string_view>

#include "support/status.h"

namespace xgr::core {

// At a backslash: reads one character and moves `*at` behind it. Errors are at offsets of
// `pattern`.
MaybeError read_regex_escape(std::string_view pattern, size_t* at, char32_t* character);

}  // namespace xgr::core
