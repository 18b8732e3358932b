// multipleOf beside bounds and other multipleOf.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frontend/json_schema/number_text.h"

namespace xgr::core {

// The smallest number that is a multiple of all steps; nothing when it needs more than 18 digits.
std::optional<Decimal> common_multiple(std::span<const Decimal> steps);

// The multiples of `step` in the range, ascending; nothing when there are more than `most` or the
// numbers are too large to count.
std::optional<std::vector<Decimal>> multiples_between(const NumberRange& range, const Decimal& step,
                                                      size_t most);

}  // namespace xgr::core
