// Argument notations as JSON, for families that no style is listed for.
#pragma once

#include <string_view>

#include "frontend/json_schema/argument_notation.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

Result<ArgumentNotation> read_argument_notation(std::string_view json, const Limits& limits);

}  // namespace xgr::core
