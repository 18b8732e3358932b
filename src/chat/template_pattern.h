// Regular expressions of response templates as markers of a family.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/family.h"
#include "support/status.h"

namespace xgr::core {

// What a pattern such as `\s*<tool_call>\s*<function=(?P<name>\w+)>` lets a model write. Only what
// stands for texts, white space, names, ids and gaps is taken; the error has the offset.
Result<FamilyMarker> marker_of_pattern(std::string_view pattern);

// All texts that a marker writes, white space at its beginning left out; none: it writes more than
// texts, or more than 64 of them.
std::vector<std::string> texts_of_marker(const FamilyMarker& marker);

}  // namespace xgr::core
