// The Lark sources that @names lead to.
#pragma once

#include <optional>
#include <string_view>

#include "frontend/lark/lark_source.h"

namespace xgr::core {

std::optional<std::string_view> find_named_source(const LarkOptions& options,
                                                  std::string_view name);
// Names may lead to each other, but not in a circle.
MaybeError find_named_cycle(const LarkSource& source);

}  // namespace xgr::core
